/** One booking: what to do next on top, then trip, money, documents and what happened. */
import { timeText } from '../domain/time-words.ts'
import type { DocumentLine } from '../domain/invoice-pages.ts'
import { formatKes } from '../domain/money.ts'
import type { BookingPage, Viewer } from '../domain/pages.ts'
import { hasEnded, isPayable } from '../domain/reservations.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { moneyBack } from './money-back.ts'
import { CancelForm } from './booking-cancel.tsx'
import { ConfirmationCard } from './confirmation.tsx'
import { PaymentsTable } from './parts/payments.tsx'
import { DocumentItems, DocumentsCard } from './parts/documents.tsx'
import { PriceLines } from './parts/money.tsx'
import { Bar, paidText, Shares } from './parts/shares.tsx'
import { NumberHeading } from './parts/number-heading.tsx'
import { ShareLinks } from './parts/share-links.tsx'
import { StatusChip } from './parts/status-chip.tsx'
import { Timeline } from './parts/timeline.tsx'
import { TripStops } from './parts/trip.tsx'
import { WaitingOfferLink } from './parts/waiting-offer.tsx'
import { VehiclePicture } from './parts/vehicle.tsx'

type Part = { booking: BookingPage; t: Say }

/** The money of a booking; the desk shows the same. */
export const MoneyCard = ({ booking, t, staff }: Part & { staff: boolean }) => {
  const text = paidText(booking.paid, booking.balance, t)
  const open = isPayable(booking.status)
  const back = moneyBack(booking, t)
  const ended = hasEnded(booking.status)
  return (
    <section class="card" aria-labelledby="money">
      <h2 id="money" class="paid-text">
        {back[0] ?? (open || booking.balance <= 0 ? text : t('payments'))}
      </h2>
      {back.slice(1).map((sentence) => (
        <p>{sentence}</p>
      ))}
      <WaitingOfferLink offer={booking.offer} t={t} />
      {open && <Bar done={booking.paid} whole={booking.total} label={text} />}
      {open && booking.holdExpiresAt && (
        <p>
          {t(booking.status === 'processing' ? 'deadlineMoved' : 'heldUntil', {
            time: timeText(booking.holdExpiresAt, t.language, booking.now),
          })}
        </p>
      )}
      {booking.mayPay && booking.balance > 0 && (
        <a class="button" href={`/bookings/${booking.id}/pay`}>
          {t('payNow', { amount: formatKes(booking.balance) })}
        </a>
      )}
      {!ended && booking.parties.length > 1 && (
        <Shares parties={booking.parties} hereId={null} t={t} />
      )}
      {!staff && open && booking.parties.length > 1 && (
        <ShareLinks parties={booking.parties} booking={booking} t={t} />
      )}
      {booking.payments.length === 0 && booking.paid === 0 && (
        <p class="quiet">{t(ended ? 'nothingWasPaid' : 'noPayments')}</p>
      )}
      {booking.payments.length > 0 && (
        <PaymentsTable payments={booking.payments} staff={staff} now={booking.now} t={t} />
      )}
      <PriceLines quote={booking.quote} now={booking.total} t={t} />
    </section>
  )
}

export const TripCard = ({ booking, t, staff }: Part & { staff: boolean }) => {
  const car = booking.vehicle
  const name = sentenceIn(t.language, booking.category.name)
  return (
    <section class="card trip-card" aria-labelledby="trip">
      <VehiclePicture body={booking.category.bodyType} colour={car.colour} name={name} t={t} />
      <h2 id="trip">{name}</h2>
      <p>
        {`${car.make} ${car.model} ${car.year}, ${t(`colour_${car.colour}`)} `}
        <span class="plate">{car.plate}</span>
      </p>
      <TripStops pickup={booking.pickup} return={booking.return} t={t} now={booking.now} />
      {booking.specialRequests && (
        <>
          <h3>{t(staff ? 'specialRequestsDesk' : 'specialRequestsShown')}</h3>
          <p class="typed">{booking.specialRequests}</p>
        </>
      )}
    </section>
  )
}

const Documents = ({ booking, t }: Part) => {
  const rows = booking.documents ?? []
  const has = (kind: DocumentLine['kind']) => rows.some((row) => row.kind === kind)
  const at = (time: Date) => ({ time: timeText(time, t.language, booking.now) })
  return (
    <section class="card" aria-labelledby="documents">
      <h2 id="documents">{t('documents')}</h2>
      {rows.length === 0 && <p class="quiet">{t('documentsText')}</p>}
      <ul class="documents">
        <DocumentItems rows={rows} t={t} now={booking.now} />
        {!has('receipt') && (
          <li>
            <strong>{t('docReceipt')}</strong>
            <span>{t('docReceiptWhen')}</span>
          </li>
        )}
        <li>
          <strong>{t('docAgreement')}</strong>
          <span>{t('docAgreementWhen', at(booking.pickup.at))}</span>
        </li>
        {!has('invoice') && (
          <li>
            <strong>{t('docInvoice')}</strong>
            <span>{t('docInvoiceWhen')}</span>
          </li>
        )}
      </ul>
      {booking.billingPath && <a href={booking.billingPath}>{t('billingLink')}</a>}
    </section>
  )
}

export const History = ({ booking, t }: Part) => (
  <section class="card" aria-labelledby="history">
    <h2 id="history">{t('whatHappened')}</h2>
    <Timeline entries={booking.timeline} t={t} now={booking.now} />
  </section>
)

export const BookingView = ({ page, viewer }: { page: BookingPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const alive = isPayable(page.status) || page.status === 'confirmed'
  return (
    <Layout viewer={viewer} title={t('bookingTitle', { number: page.number })} width="wide">
      <div class="title-row">
        <NumberHeading text="bookingTitle" number={page.number} t={t} />
        <StatusChip status={page.status} t={t} />
      </div>
      {page.statusReason && (
        <p class="notice">
          {t('reasonShown', { reason: sentenceIn(t.language, page.statusReason) })}
        </p>
      )}
      <div class="two-columns">
        <div>
          {page.status === 'confirmed' && <ConfirmationCard booking={page} shared={false} t={t} />}
          {page.rentalPath && (
            <p>
              <a class="button button-second" href={page.rentalPath}>
                {t('rentalLink')}
              </a>
            </p>
          )}
          <MoneyCard booking={page} t={t} staff={viewer.staff} />
          {alive ? (
            <Documents booking={page} t={t} />
          ) : (
            <DocumentsCard rows={page.documents ?? []} t={t} now={page.now} />
          )}
          <History booking={page} t={t} />
        </div>
        <div>
          <TripCard booking={page} t={t} staff={viewer.staff} />
          {page.mayCancel && (
            <CancelForm
              booking={page}
              action={`/bookings/${page.id}/cancel`}
              viewer={viewer}
              t={t}
            />
          )}
        </div>
      </div>
    </Layout>
  )
}
