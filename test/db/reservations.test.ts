import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { findCategory, oneWayFee } from '../../db/fleet.ts'
import { readBalances } from '../../db/ledger.ts'
import { completeReservation, endReservation } from '../../db/reservation-ends.ts'
import { sharesOf } from '../../db/pricing-a-booking.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { declineShare, remindReservation } from '../../db/reservations.ts'
import { cents, shillings, splitEqually, subtract, negate } from '../../domain/money.ts'
import { quoteRental } from '../../domain/pricing.ts'
import { DEFAULT_POLICY, type EndReason, type ReservationInput } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import {
  at,
  buildBooking,
  buildCustomer,
  buildPaid,
  buildParty,
  buildPrompt,
  buildReservationInput,
  count,
  eventsOf,
  keepCars,
  KSH_1000,
  NOW,
  progress,
  settle,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const hold = (input: ReservationInput) => inTransaction(db, (tx) => holdReservation(tx, input, NOW))
const end = (reservationId: string, reason: EndReason = 'customer') =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId, reason, actorId: customerId, note: null }),
  )
const auditOf = (id: string) => count(db, 'audit_entries WHERE entity_id = $1', [id])
const holdOf = (id: string) =>
  selectOne<{ state: string; expires: Date | null }>(
    db,
    'SELECT state, expires_at AS expires FROM holds WHERE owner = $1 ORDER BY created_at DESC',
    [`reservation:${id}`],
  )

describe('holding', () => {
  it('prices the trip as the domain does, fee for one way included', async () => {
    const trip = {
      categoryCode: 'SUV',
      returnLocation: 'MBA-NYALI',
      pickupAt: at(7).toISOString(),
      returnAt: at(10, 15).toISOString(),
    }
    const { held, input } = await buildBooking(db, { customerId, trip })
    const category = await findCategory(db, 'SUV')
    const fee = await oneWayFee(db, 'NBO-JKIA', 'MBA-NYALI')
    expect(fee).toBe(shillings(12_000))
    const quote = quoteRental(category!, at(7), at(10, 15), fee)
    expect(held.total).toBe(quote.total)
    expect(held.balance).toBe(quote.total)
    const found = await findReservation(db, input.reservationId)
    expect(found).toMatchObject({ quote, total: quote.total, paid: 0, deposit: quote.deposit })
    expect(held.holdExpiresAt).toBe(new Date(NOW.getTime() + DEFAULT_POLICY.holdMs).toISOString())
  })

  it('numbers bookings, and tells and writes down what happened', async () => {
    const { held, input } = await buildBooking(db, { customerId })
    expect(held.number).toMatch(/^RSV-\d\d-\d{6}$/)
    const [event] = await eventsOf(db, input.reservationId)
    expect(event).toMatchObject({
      type: 'reservation.held',
      version: 1,
      data: { number: held.number, status: 'pending', paid: '0.00', vehicle_id: held.vehicle.id },
    })
    expect(JSON.stringify(event)).not.toContain(input.parties[0]?.phone)
    const car = await eventsOf(db, held.vehicle.id)
    expect(car.at(-1)).toMatchObject({ type: 'vehicle.held' })
    expect(await auditOf(input.reservationId)).toBe(1)
  })

  it('answers a repeat with what stands, also after its end, and writes nothing', async () => {
    const { held, input } = await buildBooking(db, { customerId })
    expect(await hold(input)).toEqual(held)
    await end(input.reservationId)
    const again = await hold(input)
    expect(again).toMatchObject({ outcome: 'held', status: 'cancelled', number: held.number })
    expect(await count(db, 'holds WHERE owner = $1', [`reservation:${input.reservationId}`])).toBe(
      1,
    )
  })

  it('can be for one particular car', async () => {
    const [car = ''] = await keepCars(db, '4X4', 1)
    const trip = { categoryCode: null, vehicleId: car }
    const { held, input } = await buildBooking(db, { customerId, trip })
    expect(held.vehicle.id).toBe(car)
    const { pickupAt, returnAt } = input.trip
    const other = await hold(
      buildReservationInput(customerId, { trip: { ...trip, pickupAt, returnAt } }),
    )
    expect(other).toMatchObject({ outcome: 'refused', code: 'VEHICLE_UNAVAILABLE' })
  })

  it('holds nothing when its step comes after the pick-up, and says the same again', async () => {
    const input = buildReservationInput(customerId, {})
    const late = new Date(Date.parse(input.trip.pickupAt) + 1)
    const answer = await inTransaction(db, (tx) => holdReservation(tx, input, late))
    expect(answer).toMatchObject({ outcome: 'refused', code: 'INVALID_INPUT' })
    expect(await hold(input)).toEqual(answer)
  })

  it.each([
    ['UNKNOWN_CATEGORY', { categoryCode: 'ROCKET' }],
    ['UNKNOWN_LOCATION', { pickupLocation: 'NBO-MOON' }],
    ['UNKNOWN_LOCATION', { returnLocation: 'NBO-MOON' }],
    ['LOCATION_CLOSED', { returnLocation: 'NBO-CBD', returnAt: at(9, 23).toISOString() }],
    ['NOT_FOUND', { categoryCode: null, vehicleId: '00000000-0000-4000-8000-000000000000' }],
  ])('refuses with %s and leaves no trace', async (code, trip) => {
    const input = buildReservationInput(customerId, { trip })
    const answer = await hold(input)
    expect(answer).toMatchObject({ outcome: 'refused', code })
    expect(await count(db, 'holds WHERE owner = $1', [`reservation:${input.reservationId}`])).toBe(
      0,
    )
  })
})

describe('shares', () => {
  const share = (amount: number | null) => ({ share: amount === null ? null : shillings(amount) })

  it('stand when they add up, and fill up equally where none is given', async () => {
    const category = await findCategory(db, 'ECONOMY')
    const { total } = quoteRental(category!, at(7), at(9), cents(0))
    const parties = [buildParty({ share: KSH_1000 }), buildParty(), buildParty()]
    const { held } = await buildBooking(db, {
      customerId,
      parties,
      trip: { categoryCode: 'ECONOMY' },
    })
    const rest = splitEqually(subtract(total, KSH_1000), 2)
    expect(held.parties.map((one) => one.share)).toEqual([KSH_1000, ...rest])
    expect(held.parties.map(({ id }) => id)).toEqual(parties.map(({ id }) => id))
  })

  it('are refused with the total when they do not add up', async () => {
    const parties = [buildParty({ share: KSH_1000 }), buildParty({ share: KSH_1000 })]
    const answer = await hold(buildReservationInput(customerId, { parties }))
    expect(answer).toMatchObject({ outcome: 'refused', code: 'SHARES_DO_NOT_ADD_UP' })
    expect(answer).toMatchObject({ total: expect.any(Number) })
  })

  it('are whole shillings and never more than the total', () => {
    expect(sharesOf([{ share: cents(150_050) }, share(null)], shillings(3_000))).toBeNull()
    expect(sharesOf([share(4_000), share(null)], shillings(3_000))).toBeNull()
    expect(sharesOf([share(1_000), share(1_999)], shillings(3_000))).toBeNull()
  })

  it('always add up to the total, whatever is given', () => {
    const amounts = fc.array(fc.option(fc.integer({ min: 0, max: 4_000 })), {
      minLength: 1,
      maxLength: 10,
    })
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 40_000 }), (given, total) => {
        const shares = sharesOf(given.map(share), shillings(total))
        if (!shares) return
        expect(shares.reduce((sum, one) => sum + one, 0)).toBe(shillings(total))
        expect(shares.every((one) => one >= 0 && one % 100 === 0)).toBe(true)
      }),
    )
  })
})

describe('counting money', () => {
  it('moves to processing with a later deadline, then to confirmed, telling each once', async () => {
    const booking = await buildBooking(db, { customerId })
    const id = booking.input.reservationId
    await settle(db, await buildPrompt(db, booking, { amount: KSH_1000 }))
    const part = await progress(db, id)
    expect(part).toMatchObject({ status: 'processing', paid: KSH_1000 })
    expect(Date.parse(part.holdExpiresAt)).toBe(NOW.getTime() + DEFAULT_POLICY.partPaidMs)
    expect((await holdOf(id))?.expires?.toISOString()).toBe(part.holdExpiresAt)
    expect(await progress(db, id)).toEqual(part)

    await settle(db, await buildPrompt(db, booking, { amount: part.balance }))
    const full = await progress(db, id)
    expect(full).toMatchObject({ status: 'confirmed', balance: 0, paid: booking.held.total })
    expect(await holdOf(id)).toEqual({ state: 'confirmed', expires: null })
    expect(await progress(db, id)).toEqual(full)
    expect((await eventsOf(db, id)).map(({ type }) => type)).toEqual([
      'reservation.held',
      'reservation.processing',
      'reservation.confirmed',
    ])
  })

  it('never sets the part-paid deadline after pick-up', async () => {
    const soon = new Date(NOW.getTime() + 3 * HOUR_MS)
    const trip = {
      pickupAt: soon.toISOString(),
      returnAt: new Date(soon.getTime() + DAY_MS).toISOString(),
    }
    const booking = await buildBooking(db, { customerId, trip: { ...trip, categoryCode: 'SUV' } })
    await settle(db, await buildPrompt(db, booking, { amount: KSH_1000 }))
    const part = await progress(db, booking.input.reservationId)
    expect(part.holdExpiresAt).toBe(soon.toISOString())
  })

  it('does not confirm a booking whose car somebody else took while we were away', async () => {
    const booking = await buildBooking(db, { customerId })
    const id = booking.input.reservationId
    await settle(db, await buildPrompt(db, booking))
    await selectOne(db, "UPDATE holds SET state = 'expired' WHERE owner = $1 RETURNING id", [
      `reservation:${id}`,
    ])
    const stuck = await progress(db, id)
    expect(stuck.status).not.toBe('confirmed')
    expect(stuck.holdExpiresAt).toBe(NOW.toISOString())
    const ended = await end(id, 'deadline')
    expect(ended.refunds).toHaveLength(1)
  })

  it('shows what each party has paid', async () => {
    const parties = [buildParty(), buildParty()]
    const booking = await buildBooking(db, { customerId, parties })
    const partyId = parties[1]?.id ?? ''
    const prompt = await buildPrompt(db, booking, { partyId, amount: KSH_1000 })
    await settle(db, prompt)
    const found = await findReservation(db, booking.input.reservationId)
    expect(found?.parties.map(({ paid }) => paid)).toEqual([0, KSH_1000])
  })
})

describe('ending', () => {
  it.each([
    ['deadline', 'expired', 'expired'],
    ['customer', 'cancelled', 'released'],
    ['desk', 'cancelled', 'released'],
    ['declined_by_all', 'cancelled', 'released'],
  ] as const)('by %s leaves it %s and its hold %s', async (reason, status, state) => {
    const { input, held } = await buildBooking(db, { customerId })
    expect(await end(input.reservationId, reason)).toMatchObject({ status, refunds: [] })
    expect((await holdOf(input.reservationId))?.state).toBe(state)
    const last = (await eventsOf(db, input.reservationId)).at(-1)
    expect(last).toMatchObject({ type: `reservation.${status}`, data: { reason } })
    expect((await eventsOf(db, held.vehicle.id)).at(-1)?.type).toBe('vehicle.released')
  })

  it('says which payments go back, says the same again, and changes nothing more', async () => {
    const booking = await buildBooking(db, { customerId })
    const first = await buildPaid(db, booking, KSH_1000)
    const second = await buildPaid(db, booking, KSH_1000)
    const id = booking.input.reservationId
    const ended = await end(id)
    const ids = [first, second].map(({ paymentId }) => ({ paymentId }))
    expect(ended).toMatchObject({ status: 'cancelled', refunds: ids })
    const before = [await auditOf(id), (await eventsOf(db, id)).length]
    expect(await end(id, 'deadline')).toEqual(ended)
    expect([await auditOf(id), (await eventsOf(db, id)).length]).toEqual(before)
    expect((await progress(db, id)).status).toBe('cancelled')
  })

  it('completes a confirmed booking once: revenue and VAT are earned, the car is free', async () => {
    const booking = await buildBooking(db, { customerId })
    const id = booking.input.reservationId
    await buildPaid(db, booking, booking.held.total)
    const complete = () => inTransaction(db, (tx) => completeReservation(tx, id))
    const before = await readBalances(db)
    await complete()
    await complete()
    const after = await readBalances(db)
    const quote = (await findReservation(db, id))!.quote
    expect(after.rental_revenue - before.rental_revenue).toBe(negate(quote.net))
    expect(after.vat_output - before.vat_output).toBe(negate(quote.vat))
    expect(after.customer_deposits - before.customer_deposits).toBe(quote.total)
    expect((await holdOf(id))?.state).toBe('ended')
    expect(
      (await eventsOf(db, id)).filter(({ type }) => type === 'reservation.completed'),
    ).toHaveLength(1)
  })

  it('never completes what is not confirmed', async () => {
    const { input } = await buildBooking(db, { customerId })
    await inTransaction(db, (tx) => completeReservation(tx, input.reservationId))
    expect((await findReservation(db, input.reservationId))?.status).toBe('pending')
  })
})

describe('parties', () => {
  it('reminds once', async () => {
    const booking = await buildBooking(db, { customerId })
    const id = booking.input.reservationId
    await buildPaid(db, booking, KSH_1000)
    await inTransaction(db, (tx) => remindReservation(tx, id))
    await inTransaction(db, (tx) => remindReservation(tx, id))
    const types = (await eventsOf(db, id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'reservation.reminded')).toHaveLength(1)
  })

  it('is over for all only when all have declined', async () => {
    const parties = [buildParty(), buildParty()]
    const { input } = await buildBooking(db, { customerId, parties })
    const decline = (partyId = '') =>
      inTransaction(db, (tx) => declineShare(tx, { reservationId: input.reservationId, partyId }))
    expect(await decline(parties[0]?.id)).toEqual({ allDeclined: false })
    expect(await decline(parties[0]?.id)).toEqual({ allDeclined: false })
    expect(await decline(parties[1]?.id)).toEqual({ allDeclined: true })
    const told = "audit_entries WHERE entity_id = $1 AND action = 'reservation.share_declined'"
    expect(await count(db, told, [input.reservationId])).toBe(2)
  })
})
