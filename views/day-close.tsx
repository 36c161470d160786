/** Closing a day: one line for each way money came in, the two sums side by side, a name for each difference. */
import type { Child } from 'hono/jsx'
import { DAY_REASONS, type DayClose, type DayFigures, type DayLine } from '../domain/day-close.ts'
import type { DayClosePage } from '../domain/desk-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { DAY_MS, toNairobiIso } from '../domain/time.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { DayTables } from './parts/day-tables.tsx'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { Chip } from './parts/status-chip.tsx'
import { TerminalTotals } from './parts/terminal-totals.tsx'
import { dayText, Time } from './parts/times.tsx'

const t = speak('en')
const REASONS = Object.entries(DAY_REASONS).map(([value, text]) => ({ value, text }))
const reasonText = (reason: string | null): string =>
  reason ? (DAY_REASONS[reason as keyof typeof DAY_REASONS] ?? reason) : ''

type Props = { page: DayClosePage; viewer: Viewer }

const noon = (day: string) => new Date(`${day}T12:00:00+03:00`)

/** A neighbour of this day, named: nobody has to count. */
const DayLink = ({ day, by, text }: { day: string; by: number; text: string }) => {
  const at = new Date(noon(day).getTime() + by * DAY_MS)
  const path = `/finance/day-close?day=${toNairobiIso(at).slice(0, 10)}`
  return <a href={path}>{`${text}: ${dayText(at, 'en')}`}</a>
}

const DayLinks = ({ day }: { day: string }) => (
  <p class="page-links">
    <DayLink day={day} by={-1} text="Before" />
    <DayLink day={day} by={1} text="After" />
  </p>
)

const Why = ({ one, page }: { one: DayFigures; page: DayClosePage }) => {
  if (one.uncounted) return <Chip tone="wait" text="Total not written down" />
  if (one.taken === one.booked) return <Chip tone="good" text="Even" />
  const path = `reason-${one.key}`
  return (
    <>
      <SelectField
        path={path}
        label="Why?"
        value={page.form[path] ?? one.suggested ?? ''}
        options={[{ value: '', text: 'Choose' }, ...REASONS]}
        problems={page.problems}
        t={t}
      />
      <TextField
        path={`note-${one.key}`}
        label="Note"
        value={page.form[`note-${one.key}`] ?? one.said ?? ''}
        optional
        problems={page.problems}
        t={t}
      />
    </>
  )
}

const OpenDay = ({ page, viewer }: Props) => (
  <form method="post" action="/finance/day-close" class="card" novalidate>
    <Csrf viewer={viewer} />
    <Hidden name="day" value={page.day} />
    <Hidden name="id" value={page.closeId} />
    <DayTables rows={page.figures} why={(one) => <Why one={one} page={page} />} />
    {page.over ? (
      <button type="submit" class="button">
        Close this day
      </button>
    ) : (
      <p class="notice">Money still comes in until midnight. Close this day tomorrow.</p>
    )}
  </form>
)

const KINDS = { close: '', reversal: 'Taken back', correction: 'Corrected' } as const

const whyClosed = ({ kind, difference, reason, note }: DayLine): Child =>
  kind === 'close' && difference === 0 ? (
    <Chip tone="good" text="Even" />
  ) : (
    [KINDS[kind], reasonText(reason), note ?? ''].filter(Boolean).join('. ')
  )

const Correction = ({ page, close, viewer }: Props & { close: DayClose }) => (
  <details class="card fold cancel" open={page.problems.length > 0}>
    <summary>Correct a line</summary>
    <form method="post" action="/finance/day-close/correct" novalidate>
      <Csrf viewer={viewer} />
      <Hidden name="day" value={page.day} />
      <p>
        The line is taken back, and what stands now is written in its place. Nothing is changed.
      </p>
      <SelectField
        path="line"
        label="Line"
        value={page.form['line'] ?? ''}
        options={close.lines
          .filter(({ kind, reversed }) => kind !== 'reversal' && !reversed)
          .map(({ id, label }) => ({ value: id, text: label }))}
        problems={page.problems}
        t={t}
      />
      <SelectField
        path="reason"
        label="Why"
        value={page.form['reason'] ?? ''}
        options={[{ value: '', text: 'Choose' }, ...REASONS]}
        problems={page.problems}
        t={t}
      />
      <TextField
        path="note"
        label="Note"
        value={page.form['note'] ?? ''}
        optional
        problems={page.problems}
        t={t}
      />
      <button type="submit" class="button button-second">
        Correct it
      </button>
    </form>
  </details>
)

const ClosedDay = ({ page, close, viewer }: Props & { close: DayClose }) => (
  <>
    <p>
      Closed by {close.closedBy}, <Time at={close.closedAt} />
    </p>
    <div class="card">
      <DayTables rows={close.lines} why={whyClosed} />
    </div>
    <Correction page={page} close={close} viewer={viewer} />
  </>
)

export const DayCloseView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title={`Day close ${page.day}`} width="wide">
    <FinanceNav viewer={viewer} here="/finance/day-close" />
    <div class="title-row">
      <h1>{`Day close: ${dayText(noon(page.day), 'en')}`}</h1>
      <Chip tone={page.close ? 'done' : 'wait'} text={page.close ? 'Closed' : 'Open'} />
    </div>
    <DayLinks day={page.day} />
    <ErrorSummary problems={page.problems} t={t} />
    {page.close ? (
      <>
        <ClosedDay page={page} close={page.close} viewer={viewer} />
        <TerminalTotals page={page} viewer={viewer} />
      </>
    ) : (
      <>
        <TerminalTotals page={page} viewer={viewer} />
        <OpenDay page={page} viewer={viewer} />
      </>
    )}
  </Layout>
)
