/** Another car for late money: what is offered, when it can be taken, and that no money is left without an owner. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { holdVehicle } from '../../db/holds.ts'
import { closeOffer, takeOffer } from '../../db/late-offer-choices.ts'
import { findLatePage, findOfferFacts, offerLeader } from '../../db/late-offer-reads.ts'
import { refusePayment } from '../../db/payments.ts'
import { endReservation, reclaimReservation } from '../../db/reservation-ends.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import type { LateOffer, OfferClosing } from '../../domain/late-offers.ts'
import { add, shillings, subtract, type Cents } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCustomer,
  buildParty,
  buildPrompt,
  count,
  eventsOf,
  keepCars,
  KSH_1000,
  NOW,
  settle,
  type Booking,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
let cars: string[]
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
beforeEach(async () => {
  cars = await keepCars(db, 'SEDAN', 2)
  for (const category of ['SUV', 'PICKUP', 'VAN', '4X4']) await keepCars(db, category, 1)
})
afterAll(() => db.drop())

const later = (ms: number) => new Date(NOW.getTime() + ms)
const HALF_HOUR = 30 * MINUTE_MS

const reclaim = (paymentId: string, now = NOW) =>
  inTransaction(db, (tx) => reclaimReservation(tx, { paymentId, policy: DEFAULT_POLICY, now }))
const take = (offerId: string, optionId: string, chosenAt = later(MINUTE_MS)) =>
  inTransaction(db, (tx) =>
    takeOffer(
      tx,
      { offerId, optionId, chosenAt: chosenAt.toISOString() },
      { policy: DEFAULT_POLICY, now: chosenAt },
    ),
  )
const close = (offerId: string, status: OfferClosing['status'] = 'declined') =>
  inTransaction(db, (tx) => closeOffer(tx, { offerId, status }, DEFAULT_POLICY))

const end = (reservationId: string) =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId, reason: 'deadline', actorId: 'clock', note: null }),
  )

/** Everything of this category is taken by others for the booking's time. */
async function takeAll({ input: { trip } }: Booking, categoryCode: string): Promise<string[]> {
  const taken: string[] = []
  for (;;) {
    const car = await inTransaction(db, (tx) =>
      holdVehicle(tx, {
        vehicleId: null,
        categoryCode,
        pickupLocation: trip.pickupLocation,
        returnLocation: trip.returnLocation,
        from: new Date(trip.pickupAt),
        to: new Date(trip.returnAt),
        owner: 'reservation:somebody-else',
        expiresAt: later(24 * 60 * MINUTE_MS),
        purpose: 'reservation',
      }),
    )
    if (!car) return taken
    taken.push(car.holdId)
  }
}

type Late = { booking: Booking; prompts: Prompted[]; id: string }

/** An ended booking, its category gone, and the money that came for it afterwards. */
async function buildLate(
  amounts: (total: Cents) => Cents[] = (total) => [total],
  over: Parameters<typeof buildBooking>[1] = {},
): Promise<Late> {
  const booking = await buildBooking(db, { customerId, ...over })
  const prompts: Prompted[] = []
  for (const amount of amounts(booking.held.total))
    prompts.push(await buildPrompt(db, booking, { amount }))
  await end(booking.input.reservationId)
  for (const prompt of prompts) await settle(db, prompt)
  await takeAll(booking, booking.input.trip.categoryCode ?? 'SEDAN')
  return { booking, prompts, id: booking.input.reservationId }
}

async function offerFor(prompt: Prompted | undefined, now = NOW): Promise<LateOffer> {
  const home = await reclaim(prompt?.paymentId ?? '', now)
  if (home.outcome !== 'offered') throw new Error(home.outcome)
  return home.offer
}
type Option = { id: string; category: string; difference: number; total: number; vehicle: string }
const optionsOf = (offerId: string): Promise<Option[]> =>
  select(
    db,
    `SELECT id, category_code AS category, difference_cents::int AS difference, total_cents::int AS total,
       vehicle_id AS vehicle FROM late_offer_options WHERE offer_id = $1 ORDER BY position`,
    [offerId],
  )
const option = async (offerId: string, index = 0) => (await optionsOf(offerId))[index] as Option
const reasons = async (id: string) =>
  (await eventsOf(db, id))
    .filter(({ type }) => type === 'payment.arrived_late')
    .map(({ data }) => data['reason'])
const heldFor = (id: string) =>
  count(db, "holds WHERE owner = $1 AND state IN ('held', 'confirmed')", [`reservation:${id}`])
const money = (prompt: Prompted | undefined) =>
  selectOne(db, 'SELECT counted, given_back AS "givenBack" FROM payments WHERE id = $1', [
    prompt?.paymentId,
  ])
/** Another run of the world would find the same cars free. */
const afterwards = async ({ booking }: Late) =>
  select(db, "UPDATE holds SET state = 'released' WHERE period && tstzrange($1, $2) RETURNING id", [
    booking.input.trip.pickupAt,
    booking.input.trip.returnAt,
  ])

describe('when the car is gone', () => {
  it('better ones are offered, the first at no extra cost and held', async () => {
    const late = await buildLate()
    const offer = await offerFor(late.prompts[0])
    expect(offer.expiresAt).toBe(later(HALF_HOUR).toISOString())
    const options = await optionsOf(offer.offerId)
    expect(options.map(({ category }) => category)).toEqual(['SUV', 'PICKUP', 'VAN'])
    expect(options.map(({ difference }) => difference)).toEqual([
      0,
      shillings(9_000),
      shillings(12_000),
    ])
    expect(options[0]?.total).toBe(late.booking.held.total)
    expect(options[0]?.vehicle).not.toBeNull()
    expect(await heldFor(late.id)).toBe(1)
    expect(await reasons(late.prompts[0]?.paymentId ?? '')).toEqual(['offered'])
    expect((await findReservation(db, late.id))?.status).toBe('expired')
    await afterwards(late)
  })

  it('of which one was wished for, another of its category comes first', async () => {
    const [car = ''] = cars
    const trip = { categoryCode: null, vehicleId: car }
    const booking = await buildBooking(db, { customerId, trip })
    const prompt = await buildPrompt(db, booking)
    await end(booking.input.reservationId)
    await settle(db, prompt)
    await select(db, "UPDATE vehicles SET status = 'maintenance' WHERE id = $1 RETURNING id", [car])
    const { offerId } = await offerFor(prompt)
    expect(await option(offerId)).toMatchObject({ category: 'SEDAN', difference: 0 })
    const taken = await take(offerId, (await option(offerId)).id)
    expect(taken).toMatchObject({ outcome: 'taken', input: { trip: { categoryCode: 'SEDAN' } } })
    expect((await findReservation(db, booking.input.reservationId))?.vehicle.id).toBe(cars[1])
    await select(db, "UPDATE vehicles SET status = 'available' WHERE id = $1 RETURNING id", [car])
  })

  it('nothing is offered shortly before pick-up, and never beyond it', async () => {
    const late = await buildLate()
    const pickup = Date.parse(late.booking.input.trip.pickupAt)
    const [prompt] = late.prompts
    const offer = await offerFor(prompt, new Date(pickup - 10 * MINUTE_MS))
    expect(Date.parse(offer.expiresAt)).toBe(pickup)
    const other = await buildLate()
    const soon = new Date(Date.parse(other.booking.input.trip.pickupAt) - MINUTE_MS)
    expect(await reclaim(other.prompts[0]?.paymentId ?? '', soon)).toMatchObject({
      outcome: 'refund',
    })
  })

  it('asking twice, one after the other or at once, holds one car and tells it once', async () => {
    const late = await buildLate()
    const id = late.prompts[0]?.paymentId ?? ''
    const first = await Promise.all([reclaim(id), reclaim(id), reclaim(id)])
    expect(await reclaim(id)).toEqual(first[0])
    expect(new Set(first.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(await heldFor(late.id)).toBe(1)
    expect(await reasons(id)).toEqual(['offered'])
  })
})

describe('an offer that is taken', () => {
  it('brings the booking back on the other car at the old price', async () => {
    const late = await buildLate()
    const { offerId } = await offerFor(late.prompts[0])
    const chosen = await option(offerId)
    expect(await take(offerId, chosen.id)).toMatchObject({ outcome: 'taken', others: [] })
    const found = await findReservation(db, late.id)
    expect(found).toMatchObject({ status: 'confirmed', balance: 0, category: { code: 'SUV' } })
    expect(found?.total).toBe(late.booking.held.total)
    expect(found?.vehicle.id).toBe(chosen.vehicle)
    expect(await heldFor(late.id)).toBe(1)
    expect((await eventsOf(db, late.id)).at(-1)?.type).toBe('reservation.confirmed')
    expect(await take(offerId, chosen.id)).toMatchObject({ outcome: 'taken' })
    expect(await close(offerId)).toMatchObject({ outcome: 'taken' })
    expect(await reclaim(late.prompts[0]?.paymentId ?? '')).toMatchObject({ outcome: 'reclaimed' })
  })

  it('for a dearer one leaves the agreed difference to pay, and frees the first', async () => {
    const late = await buildLate()
    const { offerId } = await offerFor(late.prompts[0])
    const chosen = await option(offerId, 1)
    expect(await take(offerId, chosen.id)).toMatchObject({ outcome: 'taken' })
    const found = await findReservation(db, late.id)
    expect(found).toMatchObject({ status: 'processing', balance: chosen.difference })
    expect(found).toMatchObject({ category: { code: 'PICKUP' }, total: chosen.total })
    expect(found?.quote.total).toBe(chosen.total)
    expect(add(...(found?.parties ?? []).map(({ share }) => share))).toBe(chosen.total)
    expect(await heldFor(late.id)).toBe(1)
  })

  it.each([
    ['a second before the end', HALF_HOUR - 1_000, 'taken'],
    ['at the end', HALF_HOUR, 'over'],
    ['a second after it', HALF_HOUR + 1_000, 'over'],
  ])('%s is %d ms after it began: %s', async (_, ms, outcome) => {
    const late = await buildLate()
    const { offerId } = await offerFor(late.prompts[0])
    const { id } = await option(offerId)
    expect(await take(offerId, id, later(ms))).toMatchObject({ outcome })
    expect(await close(offerId, 'expired')).toMatchObject({
      outcome: outcome === 'taken' ? 'taken' : 'refund',
    })
  })

  it('twice at once is taken once', async () => {
    const late = await buildLate()
    const { offerId } = await offerFor(late.prompts[0])
    const [one, two] = await optionsOf(offerId)
    const both = await Promise.all([take(offerId, one?.id ?? ''), take(offerId, two?.id ?? '')])
    expect(both.map(({ outcome }) => outcome)).toEqual(['taken', 'taken'])
    expect(await heldFor(late.id)).toBe(1)
    expect(await count(db, "late_offers WHERE id = $1 AND status = 'taken'", [offerId])).toBe(1)
  })

  it('is another of the category when staff took the car away meanwhile', async () => {
    await keepCars(db, 'SUV', 2)
    const late = await buildLate()
    const { offerId } = await offerFor(late.prompts[0])
    const chosen = await option(offerId)
    await select(db, "UPDATE vehicles SET status = 'out_of_service' WHERE id = $1 RETURNING id", [
      chosen.vehicle,
    ])
    expect(await take(offerId, chosen.id)).toMatchObject({ outcome: 'taken' })
    const found = await findReservation(db, late.id)
    expect(found?.category.code).toBe('SUV')
    expect(found?.vehicle.id).not.toBe(chosen.vehicle)
    expect(await heldFor(late.id)).toBe(1)
    await select(db, "UPDATE vehicles SET status = 'available' WHERE id = $1 RETURNING id", [
      chosen.vehicle,
    ])
  })

  it('is refused as gone when the whole category is, and the others can still be chosen', async () => {
    const late = await buildLate()
    const { offerId } = await offerFor(late.prompts[0])
    const [first, second] = await optionsOf(offerId)
    await takeAll(late.booking, 'PICKUP')
    expect(await take(offerId, second?.id ?? '')).toEqual({ outcome: 'gone', left: 2 })
    expect(await take(offerId, second?.id ?? '')).toEqual({ outcome: 'gone', left: 2 })
    expect(await take(offerId, first?.id ?? '')).toMatchObject({ outcome: 'taken' })
  })
})

describe('an offer that nobody takes', () => {
  it.each(['declined', 'expired'] as const)(
    '(%s) frees the car and gives the money back',
    async (status) => {
      const late = await buildLate()
      const [prompt] = late.prompts
      const { offerId } = await offerFor(prompt)
      expect(await close(offerId, status)).toMatchObject({ outcome: 'refund', others: [] })
      expect(await close(offerId, status)).toMatchObject({ outcome: 'refund' })
      expect(await heldFor(late.id)).toBe(0)
      expect(await money(prompt)).toEqual({ counted: false, givenBack: true })
      expect(await reasons(prompt?.paymentId ?? '')).toEqual(['offered', 'refunding'])
      expect(await reclaim(prompt?.paymentId ?? '')).toMatchObject({ outcome: 'refund' })
      expect(await take(offerId, (await option(offerId)).id)).toMatchObject({ outcome: 'refund' })
    },
  )
})

describe('several late payments of one booking', () => {
  const parts = (total: Cents) => [KSH_1000, subtract(total, KSH_1000)]
  const parties = () => ({ parties: [buildParty(), buildParty()] })

  it('share one offer, which counts them all', async () => {
    const late = await buildLate(parts, parties())
    const [one, two] = late.prompts
    const offer = await offerFor(one)
    expect(await offerFor(two)).toEqual(offer)
    expect(await offerLeader(db, two?.paymentId ?? '')).toBe(one?.paymentId)
    const taken = await take(offer.offerId, (await option(offer.offerId)).id)
    expect(taken).toMatchObject({ outcome: 'taken', others: [two?.paymentId] })
    expect((await findReservation(db, late.id))?.status).toBe('confirmed')
    for (const prompt of late.prompts)
      expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'reclaimed' })
  })

  it('all go back when nobody takes it, and are offered nothing again', async () => {
    const late = await buildLate(parts, parties())
    const [one, two] = late.prompts
    const { offerId } = await offerFor(one)
    await offerFor(two)
    expect(await close(offerId)).toMatchObject({ outcome: 'refund', others: [two?.paymentId] })
    for (const prompt of late.prompts)
      expect(await reclaim(prompt.paymentId)).toMatchObject({ outcome: 'refund' })
    expect(await count(db, 'late_offers WHERE reservation_id = $1', [late.id])).toBe(1)
  })

  it('too much together: what does not fit goes back to whoever paid it', async () => {
    const booking = await buildBooking(db, { customerId, ...parties() })
    const id = booking.input.reservationId
    const two = await buildPrompt(db, booking, { amount: KSH_1000 })
    await inTransaction(db, (tx) => refusePayment(tx, two.paymentId, reasonFor('1032')))
    const one = await buildPrompt(db, booking)
    await end(id)
    for (const prompt of [one, two]) await settle(db, prompt)
    await takeAll(booking, 'SEDAN')
    const { offerId } = await offerFor(one)
    await offerFor(two)
    await take(offerId, (await option(offerId)).id)
    expect(await money(one)).toEqual({ counted: true, givenBack: false })
    expect(await reclaim(two.paymentId)).toMatchObject({ outcome: 'refund' })
    expect((await findReservation(db, id))?.paid).toBe(booking.held.total)
  })
})

describe('what is shown of it', () => {
  it('names the held car, the choices and what became of it', async () => {
    const late = await buildLate()
    const id = late.prompts[0]?.paymentId ?? ''
    expect(await findLatePage(db, id, '/late', NOW)).toBeNull()
    const offer = await offerFor(late.prompts[0])
    const facts = await findOfferFacts(db, id)
    expect(facts?.until.toISOString()).toBe(offer.expiresAt)
    const page = await findLatePage(db, id, '/late', NOW)
    expect(page).toMatchObject({ status: 'open', came: late.booking.held.total, chosen: null })
    expect(page?.options).toHaveLength(3)
    expect(`${page?.options[0]?.car?.make} ${page?.options[0]?.car?.model}`).toBe(facts?.carName)
    await take(offer.offerId, (await option(offer.offerId, 1)).id)
    const after = await findLatePage(db, id, '/late', NOW)
    expect(after).toMatchObject({ status: 'taken', chosen: { category: 'Pickup' } })
    expect(after?.balance).toBe(shillings(9_000))
  })
})
