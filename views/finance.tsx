/** Every payment, newest first, beside the two figures finance looks at. */
import type { Viewer } from '../domain/pages.ts'
import type { FinanceFilter, FinancePage, FinanceRow } from '../domain/staff-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Hidden } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { PaymentChip } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { SearchForm } from './parts/search-form.tsx'

const t = speak('en')

const FILTERS: Record<FinanceFilter, string> = {
  open: 'Open',
  paid: 'Paid',
  failed: 'Not paid',
  back: 'Refunds',
  odd: 'Needs attention',
}

const pathOf = (wish: Record<string, string | null>): string => {
  const query = new URLSearchParams(
    Object.entries(wish).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  ).toString()
  return query ? `/finance/payments?${query}` : '/finance/payments'
}

const FilterLink = ({ filter, page }: { filter: FinanceFilter | null; page: FinancePage }) => (
  <a
    href={pathOf({ status: filter, q: page.search })}
    aria-current={page.filter === filter ? 'true' : undefined}
  >
    {filter ? FILTERS[filter] : 'All'}
  </a>
)

const Filters = ({ page }: { page: FinancePage }) => (
  <>
    <SearchForm
      action="/finance/payments"
      label="Booking or charge, name, phone or receipt"
      search={page.search}
    >
      {page.filter && <Hidden name="status" value={page.filter} />}
    </SearchForm>
    <nav class="page-links filters" aria-label="Payments by status">
      <FilterLink filter={null} page={page} />
      {(Object.keys(FILTERS) as FinanceFilter[]).map((filter) => (
        <FilterLink filter={filter} page={page} />
      ))}
    </nav>
  </>
)

type RowProps = { row: FinanceRow; now: Date; viewer: Viewer }

/** A charge has a page of its own. */
const paidPath = ({ reservationNumber, reservationId }: FinanceRow): string =>
  `${reservationNumber.startsWith('CHG-') ? '/charges' : '/desk/bookings'}/${reservationId}`

/** Finance sees the money of a booking, the desk its page. */
const Row = ({ row, now, viewer }: RowProps) => (
  <tr>
    <td class="nowrap">
      <Time at={row.at} now={now} />
    </td>
    <td>
      {viewer.seesDesk ? (
        <a class="row-link" href={paidPath(row)}>
          {row.reservationNumber}
        </a>
      ) : (
        <span class="nowrap">{row.reservationNumber}</span>
      )}
    </td>
    <td class="name">{row.partyName}</td>
    <td class="nowrap">{row.maskedPhone}</td>
    <td>
      <a href={`/finance/payments/${row.id}`}>{row.receipt ?? 'Details'}</a>
    </td>
    <td>
      <PaymentChip status={row.status} t={t} />
    </td>
    <td class="number">
      <Money amount={row.amount} />
    </td>
  </tr>
)

type Props = { page: FinancePage; viewer: Viewer }

const PaymentTable = ({ page, viewer }: Props) => (
  <StaffTable
    label="Payments"
    heads={['Time', 'For', 'Who', 'Phone', 'M-Pesa receipt', 'Status', { number: 'Amount' }]}
  >
    {page.rows.map((row) => (
      <Row row={row} now={page.now} viewer={viewer} />
    ))}
  </StaffTable>
)

const Empty = ({ page }: { page: FinancePage }) => (
  <div class="card empty">
    {page.filter || page.search ? (
      <>
        <h2>Nothing matches</h2>
        <p>
          <a href="/finance/payments">Show all payments</a>
        </p>
      </>
    ) : (
      <>
        <h2>No payments yet</h2>
        <p>The first payment of a booking or a charge appears here within a second.</p>
      </>
    )}
  </div>
)

export const FinanceView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title="Payments" width="wide">
    <FinanceNav viewer={viewer} here="/finance/payments" />
    <h1>Payments</h1>
    <dl class="figures">
      <div class="card">
        <dt>In the M-Pesa account</dt>
        <dd>
          <Money amount={page.clearing} />
        </dd>
      </div>
      <div class="card">
        <dt>Owed to customers until their trips are over</dt>
        <dd>
          <Money amount={page.owed} />
        </dd>
      </div>
    </dl>
    <Filters page={page} />
    {page.rows.length === 0 ? <Empty page={page} /> : <PaymentTable page={page} viewer={viewer} />}
    {page.next && (
      <a
        class="button button-second"
        href={pathOf({ status: page.filter, q: page.search, cursor: page.next })}
      >
        Older payments
      </a>
    )}
  </Layout>
)
