/** What the desk has to see to first: cars that are not back, and what a customer does not agree with. Nothing where there is none. */
import type { OpenRentalRow } from '../../domain/staff-pages.ts'
import { StaffTable } from './staff-table.tsx'
import { Time } from './times.tsx'

type TableProps = {
  id: string
  title: string
  rows: readonly OpenRentalRow[]
  step: 'return' | 'rental'
  when: 'dueAt' | 'returnedAt'
  head: string
  now: Date
}

const OpenTable = ({ id, title, rows, step, when, head, now }: TableProps) =>
  rows.length === 0 ? null : (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{`${title} (${rows.length})`}</h2>
      <StaffTable bare labelledBy={id} heads={[head, 'Car', 'Rental', 'Customer']}>
        {rows.map((row) => (
          <tr>
            <td class="nowrap">
              <Time at={row[when] ?? row.dueAt} now={now} />
            </td>
            <td class="nowrap">{row.plate}</td>
            <td>
              <a class="row-link" href={`/desk/bookings/${row.reservationId}/${step}`}>
                {row.number}
              </a>
            </td>
            <td class="name">{row.customerName}</td>
          </tr>
        ))}
      </StaffTable>
    </section>
  )

type Props = { overdue: readonly OpenRentalRow[]; disputed: readonly OpenRentalRow[]; now: Date }

export const OpenRentals = ({ overdue, disputed, now }: Props) => (
  <>
    <OpenTable
      id="overdue"
      title="Not back yet"
      rows={overdue}
      step="return"
      when="dueAt"
      head="Was due"
      now={now}
    />
    <OpenTable
      id="disputed"
      title="Disputed"
      rows={disputed}
      step="rental"
      when="returnedAt"
      head="Back"
      now={now}
    />
  </>
)
