/**
 * Handing over the keys. Whatever has to be true at that moment is looked at here again, in one transaction with what it changes; two
 * clerks at once start one rental, and a repeat answers what stands.
 */
import { termsOf } from '../domain/rental-charges.ts'
import { rentalNumber } from '../domain/ids.ts'
import type { PickUpAnswer, PickUpWish, RentalPolicy } from '../domain/rentals.ts'
import { nairobiClock } from '../domain/time.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { findCategory } from './fleet.ts'
import { appendEvents } from './outbox.ts'
import {
  dayOf,
  lockCar,
  lockDeposit,
  lookProblems,
  whatIsMissing,
  type PaidDeposit,
  type ReadyCar,
} from './rental-readiness.ts'
import {
  auditRental,
  insertRental,
  keepCheck,
  readRentalOf,
  rentalEvent,
  type RentalRow,
} from './rental-rows.ts'
import {
  changeReservation,
  lockReservation,
  reservationEvent,
  type ReservationRow,
} from './reservation-rows.ts'

const refusal = (message: string): PickUpAnswer => ({
  outcome: 'refused',
  code: 'RENTAL_REFUSED',
  message,
})

type World = { now: Date; policy: RentalPolicy }

/** Throws nothing that a clerk can mend: what speaks against it is answered, all of it at once. */
export async function startRental(
  tx: Tx,
  wish: PickUpWish,
  { now, policy }: World,
): Promise<PickUpAnswer> {
  const booking = await lockReservation(tx, wish.reservationId)
  if (!booking)
    return { outcome: 'refused', code: 'NOT_FOUND', message: 'We have no such booking.' }
  const car = await lockCar(tx, booking.vehicleId, dayOf(booking.returnAt))
  if (!car) throw new Error(`booking ${booking.id} has no car`)
  const standing = await readRentalOf(tx, booking.id)
  if (standing) return started(standing, booking, car.plate, policy)
  if (booking.status !== 'confirmed')
    return refusal(
      booking.status === 'pending' || booking.status === 'processing'
        ? 'This booking is not paid in full yet.'
        : 'This booking has ended.',
    )
  const deposit = await lockDeposit(tx, booking.id)
  const against = [
    ...(await whatIsMissing(tx, { booking, car, deposit, now })),
    ...lookProblems(car, wish),
  ]
  if (against.length > 0) return refusal(against.join(' '))
  const rental = await write(tx, { booking, car, deposit, wish, now })
  return started(rental, booking, car.plate, policy)
}

const started = (
  rental: RentalRow,
  booking: ReservationRow,
  plate: string,
  policy: RentalPolicy,
): PickUpAnswer => ({
  outcome: 'started',
  rentalId: rental.id,
  reservationId: booking.id,
  number: rental.number,
  reservationNumber: booking.number,
  plate,
  customerId: rental.customerId,
  dueAt: rental.dueAt.toISOString(),
  graceMs: rental.terms.graceMs,
  policy,
})

type Writing = {
  booking: ReservationRow
  car: ReadyCar
  deposit: PaidDeposit
  wish: PickUpWish
  now: Date
}

async function write(tx: Tx, { booking, car, deposit, wish, now }: Writing): Promise<RentalRow> {
  const { actorId, check, rentalId } = wish
  const category = await findCategory(tx, booking.categoryCode)
  if (!category) throw new Error(`category ${booking.categoryCode} is gone`)
  const next = await selectOne<{ n: string }>(tx, "SELECT nextval('rental_number_seq') AS n")
  const rental = await insertRental(
    tx,
    `INSERT INTO rentals (id, number, reservation_id, customer_id, vehicle_id, status, terms, picked_up_at, due_at, return_location,
       deposit_charge_id, deposit_cents, version, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, 'on_the_road', $6, $7, $8, $9, $10, $11, first_version(), $12, $12)`,
    [
      rentalId,
      rentalNumber(nairobiClock(now).year, Number(next?.n)),
      booking.id,
      booking.customerId,
      booking.vehicleId,
      JSON.stringify(termsOf(category, car.fuelCapacityL)),
      now,
      booking.returnAt,
      booking.returnLocation,
      deposit.chargeId,
      deposit.amount,
      actorId,
    ],
  )
  await keepCheck(tx, { rental, moment: 'pickup', at: now, check, actorId })
  const changed = await changeReservation(
    tx,
    booking.id,
    "status = 'in_progress', updated_by = $2",
    [actorId],
  )
  await select(
    tx,
    "UPDATE holds SET state = 'active', expires_at = NULL WHERE id = $1 AND state = 'confirmed'",
    [booking.holdId],
  )
  await select(
    tx,
    "UPDATE vehicles SET status = 'rented', mileage_km = $2, updated_by = $3 WHERE id = $1",
    [booking.vehicleId, check.odometerKm, actorId],
  )
  await appendEvents(tx, [
    reservationEvent('reservation.picked_up', changed),
    rentalEvent('rental.started', rental),
  ])
  await auditRental(tx, rental, {
    actor: actorId,
    action: 'rental.started',
    after: { odometer_km: check.odometerKm, fuel_eighths: check.fuelEighths, id_seen: wish.idSeen },
  })
  return rental
}
