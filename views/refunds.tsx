/** Refunds as finance sees them: the list, one refund with what can be done, the form for a new one. */
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import {
  REFUND_FILTERS,
  type RefundFilter,
  type RefundLine,
  type RefundsPage,
} from '../domain/refund-pages.ts'
import type { RefundMethod, RefundStatus } from '../domain/refunds.ts'
import { Layout } from './layout.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Money } from './parts/money.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { whyWords } from './why-words.ts'
import { StaffTable } from './parts/staff-table.tsx'

const FILTERS: Record<RefundFilter, string> = {
  approve: 'To approve',
  way: 'Under way',
  done: 'Paid back',
  refused: 'Refused',
}
const STATUS: Record<RefundStatus, [Tone, string]> = {
  requested: ['wait', 'Asked for'],
  awaiting_approval: ['attention', 'Needs a second person'],
  approved: ['moving', 'Decided'],
  declined: ['ended', 'Declined'],
  sent: ['moving', 'On its way'],
  settled: ['done', 'Paid back'],
  refused: ['attention', 'Refused by M-Pesa'],
}
export const METHOD: Record<RefundMethod, string> = {
  reversal: 'M-Pesa takes it back',
  payout: 'M-Pesa payout',
  cash: 'Cash at the desk',
  credit: 'To the credit',
  account: 'Off a company’s account',
  by_hand: 'By hand',
}

export const RefundChip = ({ status }: { status: RefundStatus }) => (
  <Chip tone={STATUS[status][0]} text={STATUS[status][1]} />
)

const pathOf = (filter: RefundFilter | null, cursor: string | null = null): string => {
  const query = new URLSearchParams({
    ...(filter ? { status: filter } : {}),
    ...(cursor ? { cursor } : {}),
  }).toString()
  return query ? `/finance/refunds?${query}` : '/finance/refunds'
}

const Filters = ({ page }: { page: RefundsPage }) => (
  <nav class="page-links filters" aria-label="Refunds by status">
    {[null, ...(Object.keys(REFUND_FILTERS) as RefundFilter[])].map((filter) => (
      <a href={pathOf(filter)} aria-current={page.filter === filter ? 'true' : undefined}>
        {filter ? FILTERS[filter] : 'All'}
      </a>
    ))}
  </nav>
)

const Row = ({ row, now }: { row: RefundLine; now: Date }) => (
  <tr>
    <td class="nowrap">
      <Time at={row.requestedAt} now={now} />
    </td>
    <td class="nowrap">
      <a class="row-link" href={`/finance/refunds/${row.id}`}>
        {row.ownerNumber || 'Details'}
      </a>
    </td>
    <td>{whyWords(row.reason)}</td>
    <td class="name">{row.askedBy}</td>
    <td>{METHOD[row.method]}</td>
    <td>
      <RefundChip status={row.status} />
    </td>
    <td class="number">
      <Money amount={row.amount} />
    </td>
  </tr>
)

const Table = ({ page }: { page: RefundsPage }) => (
  <StaffTable
    label="Refunds"
    heads={['Time', 'For', 'Why', 'Asked by', 'Way', 'Status', { number: 'Amount' }]}
  >
    {page.rows.map((row) => (
      <Row row={row} now={page.now} />
    ))}
  </StaffTable>
)

export const RefundsView = ({ page, viewer }: { page: RefundsPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Refunds" width="wide">
    <FinanceNav viewer={viewer} here="/finance/refunds" />
    <h1>Refunds</h1>
    <Filters page={page} />
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>{page.filter ? 'None of these' : 'No refunds yet'}</h2>
        <p>A refund is asked for on the page of its payment.</p>
      </div>
    ) : (
      <Table page={page} />
    )}
    {page.next && (
      <a class="button button-second" href={pathOf(page.filter, page.next)}>
        Older refunds
      </a>
    )}
  </Layout>
)

export const refundTitle = ({ amount, ownerNumber }: Pick<RefundLine, 'amount' | 'ownerNumber'>) =>
  `Refund of ${formatKes(amount)}${ownerNumber ? ` for ${ownerNumber}` : ''}`
