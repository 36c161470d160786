/** Staff: charges that wait for money, the soonest due first; and the search box. */
import type { DeskChargeRow, DeskChargesPage } from '../domain/charge-pages.ts'
import { chargeWord, isPayableCharge, type ChargeStatus } from '../domain/charges.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { Money } from './parts/money.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { SearchForm } from './parts/search-form.tsx'

const TONES: Record<ChargeStatus, [Tone, string]> = {
  open: ['wait', 'To pay'],
  processing: ['part', 'Part paid'],
  paid: ['good', 'Paid'],
  cancelled: ['ended', 'Cancelled'],
  expired: ['ended', 'Not paid in time'],
}

const Row = ({ row, now }: { row: DeskChargeRow; now: Date }) => {
  const [tone, text] = TONES[row.status]
  const open = isPayableCharge(row.status)
  return (
    <tr>
      <td class="nowrap">{open && <Time at={row.dueAt} now={now} />}</td>
      <td>
        <a class="row-link" href={`/charges/${row.id}`}>
          {row.number}
        </a>
      </td>
      <td class="name">{row.customerName}</td>
      <td class="name">{`${chargeWord(row.type)}: ${row.description}`}</td>
      <td>
        <Chip tone={tone} text={text} />
      </td>
      <td class="number" data-label="Total">
        <Money amount={row.total} />
      </td>
      <td class="number" data-label="To pay">
        {open && <Money amount={row.balance} class="owes" />}
      </td>
      <td>
        {open && (
          <a class="button button-second button-small" href={`/desk/charges/${row.id}/take`}>
            Take payment
          </a>
        )}
      </td>
    </tr>
  )
}

const HEADS = [
  'Due',
  'Charge',
  'Customer',
  'What for',
  'Status',
  { number: 'Total' },
  { number: 'To pay' },
  'At the desk',
]

const List = ({ page }: { page: DeskChargesPage }) => (
  <StaffTable label="Charges" heads={HEADS}>
    {page.rows.map((row) => (
      <Row row={row} now={page.now} />
    ))}
  </StaffTable>
)

const None = ({ search }: { search: string }) => (
  <div class="card empty">
    <h2>{search ? 'Nothing matches' : 'Every charge is paid'}</h2>
    <p>A new charge is made on the page of its booking.</p>
  </div>
)

export const DeskChargesView = ({ page, viewer }: { page: DeskChargesPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Charges" width="wide">
    <div class="title-row">
      <h1>{page.search ? `Found for “${page.search}”` : 'Charges to be paid'}</h1>
      <SearchForm action="/desk/charges" label="Number, name or phone" search={page.search} />
    </div>
    {page.rows.length === 0 ? <None search={page.search} /> : <List page={page} />}
    <p class="page-links">
      <a href="/desk">Desk</a>
      {page.search && <a href="/desk/charges">All open charges</a>}
    </p>
  </Layout>
)
