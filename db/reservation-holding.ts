/** Opening a reservation: price, shares, car, rows and events in one transaction, safe to repeat. */
import { reservationNumber, reservationWorkflowId } from '../domain/ids.ts'
import type { HoldAnswer, ReservationInput } from '../domain/reservations.ts'
import type { Cents } from '../domain/money.ts'
import { nairobiClock } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { findAlternatives } from './availability.ts'
import { keepRefusal, readStanding } from './booking-answers.ts'
import { selectOne, type Tx } from './connection.ts'
import { holdVehicle, type HeldCar } from './holds.ts'
import { appendEvents } from './outbox.ts'
import { insertParties } from './party-rows.ts'
import { priceTrip, refusal, takePriced, type Priced } from './pricing-a-booking.ts'
import {
  insertRow,
  reservationEvent,
  vehicleEvent,
  type ReservationRow,
} from './reservation-rows.ts'
import { ownKey, type OwnKey } from './sealed-columns.ts'

const tooLate = () =>
  refusal('INVALID_INPUT', 'The pick-up time is in the past. Search again to see what is free now.')

/** Holds a car and opens the booking, or says why not. A repeat answers what stands. */
export async function holdReservation(
  tx: Tx,
  input: ReservationInput,
  now: Date,
): Promise<HoldAnswer> {
  const standing = await readStanding(tx, input.reservationId)
  if (standing) return standing
  // Asked for in time, but no worker came to it before.
  if (new Date(input.trip.pickupAt) <= now) return keepRefusal(tx, input.reservationId, tooLate())
  const priced = await priceTrip(tx, input, now)
  if ('outcome' in priced) return priced
  const { trip } = input
  const expiresAt = new Date(now.getTime() + input.policy.holdMs)
  const car = await holdVehicle(tx, {
    vehicleId: trip.vehicleId,
    categoryCode: priced.category.code,
    pickupLocation: trip.pickupLocation,
    returnLocation: trip.returnLocation,
    from: new Date(trip.pickupAt),
    to: new Date(trip.returnAt),
    owner: reservationWorkflowId(input.reservationId),
    expiresAt,
    purpose: 'reservation',
  })
  if (!car) return keepRefusal(tx, input.reservationId, await noCar(tx, input, priced, now))
  const { row, ownKey } = await insertReservation(tx, input, priced, car, expiresAt, now)
  const { reservationId: ownerId, customerId, parties } = input
  await insertParties(tx, 'reservation', {
    ownerId,
    customerId,
    ownKey,
    parties,
    shares: priced.shares,
  })
  await takePriced(tx, input, priced)
  await tellHeld(tx, row, car, input)
  return {
    outcome: 'held',
    reservationId: row.id,
    number: row.number,
    status: row.status,
    vehicle: car.vehicle,
    parties: input.parties.map(({ id }, index) => ({ id, share: priced.shares[index] as Cents })),
    total: row.total,
    balance: row.total,
    holdExpiresAt: expiresAt.toISOString(),
  }
}

async function noCar(tx: Tx, { trip }: ReservationInput, { category, quote }: Priced, now: Date) {
  const alternatives = await findAlternatives(tx, { ...trip, categoryCode: category.code }, now)
  const what = trip.vehicleId ? 'That car is' : `All our cars of the category ${category.name} are`
  return refusal('VEHICLE_UNAVAILABLE', `${what} taken for this time.`, {
    alternatives,
    total: quote.total,
  })
}

/** With the key of whoever books, which comes along with the number. */
async function insertReservation(
  tx: Tx,
  input: ReservationInput,
  { category, quote }: Priced,
  car: HeldCar,
  expiresAt: Date,
  now: Date,
) {
  const { trip, reservationId: id, actorId } = input
  const next = await selectOne<{ n: string; ownKey: OwnKey }>(
    tx,
    `SELECT nextval('reservation_number_seq') AS n, ${ownKey('$1::uuid')} AS "ownKey"`,
    [input.customerId],
  )
  const number = reservationNumber(nairobiClock(now).year, Number(next?.n))
  const row = await insertRow(
    tx,
    `INSERT INTO reservations (id, number, customer_id, category_code, vehicle_id, hold_id, wanted_vehicle,
       pickup_location, return_location, pickup_at, return_at, status, quote, total_cents, deposit_cents,
       hold_expires_at, special_requests, mode, version, created_by, updated_by)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12, $13, $14, $15, $16, $18, first_version(), $17,
       $17
     WHERE NOT EXISTS (SELECT FROM refused_bookings WHERE reservation_id = $1::uuid)`,
    [
      id,
      number,
      input.customerId,
      category.code,
      car.vehicle.id,
      car.holdId,
      trip.vehicleId !== null,
      trip.pickupLocation,
      trip.returnLocation,
      trip.pickupAt,
      trip.returnAt,
      JSON.stringify(quote),
      quote.total,
      quote.deposit,
      expiresAt,
      input.specialRequests,
      actorId,
      input.mode ?? 'anybody',
    ],
  )
  return { row, ownKey: next?.ownKey ?? null }
}

async function tellHeld(
  tx: Tx,
  row: ReservationRow,
  car: HeldCar,
  { trip, actorId }: ReservationInput,
) {
  const [from, to] = [new Date(trip.pickupAt), new Date(trip.returnAt)]
  const facts = { vehicleId: car.vehicle.id, holdId: car.holdId, version: car.version, from, to }
  await appendEvents(tx, [
    reservationEvent('reservation.held', row),
    vehicleEvent('vehicle.held', { ...facts, purpose: 'reservation' }),
  ])
  const after = {
    number: row.number,
    status: row.status,
    total: row.total,
    vehicle: car.vehicle.plate,
  }
  await appendAudit(tx, {
    actor: actorId,
    action: 'reservation.held',
    entity: 'reservation',
    entityId: row.id,
    after,
  })
}
