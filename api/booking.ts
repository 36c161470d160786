/** Making a booking, for the API and the pages alike: check, start the workflow, read its first answer. */
import type { Actor } from '../domain/accounts.ts'
import type { CollectingMode } from '../domain/charges.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ExtraWish } from '../domain/extras.ts'
import type { VehicleCategory } from '../domain/fleet.ts'
import { toDecimal, CURRENCY, type Cents } from '../domain/money.ts'
import { maySeeReservation } from '../domain/policies.ts'
import type { Alternative, HoldAnswer, PartyInput, Refusal, Trip } from '../domain/reservations.ts'
import { toNairobiIso } from '../domain/time.ts'
import { couldHold, findAlternatives } from '../db/availability.ts'
import { refuseAtDoor } from '../db/booking-answers.ts'
import { arePointsPaused } from '../db/loyalty-repair.ts'
import { findReservation, type ReservationDetail, toHeld } from '../db/reservation-reads.ts'
import { limitBookings, withinOpenBookings } from './booking-limits.ts'
import type { ApiDeps } from './deps.ts'
import { assertCan } from './permitted.ts'
import { checkTrip } from './search.ts'
import { uuidFrom } from './tokens.ts'

export type BookingWish = {
  reservationId: string
  trip: Trip
  parties: {
    name: string
    phone: string
    share: Cents | null
    /** All or nobody: from then on the others may take this share over. */
    dueAt?: string | null
  }[]
  specialRequests: string | null
  mode?: CollectingMode
  /** Loyalty points that lower the price. */
  points?: number
  extras?: ExtraWish[] | undefined
  extraDrivers?: number | undefined
  promoCode?: string | undefined
  /** What the customer was shown, before points. */
  seenTotal?: Cents | undefined
}

/** Party ids follow from the booking's, so that a repeated request is the same request. */
const partiesOf = (wish: BookingWish): PartyInput[] =>
  wish.parties.map((party, index) => ({
    id: uuidFrom('party', wish.reservationId, String(index)),
    ...party,
  }))

/** Nobody can be given longer than a booking waits at most. */
function checkDeadlines(deps: ApiDeps, { parties, trip }: BookingWish): void {
  const now = deps.now().getTime()
  const last = Math.min(now + deps.policy.partPaidMs, Date.parse(trip.pickupAt))
  const wrong = parties.findIndex(({ dueAt }) => {
    const due = dueAt ? Date.parse(dueAt) : null
    return due !== null && (due <= now || due > last)
  })
  if (wrong < 0) return
  const message = 'Give each a time to pay that is to come, within a day and before pick-up.'
  const fields = [{ path: `parties.${wrong}.due_at`, message }]
  throw new BusinessError('INVALID_INPUT', message, { fields })
}

/** A worker of a release that knows no points would hold the car for the whole price. */
async function checkPause(deps: ApiDeps, { points = 0 }: BookingWish): Promise<void> {
  if (points === 0 || !(await arePointsPaused(deps.db))) return
  const message = 'Points cannot be used just now. Leave them out, or try again in an hour.'
  throw new BusinessError('POINTS_REFUSED', message, { fields: [{ path: 'points', message }] })
}

/** Held, refused, or still under way; a repeat of a booking that exists answers what stands now. */
export async function book(
  deps: ApiDeps,
  actor: Actor,
  wish: BookingWish,
  source: string,
): Promise<HoldAnswer | 'pending'> {
  assertCan(actor, 'own_reservations:create')
  await limitBookings(deps, actor, source)
  checkDeadlines(deps, wish)
  await checkPause(deps, wish)
  const category = await checkTrip(deps, wish.trip)
  const refusal = await refuseEarly(deps, wish, category)
  if (refusal) return refusal
  return withinOpenBookings(deps, actor, wish.reservationId, () => reserve(deps, actor, wish))
}

/** A story that was begun without any of these has none of these fields. */
const pricedBy = ({ extras, extraDrivers, promoCode, seenTotal }: BookingWish) => ({
  ...(extras?.length ? { extras } : {}),
  ...(extraDrivers ? { extraDrivers } : {}),
  ...(promoCode ? { promoCode } : {}),
  ...(seenTotal === undefined ? {} : { seenTotal }),
})

async function reserve(
  deps: ApiDeps,
  actor: Actor,
  wish: BookingWish,
): Promise<HoldAnswer | 'pending'> {
  const answer = await deps.workflows.reserve({
    reservationId: wish.reservationId,
    customerId: actor.userId,
    actorId: actor.userId,
    trip: wish.trip,
    parties: partiesOf(wish),
    specialRequests: wish.specialRequests,
    policy: deps.policy,
    ...(wish.mode ? { mode: wish.mode } : {}),
    ...(wish.points ? { points: wish.points } : {}),
    ...pricedBy(wish),
  })
  return answer === 'already_ended' ? standing(deps, wish.reservationId) : answer
}

/**
 * A crowd that wants the last car is sent on without a workflow each. What is said here stands: somebody who asks again may
 * have a story under way that would find a car later.
 */
async function refuseEarly(
  deps: ApiDeps,
  { reservationId, trip }: BookingWish,
  category: VehicleCategory,
): Promise<Refusal | null> {
  const places = { pickupLocation: trip.pickupLocation, returnLocation: trip.returnLocation }
  const period = { from: new Date(trip.pickupAt), to: new Date(trip.returnAt) }
  const car = { categoryCode: category.code, vehicleId: trip.vehicleId }
  if (await couldHold(deps.db, { ...places, ...period, ...car })) return null
  const what = trip.vehicleId ? 'That car is' : `All our cars of the category ${category.name} are`
  return refuseAtDoor(deps.db, reservationId, {
    outcome: 'refused',
    code: 'VEHICLE_UNAVAILABLE',
    message: `${what} taken for this time.`,
    alternatives: await findAlternatives(
      deps.db,
      { ...trip, categoryCode: category.code },
      deps.now(),
    ),
  })
}

/** The workflow of this id is over: the row says how the hold stood, or there never was one. */
async function standing(deps: ApiDeps, reservationId: string): Promise<HoldAnswer> {
  const found = await findReservation(deps.db, reservationId)
  if (!found) {
    throw new BusinessError(
      'VEHICLE_UNAVAILABLE',
      'This request was refused before. Search again to see what is free now.',
      { details: { alternatives: [] } },
    )
  }
  return toHeld(found)
}

/** Somebody else's booking is not found, rather than forbidden: its existence is nobody's business. */
export async function findVisible(
  deps: ApiDeps,
  actor: Actor,
  id: string,
): Promise<ReservationDetail> {
  const found = await findReservation(deps.db, id)
  if (!found || !maySeeReservation(actor, found)) {
    throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  }
  return found
}

export const alternativeBody = (one: Alternative) => ({
  kind: one.kind,
  category: one.categoryCode,
  category_name: one.categoryName,
  pickup_at: toNairobiIso(new Date(one.pickupAt)),
  return_at: toNairobiIso(new Date(one.returnAt)),
  currency: CURRENCY,
  total: toDecimal(one.total),
})

const FIELDS: Partial<Record<Refusal['code'], string>> = {
  SHARES_DO_NOT_ADD_UP: 'parties',
  POINTS_REFUSED: 'points',
  CODE_REFUSED: 'promo_code',
  EXTRA_UNAVAILABLE: 'extras',
  PRICE_CHANGED: 'seen_total',
}
const fieldOf = ({ code, message }: Refusal) => {
  const path = FIELDS[code]
  return path ? { fields: [{ path, message }] } : {}
}

/** A refusal as the error it is for whoever asked. */
export const refusalError = (answer: Extract<HoldAnswer, { outcome: 'refused' }>) =>
  new BusinessError(answer.code, answer.message, {
    details: {
      alternatives: answer.alternatives.map(alternativeBody),
      ...(answer.total === undefined ? {} : { currency: CURRENCY, total: toDecimal(answer.total) }),
    },
    ...fieldOf(answer),
  })
