/** Home: one question, where and when. */
import type { HomePage, LocationChoice, SearchForm, Viewer } from '../domain/pages.ts'
import type { FieldProblem } from '../domain/errors.ts'
import { weekHours } from '../domain/fleet.ts'
import { weekdayText } from '../domain/time-words.ts'
import { toFormTime } from '../domain/time.ts'
import { Layout, voiceFor } from './layout.tsx'
import { hoursIn, type Say } from './language.ts'
import { ErrorSummary, SelectField, TextField } from './parts/form.tsx'
import { Icon, type IconName } from './parts/icons.tsx'
import { VehiclePicture } from './parts/vehicle.tsx'

type FieldsProps = {
  form: SearchForm
  locations: LocationChoice[]
  problems: FieldProblem[]
  now: Date
  t: Say
}

const placeOptions = (locations: LocationChoice[]) =>
  locations.map(({ code, name, city }) => ({
    value: code,
    text: name.includes(city) ? name : `${name}, ${city}`,
  }))

/** The four fields of a search, as a form that only reads: it can be sent again and shared. */
export const SearchFields = ({ form, locations, problems, now, t }: FieldsProps) => {
  const places = placeOptions(locations)
  const earliest = toFormTime(now)
  return (
    <form action="/search" method="get" class="search-form" novalidate>
      <SelectField
        path="pickup_location"
        label={t('pickupPlace')}
        value={form.pickupLocation}
        options={form.pickupLocation ? places : [{ value: '', text: t('choosePlace') }, ...places]}
        problems={problems}
        t={t}
      />
      <SelectField
        path="return_location"
        label={t('returnPlace')}
        value={form.returnLocation}
        options={[{ value: '', text: t('samePlace') }, ...places]}
        problems={problems}
        t={t}
      />
      <TextField
        path="pickup_at"
        label={t('pickupTime')}
        type="datetime-local"
        value={form.pickupAt}
        min={earliest}
        problems={problems}
        t={t}
      />
      <TextField
        path="return_at"
        label={t('returnTime')}
        type="datetime-local"
        value={form.returnAt}
        min={earliest}
        problems={problems}
        t={t}
      />
      <button type="submit" class="button">
        {t('showCars')}
      </button>
    </form>
  )
}

const Assurance = ({ icon, head, text }: { icon: IconName; head: string; text: string }) => (
  <li>
    <Icon name={icon} />
    <div>
      <h2>{head}</h2>
      <p>{text}</p>
    </div>
  </li>
)

const Assurances = ({ t }: { t: Say }) => (
  <ul class="promises">
    <Assurance icon="shield" head={t('promisePrice')} text={t('promisePriceText')} />
    <Assurance icon="clock" head={t('promiseHold')} text={t('promiseHoldText')} />
    <Assurance icon="people" head={t('promiseShare')} text={t('promiseShareText')} />
  </ul>
)

const DAYS = 7
/** `every day`, `Mon to Fri`, `Sun`. */
const daysText = ({ from, to }: { from: number; to: number }, t: Say): string => {
  if (to - from === DAYS - 1) return t('everyDay')
  const first = weekdayText(from, t.language)
  return from === to ? first : t('timeRange', { from: first, to: weekdayText(to, t.language) })
}

const Hours = ({ locations, t }: { locations: LocationChoice[]; t: Say }) => (
  <details class="fold">
    <summary>{t('openingHours')}</summary>
    <dl class="hours">
      {locations.map(({ name, hours }) => (
        <div>
          <dt>{name}</dt>
          <dd>
            {weekHours(hours).map((line) => (
              <span>{`${daysText(line, t)} ${hoursIn(t.language, line.hours)}`}</span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  </details>
)

type Props = { page: HomePage; viewer: Viewer }

export const HomeView = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('homeTitle')} width="wide">
      <div class="home">
        <div class="home-ask">
          <h1>{t('homeHeading')}</h1>
          <p class="lead">{t('homeLead')}</p>
          <ErrorSummary problems={page.problems} t={t} />
          <div class="card">
            <SearchFields {...page} t={t} />
          </div>
          <Hours locations={page.locations} t={t} />
        </div>
        <div class="home-side">
          <VehiclePicture body="suv" colour="green" name="SUV" t={t} class="picture-large" />
          <Assurances t={t} />
        </div>
      </div>
    </Layout>
  )
}
