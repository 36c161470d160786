/** The booking form: who pays, how it is shared. Adding and removing people works without a script. */
import { formatKes, splitEqually } from '../domain/money.ts'
import type { BookingFormPage, PartyForm } from '../domain/booking-form-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { LIMITS } from '../domain/reservations.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { control, Csrf, ErrorSummary, FieldFrame, Hidden, TextField } from './parts/form.tsx'
import { ExtrasFold } from './parts/extras.tsx'
import { ModeChoice } from './parts/mode-choice.tsx'
import { DepositNote, Money, PriceDetails } from './parts/money.tsx'
import { grouped } from './parts/points.tsx'
import { periodText } from './parts/times.tsx'
import { TripStops } from './parts/trip.tsx'
import { VehiclePicture } from './parts/vehicle.tsx'

type Part = { page: BookingFormPage; t: Say }

const Summary = ({ page, t }: Part) => {
  const car = page.vehicle
  const name = sentenceIn(t.language, page.category.name)
  return (
    <aside class="card trip-card" aria-label={t('yourTrip')}>
      <VehiclePicture
        body={page.category.bodyType}
        colour={page.category.colour}
        name={name}
        t={t}
      />
      <h2>{name}</h2>
      <p class="quiet">
        {car
          ? `${t('thisCar')}: ${car.make} ${car.model} ${car.year}, ${t(`colour_${car.colour}`)}`
          : t('anyCar')}
      </p>
      <TripStops pickup={page.pickup} return={page.return} t={t} now={page.now} />
      <p class="price">
        <Money amount={page.quote.total} class="price-whole" />
        <span class="price-period">{t('forPeriod', { period: periodText(page.quote, t) })}</span>
      </p>
      <DepositNote quote={page.quote} t={t} />
      <PriceDetails quote={page.quote} t={t} />
    </aside>
  )
}

type RowProps = Part & { party: PartyForm; index: number }

const PartyRow = ({ page, party, index, t }: RowProps) => {
  const path = (field: string) => `parties.${index}.${field}`
  const shared = { problems: page.problems, t }
  const first = index === 0
  return (
    <fieldset class="party" data-party>
      <legend>{first ? t('partyFirst') : t('party', { n: index + 1 })}</legend>
      <TextField
        path={path('name')}
        label={t('partyName')}
        value={party.name}
        autocomplete={first ? 'name' : 'off'}
        maxlength={LIMITS.nameLength}
        {...shared}
      />
      <TextField
        path={path('phone')}
        label={t('partyPhone')}
        hint={first ? t('partyPhoneHint') : undefined}
        value={party.phone}
        type="tel"
        inputmode="tel"
        autocomplete={first ? 'tel' : 'off'}
        {...shared}
      />
      {!first && (
        <button
          type="submit"
          name="action"
          value={`remove_party:${index}`}
          class="link-button"
          aria-label={t('removeParty', { n: index + 1 })}
        >
          {t('removeParty', { n: index + 1 })}
        </button>
      )}
    </fieldset>
  )
}

const OwnShares = ({ page, t }: Part) => (
  <div class="own-shares">
    {page.parties.map((party, index) => (
      <TextField
        path={`parties.${index}.share`}
        label={t('shareOf', { name: party.name || t('party', { n: index + 1 }) })}
        value={party.share}
        inputmode="numeric"
        problems={page.problems}
        t={t}
      />
    ))}
  </div>
)

const SplitChoice = ({ page, t }: Part) => {
  if (page.parties.length < 2) return <Hidden name="split" value="equal" />
  const shares = splitEqually(page.quote.total, page.parties.length)
  const each = [...new Set(shares)].map(formatKes).join(' / ')
  return (
    <fieldset class="split" id="field-split">
      <legend>{t('howSplit')}</legend>
      <label class="choice">
        <input type="radio" name="split" value="equal" checked={page.splitEqually} />
        <span>
          {t('splitEqual')}
          <span class="hint">{t('splitEqualHint', { share: each })}</span>
        </span>
      </label>
      <label class="choice">
        <input type="radio" name="split" value="own" checked={!page.splitEqually} />
        <span>
          {t('splitOwn')}
          <span class="hint">{t('splitOwnHint', { total: formatKes(page.quote.total) })}</span>
        </span>
      </label>
      <OwnShares page={page} t={t} />
      <ModeChoice page={page} t={t} />
    </fieldset>
  )
}

const Kept = ({ page, viewer }: { page: BookingFormPage; viewer: Viewer }) => (
  <>
    <Csrf viewer={viewer} />
    <Hidden name="booking_id" value={page.bookingId} />
    {page.vehicle ? (
      <Hidden name="vehicle_id" value={page.vehicle.vehicleId} />
    ) : (
      <Hidden name="category" value={page.category.code} />
    )}
    <Hidden name="pickup_location" value={page.search.pickupLocation} />
    <Hidden name="return_location" value={page.search.returnLocation} />
    <Hidden name="pickup_at" value={page.search.pickupAt} />
    <Hidden name="return_at" value={page.search.returnAt} />
    <Hidden name="seen_total" value={page.seenTotal} />
  </>
)

const Requests = ({ page, t }: Part) => {
  const frame = {
    path: 'special_requests',
    label: t('specialRequests'),
    hint: t('specialRequestsHint'),
    problems: page.problems,
    optional: true,
    t,
  }
  return (
    <FieldFrame {...frame}>
      <textarea {...control(frame)} rows={3} maxlength={LIMITS.requestsLength}>
        {page.specialRequests}
      </textarea>
    </FieldFrame>
  )
}

const Points = ({ page, t }: Part) =>
  page.offer && (
    <TextField
      path="points"
      label={t('pointsUse')}
      hint={t('pointsUseHint', {
        points: grouped(page.offer.balance),
        most: grouped(page.offer.most),
      })}
      value={page.points}
      inputmode="numeric"
      maxlength={7}
      problems={page.problems}
      optional
      t={t}
    />
  )

export const BookingFormView = ({ page, viewer }: { page: BookingFormPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const name = sentenceIn(t.language, page.category.name)
  return (
    <Layout viewer={viewer} title={t('bookTitle', { name })} width="wide">
      <h1>{t('bookHeading')}</h1>
      <p class="lead">
        <strong>
          {t('bookWhat', {
            name,
            price: formatKes(page.quote.total),
            period: periodText(page.quote, t),
          })}
        </strong>{' '}
        {t('bookLead')}
      </p>
      <DepositNote quote={page.quote} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <form method="post" action="/book" class="card booking-form" novalidate>
          {/* Enter in a field must book, not remove somebody: the first submit button is the one pressed. */}
          <button
            type="submit"
            name="action"
            value="book"
            class="visually-hidden"
            tabindex={-1}
            aria-hidden="true"
          >
            {t('holdThisCar')}
          </button>
          <Kept page={page} viewer={viewer} />
          {page.parties.map((party, index) => (
            <PartyRow page={page} party={party} index={index} t={t} />
          ))}
          {page.parties.length < LIMITS.parties && (
            <button type="submit" name="action" value="add_party" class="button button-second">
              {t('addParty')}
            </button>
          )}
          <SplitChoice page={page} t={t} />
          <ExtrasFold page={page} t={t} />
          <Points page={page} t={t} />
          <Requests page={page} t={t} />
          <button type="submit" name="action" value="book" class="button">
            {t('holdThisCar')}
          </button>
        </form>
        <Summary page={page} t={t} />
      </div>
    </Layout>
  )
}
