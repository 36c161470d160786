/** Bank transfers that were announced and not seen yet: confirm what the bank shows, withdraw what will not come. */
import type { TransferRow, TransfersPage } from '../domain/desk-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, Hidden } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const t = speak('en')

type RowProps = { row: TransferRow; now: Date; viewer: Viewer }

const Deeds = ({ row, viewer }: Omit<RowProps, 'now'>) => (
  <>
    <form method="post" action="/finance/transfers/confirm" class="input-row">
      <Csrf viewer={viewer} />
      <Hidden name="payment_id" value={row.paymentId} />
      <input
        name="reference"
        value={row.reference}
        aria-label={`The bank’s reference for ${row.ownerNumber}`}
        required
      />
      <button type="submit" class="button button-small">
        It is in the bank
      </button>
    </form>
    <details class="fold">
      <summary>It will not come</summary>
      <form method="post" action="/finance/transfers/withdraw" class="input-row">
        <Csrf viewer={viewer} />
        <Hidden name="payment_id" value={row.paymentId} />
        <input name="reason" aria-label="Why it will not come" required />
        <button type="submit" class="button button-small button-second">
          Withdraw
        </button>
      </form>
    </details>
  </>
)

const Row = ({ row, now, viewer }: RowProps) => (
  <tr>
    <td class="nowrap">
      <Time at={row.announcedAt} now={now} />
    </td>
    <td class="nowrap">{row.ownerNumber}</td>
    <td class="name">{row.customerName}</td>
    <td class="number">
      <Money amount={row.amount} />
    </td>
    <td>
      <Deeds row={row} viewer={viewer} />
    </td>
  </tr>
)

export const TransfersView = ({ page, viewer }: { page: TransfersPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Bank transfers" width="wide">
    <FinanceNav viewer={viewer} here="/finance/transfers" />
    <h1>Bank transfers on their way</h1>
    <ErrorSummary problems={page.problems} t={t} />
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>Nothing is awaited</h2>
        <p>Transfers that the desk announces stand here until the bank shows them.</p>
      </div>
    ) : (
      <StaffTable
        label="Bank transfers"
        heads={['Announced', 'Booking', 'Customer', { number: 'Amount' }, 'Reference']}
      >
        {page.rows.map((row) => (
          <Row row={row} now={page.now} viewer={viewer} />
        ))}
      </StaffTable>
    )}
  </Layout>
)
