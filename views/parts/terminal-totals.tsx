/** Where the totals of the card terminals' own reports are written down, before the day is closed. */
import {
  batchField,
  OTHER_BATCH,
  OTHER_TERMINAL,
  OTHER_TOTAL,
  terminalField,
  terminalOf,
  type DayFigures,
} from '../../domain/day-close.ts'
import type { DayClosePage } from '../../domain/desk-pages.ts'
import { toShillings } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import { speak } from '../language.ts'
import { Csrf, Hidden, TextField } from './form.tsx'

const t = speak('en')

type Props = { page: DayClosePage; viewer: Viewer }
type FieldProps = {
  page: DayClosePage
  path: string
  label: string
  value?: string
  optional?: boolean
  inputmode?: 'numeric'
}

const Field = ({ page, path, label, value = '', ...rest }: FieldProps) => (
  <TextField
    path={path}
    label={label}
    value={page.form[path] ?? value}
    problems={page.problems}
    t={t}
    {...rest}
  />
)

const One = ({ page, figure, name }: { page: DayClosePage; figure: DayFigures; name: string }) => (
  <>
    <Field
      page={page}
      path={terminalField(name)}
      label={`Total of terminal ${name}, KSh`}
      value={figure.uncounted ? '' : String(toShillings(figure.booked))}
      inputmode="numeric"
    />
    <Field
      page={page}
      path={batchField(name)}
      label={`Batch number of terminal ${name}`}
      value={figure.batch ?? ''}
      optional
    />
  </>
)

/** What its report shows and no slip of ours names is a difference of that terminal. */
const Other = ({ page }: { page: DayClosePage }) => (
  <details class="fold" open={Boolean(page.form[OTHER_TERMINAL])}>
    <summary>Another terminal</summary>
    <Field page={page} path={OTHER_TERMINAL} label="Its number" />
    <Field page={page} path={OTHER_TOTAL} label="Its total, KSh" inputmode="numeric" />
    <Field page={page} path={OTHER_BATCH} label="Its batch number" optional />
  </details>
)

export const TerminalTotals = ({ page, viewer }: Props) => {
  const terminals = page.figures.flatMap((figure) => {
    const name = terminalOf(figure)
    return name === null ? [] : [{ name, figure }]
  })
  return (
    <form method="post" action="/finance/day-close/terminals" class="card" novalidate>
      <Csrf viewer={viewer} />
      <Hidden name="day" value={page.day} />
      <h2>Card terminals</h2>
      <p>
        Print each terminal’s report of the day and write down its total and its batch. Whoever took
        the cards leaves this to somebody else.
      </p>
      {terminals.map(({ name, figure }) => (
        <One page={page} figure={figure} name={name} />
      ))}
      <Other page={page} />
      <button type="submit" class="button button-second">
        Write down the totals
      </button>
    </form>
  )
}
