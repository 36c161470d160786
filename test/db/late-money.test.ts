import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { holdVehicle } from '../../db/holds.ts'
import { readDecision } from '../../db/payment-settling.ts'
import { refusePayment } from '../../db/payments.ts'
import { endReservation, reclaimReservation } from '../../db/reservation-ends.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { subtract } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DEFAULT_POLICY, type EndReason } from '../../domain/reservations.ts'
import {
  at,
  buildBooking,
  buildCustomer,
  buildPrompt,
  count,
  eventsOf,
  keepCars,
  KSH_1000,
  NOW,
  progress,
  settle,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const end = (reservationId: string, reason: EndReason) =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId, reason, actorId: 'clock', note: null }),
  )
const reclaim = (paymentId: string, now = NOW) =>
  inTransaction(db, (tx) => reclaimReservation(tx, { paymentId, policy: DEFAULT_POLICY, now }))

/** A booking that ended, and money for it that came afterwards. */
async function buildLate(reason: EndReason, over: Parameters<typeof buildBooking>[1] = {}) {
  const booking = await buildBooking(db, { customerId, ...over })
  const prompt = await buildPrompt(db, booking)
  await end(booking.input.reservationId, reason)
  expect(await settle(db, prompt)).toMatchObject({ outcome: 'settled', ownerOpen: false })
  return { booking, prompt, id: booking.input.reservationId }
}

/** Somebody else takes this car for that time. */
const takeCar = ({ input, held }: Booking, categoryCode = 'SEDAN') =>
  inTransaction(db, (tx) =>
    holdVehicle(tx, {
      vehicleId: held.vehicle.id,
      categoryCode,
      pickupLocation: input.trip.pickupLocation,
      returnLocation: input.trip.returnLocation,
      from: new Date(input.trip.pickupAt),
      to: new Date(input.trip.returnAt),
      owner: 'reservation:somebody-else',
      expiresAt: at(2),
      purpose: 'reservation',
    }),
  )
const lateEvents = async (id: string) =>
  (await eventsOf(db, id)).filter(({ type }) => type === 'payment.arrived_late')

describe('money after the deadline', () => {
  it('brings the booking back on the same car when that is still free', async () => {
    const { booking, prompt, id } = await buildLate('deadline')
    const home = await reclaim(prompt.paymentId)
    expect(home).toMatchObject({
      outcome: 'reclaimed',
      input: { reservationId: id, resumed: true },
    })
    const found = await findReservation(db, id)
    expect(found).toMatchObject({ status: 'confirmed', balance: 0 })
    expect(found?.vehicle.id).toBe(booking.held.vehicle.id)
    expect(await lateEvents(prompt.paymentId)).toMatchObject([{ data: { reason: 'rebooked' } }])
    expect((await eventsOf(db, id)).at(-1)?.type).toBe('reservation.confirmed')
    expect((await eventsOf(db, booking.held.vehicle.id)).at(-1)?.type).toBe('vehicle.held')
    expect(
      await count(db, "holds WHERE owner = $1 AND state = 'confirmed'", [`reservation:${id}`]),
    ).toBe(1)
  })

  it('takes another car of the category when the first has gone', async () => {
    const { booking, prompt, id } = await buildLate('deadline')
    await takeCar(booking)
    expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'reclaimed' })
    const found = await findReservation(db, id)
    expect(found?.status).toBe('confirmed')
    expect(found?.vehicle.id).not.toBe(booking.held.vehicle.id)
  })

  it('goes back when nothing of the category, nor better, is free', async () => {
    await keepCars(db, '4X4', 1)
    const { booking, prompt, id } = await buildLate('deadline', { trip: { categoryCode: '4X4' } })
    await takeCar(booking, '4X4')
    await select(db, "UPDATE vehicles SET active = false WHERE category_code = 'VAN' RETURNING id")
    expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'refund' })
    expect((await findReservation(db, id))?.status).toBe('expired')
    expect(await lateEvents(prompt.paymentId)).toMatchObject([{ data: { reason: 'refunding' } }])
  })

  it('goes back when the time of pick-up has passed', async () => {
    const { booking, prompt } = await buildLate('deadline')
    const late = new Date(Date.parse(booking.input.trip.pickupAt) + 1)
    expect(await reclaim(prompt.paymentId, late)).toMatchObject({ outcome: 'refund' })
  })

  it('only in part brings it back as processing, with a new deadline', async () => {
    const booking = await buildBooking(db, { customerId })
    const prompt = await buildPrompt(db, booking, { amount: KSH_1000 })
    await end(booking.input.reservationId, 'deadline')
    await settle(db, prompt)
    expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'reclaimed' })
    const found = await findReservation(db, booking.input.reservationId)
    expect(found).toMatchObject({ status: 'processing', paid: KSH_1000 })
    expect(found?.holdExpiresAt?.getTime()).toBe(NOW.getTime() + DEFAULT_POLICY.partPaidMs)
  })

  it('counts what came for its other prompts before it runs again', async () => {
    const booking = await buildBooking(db, { customerId })
    const [one, two] = [
      await buildPrompt(db, booking, { amount: KSH_1000 }),
      await buildPrompt(db, booking, { amount: subtract(booking.held.total, KSH_1000) }),
    ]
    const id = booking.input.reservationId
    await end(id, 'deadline')
    await settle(db, one)
    await reclaim(one.paymentId)
    expect(await settle(db, two)).toMatchObject({ ownerOpen: true })
    expect(await progress(db, id)).toMatchObject({ status: 'confirmed', balance: 0 })
    expect((await findReservation(db, id))?.parties[0]?.paid).toBe(booking.held.total)
  })

  it('resumes by the same request, which then answers what stands', async () => {
    const { prompt } = await buildLate('deadline')
    const home = await reclaim(prompt.paymentId)
    if (home.outcome !== 'reclaimed') throw new Error(home.outcome)
    const answer = await inTransaction(db, (tx) => holdReservation(tx, home.input, NOW))
    expect(answer).toMatchObject({ outcome: 'held', status: 'confirmed', balance: 0 })
  })
})

describe('money after a cancellation', () => {
  it.each(['customer', 'desk', 'declined_by_all'] as const)('by %s goes back', async (reason) => {
    const { prompt } = await buildLate(reason)
    expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'refund' })
  })
})

describe('money of a prompt that had been refused', () => {
  it('is counted when the booking is still open', async () => {
    const booking = await buildBooking(db, { customerId })
    const prompt = await buildPrompt(db, booking)
    await inTransaction(db, (tx) => refusePayment(tx, prompt.paymentId, reasonFor('1032')))
    expect(await settle(db, prompt)).toMatchObject({ ownerOpen: false })
    const id = booking.input.reservationId
    expect(await reclaim(prompt.paymentId)).toEqual({ outcome: 'open', reservationId: id })
    expect(await progress(db, id)).toMatchObject({ status: 'confirmed', balance: 0 })
    expect(await readDecision(db, prompt.paymentId)).toMatchObject({ ownerOpen: true })
  })

  it('goes back when the booking was paid by somebody else meanwhile', async () => {
    const booking = await buildBooking(db, { customerId })
    const refused = await buildPrompt(db, booking)
    await inTransaction(db, (tx) => refusePayment(tx, refused.paymentId, reasonFor('1032')))
    await settle(db, await buildPrompt(db, booking))
    await progress(db, booking.input.reservationId)
    await settle(db, refused)
    expect(await reclaim(refused.paymentId)).toMatchObject({ outcome: 'refund' })
    const found = await findReservation(db, booking.input.reservationId)
    expect(found).toMatchObject({ status: 'confirmed', paid: booking.held.total })
  })
})

describe('asking twice', () => {
  it('gives one new hold, one event and the same answer', async () => {
    const { prompt, id } = await buildLate('deadline')
    const answers = [await reclaim(prompt.paymentId), await reclaim(prompt.paymentId)]
    expect(answers.map(({ outcome }) => outcome)).toEqual(['reclaimed', 'reclaimed'])
    expect(await lateEvents(prompt.paymentId)).toHaveLength(1)
    expect(await count(db, 'holds WHERE owner = $1', [`reservation:${id}`])).toBe(2)
  })

  it('at the same moment is the same', async () => {
    const { prompt, id } = await buildLate('deadline')
    const answers = await Promise.all([1, 2, 3].map(() => reclaim(prompt.paymentId)))
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['reclaimed']))
    expect(await count(db, 'holds WHERE owner = $1', [`reservation:${id}`])).toBe(2)
  })

  it('about money that goes back says so again, and tells it once', async () => {
    const { prompt } = await buildLate('customer')
    expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'refund' })
    expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'refund' })
    expect(await lateEvents(prompt.paymentId)).toHaveLength(1)
  })

  it('leaves no overlapping holds behind', async () => {
    const rows = await select(
      db,
      `SELECT 1 AS n FROM holds a JOIN holds b ON a.resource_id = b.resource_id AND a.id < b.id
       AND a.period && b.period WHERE a.state IN ('held', 'confirmed') AND b.state IN ('held', 'confirmed')`,
    )
    expect(rows).toEqual([])
  })
})

describe('what an earlier end gives back', () => {
  it('is not counted again by the booking that late money brings back', async () => {
    const booking = await buildBooking(db, { customerId })
    const id = booking.input.reservationId
    const early = await buildPrompt(db, booking, { amount: KSH_1000 })
    await settle(db, early)
    await progress(db, id)
    const late = await buildPrompt(db, booking, { amount: KSH_1000 })
    const { refunds } = await end(id, 'deadline')
    expect(refunds).toEqual([{ paymentId: early.paymentId }])
    await settle(db, late)
    expect(await reclaim(late.paymentId)).toMatchObject({ outcome: 'reclaimed' })
    // The first thousand is on its way back; only the second one pays for the booking now.
    expect((await findReservation(db, id))?.paid).toBe(KSH_1000)
  })
})
