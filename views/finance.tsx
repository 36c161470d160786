/** Every payment, newest first, beside the two figures finance looks at. */
import type { Viewer } from '../domain/pages.ts'
import type { FinancePage, FinanceRow } from '../domain/staff-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Money } from './parts/money.tsx'
import { PaymentChip } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')

const Row = ({ row, now }: { row: FinanceRow; now: Date }) => (
  <tr>
    <td class="nowrap">
      <Time at={row.at} now={now} />
    </td>
    <td>
      <a class="row-link" href={`/desk/bookings/${row.reservationId}`}>
        {row.reservationNumber}
      </a>
    </td>
    <td class="name">{row.partyName}</td>
    <td class="nowrap">{row.maskedPhone}</td>
    <td>{row.receipt ?? ''}</td>
    <td>
      <PaymentChip status={row.status} t={t} />
    </td>
    <td class="number">
      <Money amount={row.amount} />
    </td>
  </tr>
)

const PaymentTable = ({ page }: { page: FinancePage }) => (
  <div class="table-scroll card" tabindex={0} role="region" aria-label="Payments">
    <table class="staff-table">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Booking</th>
          <th scope="col">Who</th>
          <th scope="col">Phone</th>
          <th scope="col">M-Pesa receipt</th>
          <th scope="col">Status</th>
          <th scope="col" class="number">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {page.rows.map((row) => (
          <Row row={row} now={page.now} />
        ))}
      </tbody>
    </table>
  </div>
)

export const FinanceView = ({ page, viewer }: { page: FinancePage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Payments" width="wide">
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
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>No payments yet</h2>
        <p>The first M-Pesa payment of a booking appears here within a second.</p>
      </div>
    ) : (
      <PaymentTable page={page} />
    )}
    {page.next && (
      <a
        class="button button-second"
        href={`/finance/payments?cursor=${encodeURIComponent(page.next)}`}
      >
        Older payments
      </a>
    )}
  </Layout>
)
