/** Builds bookings whose keys can be handed over, with sensible values that a test may override. */
import { randomUUID } from 'node:crypto'
import type { ApiDeps } from '../../api/deps.ts'
import { inTransaction, select, type Database } from '../../db/connection.ts'
import { createCustomer } from '../../db/customer-writes.ts'
import { progressCharge } from '../../db/charges.ts'
import { startRental } from '../../db/rental-starting.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { settleRental } from '../../db/rental-settling.ts'
import { claimDamage, disputeRental } from '../../db/rental-telling.ts'
import { returnRental } from '../../db/rental-returning.ts'
import type { Cents } from '../../domain/money.ts'
import { HOUSE_TERMS } from '../../domain/rental-charges.ts'
import {
  DEFAULT_RENTAL_POLICY,
  type ConditionCheck,
  type PickUpWish,
  type ReturnWish,
} from '../../domain/rentals.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildBooking, buildPaid, nextPhone, type Booking } from './builders.ts'
import { buildCharge, payCharge } from './charges.ts'

const dayAhead = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

/** Somebody who may drive: of age, with a licence that lasts for years. */
export async function buildDriver(db: Database, over: object = {}): Promise<string> {
  const id = randomUUID()
  const facts = {
    email: `${id}@example.com`,
    firstName: 'Wanjiku',
    lastName: 'Kamau',
    phone: nextPhone(),
    language: 'en' as const,
    bornOn: '1990-02-28',
    licence: {
      number: `DL-${id.slice(0, 8)}`,
      country: 'Kenya',
      state: '',
      expiresOn: dayAhead(900),
    },
    notes: null,
    addresses: [],
    ...over,
  }
  await inTransaction(db, (tx) => createCustomer(tx, { id, facts, actorId: 'test' }))
  return id
}

export const CHECK: ConditionCheck = {
  odometerKm: 60_000,
  fuelEighths: 8,
  cleanliness: 'clean',
  marks: [{ place: 'rear', kind: 'scratch' }],
}

export type Ready = { booking: Booking; depositChargeId: string; deposit: Cents }

/** A paid booking with a paid deposit, by somebody who may drive. */
export async function buildReady(
  db: Database,
  over: Parameters<typeof buildBooking>[1] = {},
): Promise<Ready> {
  const customerId = over.customerId ?? (await buildDriver(db))
  const booking = await buildBooking(db, { ...over, customerId })
  await buildPaid(db, booking, booking.held.total)
  const { depositChargeId, deposit } = await payDeposit(db, booking)
  return { booking, depositChargeId, deposit }
}

export async function payDeposit(db: Database, { input }: Booking) {
  const { deposit } = (await findReservation(db, input.reservationId)) ?? {}
  if (!deposit) throw new Error('this booking asks for no deposit')
  const charge = await buildCharge(db, {
    type: 'deposit',
    customerId: input.customerId,
    reservationId: input.reservationId,
    total: deposit,
  })
  await payCharge(db, charge, deposit)
  await inTransaction(db, (tx) => progressCharge(tx, charge.input.chargeId))
  return { depositChargeId: charge.input.chargeId, deposit }
}

export const pickUpWish = (ready: Ready, over: Partial<PickUpWish> = {}): PickUpWish => ({
  rentalId: randomUUID(),
  reservationId: ready.booking.input.reservationId,
  actorId: 'desk',
  check: CHECK,
  idSeen: true,
  ...over,
})

export const pickUpAt = (ready: Ready): Date => new Date(ready.booking.input.trip.pickupAt)
export const dueAt = (ready: Ready): Date => new Date(ready.booking.input.trip.returnAt)

export const handOver = (db: Database, wish: PickUpWish, now: Date) =>
  inTransaction(db, (tx) => startRental(tx, wish, { now, policy: DEFAULT_RENTAL_POLICY }))

/** The keys are out from the booked moment on; answers the rental's id. */
export async function buildRental(db: Database, ready: Ready): Promise<string> {
  const wish = pickUpWish(ready)
  const answer = await handOver(db, wish, pickUpAt(ready))
  if (answer.outcome !== 'started') throw new Error(`refused: ${answer.message}`)
  return answer.rentalId
}

export const returnWish = (over: Partial<ReturnWish> = {}): ReturnWish => ({
  check: { ...CHECK, odometerKm: CHECK.odometerKm + 200 },
  location: 'NBO-JKIA',
  actorId: 'desk',
  damage: [],
  ...over,
})

export const bringBack = (db: Database, rentalId: string, wish: ReturnWish, now: Date) =>
  inTransaction(db, (tx) => returnRental(tx, rentalId, wish, now))

/** A row alone, of a booking in whatever state: enough for who may see it. */
export async function insertRental(db: Database, reservationId: string): Promise<string> {
  const id = randomUUID()
  await select(
    db,
    `INSERT INTO rentals (id, number, reservation_id, customer_id, vehicle_id, status, terms, picked_up_at, due_at, return_location,
       deposit_cents, created_by, updated_by)
     SELECT $2, 'AGR-26-999999', r.id, r.customer_id, r.vehicle_id, 'on_the_road', $3, r.pickup_at, r.return_at, r.return_location,
       0, 'test', 'test' FROM reservations r WHERE r.id = $1`,
    [reservationId, id, JSON.stringify(HOUSE_TERMS)],
  )
  return id
}

const LOOK = { odometer_km: 60_000, fuel_eighths: 8, cleanliness: 'clean', marks: [] }

/** For the matrix of who may do what. */
export function rentalRules<W>(
  { reservationId, rentalId }: { reservationId: string; rentalId: string },
  who: Record<'all' | 'counter' | 'readers' | 'theirs' | 'managers', readonly W[]>,
) {
  const of = { hidden: true, id: rentalId } as const
  return {
    'POST /reservations/{id}/checkout': {
      may: who.counter,
      id: reservationId,
      body: { ...LOOK, id_seen: true },
    },
    'POST /reservations/{id}/checkin': {
      may: who.counter,
      id: reservationId,
      body: { ...LOOK, location: 'NBO-JKIA' },
    },
    'GET /reservations/{id}/agreement': {
      hidden: true,
      id: reservationId,
      may: [...who.theirs, ...who.readers],
    },
    'GET /rentals': { may: who.all },
    'GET /rentals/{id}': { ...of, may: [...who.theirs, ...who.readers] },
    'POST /rentals/{id}/claims': {
      may: who.counter,
      id: rentalId,
      body: { place: 'boot', kind: 'dent', amount: '100' },
    },
    'POST /rentals/{id}/agree': { ...of, may: who.theirs },
    'POST /rentals/{id}/dispute': { ...of, may: who.theirs, body: { because: 'as tested' } },
    'POST /rentals/{id}/decision': { may: who.managers, id: rentalId, body: { lines: [] } },
  } as const
}

/** The stories' own steps on the real books, at once: for pages and routes. */
export const rentalsAtOnce = (db: Database, now: () => Date): ApiDeps['workflows']['rentals'] => ({
  pickUp: (wish) => handOver(db, wish, now()),
  bringBack: (id, wish) => bringBack(db, id, wish, now()),
  claim: async (id, claim) => {
    const answer = await inTransaction(db, (tx) => claimDamage(tx, id, claim))
    if (answer.outcome === 'refused') throw new Error(answer.message)
    return answer
  },
  agree: async (rentalId, actorId) => {
    await inTransaction(db, (tx) => settleRental(tx, { rentalId, actorId, how: 'agreed' }, now()))
  },
  dispute: (rentalId, wish) => inTransaction(db, (tx) => disputeRental(tx, { rentalId, ...wish })),
  decide: async (rentalId, wish) => {
    await inTransaction(db, (tx) => settleRental(tx, { rentalId, how: 'decided', ...wish }, now()))
  },
})
