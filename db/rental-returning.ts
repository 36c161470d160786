/** Taking a car back: compared with how it left, what is owed written down line by line, the car free again; one transaction. */
import { formatKes, isWholeShillings } from '../domain/money.ts'
import { chargesOf, totalOf } from '../domain/rental-charges.ts'
import {
  markKey,
  newMarks,
  RENTAL_LIMITS,
  type ConditionCheck,
  type ReturnAnswer,
  type ReturnWish,
} from '../domain/rentals.ts'
import { findStranded } from './car-swaps.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { findLocation, oneWayFee } from './fleet.ts'
import { appendEvents } from './outbox.ts'
import { addRentalCharges, claimedBy, readRentalCharges } from './rental-charge-rows.ts'
import {
  auditRental,
  changeRental,
  keepCheck,
  lockRental,
  readChecks,
  readRental,
  rentalEvent,
  type RentalRow,
} from './rental-rows.ts'
import { completeReservation } from './reservation-ends.ts'
import { lockReservation, type ReservationRow } from './reservation-rows.ts'

/** What one mark may cost without an assessment. */
const DEAREST_DAMAGE_CENTS = 500_000_00

const refusal = (message: string): ReturnAnswer => ({
  outcome: 'refused',
  code: 'RENTAL_REFUSED',
  message,
})

/** A repeat answers what stands. */
export async function returnRental(
  tx: Tx,
  rentalId: string,
  wish: ReturnWish,
  now: Date,
): Promise<ReturnAnswer> {
  const known = await readRental(tx, rentalId)
  const booking = known && (await lockReservation(tx, known.reservationId))
  const rental = booking && (await lockRental(tx, rentalId))
  if (!rental) return { outcome: 'refused', code: 'NOT_FOUND', message: 'We have no such rental.' }
  if (rental.status !== 'on_the_road') return answerOf(tx, rental)
  const [before] = await readChecks(tx, rentalId)
  if (!before) throw new Error(`rental ${rentalId} left without a look at its car`)
  const problem = (await placeProblem(tx, wish)) ?? checkProblem(before, wish)
  if (problem) return refusal(problem)
  await freeCar(tx, { rental, booking, wish })
  const charges = chargesOf({
    terms: rental.terms,
    before,
    after: wish.check,
    pickedUpAt: rental.pickedUpAt,
    dueAt: rental.dueAt,
    returnedAt: now,
    otherPlaceFee: await oneWayFee(tx, rental.returnLocation, wish.location),
    damage: wish.damage,
  })
  await addRentalCharges(tx, rentalId, charges)
  const { check, actorId, location } = wish
  const changed = await changeRental(
    tx,
    rentalId,
    "status = 'returned', returned_at = $2, returned_to = $3, updated_by = $4",
    [now, location, actorId],
  )
  await keepCheck(tx, { rental, moment: 'return', at: now, check, actorId })
  await appendEvents(tx, [rentalEvent('rental.returned', changed, { asked: totalOf(charges) })])
  await auditRental(tx, changed, {
    actor: actorId,
    action: 'rental.returned',
    after: {
      odometer_km: check.odometerKm,
      fuel_eighths: check.fuelEighths,
      location,
      asked_for: totalOf(charges),
    },
  })
  return answerOf(tx, changed)
}

async function answerOf(tx: Tx, rental: RentalRow): Promise<ReturnAnswer> {
  const charges = await readRentalCharges(tx, rental.id)
  const returnedTo = rental.returnedTo ?? rental.returnLocation
  const elsewhere = returnedTo !== rental.returnLocation && rental.returnedAt
  return {
    outcome: 'returned',
    charges: charges.map(({ final: _final, ...charge }) => charge),
    total: claimedBy(charges),
    deposit: rental.deposit,
    stranded: elsewhere ? await findStranded(tx, rental.vehicleId, elsewhere) : null,
  }
}

async function placeProblem(tx: Tx, { location }: ReturnWish): Promise<string | null> {
  const place = await findLocation(tx, location)
  if (!place) return 'We have no such place.'
  return place.returnAllowed ? null : `${place.name} takes no cars back.`
}

function checkProblem(before: ConditionCheck, { check, damage }: ReturnWish): string | null {
  if (check.odometerKm < before.odometerKm)
    return `The odometer showed ${before.odometerKm} km at pick-up; it cannot show less.`
  if (check.odometerKm - before.odometerKm > RENTAL_LIMITS.longestDriveKm)
    return 'Nobody drives that far. Look at the odometer again.'
  const fresh = new Set(newMarks(before.marks, check.marks).map(markKey))
  if (damage.some(({ mark }) => !fresh.has(markKey(mark))))
    return 'Only what is new is charged for; this mark was there at pick-up, or is not on the drawing.'
  const dear = damage.find(
    ({ amount }) => amount <= 0 || amount > DEAREST_DAMAGE_CENTS || !isWholeShillings(amount),
  )
  if (dear)
    return `Damage costs whole shillings, up to KSh 500,000; ${formatKes(dear.amount)} is not.`
  return null
}

type Freeing = { rental: RentalRow; booking: ReservationRow; wish: ReturnWish }

/** The car before its hold, as everywhere. Its booking is complete: what was paid for it is earned. */
async function freeCar(tx: Tx, { rental, booking, wish }: Freeing): Promise<void> {
  const { check, location, actorId } = wish
  await selectOne(tx, 'SELECT id FROM vehicles WHERE id = $1 FOR NO KEY UPDATE', [rental.vehicleId])
  if (location !== rental.returnLocation) {
    await select(tx, 'UPDATE holds SET to_location = $2 WHERE id = $1', [booking.holdId, location])
    await select(
      tx,
      'INSERT INTO car_places (location_code, vehicle_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [location, rental.vehicleId],
    )
  }
  await completeReservation(tx, booking.id)
  await select(
    tx,
    `UPDATE vehicles SET status = CASE status WHEN 'rented' THEN 'available' ELSE status END, mileage_km = $2, updated_by = $3
     WHERE id = $1`,
    [rental.vehicleId, check.odometerKm, actorId],
  )
}
