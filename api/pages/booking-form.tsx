/** The booking form: shows the price, takes the people and their shares, holds the car. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { BusinessError, type ErrorCode, type FieldProblem } from '../../domain/errors.ts'
import { dueWithin, ownTimes } from '../../domain/own-times.ts'
import type { AlongForm, BookingFormPage, PartyForm } from '../../domain/booking-form-pages.ts'
import type { SearchForm } from '../../domain/pages.ts'
import { toDecimal } from '../../domain/money.ts'
import { printedPhone } from '../../domain/payments.ts'
import { withPoints } from '../../domain/pricing.ts'
import { LIMITS, type Trip } from '../../domain/reservations.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { searchQuery } from '../../views/results.tsx'
import { BookingFormView } from '../../views/booking-form.tsx'
import { book } from '../booking.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { chooseCar, type Choice } from '../search.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { uuidFrom } from '../tokens.ts'
import { alongProblems, changedPrice, offerAlong, readAlong, wishAlong } from './booking-extras.ts'
import { checkParties, type Party } from './booking-parties.ts'
import { checkPoints, offerPoints, usablePoints } from './booking-points.ts'
import { showAlternatives } from './search.tsx'
import { viewerOf } from './viewer.ts'

type Typed = {
  bookingId: string
  search: SearchForm
  category: string | null
  vehicleId: string | null
  parties: PartyForm[]
  splitEqually: boolean
  allOrNobody: boolean
  specialRequests: string
  points: string
  along: AlongForm
  seenTotal: string
}
type Fields = Record<string, string>

const EMPTY_PARTY: PartyForm = { name: '', phone: '', share: '', dueIn: '' }

const readSearch = (fields: Fields): SearchForm => ({
  pickupLocation: fields['pickup_location'] ?? '',
  returnLocation: fields['return_location'] || (fields['pickup_location'] ?? ''),
  pickupAt: fields['pickup_at'] ?? '',
  returnAt: fields['return_at'] ?? '',
})

const readParties = (fields: Fields): PartyForm[] => {
  const count = Array.from({ length: LIMITS.parties }, (_, index) => index).filter(
    (index) => `parties[${index}][name]` in fields,
  ).length
  return Array.from({ length: Math.max(1, count) }, (_, index) => ({
    name: fields[`parties[${index}][name]`] ?? '',
    phone: fields[`parties[${index}][phone]`] ?? '',
    share: fields[`parties[${index}][share]`] ?? '',
    dueIn: fields[`parties[${index}][due_in]`] ?? '',
  }))
}

const readTyped = (fields: Fields): Typed => ({
  bookingId: fields['booking_id'] || randomUUID(),
  search: readSearch(fields),
  category: fields['category'] || null,
  vehicleId: fields['vehicle_id'] || fields['vehicle'] || null,
  parties: readParties(fields),
  splitEqually: fields['split'] !== 'own',
  allOrNobody: fields['mode'] === 'all_or_nobody',
  specialRequests: fields['special_requests'] ?? '',
  points: fields['points'] ?? '',
  along: readAlong(fields),
  seenTotal: fields['seen_total'] ?? '',
})

/** The empty form for the same car and time. */
const addressOf = ({ search, category, vehicleId }: Typed): string => {
  const chosen: Record<string, string> = vehicleId
    ? { vehicle: vehicleId }
    : { category: category ?? '' }
  return `/book?${searchQuery(search, chosen)}`
}

type Unoffered = Omit<BookingFormPage, 'offer' | 'offered'>

const toPage = (
  deps: ApiDeps,
  typed: Typed,
  choice: Choice,
  problems: FieldProblem[],
): Unoffered => ({
  bookingId: typed.bookingId,
  search: typed.search,
  category: {
    code: choice.category.code,
    name: choice.category.name,
    bodyType: choice.category.bodyType,
    colour: choice.vehicle?.colour ?? 'white',
  },
  vehicle: choice.vehicle ? { vehicleId: choice.vehicle.id, ...choice.vehicle } : null,
  pickup: { name: choice.pickup.name, at: choice.pickupAt },
  return: { name: choice.return.name, at: choice.returnAt },
  quote: choice.quote,
  parties: typed.parties,
  splitEqually: typed.splitEqually,
  allOrNobody: typed.allOrNobody,
  ownTimes: ownTimes(deps.now(), choice.pickupAt, deps.policy),
  specialRequests: typed.specialRequests,
  points: typed.points,
  along: typed.along,
  seenTotal: toDecimal(choice.quote.total),
  problems,
  now: deps.now(),
})

/** Buttons that only change the form: they work without a script and check nothing yet. */
function edited(typed: Typed, action: string): Typed | null {
  if (action === 'add_party' && typed.parties.length < LIMITS.parties) {
    return { ...typed, parties: [...typed.parties, EMPTY_PARTY] }
  }
  const removed = /^remove_party:(\d+)$/.exec(action)
  if (removed && typed.parties.length > 1) {
    return { ...typed, parties: typed.parties.filter((_, index) => index !== Number(removed[1])) }
  }
  return null
}

const tripOf = (typed: Typed, choice: Choice): Trip => ({
  categoryCode: typed.vehicleId ? null : choice.category.code,
  vehicleId: typed.vehicleId,
  pickupLocation: choice.pickup.code,
  returnLocation: choice.return.code,
  pickupAt: choice.pickupAt.toISOString(),
  returnAt: choice.returnAt.toISOString(),
})

/** One person alone is everybody. */
const modeOf = ({ allOrNobody, parties }: Typed) =>
  allOrNobody && parties.length > 1 ? ('all_or_nobody' as const) : ('anybody' as const)

/** Where everybody must pay each may have a time of their own; elsewhere nobody's share is missed. */
function withTimes(deps: ApiDeps, typed: Typed, choice: Choice, people: Party[]) {
  if (modeOf(typed) === 'anybody') return { parties: people, problems: [] }
  const now = deps.now()
  const offered = ownTimes(now, choice.pickupAt, deps.policy)
  const times = typed.parties.map(({ dueIn }) => dueWithin(dueIn, offered, now))
  const parties = people.map((party, index) => ({ ...party, dueAt: times[index] ?? null }))
  const problems = typed.parties.flatMap(({ dueIn }, index): FieldProblem[] =>
    dueIn !== '' && times[index] === null
      ? [{ path: `parties.${index}.due_in`, message: 'Choose a time from the list.' }]
      : [],
  )
  return { parties, problems }
}

/** Where it is said what somebody else was quicker with. */
const BESIDE: Partial<Record<ErrorCode, string>> = {
  POINTS_REFUSED: 'points',
  CODE_REFUSED: 'promo_code',
  EXTRA_UNAVAILABLE: 'extras',
  PRICE_CHANGED: '',
}

async function submit(c: Context<Env>, deps: ApiDeps) {
  const fields = await c.req.parseBody<Fields>()
  const typed = readTyped(fields)
  c.set('address', addressOf(typed))
  assertCsrf(c, fields)
  const actor = signedIn(c)
  const along = wishAlong(typed.along)
  const choice = await chooseCar(deps, typed, { ...along, customerId: actor.userId })
  const change = edited(typed, fields['action'] ?? 'book')
  if (change) return form(c, deps, choice, toPage(deps, change, choice, []), 200)
  const untaken = [...along.problems, ...(await alongProblems(deps, choice))]
  if (fields['action'] === 'update') {
    const page = toPage(deps, typed, choice, untaken)
    return form(c, deps, choice, page, untaken.length > 0 ? 400 : 200)
  }
  const asked = { customerId: actor.userId, typed: typed.points }
  const used = await checkPoints(deps, asked, choice.quote.total)
  const reservationId = uuidFrom('reservation', actor.userId, typed.bookingId)
  const first = [...used.problems, ...untaken, ...changedPrice(typed.seenTotal, choice)]
  // A form that comes again has spent its points and its code already: its booking is the answer.
  if (first.length > 0 && (await findReservation(deps.db, reservationId)))
    return c.redirect(`/bookings/${reservationId}/pay`, 303)
  const people = checkParties(typed, withPoints(choice.quote, used.points).total)
  const { parties, problems: late } = withTimes(deps, typed, choice, people.parties)
  const problems = [...first, ...people.problems, ...late]
  if (problems.length > 0) return form(c, deps, choice, toPage(deps, typed, choice, problems), 400)

  const wish = {
    reservationId,
    trip: tripOf(typed, choice),
    parties,
    specialRequests: typed.specialRequests.trim() || null,
    mode: modeOf(typed),
    points: used.points,
    extras: along.extras ? [...along.extras] : undefined,
    extraDrivers: along.extraDrivers,
    promoCode: along.promoCode,
    seenTotal: typed.seenTotal === '' ? undefined : choice.quote.total,
  }
  try {
    const answer = await book(deps, actor, wish, sourceOf(c, deps))
    if (answer === 'pending') return c.redirect(`/bookings/wait/${reservationId}`, 303)
    if (answer.outcome === 'held') return c.redirect(`/bookings/${reservationId}/pay`, 303)
    if (answer.code === 'VEHICLE_UNAVAILABLE') {
      return await showAlternatives(c, deps, typed.search, answer)
    }
    throw new BusinessError(answer.code, answer.message)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED') throw error
    announceRetry(c, known)
    const notice = [{ path: BESIDE[known.code] ?? 'parties', message: known.message }]
    // What was refused stands under its id: the next try is another booking.
    const next = known.code in BESIDE ? { ...typed, bookingId: randomUUID() } : typed
    return form(c, deps, choice, toPage(deps, next, choice, notice), statusOf(known.code))
  }
}

async function form(
  c: Context<Env>,
  deps: ApiDeps,
  { book: prices }: Choice,
  page: Unoffered,
  status: ReturnType<typeof statusOf> | 200,
) {
  const offer = await offerPoints(deps, signedIn(c).userId, page.quote.total)
  const quote = withPoints(page.quote, usablePoints(page.points, offer))
  const whole = { ...page, quote, offer, offered: await offerAlong(deps, prices) }
  return c.html(<BookingFormView viewer={await viewerOf(c, deps)} page={whole} />, status)
}

export function createBookingFormPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/book', async (c) => {
    const actor = signedIn(c)
    const typed = readTyped(c.req.query())
    const along = wishAlong(typed.along)
    const choice = await chooseCar(deps, typed, { ...along, customerId: actor.userId })
    const name = `${actor.firstName} ${actor.lastName}`.trim()
    const first: PartyForm = { ...EMPTY_PARTY, name, phone: printedPhone(actor.phone ?? '') }
    return form(c, deps, choice, toPage(deps, { ...typed, parties: [first] }, choice, []), 200)
  })
  pages.post('/book', (c) => submit(c, deps))
  return pages
}
