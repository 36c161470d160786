/** Home and results: what is free, with the whole price. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import type { CategoryResult, LocationChoice, ResultsPage, SearchForm } from '../../domain/pages.ts'
import type { Alternative, Refusal } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS, startOfDay, toFormTime } from '../../domain/time.ts'
import { nextFree } from '../../db/availability.ts'
import { listLocations } from '../../db/fleet.ts'
import { ResultsView, searchQuery } from '../../views/results.tsx'
import { HomeView } from '../../views/search.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import {
  checkStretch,
  readStretch,
  searchTrip,
  type CheckedStretch,
  type Result,
} from '../search.ts'
import { viewerOf } from './viewer.ts'

const MORNING_HOUR = 10
const USUAL_DAYS = 3

/** Tomorrow at ten, for three days: what most people change only a little. */
const usualForm = (now: Date, first: string): SearchForm => {
  const start = startOfDay(now).getTime() + DAY_MS + MORNING_HOUR * HOUR_MS
  return {
    pickupLocation: first,
    returnLocation: '',
    pickupAt: toFormTime(new Date(start)),
    returnAt: toFormTime(new Date(start + USUAL_DAYS * DAY_MS)),
  }
}

async function choices(deps: ApiDeps): Promise<LocationChoice[]> {
  const found = await listLocations(deps.db)
  return found.map(({ code, name, city, openingHours }) => ({
    code,
    name,
    city,
    hours: openingHours,
  }))
}

const readForm = (query: Record<string, string>): SearchForm => ({
  pickupLocation: query['pickup_location'] ?? '',
  returnLocation: query['return_location'] ?? '',
  pickupAt: query['pickup_at'] ?? '',
  returnAt: query['return_at'] ?? '',
})

async function toResult(
  deps: ApiDeps,
  stretch: CheckedStretch,
  { category, quote, free, cars }: Result,
): Promise<CategoryResult> {
  const lengthMs = stretch.returnAt.getTime() - stretch.pickupAt.getTime()
  const { pickupLocation, returnLocation, pickupAt: from } = stretch
  const wish = { pickupLocation, returnLocation, from, lengthMs, categoryCode: category.code }
  return {
    code: category.code,
    name: category.name,
    description: category.description,
    bodyType: category.bodyType,
    colour: cars[0]?.colour ?? 'silver',
    seats: category.seats,
    luggage: category.luggage,
    transmission: category.transmission,
    fuel: category.fuel,
    quote,
    free,
    cars: cars.map(({ id, make, model, year, colour }) => ({
      vehicleId: id,
      make,
      model,
      year,
      colour,
    })),
    freeAgainAt: free > 0 ? null : await nextFree(deps.db, wish),
  }
}

type Shown = { form: SearchForm; notice: string | null }

async function resultsPage(deps: ApiDeps, { form, notice }: Shown): Promise<ResultsPage> {
  const locations = await choices(deps)
  const base = { form, locations, notice, now: deps.now() }
  try {
    const stretch = await checkStretch(deps, readStretch(form))
    const found = await searchTrip(deps, stretch)
    const results = await Promise.all(found.map((one) => toResult(deps, stretch, one)))
    const { pickupAt, returnAt } = stretch
    return { ...base, problems: [], pickupAt, returnAt, results }
  } catch (error) {
    const problems = problemsOf(error)
    return { ...base, problems, pickupAt: null, returnAt: null, results: [] }
  }
}

function problemsOf(thrown: unknown): FieldProblem[] {
  const error = toBusinessError(thrown)
  if (error.code === 'UNEXPECTED' || error.code === 'TEMPORARILY_UNAVAILABLE') throw thrown
  return error.fields.length > 0 ? error.fields : [{ path: '', message: error.message }]
}

const sentenceOf = (alternatives: Alternative[]): string =>
  alternatives.length > 0
    ? 'Below is what is free instead.'
    : 'Nothing else is free for this time; try another one.'

/** The car went to somebody else a moment ago: the same search again, with what is free now. */
export async function showAlternatives(
  c: Context<Env>,
  deps: ApiDeps,
  form: SearchForm,
  refusal: Refusal,
) {
  const notice = `${refusal.message} ${sentenceOf(refusal.alternatives)} You have not been charged.`
  const page = await resultsPage(deps, { form, notice })
  c.set('address', `/search?${searchQuery(form)}`)
  return c.html(<ResultsView viewer={await viewerOf(c, deps)} page={page} />, 409)
}

export function createSearchPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/', async (c) => {
    const locations = await choices(deps)
    const form = usualForm(deps.now(), locations[0]?.code ?? '')
    const page = { form, locations, problems: [], now: deps.now() }
    return c.html(<HomeView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/search', async (c) => {
    const page = await resultsPage(deps, { form: readForm(c.req.query()), notice: null })
    const status = page.problems.length > 0 ? statusOf('INVALID_INPUT') : 200
    return c.html(<ResultsView viewer={await viewerOf(c, deps)} page={page} />, status)
  })
  return pages
}
