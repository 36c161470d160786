import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { countOut } from '../../db/extras.ts'
import { closeRule, findRule, readLiveRules, resumePrices } from '../../db/pricing-rules.ts'
import { endReservation, reclaimReservation } from '../../db/reservation-ends.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { shillings } from '../../domain/money.ts'
import { DEFAULT_POLICY, type EndReason, type ReservationInput } from '../../domain/reservations.ts'
import {
  buildBooking,
  buildCustomer,
  buildPrompt,
  buildReservationInput,
  count,
  nextPeriod,
  NOW,
  settle,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildExtra, buildRule } from '../support/pricing.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
afterEach(async () => {
  for (const { id } of await readLiveRules(db))
    await inTransaction(db, (tx) => closeRule(tx, id, { actorId: 'a-test' }))
})

const hold = (input: ReservationInput) => inTransaction(db, (tx) => holdReservation(tx, input, NOW))
const end = (reservationId: string, reason: EndReason = 'customer') =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId, reason, actorId: 'a-test', note: null }),
  )
const wish = async (over: Partial<Omit<ReservationInput, 'trip'>> = {}, trip = nextPeriod()) =>
  buildReservationInput(await buildCustomer(db), { trip, ...over })
const refusedAs = (code: string) => expect.objectContaining({ outcome: 'refused', code })

describe('a rule', () => {
  it('changes what is booked from now on, and what was booked stays explained', async () => {
    const plain = await buildBooking(db)
    const rule = await buildRule(db, { name: 'High season', percent: 120 })
    const dearer = await buildBooking(db)
    expect(dearer.held.total * 100).toBe(plain.held.total * 120)
    await buildRule(db, { name: 'Higher season', percent: 150 }, rule.id)
    const quote = (await findReservation(db, dearer.input.reservationId))?.quote
    expect(quote?.lines.at(-1)).toMatchObject({ ruleId: rule.id, name: 'High season' })
    expect((await findRule(db, rule.id))?.percent).toBe(120)
    const after = await buildBooking(db)
    expect(after.held.total * 100).toBe(plain.held.total * 150)
  })

  it('is closed once, is never changed, and takes the place of one only', async () => {
    const rule = await buildRule(db)
    await expect(
      select(db.owner, 'UPDATE pricing_rules SET percent = 90 WHERE id = $1', [rule.id]),
    ).rejects.toThrow('never changed')
    await buildRule(db, {}, rule.id)
    await expect(buildRule(db, {}, rule.id)).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' })
    await expect(
      select(db.owner, 'UPDATE pricing_rules SET closed_at = NULL, closed_by = NULL'),
    ).rejects.toThrow('never changed')
    expect(await count(db, 'audit_entries WHERE entity_id = $1', [rule.id])).toBe(2)
  })

  it('is made by nobody while a worker that knows none may hold cars', async () => {
    await select(db.owner, "INSERT INTO read_by_older_release VALUES ('pricing_rules')")
    await expect(buildRule(db)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' })
    await inTransaction(db, resumePrices)
    expect((await buildRule(db)).closedAt).toBeNull()
  })

  it('of demand looks at cars that are out at the moment of pick-up', async () => {
    const trip = nextPeriod()
    const first = await buildBooking(db, { trip: { ...trip, categoryCode: 'VAN' } })
    await buildRule(db, { type: 'demand', utilisationFrom: 1, percent: 200, categoryCode: 'VAN' })
    const { held } = await buildBooking(db, { trip: { ...trip, categoryCode: 'VAN' } })
    expect(held.total).toBe(first.held.total * 2)
    const other = await buildBooking(db, { trip: { ...nextPeriod(), categoryCode: 'VAN' } })
    expect(other.held.total).toBe(first.held.total)
  })
})

describe('a price that somebody saw', () => {
  it('is booked or not at all', async () => {
    const seen = (await buildBooking(db)).held.total
    await buildRule(db, { fixed: shillings(500) })
    expect(await hold(await wish({ seenTotal: seen }))).toMatchObject({
      code: 'PRICE_CHANGED',
      total: seen + shillings(1_000),
    })
    const now = await hold(await wish({ seenTotal: shillings(1_000 + seen / 100) }))
    expect(now.outcome).toBe('held')
  })
})

describe('a code', () => {
  const limited = (code: string, uses: number) =>
    buildRule(db, { type: 'promotional', code, uses, percent: 90 })

  it('is taken once more than it can be by nobody, however many want it at once', async () => {
    await limited('RACE', 2)
    const wishes = await Promise.all(
      Array.from({ length: 5 }, () => wish({ promoCode: 'race' }, nextPeriod())),
    )
    const answers = await Promise.all(wishes.map(hold))
    expect(answers.filter(({ outcome }) => outcome === 'held')).toHaveLength(2)
    expect(answers.filter(({ outcome }) => outcome === 'refused')).toEqual(
      Array.from({ length: 3 }, () => refusedAs('CODE_REFUSED')),
    )
  })

  it('comes back when its booking ends, and changing its rule gives none back', async () => {
    const rule = await limited('BACK', 1)
    const first = await wish({ promoCode: 'BACK' })
    expect((await hold(first)).outcome).toBe('held')
    expect(await hold(await wish({ promoCode: 'BACK' }))).toEqual(refusedAs('CODE_REFUSED'))
    const again = { type: 'promotional', code: 'BACK', uses: 1, percent: 80 } as const
    await buildRule(db, again, rule.id)
    expect(await hold(await wish({ promoCode: 'BACK' }))).toEqual(refusedAs('CODE_REFUSED'))
    await end(first.reservationId)
    expect((await hold(await wish({ promoCode: 'BACK' }))).outcome).toBe('held')
  })

  it('is used by one customer as often as they may', async () => {
    await buildRule(db, { type: 'promotional', code: 'ONCE', usesEach: 1, percent: 90 })
    const first = await wish({ promoCode: 'ONCE' })
    expect((await hold(first)).outcome).toBe('held')
    const { customerId } = first
    expect(await hold(await wish({ promoCode: 'ONCE', customerId }))).toMatchObject({
      code: 'CODE_REFUSED',
      message: 'You have used this code as often as you can.',
    })
    expect((await hold(await wish({ promoCode: 'ONCE' }))).outcome).toBe('held')
  })

  it('that nobody knows is refused, and one of two live rules only has it', async () => {
    expect(await hold(await wish({ promoCode: 'NOBODY' }))).toEqual(refusedAs('CODE_REFUSED'))
    await limited('TWICE', 9)
    await expect(limited('TWICE', 9)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('brings no booking back by late money, as somebody else may have it', async () => {
    await limited('LATE', 1)
    const booking = await buildBooking(db, { promoCode: 'LATE' })
    const prompt = await buildPrompt(db, booking)
    await end(booking.input.reservationId, 'deadline')
    await settle(db, prompt)
    const claim = { paymentId: prompt.paymentId, policy: DEFAULT_POLICY, now: NOW }
    const home = await inTransaction(db, (tx) => reclaimReservation(tx, claim))
    expect(home.outcome).toBe('refund')
  })
})

describe('extras', () => {
  it('are never given to more bookings than there are of them, at any moment', async () => {
    await buildExtra(db, { code: 'SEAT', stock: 2 })
    const trip = nextPeriod()
    const wishes = await Promise.all(
      Array.from({ length: 5 }, () => wish({ extras: [{ code: 'SEAT', quantity: 1 }] }, trip)),
    )
    const answers = await Promise.all(wishes.map(hold))
    expect(answers.filter(({ outcome }) => outcome === 'held')).toHaveLength(2)
    const span = { from: new Date(trip.pickupAt), to: new Date(trip.returnAt) }
    expect(await countOut(db, ['SEAT'], span)).toEqual(new Map([['SEAT', 2]]))
  })

  it('are free again when their booking ends, and at the minute at which it is over', async () => {
    await buildExtra(db, { code: 'GPS', name: 'GPS', stock: 1 })
    const trip = nextPeriod()
    const extras = [{ code: 'GPS', quantity: 1 }]
    const first = await wish({ extras }, trip)
    expect((await hold(first)).outcome).toBe('held')
    expect(await hold(await wish({ extras }, trip))).toMatchObject({
      code: 'EXTRA_UNAVAILABLE',
      message: 'GPS: all are taken for this time.',
    })
    const back = new Date(new Date(trip.returnAt).getTime() + 86_400_000).toISOString()
    const next = { pickupAt: trip.returnAt, returnAt: back }
    expect((await hold(await wish({ extras }, next))).outcome).toBe('held')
    await end(first.reservationId)
    expect((await hold(await wish({ extras }, trip))).outcome).toBe('held')
  })

  it('and other drivers are lines of the price', async () => {
    await buildExtra(db, { code: 'TENT', name: 'Tent', stock: null, most: shillings(500) })
    await buildExtra(db, { code: 'DRIVER', kind: 'extra_driver', stock: null })
    const plain = await buildBooking(db)
    const extras = [
      { code: 'TENT', quantity: 1 },
      { code: 'TENT', quantity: 1 },
    ]
    const { held, input } = await buildBooking(db, { extras, extraDrivers: 2 })
    expect(held.total - plain.held.total).toBe(shillings(2 * 500 + 2 * 600))
    const lines = (await findReservation(db, input.reservationId))?.quote.lines ?? []
    expect(lines.slice(-2).map(({ kind, name, quantity }) => [kind, name, quantity])).toEqual([
      ['extra', 'Tent', 2],
      ['extra_driver', 'Child seat', 2],
    ])
  })
})
