/** Rules of prices, extras and quotes over REST. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { closeRule, readLiveRules } from '../../db/pricing-rules.ts'
import { dayOf } from '../../domain/pricing-rules.ts'
import { lastMonth } from '../../domain/rehearsals.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  steadyClock,
  type TestApi,
} from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { at, buildBooking, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
let manager: Bearer
let customer: Bearer
const asked: ReservationInput[] = []
const NOW = steadyClock()
beforeAll(async () => {
  db = await createTestDatabase()
  const workflows = buildWorkflows({
    reserve: (input) => {
      asked.push(input)
      return Promise.resolve('pending' as const)
    },
  })
  api = createTestApi(buildDeps(db, { now: () => NOW, workflows }))
  manager = await signInAs(api, 'manager')
  customer = await signInAs(api, 'customer')
})
afterAll(() => db.drop())
afterEach(async () => {
  for (const { id } of await readLiveRules(db))
    await inTransaction(db, (tx) => closeRule(tx, id, { actorId: 'a-test' }))
})

type Rule = { id: string; multiplier: string; closed_at: string | null; replaces: string | null }
type Price = { total: string; lines: { kind: string; name?: string; amount: string }[] }
type Quote = { id: string; price: Price }

const SEASON = { name: 'High', type: 'seasonal', from_day: dayOf(at(6)), multiplier: '1.5' }
const TRIP = {
  category: 'SUV',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: at(7).toISOString(),
  return_at: at(9).toISOString(),
}
const make = (body: object) => manager.read<Rule>(201, 'POST', '/pricing-rules', { body })
const quote = (body: object = {}) =>
  customer.read<Quote>(201, 'POST', '/quotes', { body: { ...TRIP, ...body } })
const found = async () => {
  const query = new URLSearchParams(TRIP).toString()
  const answer = await api.get(`/vehicles/availability?${query}`)
  return ((await answer.json()) as { items: { price: Price }[] }).items[0]?.price
}

describe('a rule', () => {
  it('goes live once a key, and prices say so in the search and in a quote alike', async () => {
    const before = (await found())?.total
    const headers = { 'idempotency-key': randomUUID() }
    const made = await manager.read<Rule>(201, 'POST', '/pricing-rules', { body: SEASON, headers })
    const again = await manager.read<Rule>(201, 'POST', '/pricing-rules', { body: SEASON, headers })
    expect(again.id).toBe(made.id)
    const price = await found()
    expect(Number(price?.total)).toBe(Number(before) * 1.5)
    expect(price?.lines.at(-1)).toMatchObject({ kind: 'seasonal', name: 'High' })
    expect((await quote()).price).toEqual(price)
  })

  it('is replaced by another one with an id of its own, and closed', async () => {
    const made = await make(SEASON)
    const path = `/pricing-rules/${made.id}`
    const other = { ...SEASON, multiplier: 1.1 }
    const next = await manager.read<Rule>(201, 'PUT', path, { body: other })
    expect(next).toMatchObject({ replaces: made.id, multiplier: '1.10', closed_at: null })
    expect((await manager.read<Rule>(200, 'GET', path)).closed_at).not.toBeNull()
    await manager.refused(412, 'PUT', path, { body: other })
    expect((await manager.ask('DELETE', `/pricing-rules/${next.id}`)).status).toBe(204)
    const { items } = await manager.read<{ items: Rule[] }>(200, 'GET', '/pricing-rules')
    expect(items).toEqual([])
    await manager.refused(404, 'DELETE', `/pricing-rules/${randomUUID()}`)
  })

  it.each([
    [{ multiplier: 0 }, 'multiplier'],
    [{ multiplier: 1000 }, 'multiplier'],
    [{ multiplier: 1 }, 'multiplier'],
    [{ multiplier: '1.005' }, 'multiplier'],
    [{ until_day: dayOf(at(-1)), from_day: null }, 'until_day'],
    [{ until_day: dayOf(at(5)) }, 'until_day'],
    [{ from_day: '2027-02-29' }, 'from_day'],
    [{ from_day: null }, 'from_day'],
    [{ from_time: '22:00' }, 'until_time'],
    [{ from_time: '25:00', until_time: '26:00' }, 'from_time'],
    [{ min_days: 5, max_days: 3 }, 'max_days'],
    [{ category: 'NONE' }, 'category'],
    [{ location: 'NONE' }, 'location'],
    [{ code: 'KARIBU' }, 'code'],
    [{ type: 'promotional' }, 'code'],
    [{ type: 'demand' }, 'utilisation_from'],
    [{ type: 'loyalty' }, 'rentals_from'],
    [{ fixed_adjustment: '0.50' }, 'fixed_adjustment'],
    [{ type: 'base', multiplier: 1, rates: { daily: 5000, weekly: 40000 } }, 'rates'],
    [{ type: 'base', multiplier: 1, rates: {} }, 'rates'],
    [{ type: 'base', rates: { daily: 5000 } }, 'multiplier'],
  ])('is refused with %j', async (over, path) => {
    const body = { ...SEASON, ...over }
    const said = await manager.refused(400, 'POST', '/pricing-rules', { body })
    expect(said.fields?.map((field) => field.path)).toContain(path)
  })
})

describe('a rule that is tried', () => {
  it('says what of last month would differ, and changes nothing', async () => {
    const { input, held } = await buildBooking(db, { trip: { categoryCode: 'SUV' } })
    await buildBooking(db, { trip: { categoryCode: 'SEDAN' } })
    const { until } = lastMonth(NOW)
    await select(db.owner, 'UPDATE reservations SET created_at = $1', [
      new Date(until.getTime() - 1),
    ])
    const body = { ...SEASON, category: 'SUV' }
    const said = await manager.read<object>(200, 'POST', '/pricing-rules/trial', { body })
    const change = held.total / 200
    expect(said).toMatchObject({ bookings: 2, differing: 1, change: `${change}.00` })
    expect(said).toMatchObject({ items: [{ reservation_id: input.reservationId }] })
    expect(await count(db, 'pricing_rules WHERE closed_at IS NULL')).toBe(0)
  })
})

describe('extras, drivers and codes', () => {
  it('are offered by a manager, seen by anybody, and lines of a quote and a booking', async () => {
    const body = { code: 'seat', name: 'Child seat', daily_rate: 300, stock: 1 }
    await manager.read(201, 'POST', '/extras', { body })
    await manager.refused(412, 'POST', '/extras', { body })
    const facts = { name: 'Seat', daily_rate: 400, stock: 2 }
    await manager.refused(428, 'PUT', '/extras/SEAT', { body: facts })
    const headers = { 'if-match': '"1"' }
    await manager.read(200, 'PUT', '/extras/seat', { body: facts, headers })
    await manager.refused(412, 'PUT', '/extras/seat', { body: facts, headers })
    const items = ((await (await api.get('/extras')).json()) as { items: object[] }).items
    expect(items).toMatchObject([{ code: 'SEAT', name: 'Seat', daily_rate: '400.00', version: 2 }])
    await make({ name: 'Karibu', type: 'promotional', code: 'KARIBU', fixed_adjustment: -500 })
    const along = { extras: [{ code: 'SEAT', quantity: 2 }], promo_code: 'kari bu' }
    const { price, id } = await quote(along)
    expect(price.lines.slice(1)).toMatchObject([
      { kind: 'promotional', name: 'Karibu', amount: '-500.00' },
      { kind: 'extra', name: 'Seat', amount: '1600.00' },
    ])
    expect((await customer.read<Quote>(200, 'GET', `/quotes/${id}`)).price).toEqual(price)
    const told = "outbox WHERE type = 'quote.given' AND key = $1 AND data->>'total' = $2"
    expect(await count(db, told, [id, price.total])).toBe(1)
    const booked = { ...TRIP, ...along, extra_drivers: 1, seen_total: price.total }
    const parties = [{ name: 'Wanjiku Kamau', phone: '0712345678' }]
    await customer.read(202, 'POST', '/reservations', { body: { ...booked, parties } })
    expect(asked.at(-1)).toMatchObject({
      extras: [{ code: 'SEAT', quantity: 2 }],
      extraDrivers: 1,
      promoCode: 'KARIBU',
      seenTotal: Number(price.total) * 100,
    })
  })

  it('are refused beside their fields where they are none, or too many', async () => {
    const code = await customer.refused(409, 'POST', '/quotes', {
      body: { ...TRIP, promo_code: 'NOBODY' },
    })
    expect(code).toMatchObject({ code: 'CODE_REFUSED', fields: [{ path: 'promo_code' }] })
    const many = { ...TRIP, extras: [{ code: 'SEAT', quantity: 3 }] }
    expect(await customer.refused(409, 'POST', '/quotes', { body: many })).toMatchObject({
      code: 'EXTRA_UNAVAILABLE',
      fields: [{ path: 'extras' }],
    })
    const none = { ...TRIP, extras: [{ code: 'NONE', quantity: 1 }] }
    await customer.refused(409, 'POST', '/quotes', { body: none })
    const twice = { ...TRIP, extras: [1, 2].map((quantity) => ({ code: 'SEAT', quantity })) }
    await customer.refused(400, 'POST', '/quotes', { body: twice })
  })
})
