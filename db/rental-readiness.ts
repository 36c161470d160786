/** Whether the keys of a booked car may go out: paper, money and car, asked of the books at that moment. */
import { formatKes, ZERO, type Cents } from '../domain/money.ts'
import { RENTAL_LIMITS, type PickUpWish } from '../domain/rentals.ts'
import { formatTime, toNairobiIso } from '../domain/time.ts'
import { inTransaction, selectOne, type Database, type Tx } from './connection.ts'
import { findCustomer } from './customers.ts'
import { readReservation, type ReservationRow } from './reservation-rows.ts'
import { toCents } from './values.ts'

/** Kenyan insurers ask for it; a year from now somebody else decides by a rule of prices. */
const MINIMUM_AGE = 21

export type ReadyCar = {
  plate: string
  status: string
  mileageKm: number
  fuelCapacityL: number | null
  insured: boolean
  registered: boolean
}

/** `until`: the day on which the rental ends. */
export const lockCar = (tx: Tx, id: string, until: string): Promise<ReadyCar | null> =>
  selectOne<ReadyCar>(
    tx,
    `SELECT plate, status, mileage_km AS "mileageKm", fuel_capacity_l AS "fuelCapacityL",
       coalesce(insurance_expires_on >= $2::date, true) AS insured,
       coalesce(registration_expires_on >= $2::date, true) AS registered
     FROM vehicles WHERE id = $1 FOR NO KEY UPDATE`,
    [id, until],
  )

export const dayOf = (at: Date): string => toNairobiIso(at).slice(0, 10)

/** Whole years on that day. */
const ageOn = (bornOn: string, day: string): number =>
  Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4)) - (day.slice(5) < bornOn.slice(5) ? 1 : 0)

type Asked = { booking: ReservationRow; car: ReadyCar; deposit: PaidDeposit; now: Date }

/** In sentences for a clerk, all of them at once; empty where the keys may go out. */
export async function whatIsMissing(
  tx: Tx,
  { booking, car, deposit, now }: Asked,
): Promise<string[]> {
  const customer = await findCustomer(tx, booking.customerId)
  const lastDay = dayOf(booking.returnAt)
  const { licence, bornOn, status, riskLevel } = customer ?? {}
  const early = booking.pickupAt.getTime() - now.getTime() > RENTAL_LIMITS.earlyMs
  const found: (string | false)[] = [
    early &&
      `It is booked for ${formatTime(booking.pickupAt)}; keys go out two hours earlier at most.`,
    booking.returnAt <= now && 'The booked time is over.',
    status !== 'active' && 'The account of this customer is not active.',
    riskLevel === 'high' &&
      'The risk level of this customer is high. A manager lowers it, or nobody drives.',
    !licence && 'No driving licence is known. Write down its number, or take a picture of it.',
    licence?.expiresOn != null &&
      licence.expiresOn < lastDay &&
      `The licence is over on ${licence.expiresOn}, before the car is back.`,
    licence != null && licence.expiresOn === null && 'The last day of the licence is not known.',
    bornOn != null &&
      ageOn(bornOn, dayOf(now)) < MINIMUM_AGE &&
      `Whoever drives is ${MINIMUM_AGE} or older.`,
    !bornOn && 'The birth date is not known.',
    car.status === 'rented' && `${car.plate} is not back yet. Swap the car, or wait for it.`,
    !['available', 'rented'].includes(car.status) &&
      `${car.plate} is not ready: ${car.status.replaceAll('_', ' ')}.`,
    !car.insured && `The insurance of ${car.plate} is over before the car is back.`,
    !car.registered && `The registration of ${car.plate} is over before the car is back.`,
    deposit.amount > 0 &&
      !deposit.chargeId &&
      `The deposit of ${formatKes(deposit.amount)} is not paid.`,
  ]
  return found.filter((one) => one !== false)
}

/** What a clerk sees and says at the car. */
export const lookProblems = (car: ReadyCar, { idSeen, check }: PickUpWish): string[] => [
  ...(idSeen ? [] : ['Look at an id card or a passport, too.']),
  ...(check.odometerKm < car.mileageKm
    ? [`The odometer showed ${car.mileageKm} km before; it cannot show less.`]
    : []),
]

/** `chargeId`: by which it was paid; null where it is not, or none is asked for. */
export type PaidDeposit = { amount: Cents; chargeId: string | null }

/** Of this booking, paid whole, and of no other rental; held until we are done, so that nobody ends it meanwhile. */
export async function lockDeposit(tx: Tx, reservationId: string): Promise<PaidDeposit> {
  const amount = await depositOf(tx, reservationId)
  if (amount === 0) return { amount, chargeId: null }
  const row = await selectOne<{ id: string }>(
    tx,
    `SELECT c.id FROM charges c WHERE c.reservation_id = $1 AND c.type = 'deposit' AND c.status = 'paid' AND c.total_cents >= $2
       AND NOT EXISTS (SELECT FROM rentals r WHERE r.deposit_charge_id = c.id)
     ORDER BY c.created_at LIMIT 1 FOR NO KEY UPDATE`,
    [reservationId, amount],
  )
  return { amount, chargeId: row?.id ?? null }
}

async function depositOf(tx: Tx, reservationId: string) {
  const row = await selectOne<{ deposit: string }>(
    tx,
    'SELECT deposit_cents AS deposit FROM reservations WHERE id = $1',
    [reservationId],
  )
  return toCents(row?.deposit ?? 0)
}

export type Readiness = { missing: string[]; deposit: PaidDeposit; lastKm: number }

/** The same questions for a page, before anybody presses: nothing is changed. */
export const readReadiness = (db: Database, reservationId: string, now: Date): Promise<Readiness> =>
  inTransaction(db, async (tx) => {
    const booking = await readReservation(tx, reservationId)
    const car = booking && (await lockCar(tx, booking.vehicleId, dayOf(booking.returnAt)))
    if (!car) return { missing: ['This booking has no car.'], deposit: NO_DEPOSIT, lastKm: 0 }
    const deposit = await lockDeposit(tx, reservationId)
    const missing = await whatIsMissing(tx, { booking, car, deposit, now })
    const unpaid = ['pending', 'processing'].includes(booking.status)
    return {
      missing: unpaid ? ['This booking is not paid in full yet.', ...missing] : missing,
      deposit,
      lastKm: car.mileageKm,
    }
  })

const NO_DEPOSIT: PaidDeposit = { amount: ZERO, chargeId: null }
