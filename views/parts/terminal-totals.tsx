/** Where the totals of the card terminals' own reports are written down, before the day is closed. */
import { terminalField, terminalOf } from '../../domain/day-close.ts'
import type { DayClosePage } from '../../domain/desk-pages.ts'
import { toShillings } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import { speak } from '../language.ts'
import { Csrf, Hidden, TextField } from './form.tsx'

const t = speak('en')

export const TerminalTotals = ({ page, viewer }: { page: DayClosePage; viewer: Viewer }) => {
  const terminals = page.figures.flatMap((one) => {
    const terminal = terminalOf(one)
    const total = one.uncounted ? '' : String(toShillings(one.booked))
    return terminal === null ? [] : [{ terminal, path: terminalField(terminal), total }]
  })
  if (terminals.length === 0) return null
  return (
    <form method="post" action="/finance/day-close/terminals" class="card" novalidate>
      <Csrf viewer={viewer} />
      <Hidden name="day" value={page.day} />
      <h2>Card terminals</h2>
      <p>
        Print each terminal’s report of the day and write down its total. Whoever took the cards
        leaves this to somebody else.
      </p>
      {terminals.map(({ terminal, path, total }) => (
        <TextField
          path={path}
          label={`Total of terminal ${terminal}, KSh`}
          value={page.form[path] ?? total}
          inputmode="numeric"
          problems={page.problems}
          t={t}
        />
      ))}
      <button type="submit" class="button button-second">
        Write down the totals
      </button>
    </form>
  )
}
