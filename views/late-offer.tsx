/** Money that came too late: another car, or the money back. One question, and it works without a script. */
import { leftToPay, type LateOfferPage, type OfferedCar } from '../domain/late-offers.ts'
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import { timeText } from '../domain/time-words.ts'
import { toNairobiIso } from '../domain/time.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { Csrf, Hidden } from './parts/form.tsx'
import { NumberHeading } from './parts/number-heading.tsx'
import { leftText } from './parts/times.tsx'
import { TripStops } from './parts/trip.tsx'
import { VehicleFacts, VehiclePicture } from './parts/vehicle.tsx'

type Props = { page: LateOfferPage; viewer: Viewer }
type Spoken = Props & { t: Say }

const nameOf = ({ category, car }: OfferedCar, t: Say): string => {
  const kind = sentenceIn(t.language, category)
  return car ? `${kind}: ${car.make} ${car.model}` : kind
}

const Choose = ({ page, viewer, choice, text, second }: Props & Choice) => (
  <form method="post" action={page.path}>
    <Csrf viewer={viewer} />
    <Hidden name="choice" value={choice} />
    <button type="submit" class={second ? 'button button-second' : 'button'}>
      {text}
    </button>
  </form>
)
type Choice = { choice: string; text: string; second?: boolean }

const Price = ({ option, page, t }: { option: OfferedCar; page: LateOfferPage; t: Say }) => {
  const [total, difference] = [formatKes(option.total), formatKes(option.difference)]
  const left = leftToPay(option, page.came)
  return (
    <>
      <p class="price">
        {t(option.difference > 0 ? 'lateMore' : 'lateSamePrice', { total, difference })}
      </p>
      {left > 0 && <p class="quiet">{t('lateToPay', { amount: formatKes(left) })}</p>}
    </>
  )
}

const Option = ({ option, page, viewer, t }: Spoken & { option: OfferedCar }) => {
  const name = nameOf(option, t)
  return (
    <section class="card" aria-label={name}>
      <VehiclePicture body={option.bodyType} colour={option.colour} name={name} t={t} />
      <h2>{name}</h2>
      {option.car && !option.gone && <p class="quiet">{t('lateHeld')}</p>}
      <VehicleFacts facts={option} t={t} />
      <Price option={option} page={page} t={t} />
      {option.gone ? (
        <p class="quiet">{t('lateGone')}</p>
      ) : (
        <Choose page={page} viewer={viewer} choice={option.optionId} text={t('lateTake')} />
      )}
    </section>
  )
}

const Until = ({ page, t }: { page: LateOfferPage; t: Say }) => (
  <p class="deadline">
    {t('lateUntil', { time: timeText(page.expiresAt, t.language, page.now) })}{' '}
    <span
      class="countdown"
      data-until={toNairobiIso(page.expiresAt)}
      data-now={page.now.toISOString()}
      data-left={t('timeLeft')}
      data-hours={t('hoursLeft')}
    >
      {t('timeLeft', { time: leftText(page.expiresAt, page.now, t) })}
    </span>
  </p>
)

const Open = ({ page, viewer, t }: Spoken) => (
  <>
    <div class="card notice">
      <p>{t('lateCame', { amount: formatKes(page.came) })}</p>
      <p>{t('lateChoose')}</p>
      <Until page={page} t={t} />
    </div>
    {page.options.map((option) => (
      <Option option={option} page={page} viewer={viewer} t={t} />
    ))}
    <div class="card">
      <p class="quiet">{t('lateRefundHint')}</p>
      <Choose page={page} viewer={viewer} choice="refund" text={t('lateRefund')} second />
    </div>
  </>
)

const Taken = ({ page, t }: { page: LateOfferPage; t: Say }) => (
  <div class="card" role="status">
    <h2>{t('lateTaken')}</h2>
    {page.chosen && <p>{t('lateTakenText', { car: nameOf(page.chosen, t) })}</p>}
    {page.balance > 0 && <p>{t('lateBalance', { amount: formatKes(page.balance) })}</p>}
  </div>
)

const Back = ({ page, t }: { page: LateOfferPage; t: Say }) => (
  <div class="card" role="status">
    <h2>{t('lateBack')}</h2>
    <p>
      {t(page.status === 'declined' ? 'lateDeclined' : 'lateExpired', {
        amount: formatKes(page.came),
      })}
    </p>
    <a class="button" href="/">
      {t('searchAgain')}
    </a>
  </div>
)

/** Once the half hour has passed nothing can be chosen, also while the story is still ending the offer. */
const Now = ({ page, viewer, t }: Spoken) => {
  if (page.status === 'taken') return <Taken page={page} t={t} />
  return page.status === 'open' && page.expiresAt > page.now ? (
    <Open page={page} viewer={viewer} t={t} />
  ) : (
    <Back page={page} t={t} />
  )
}

export const LateOfferView = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('lateTitle', { number: page.number })} width="narrow">
      <NumberHeading text="lateTitle" number={page.number} t={t} />
      <Now page={page} viewer={viewer} t={t} />
      <aside class="card" aria-label={t('yourTrip')}>
        <TripStops pickup={page.pickup} return={page.return} t={t} now={page.now} />
      </aside>
      <p class="page-links">
        <a href={page.path}>{t('refresh')}</a>
      </p>
    </Layout>
  )
}
