/** The card people show at the desk: number, QR code, what next, calendar file. */
import { timeText } from '../domain/time-words.ts'
import { formatKes } from '../domain/money.ts'
import type { BookingPage } from '../domain/pages.ts'
import type { Say } from './language.ts'
import { QrCode } from './parts/qr.tsx'
import { Shape } from './parts/status-chip.tsx'

type Props = {
  booking: BookingPage
  /** Shown to somebody who came by a payment link: no links that need the owner's sign-in. */
  shared: boolean
  t: Say
}

const Steps = ({ booking, t }: Omit<Props, 'shared'>) => (
  <>
    <h3>{t('whatNext')}</h3>
    <ol class="steps">
      <li>
        {t('nextCome', {
          place: booking.pickup.name,
          time: timeText(booking.pickup.at, t.language, booking.now),
        })}
      </li>
      <li>{t('nextBring')}</li>
      {booking.quote.deposit > 0 && (
        <li>{t('nextDeposit', { deposit: formatKes(booking.quote.deposit) })}</li>
      )}
    </ol>
  </>
)

export const ConfirmationCard = ({ booking, shared, t }: Props) => (
  <section class="card confirmation" aria-labelledby="confirmed">
    <h2 id="confirmed" class="confirmed-head">
      <Shape tone="good" />
      {t('confirmedHeading')}
    </h2>
    <div class="ticket">
      <div>
        <p class="ticket-label">{t('yourNumber')}</p>
        <p class="ticket-number">{booking.number}</p>
        <p>{`${booking.vehicle.make} ${booking.vehicle.model}, ${t(`colour_${booking.vehicle.colour}`)}`}</p>
        <p class="plate">{booking.vehicle.plate}</p>
        <p class="quiet">{t('allPaid', { paid: formatKes(booking.paid) })}</p>
      </div>
      {booking.qrSvg && (
        <div class="ticket-qr">
          <QrCode svg={booking.qrSvg} label={t('qrLabel', { number: booking.number })} />
          <p class="quiet">{t('showAtDesk')}</p>
        </div>
      )}
    </div>
    <Steps booking={booking} t={t} />
    {!shared && (
      <p class="page-links">
        <a class="button button-second" href={`/bookings/${booking.id}/calendar.ics`}>
          {t('addToCalendar')}
        </a>
      </p>
    )}
  </section>
)
