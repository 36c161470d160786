/** A charge as whoever pays it sees it. What can change by itself lives in `ChargeLive`. */
import { formatKes } from '../domain/money.ts'
import type { ChargePage } from '../domain/charge-pages.ts'
import type { PartyShare, Viewer } from '../domain/pages.ts'
import { hasEnded, isPayable } from '../domain/reservations.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { isGoingBack, wasCharged } from './money-back.ts'
import { ChargeDeskCard } from './parts/charge-desk.tsx'
import { Decline } from './parts/decline.tsx'
import { DocumentsCard } from './parts/documents.tsx'
import { Csrf, ErrorSummary, Hidden } from './parts/form.tsx'
import { NumberHeading } from './parts/number-heading.tsx'
import { PressRefresh } from './parts/press-refresh.tsx'
import { ShareLinks } from './parts/share-links.tsx'
import { Bar, paidText, Shares } from './parts/shares.tsx'
import { PayByHand } from './pay-by-hand.tsx'
import { CreditForm } from './pay-credit.tsx'
import { PayForm } from './pay-form.tsx'
import { hasOpenPayment, livePaymentsOf, PaymentNews, waitStage } from './pay-news.tsx'

type Props = { page: ChargePage; viewer: Viewer }
type Part = Props & { t: Say }

/** Names what the live part shows; while it would be the same the server says 204. */
export const chargeVersion = ({ booking, coverUntil, credit }: ChargePage): string => {
  const payments = livePaymentsOf(booking).map(
    (one) => `${one.id.slice(-6)}${one.status}${waitStage(one, booking.now)}`,
  )
  const shares = booking.parties.map((one) => `${one.paid}/${one.share}${one.declined ? '-' : ''}`)
  const { status, paid, total } = booking
  return [status, paid, total, coverUntil?.getTime(), credit?.amount, ...shares, ...payments].join(
    '.',
  )
}

const Missed = ({ page, viewer, t, party }: Part & { party: PartyShare }) => {
  const amount = formatKes((party.share - party.paid) as typeof party.share)
  return (
    <li>
      {page.coverPath && (page.declinePath === null || party.id !== page.party.id) && (
        <form method="post" action={page.coverPath}>
          <Csrf viewer={viewer} />
          <Hidden name="for_party_id" value={party.id} />
          <button type="submit" class="button button-second">
            {t('coverShare', { amount, name: party.name })}
          </button>
        </form>
      )}
      {page.shrinkPath && (
        <form method="post" action={page.shrinkPath}>
          <Csrf viewer={viewer} />
          <Hidden name="party_id" value={party.id} />
          <button type="submit" class="button button-second">
            {t('shrinkOrder', { name: party.name })}
          </button>
        </form>
      )}
    </li>
  )
}

const Deadline = ({ page, t }: { page: ChargePage; t: Say }) => {
  const { dueAt, coverUntil, allOrNobody } = page
  const { now } = page.booking
  const until = coverUntil ?? dueAt
  return (
    <>
      {until && (
        <p class="deadline">
          {t(coverUntil ? 'coverUntil' : 'chargeDue', { time: timeText(until, t.language, now) })}
        </p>
      )}
      {allOrNobody && <p class="quiet">{t('allOrNobody')}</p>}
    </>
  )
}

const Progress = ({ page, viewer, t }: Part) => {
  const { booking } = page
  const text = paidText(booking.paid, booking.balance, t)
  const [, ...others] = booking.parties
  return (
    <section class="card" aria-labelledby="paid-so-far">
      <h2 id="paid-so-far" class="paid-text">
        {text}
      </h2>
      <Bar done={booking.paid} whole={booking.total} label={text} />
      <Deadline page={page} t={t} />
      {booking.parties.length > 1 && (
        <>
          <h3>{t('shares')}</h3>
          <Shares parties={booking.parties} hereId={viewer.staff ? null : page.party.id} t={t} />
          {page.declinePath === null && <ShareLinks parties={others} booking={booking} t={t} />}
        </>
      )}
      {page.missed.length > 0 && (
        <ul class="share-links" id="missed-shares">
          {page.missed.map((party) => (
            <Missed page={page} viewer={viewer} t={t} party={party} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Where money is on its way back, the news above say how much, and to which phone. */
const Ended = ({ page, t }: { page: ChargePage; t: Say }) => (
  <div class="card ended">
    <h2>{t('chargeEnded')}</h2>
    <p>{t(wasCharged(page.booking.payments) ? 'chargeEndedPaid' : 'chargeEndedUnpaid')}</p>
  </div>
)

const Now = (props: Part) => {
  const { page, t } = props
  const { booking } = page
  if (hasEnded(booking.status)) return <Ended page={page} t={t} />
  if (!isPayable(booking.status))
    return <p class="card said">{t('chargePaid', { amount: formatKes(booking.total) })}</p>
  return (
    <>
      <Progress {...props} />
      {page.mayPay && booking.balance > 0 && (
        <>
          {page.credit && <CreditForm credit={page.credit} viewer={props.viewer} t={t} />}
          <PayForm {...props} />
          <PayByHand page={page} t={t} />
          <Decline page={page} viewer={props.viewer} why="declineCharge" t={t} />
        </>
      )}
      {page.planPath && (
        <p class="card">
          {t('planOffer', { amount: formatKes(booking.balance) })}{' '}
          <a href={page.planPath}>{t('planGo')}</a>
        </p>
      )}
    </>
  )
}

/** Nothing moves here any more: no request is out, and no money on its way back. */
const isSettled = (booking: ChargePage['booking']): boolean =>
  !isPayable(booking.status) && !hasOpenPayment(booking) && !isGoingBack(booking)

export const ChargeLive = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  const asks = isSettled(page.booking)
    ? {}
    : {
        'hx-get': `${page.livePath}?v=${encodeURIComponent(chargeVersion(page))}`,
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

export const ChargeView = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  const { number, status } = page.booking
  const title = viewer.staff || !isPayable(status) ? 'chargeShown' : 'chargeTitle'
  return (
    <Layout viewer={viewer} title={t(title, { number })} live>
      <NumberHeading text={title} number={number} t={t} />
      <p class="lead">{page.description}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <ChargeLive page={page} viewer={viewer} />
      <DocumentsCard rows={page.documents ?? []} t={t} now={page.booking.now} />
      <ChargeDeskCard page={page} viewer={viewer} />
      <p class="page-links">
        <a href={viewer.path}>{t('refresh')}</a>
        {page.bookingPath && <a href={page.bookingPath}>{t('toBooking')}</a>}
        {viewer.seesDesk && <a href="/desk/charges">All charges</a>}
        {page.billingPath && <a href={page.billingPath}>{t('billingLink')}</a>}
      </p>
    </Layout>
  )
}
