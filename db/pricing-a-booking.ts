/** The price of a booking that is about to be made, in its own transaction, and what it takes by it. */
import { isOpenAt, hoursOn, type VehicleCategory } from '../domain/fleet.ts'
import type { ExtraWish } from '../domain/extras.ts'
import { add, formatKes, splitEqually, subtract, ZERO, type Cents } from '../domain/money.ts'
import { withPoints, type Quote } from '../domain/pricing.ts'
import type { PricingRule } from '../domain/pricing-rules.ts'
import type { PartyInput, Refusal, ReservationInput } from '../domain/reservations.ts'
import { formatTime } from '../domain/time.ts'
import type { Tx } from './connection.ts'
import { takeExtras } from './extras.ts'
import { findCategory, findLocation, findVehicle, oneWayFee } from './fleet.ts'
import { spendPoints, whyNotSpend } from './loyalty.ts'
import {
  codeProblem,
  findAlong,
  lockRule,
  quoteFrom,
  readPriceBook,
  ruleOfCode,
  useCode,
  WRONG_CODE,
  type FoundAlong,
  type PriceBook,
} from './trip-prices.ts'

export type Priced = {
  category: VehicleCategory
  quote: Quote
  shares: Cents[]
  /** Of the code that was used. */
  rule: PricingRule | null
  extras: ExtraWish[]
}

export const refusal = (
  code: Refusal['code'],
  message: string,
  more: Partial<Refusal> = {},
): Refusal => ({ outcome: 'refused', code, message, alternatives: [], ...more })

export async function priceTrip(
  tx: Tx,
  input: ReservationInput,
  now: Date,
): Promise<Priced | Refusal> {
  const { trip, points = 0, customerId } = input
  const category = await categoryOf(tx, trip)
  if ('outcome' in category) return category
  const closed = await closedPlace(tx, trip)
  if (closed) return closed
  const fee = await oneWayFee(tx, trip.pickupLocation, trip.returnLocation)
  const [from, to] = [new Date(trip.pickupAt), new Date(trip.returnAt)]
  const { pickupLocation } = trip
  const { promoCode } = input
  const asked = { pickupLocation, from, to, bookedAt: now, customerId, promoCode }
  const book = await readPriceBook(tx, asked)
  const found = await findAlong(tx, input, { from, to }, tx)
  const taken = await whyNotTaken(tx, book, category.code, found)
  if (taken) return taken
  const whole = quoteFrom(book, category, fee, found.along)
  const changed = priceChanged(input, whole)
  if (changed) return changed
  const problem = points > 0 ? await whyNotSpend(tx, { customerId, points }, whole.total) : null
  if (problem) return refusal('POINTS_REFUSED', problem, { total: whole.total })
  const quote = withPoints(whole, points)
  const shares = sharesOf(input.parties, quote.total)
  if (!shares) {
    const message = `The shares must add up to the total of ${formatKes(quote.total)}.`
    return refusal('SHARES_DO_NOT_ADD_UP', message, { total: quote.total })
  }
  const rule = promoCode ? ruleOfCode(book, category.code) : null
  return { category, quote, shares, rule, extras: found.wishes }
}

async function categoryOf(
  tx: Tx,
  trip: ReservationInput['trip'],
): Promise<VehicleCategory | Refusal> {
  const vehicle = trip.vehicleId ? await findVehicle(tx, trip.vehicleId) : null
  if (trip.vehicleId && !vehicle) return refusal('NOT_FOUND', 'We have no such car.')
  const category = await findCategory(tx, vehicle?.categoryCode ?? trip.categoryCode ?? '')
  return category ?? refusal('UNKNOWN_CATEGORY', 'We have no such category of cars.')
}

/** Locks what it looks at, extras before the rule, so that neither is given away twice. */
async function whyNotTaken(
  tx: Tx,
  book: PriceBook,
  categoryCode: string,
  { problem }: FoundAlong,
): Promise<Refusal | null> {
  if (problem) return refusal('EXTRA_UNAVAILABLE', problem.message)
  if (!book.promoCode) return null
  const rule = ruleOfCode(book, categoryCode)
  if (!rule || !(await lockRule(tx, rule))) return refusal('CODE_REFUSED', WRONG_CODE)
  const wrong = await codeProblem(tx, book, categoryCode)
  return wrong === null ? null : refusal('CODE_REFUSED', wrong)
}

/** The price that somebody saw, before points, is no longer ours. What they saw decides nothing but that they are told. */
function priceChanged({ seenTotal }: ReservationInput, { total }: Quote): Refusal | null {
  if (seenTotal === undefined || seenTotal === total) return null
  const message = `The price has changed from ${formatKes(seenTotal)} to ${formatKes(total)} since you saw it. Nothing was booked.`
  return refusal('PRICE_CHANGED', message, { total })
}

/** Nothing is asked of the database where there is nothing, which is nearly always. */
export async function takePriced(tx: Tx, input: ReservationInput, priced: Priced): Promise<void> {
  const { reservationId, customerId, actorId, points = 0 } = input
  if (points > 0) await spendPoints(tx, { reservationId, customerId, actorId, points })
  if (priced.rule) await useCode(tx, { reservationId, rule: priced.rule })
  await takeExtras(tx, reservationId, priced.extras)
}

async function closedPlace(tx: Tx, trip: ReservationInput['trip']): Promise<Refusal | null> {
  const pickup = await findLocation(tx, trip.pickupLocation)
  const isRoundTrip = trip.returnLocation === trip.pickupLocation
  const back = isRoundTrip ? pickup : await findLocation(tx, trip.returnLocation)
  for (const [place, at] of [
    [pickup, new Date(trip.pickupAt)],
    [back, new Date(trip.returnAt)],
  ] as const) {
    if (!place) return refusal('UNKNOWN_LOCATION', 'We have no such place.')
    if (!isOpenAt(place.openingHours, at)) {
      const hours = hoursOn(place.openingHours, at)
      return refusal(
        'LOCATION_CLOSED',
        `${place.name} is closed on ${formatTime(at)}. That day: ${hours}.`,
      )
    }
  }
  return null
}

/** Given shares stand; the rest is split equally. Null when they do not add up to the total. */
export function sharesOf(parties: Pick<PartyInput, 'share'>[], total: Cents): Cents[] | null {
  const given = add(ZERO, ...parties.map(({ share }) => share ?? ZERO))
  const open = parties.filter(({ share }) => share === null).length
  if (given > total || (open === 0 && given !== total)) return null
  if (parties.some(({ share }) => share !== null && share % 100 !== 0)) return null
  const rest = open > 0 ? splitEqually(subtract(total, given), open) : []
  return parties.map(({ share }) => share ?? (rest.shift() as Cents))
}
