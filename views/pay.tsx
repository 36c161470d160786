/** The payment page. All of it that can change by itself lives in `PayLive`; the rest never moves. */
import { timeText } from '../domain/time-words.ts'
import { formatKes } from '../domain/money.ts'
import { MAXIMUM_PUSH } from '../domain/payments.ts'
import type { PayPage, Viewer } from '../domain/pages.ts'
import { isPayable } from '../domain/reservations.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { ConfirmationCard } from './confirmation.tsx'
import { CoverShares } from './parts/cover-shares.tsx'
import { Decline } from './parts/decline.tsx'
import { ErrorSummary } from './parts/form.tsx'
import { NumberHeading } from './parts/number-heading.tsx'
import { ShareLinks } from './parts/share-links.tsx'
import { Bar, paidText, Shares } from './parts/shares.tsx'
import { DepositNote, PriceDetails } from './parts/money.tsx'
import { leftText, rangeText } from './parts/times.tsx'
import { TripStops } from './parts/trip.tsx'
import { WaitingOfferLink } from './parts/waiting-offer.tsx'
import { VehiclePicture } from './parts/vehicle.tsx'
import { isGoingBack, moneyBack, wasCharged } from './money-back.ts'
import { CreditForm } from './pay-credit.tsx'
import { PayByHand } from './pay-by-hand.tsx'
import { PayForm } from './pay-form.tsx'
import { hasOpenPayment, isResting, livePaymentsOf, PaymentNews, waitStage } from './pay-news.tsx'
import { PressRefresh } from './parts/press-refresh.tsx'
import { toNairobiIso } from '../domain/time.ts'

/**
 * Names what the live part shows. It is sent back as `?v=`; while the answer would be the same the server
 * says 204 and nothing on the page moves.
 */
export const payVersion = (page: PayPage): string => {
  const { booking } = page
  const payments = livePaymentsOf(booking).map(
    (one) =>
      `${one.id.slice(-6)}${one.status}${one.queued ? 'q' : ''}${waitStage(one, booking.now)}${isResting(one, booking.now) ? 'r' : ''}`,
  )
  const shares = booking.parties.map((one) => `${one.paid}/${one.share}${one.declined ? '-' : ''}`)
  const deadline = booking.holdExpiresAt
  const over = deadline && deadline <= booking.now ? 'over' : ''
  const away = page.mpesaAway ? 'away' : ''
  const credit = page.credit?.amount ?? 0
  const offer = booking.offer ? 'offer' : ''
  return [booking.status, booking.paid, booking.balance, deadline?.getTime(), over, away]
    .concat(credit, offer)
    .concat(shares, payments)
    .join('.')
}

type LiveProps = { page: PayPage; viewer: Viewer }

/** Nothing more can change here: paid and confirmed, or ended with no prompt on a phone and no money on its way. */
const isSettled = ({ booking }: PayPage): boolean =>
  !isPayable(booking.status) &&
  !hasOpenPayment(booking) &&
  !isGoingBack(booking) &&
  !booking.payments.some(({ late }) => late)

const Deadline = ({ page, t }: { page: PayPage; t: Say }) => {
  const { holdExpiresAt: until, now, status } = page.booking
  if (!until || !isPayable(status)) return null
  const time = timeText(until, t.language, now)
  if (until <= now) return <p class="deadline">{t('holdJustEnded', { time })}</p>
  return (
    <p class="deadline">
      {t(status === 'processing' ? 'deadlineMoved' : 'heldUntil', { time })}{' '}
      <span
        class="countdown"
        data-until={toNairobiIso(until)}
        data-now={now.toISOString()}
        data-left={t('timeLeft')}
        data-hours={t('hoursLeft')}
      >
        {t('timeLeft', { time: leftText(until, now, t) })}
      </span>
    </p>
  )
}

/** Whoever came by a link wants to know about their own money; the others' is told above. */
const wasAskedOnly = ({ booking, party, declinePath }: PayPage): boolean =>
  declinePath !== null &&
  !hasOpenPayment(booking) &&
  !wasCharged(booking.payments.filter(({ partyName }) => partyName === party.name))

/** Open requests and refunds are told above, each by itself. */
const endedTexts = (page: PayPage, t: Say): string[] => {
  const { booking } = page
  const { payments } = booking
  if (payments.some(({ status }) => status === 'settled')) return moneyBack(booking, t)
  if (wasAskedOnly(page)) return [t('notCharged')]
  return wasCharged(payments) || hasOpenPayment(booking) ? [] : [t('notCharged')]
}

const Ended = ({ page, t }: { page: PayPage; t: Say }) => (
  <div class="card ended">
    <h2>{t('payEnded')}</h2>
    <p>{t('payEndedCar')}</p>
    {page.booking.endedForAll && <p>{t('payEndedTogether')}</p>}
    {endedTexts(page, t).map((text) => (
      <p>{text}</p>
    ))}
    <WaitingOfferLink offer={page.booking.offer} t={t} />
    {page.booking.statusReason && (
      <p class="quiet">
        {t('reasonShown', { reason: sentenceIn(t.language, page.booking.statusReason) })}
      </p>
    )}
    <a class="button" href="/">
      {t('searchAgain')}
    </a>
  </div>
)

const PaidSoFar = ({ page, viewer, t }: LiveProps & { t: Say }) => {
  const { booking } = page
  const text = paidText(booking.paid, booking.balance, t)
  // Whoever books is the first, and pays here.
  const [, ...others] = booking.parties
  return (
    <section class="card" aria-labelledby="paid-so-far">
      <h2 id="paid-so-far" class="paid-text">
        {text}
      </h2>
      <Bar done={booking.paid} whole={booking.total} label={text} />
      <Deadline page={page} t={t} />
      {booking.allOrNobody && <p class="quiet">{t('allOrNobody')}</p>}
      {booking.mayPay && <CoverShares page={page} viewer={viewer} t={t} />}
      <DepositNote quote={booking.quote} t={t} />
      {booking.parties.length > 1 && (
        <>
          <h3>{t('shares')}</h3>
          <Shares parties={booking.parties} hereId={page.party.id} t={t} />
          {page.declinePath === null && <ShareLinks parties={others} booking={booking} t={t} />}
        </>
      )}
    </section>
  )
}

/** One honest sentence: it can be asked for now, nothing is lost, nothing runs out meanwhile. */
const MpesaAway = ({ t }: { t: Say }) => (
  <div class="card notice" role="status">
    <h2>{t('mpesaAway')}</h2>
    <p>{t('mpesaAwayHint')}</p>
  </div>
)

const Now = ({ page, viewer, t }: LiveProps & { t: Say }) => {
  const { booking } = page
  if (booking.status === 'confirmed' || booking.status === 'in_progress')
    return <ConfirmationCard booking={booking} shared={page.declinePath !== null} t={t} />
  if (!isPayable(booking.status) && booking.status !== 'completed')
    return <Ended page={page} t={t} />
  return (
    <>
      {page.mpesaAway && booking.balance > 0 && <MpesaAway t={t} />}
      <PaidSoFar page={page} viewer={viewer} t={t} />
      {booking.mayPay && page.credit && <CreditForm credit={page.credit} viewer={viewer} t={t} />}
      {booking.mayPay && booking.balance > 0 && <PayForm page={page} viewer={viewer} t={t} />}
      {booking.mayPay && booking.balance > 0 && <PayByHand page={page} t={t} />}
      {booking.mayPay && page.declinePath === null && booking.balance > MAXIMUM_PUSH && (
        <p class="card">
          {t('planOffer', { amount: formatKes(booking.balance) })}{' '}
          <a href={`${page.postPath}/plan`}>{t('planGo')}</a>
        </p>
      )}
      <Decline page={page} viewer={viewer} why="declineText" t={t} />
    </>
  )
}

/** The element that shows what is happening. It asks again every second until nothing can change. */
export const PayLive = ({ page, viewer }: LiveProps) => {
  const t = voiceFor(viewer)
  const asks = isSettled(page)
    ? {}
    : {
        'hx-get': `${page.livePath}?v=${encodeURIComponent(payVersion(page))}`,
        'hx-trigger': 'every 1s',
        'hx-swap': 'outerMorph',
      }
  return (
    <div id="pay-live" class="pay-live" {...asks}>
      <div class="news" aria-live="polite" id="pay-news">
        <PaymentNews booking={page.booking} t={t} />
      </div>
      <PressRefresh page={page} t={t} />
      <Now page={page} viewer={viewer} t={t} />
    </div>
  )
}

const WhatIsPaid = ({ page, t }: { page: PayPage; t: Say }) => {
  const { booking } = page
  const car = booking.vehicle
  const name = sentenceIn(t.language, booking.category.name)
  return (
    <aside class="card trip-card" aria-label={t('yourTrip')}>
      <VehiclePicture body={booking.category.bodyType} colour={car.colour} name={name} t={t} />
      <h2>{name}</h2>
      <p class="quiet">
        {`${booking.number} · ${car.make} ${car.model} · ${rangeText(booking.pickup.at, booking.return.at, t, booking.now)}`}
      </p>
      <TripStops
        pickup={{ name: booking.pickup.name, at: booking.pickup.at }}
        return={{ name: booking.return.name, at: booking.return.at }}
        t={t}
        now={booking.now}
      />
      <PriceDetails quote={booking.quote} t={t} />
    </aside>
  )
}

export const PayView = ({ page, viewer }: LiveProps) => {
  const t = voiceFor(viewer)
  const { booking } = page
  const title = isPayable(booking.status) ? 'payTitle' : 'bookingTitle'
  return (
    <Layout viewer={viewer} title={t(title, { number: booking.number })} width="wide" live>
      <NumberHeading text={title} number={booking.number} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <div>
          <PayLive page={page} viewer={viewer} />
          <p class="page-links">
            <a href={viewer.path}>{t('refresh')}</a>
            {page.declinePath === null && <a href={`/bookings/${booking.id}`}>{t('toBooking')}</a>}
          </p>
        </div>
        <WhatIsPaid page={page} t={t} />
      </div>
    </Layout>
  )
}
