/** The desk's day: who comes, who brings back, who has not paid; and the search box. */
import type { BookingRow, Viewer } from '../domain/pages.ts'
import { MOST_CHANGES, type DeskBookingPage, type DeskPage } from '../domain/staff-pages.ts'
import { hasEnded } from '../domain/reservations.ts'
import { DAY_MS, toNairobiIso } from '../domain/time.ts'
import { History, MoneyCard, TripCard } from './booking.tsx'
import { DocumentsCard } from './parts/documents.tsx'
import { CancelForm } from './booking-cancel.tsx'
import { Layout, voiceFor } from './layout.tsx'
import { speak } from './language.ts'
import { BookingChanges } from './parts/booking-changes.tsx'
import { ChargesCard } from './parts/charges-card.tsx'
import { CustomerCard } from './parts/customer-card.tsx'
import { Money } from './parts/money.tsx'
import { OpenRentals } from './parts/open-rentals.tsx'
import { NumberHeading } from './parts/number-heading.tsx'
import { StatusChip } from './parts/status-chip.tsx'
import { dayText, Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { SearchForm } from './parts/search-form.tsx'

const t = speak('en')

type TableProps = {
  id: string
  title: string
  rows: BookingRow[]
  when: 'pickupAt' | 'returnAt'
  empty: string
  now: Date
}

const Row = ({ row, when, now }: { row: BookingRow; when: TableProps['when']; now: Date }) => (
  <tr>
    <td class="nowrap">
      <Time at={row[when]} now={now} />
    </td>
    <td>
      <a class="row-link" href={`/desk/bookings/${row.id}`}>
        {row.number}
      </a>
    </td>
    <td class="name">{row.customerName}</td>
    <td>{row.categoryName}</td>
    <td>{row.pickupName}</td>
    <td>
      <StatusChip status={row.status} t={t} />
    </td>
    <td class="number" data-label="Total">
      <Money amount={row.total} />
    </td>
    <td class="number" data-label="To pay">
      {!hasEnded(row.status) && (
        <Money amount={row.balance} class={row.balance > 0 ? 'owes' : ''} />
      )}
    </td>
  </tr>
)

const BookingTable = ({ id, title, rows, when, empty, now }: TableProps) => (
  <section class="card" aria-labelledby={id}>
    <h2 id={id}>{`${title} (${rows.length})`}</h2>
    {rows.length === 0 ? (
      <p class="quiet">{empty}</p>
    ) : (
      <StaffTable
        bare
        labelledBy={id}
        heads={[
          when === 'pickupAt' ? 'Pick-up' : 'Return',
          'Booking',
          'Customer',
          'Category',
          'Place',
          'Status',
          { number: 'Total' },
          { number: 'To pay' },
        ]}
      >
        {rows.map((row) => (
          <Row row={row} when={when} now={now} />
        ))}
      </StaffTable>
    )}
  </section>
)

const dayPath = (day: Date, days: number): string =>
  `/desk?day=${toNairobiIso(new Date(day.getTime() + days * DAY_MS)).slice(0, 10)}`

type LinksProps = { page: DeskPage; viewer: Viewer }

const DayLinks = ({ page: { day, mayRunTill }, viewer }: LinksProps) => (
  <p class="page-links">
    <a href={dayPath(day, -1)}>Day before</a>
    <a href="/desk">Today</a>
    <a href="/desk/charges">Charges</a>
    {mayRunTill && <a href="/desk/till">Till</a>}
    {viewer.permissions.includes('identity_documents:read') && (
      <a href="/desk/identity-documents">Papers</a>
    )}
    {viewer.permissions.includes('ratings:create') && (
      <a href="/desk/rating-reviews">Ratings to look at</a>
    )}
    <a href={dayPath(day, 1)}>Day after</a>
  </p>
)

const Day = ({ page, viewer }: LinksProps) => (
  <>
    <DayLinks page={page} viewer={viewer} />
    {page.rentals && <OpenRentals {...page.rentals} now={page.now} />}
    <BookingTable
      id="pickups"
      title="Pick-ups"
      rows={page.pickups}
      when="pickupAt"
      empty="Nobody picks up a car on this day."
      now={page.now}
    />
    <BookingTable
      id="returns"
      title="Returns"
      rows={page.returns}
      when="returnAt"
      empty="No car comes back on this day."
      now={page.now}
    />
    <BookingTable
      id="unpaid"
      title="Waiting for payment"
      rows={page.unpaid}
      when="pickupAt"
      empty="Every open booking is paid."
      now={page.now}
    />
  </>
)

export const DeskView = ({ page, viewer }: { page: DeskPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Desk" width="wide">
    <div class="title-row">
      <h1>{page.found ? `Found for “${page.search}”` : dayText(page.day, 'en', page.now)}</h1>
      <SearchForm action="/desk" label="Number, name, phone or plate" search={page.search} />
    </div>
    {page.found ? (
      <>
        <BookingTable
          id="found"
          title="Bookings"
          rows={page.found}
          when="pickupAt"
          empty="Nothing matches. Try the booking number, the phone or the plate."
          now={page.now}
        />
        <p class="page-links">
          <a href="/desk">Back to today</a>
        </p>
      </>
    ) : (
      <Day page={page} viewer={viewer} />
    )}
  </Layout>
)

const RENTAL_LINKS: Partial<Record<BookingRow['status'], string>> = {
  confirmed: 'Hand over the keys',
  in_progress: 'Take the car back',
}

type DetailProps = { page: DeskBookingPage; viewer: Viewer }

export const DeskBookingView = ({ page, viewer }: DetailProps) => {
  const { booking } = page
  const voice = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={`Booking ${booking.number}`} width="wide">
      <div class="title-row">
        <NumberHeading text="bookingTitle" number={booking.number} t={voice} />
        <StatusChip status={booking.status} t={voice} />
      </div>
      {booking.statusReason && <p class="notice">{booking.statusReason}</p>}
      <div class="two-columns">
        <div>
          <CustomerCard page={page} viewer={viewer} />
          <MoneyCard booking={booking} t={voice} staff />
          {booking.mayPay && booking.balance > 0 && (
            <p>
              <a class="button button-second" href={`/desk/bookings/${booking.id}/take`}>
                Take payment at the desk
              </a>
            </p>
          )}
          {page.rentalPath && (
            <p>
              <a class="button" href={page.rentalPath}>
                {RENTAL_LINKS[booking.status] ?? 'The rental'}
              </a>
            </p>
          )}
          {page.mayCharge && (
            <p class="page-links">
              <a href={`/desk/bookings/${booking.id}/charge`}>
                New charge: damage, deposit, extras
              </a>
            </p>
          )}
          <ChargesCard rows={page.charges ?? []} now={page.now} t={voice} />
          {page.mayBill && (
            <p class="page-links">
              <a href={`/bookings/${booking.id}/billing`}>Who gets the invoice</a>
            </p>
          )}
          <DocumentsCard rows={booking.documents ?? []} t={voice} now={booking.now} />
          <History booking={booking} t={voice} />
          {page.changes && (
            <BookingChanges
              changes={page.changes}
              number={booking.number}
              most={MOST_CHANGES}
              now={page.now}
            />
          )}
        </div>
        <div>
          <TripCard booking={booking} t={voice} staff />
          {booking.mayCancel && (
            <CancelForm
              booking={booking}
              action={`/desk/bookings/${booking.id}/cancel`}
              viewer={viewer}
              t={voice}
            />
          )}
        </div>
      </div>
    </Layout>
  )
}
