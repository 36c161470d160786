/** What is free: one card a category, the whole price first. */
import { timeText } from '../domain/time-words.ts'
import { formatKes } from '../domain/money.ts'
import type { CategoryResult, ResultsPage, SearchForm, Viewer } from '../domain/pages.ts'
import { toFormTime } from '../domain/time.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { ErrorSummary } from './parts/form.tsx'
import { DepositNote, Money, PriceDetails } from './parts/money.tsx'
import { periodText, Time } from './parts/times.tsx'
import { VehicleFacts, VehiclePicture } from './parts/vehicle.tsx'
import { SearchFields } from './search.tsx'

/** The search as a query string, plus what was chosen. */
export const searchQuery = (form: SearchForm, chosen: Record<string, string> = {}): string =>
  new URLSearchParams({
    ...chosen,
    pickup_location: form.pickupLocation,
    return_location: form.returnLocation,
    pickup_at: form.pickupAt,
    return_at: form.returnAt,
  }).toString()

type CardProps = { result: CategoryResult; page: ResultsPage; t: Say }

const CarChoices = ({ result, page, t }: CardProps) =>
  result.cars.length === 0 ? null : (
    <details class="fold">
      <summary>{t('pickOneCar', { n: result.cars.length })}</summary>
      <ul class="car-choices">
        {result.cars.map((car) => (
          <li>
            <a href={`/book?${searchQuery(page.form, { vehicle: car.vehicleId })}`}>
              <span class={`swatch swatch-${car.colour}`} aria-hidden="true" />
              {`${car.make} ${car.model} ${car.year}, ${t(`colour_${car.colour}`)}`}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )

const Offer = ({ result, page, t }: CardProps) => {
  const { lines } = result.quote
  // Where rules change the price, what the category asks for a day is not what a day costs.
  const isPlain = lines.every(({ ruleId }) => ruleId === undefined)
  const daily = isPlain && lines.find((line) => line.kind === 'days' && line.quantity > 1)
  return (
    <>
      <p class="price">
        <Money amount={result.quote.total} class="price-whole" />
        <span class="price-period">{t('forPeriod', { period: periodText(result.quote, t) })}</span>
        {daily && (
          <span class="price-period nowrap">
            {t('perDay', { price: formatKes(daily.unitPrice) })}
          </span>
        )}
      </p>
      <DepositNote quote={result.quote} t={t} />
      <a class="button" href={`/book?${searchQuery(page.form, { category: result.code })}`}>
        {t('choose', { name: sentenceIn(t.language, result.name) })}
      </a>
      <PriceDetails quote={result.quote} t={t} />
      <CarChoices result={result} page={page} t={t} />
    </>
  )
}

/** The same length of trip, from when a car is free again. */
const searchFrom = (page: ResultsPage, freeAt: Date): string => {
  const length = (page.returnAt?.getTime() ?? 0) - (page.pickupAt?.getTime() ?? 0)
  const returnAt = new Date(freeAt.getTime() + length)
  return searchQuery({
    ...page.form,
    pickupAt: toFormTime(freeAt),
    returnAt: toFormTime(returnAt),
  })
}

const SoldOut = ({ result, page, t }: CardProps) => (
  <div class="sold-out">
    <p>
      <strong>{t('soldOut')}</strong>
    </p>
    {result.freeAgainAt && (
      <>
        <p>{t('freeAgain', { time: timeText(result.freeAgainAt, t.language, page.now) })}</p>
        <a class="button button-second" href={`/search?${searchFrom(page, result.freeAgainAt)}`}>
          {t('searchFromThen')}
        </a>
      </>
    )}
  </div>
)

const ResultCard = (props: CardProps) => {
  const { result, t } = props
  const free = result.free > 0
  const name = sentenceIn(t.language, result.name)
  return (
    <li class={`card result ${free ? '' : 'result-out'}`.trim()}>
      <VehiclePicture body={result.bodyType} colour={result.colour} name={name} t={t} lazy />
      <div class="result-words">
        <h2>
          {name}{' '}
          {free && result.free <= 3 && (
            <span class="few">
              {result.free === 1 ? t('lastOne') : t('freeCount', { n: result.free })}
            </span>
          )}
        </h2>
        <p class="quiet">{sentenceIn(t.language, result.description)}</p>
        <VehicleFacts facts={result} t={t} />
        {free ? <Offer {...props} /> : <SoldOut {...props} />}
      </div>
    </li>
  )
}

const Asked = ({ page, t }: { page: ResultsPage; t: Say }) => {
  const place = (code: string) => page.locations.find((one) => one.code === code)?.name ?? ''
  const from = place(page.form.pickupLocation)
  const to = place(page.form.returnLocation || page.form.pickupLocation)
  return (
    <p class="asked">
      {from === to ? from : t('timeRange', { from, to })}
      {page.pickupAt && page.returnAt && (
        <>
          {', '}
          <Time at={page.pickupAt} language={t.language} now={page.now} />
          {' – '}
          <Time at={page.returnAt} language={t.language} now={page.now} />
        </>
      )}
    </p>
  )
}

const headingOf = (page: ResultsPage, t: Say): string => {
  if (page.problems.length > 0) return t('resultsProblem')
  const kinds = page.results.filter((one) => one.free > 0).length
  return kinds === 0 ? t('noneFree') : t('resultsHeading', { n: kinds })
}

export const ResultsView = ({ page, viewer }: { page: ResultsPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const wrong = page.problems.length > 0
  const sorted = [...page.results].sort((a, b) => Number(b.free > 0) - Number(a.free > 0))
  return (
    <Layout viewer={viewer} title={t('resultsTitle')} width="wide">
      <h1>{headingOf(page, t)}</h1>
      {!wrong && <Asked page={page} t={t} />}
      {page.notice && (
        <p class="notice" role="status">
          {sentenceIn(t.language, page.notice)}
        </p>
      )}
      <ErrorSummary problems={page.problems} t={t} />
      <details class="fold card search-again" open={wrong || page.results.length === 0}>
        <summary>{t('changeSearch')}</summary>
        <SearchFields {...page} t={t} />
      </details>
      {!wrong && sorted.every((one) => one.free === 0) && <p>{t('noneFreeText')}</p>}
      <ul class="results">
        {sorted.map((result) => (
          <ResultCard result={result} page={page} t={t} />
        ))}
      </ul>
    </Layout>
  )
}
