/** What waits for people of finance: the oldest first, with a mark once it is overdue. */
import { isOverdue, type FinanceCase } from '../domain/finance-cases.ts'
import type { Viewer } from '../domain/pages.ts'
import type { CasesPage } from '../domain/refund-pages.ts'
import { HOUR_MS } from '../domain/time.ts'
import { Layout } from './layout.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Chip } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const KINDS: Record<string, string> = {
  refund_stuck: 'A refund is stuck',
  refund_paid_twice: 'A refund was paid twice',
  ledger_correction: 'A correction waits for a second person',
  money_unexplained: 'Money without an owner',
  money_unmatched: 'Money without an owner for a day',
  invoice_overdue: 'An invoice is not paid',
}
const DAY_HOURS = 24

const ageOf = ({ openedAt }: FinanceCase, now: Date): string => {
  const hours = Math.max(0, Math.floor((now.getTime() - openedAt.getTime()) / HOUR_MS))
  return hours < 2 * DAY_HOURS ? `${hours} h` : `${Math.floor(hours / DAY_HOURS)} days`
}

type RowProps = { row: FinanceCase; now: Date; viewer: Viewer }

const State = ({ row, now }: RowProps) => {
  if (row.status === 'closed') return <Chip tone="done" text="Closed" />
  return isOverdue(row, now) ? (
    <Chip tone="attention" text="Overdue" />
  ) : (
    <Chip tone="wait" text="Open" />
  )
}

const Owner = ({ row, viewer }: RowProps) =>
  row.assigneeName || row.status === 'closed' ? (
    <>{row.assigneeName ?? ''}</>
  ) : (
    <form method="post" action={`/finance/cases/${row.id}/take`} class="inline-form">
      <Csrf viewer={viewer} />
      <button type="submit" class="button button-small">
        Take it
      </button>
    </form>
  )

const Row = (props: RowProps) => {
  const { row, now } = props
  const name = KINDS[row.what] ?? row.what.replaceAll('_', ' ')
  return (
    <tr>
      <td class="nowrap">
        <Time at={row.openedAt} now={now} />
      </td>
      <td>{ageOf(row, now)}</td>
      <td class="whole">{row.place ? <a href={row.place}>{name}</a> : name}</td>
      <td class="whole">{row.resolution ?? row.detail}</td>
      <td>
        <State {...props} />
      </td>
      <td class="number">{row.amount ? <Money amount={row.amount} /> : ''}</td>
      <td class="whole">
        <Owner {...props} />
      </td>
    </tr>
  )
}

const Table = ({ page, viewer }: { page: CasesPage; viewer: Viewer }) => (
  <StaffTable
    label="Cases"
    heads={['Since', 'Age', 'What', 'Why', 'Status', { number: 'Amount' }, 'Who']}
  >
    {page.rows.map((row) => (
      <Row row={row} now={page.now} viewer={viewer} />
    ))}
  </StaffTable>
)

export const CasesView = ({ page, viewer }: { page: CasesPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Cases" width="wide">
    <FinanceNav viewer={viewer} here="/finance/cases" />
    <h1>Cases</h1>
    <nav class="page-links filters" aria-label="Cases by status">
      <a href="/finance/cases" aria-current={page.status === 'open' ? 'true' : undefined}>
        Open
      </a>
      <a
        href="/finance/cases?status=closed"
        aria-current={page.status === 'closed' ? 'true' : undefined}
      >
        Closed
      </a>
    </nav>
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>Nothing waits</h2>
        <p>What cannot go on by itself is listed here, the oldest first.</p>
      </div>
    ) : (
      <Table page={page} viewer={viewer} />
    )}
    {page.next && (
      <a
        class="button button-second"
        href={`/finance/cases?${new URLSearchParams({ status: page.status, cursor: page.next }).toString()}`}
      >
        More
      </a>
    )}
  </Layout>
)
