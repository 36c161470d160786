/**
 * Processes die at the worst moment, on the whole stack. Afterwards the database, the simulator's own ledger
 * and Kafka must tell one story: nothing lost, nothing doubled.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { answerPhone, call, control, createCustomer, inDays, trip } from '../support/customer.ts'
import { expectOneStory, heardOf, isWhole, pushesTo, RECOVERY_MS } from './inspection.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

let stack: Stack
let db: Database

beforeAll(async () => {
  stack = await startStack({}, 'kills')
  db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-tests' })
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

afterEach(() => expectOneStory(stack, db), 180_000)

describe('kill -9 of the workers', () => {
  it('between the push and the report charges once and confirms', async () => {
    const phone = '254712345678'
    await control(stack, 'PUT', `/moods/phones/${phone}`, { callbackDelayMs: 1_500, times: 1 })
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ pickup_at: inDays(20), return_at: inDays(22) }))
    await customer.pay(held.id, phone, '10000')
    await answerPhone(stack, phone, { pin: '1234' })
    await stack.kill('workers')
    await customer.until(held.id, 'confirmed', RECOVERY_MS)
    expect(await pushesTo(stack, phone)).toHaveLength(1)
  }, 120_000)
})

describe('kill -9 of the API', () => {
  it('after the hold and before the answer gives the same booking to the same key', async () => {
    const customer = await createCustomer(stack)
    const key = randomUUID()
    const wish = trip({ pickup_at: inDays(30), return_at: inDays(32) })
    const before = await select(db, 'SELECT 1 FROM reservations')
    const first = customer.reserve(wish, key).catch(() => null)
    await eventually('the booking is written', async () => {
      const now = await select(db, 'SELECT 1 FROM reservations')
      return now.length > before.length
    })
    await stack.kill('api')
    const answered = await first
    await eventually('the API is back', () => isWhole(stack), RECOVERY_MS)
    const second = await customer.reserve(wish, key)
    expect(second.status).toBe(201)
    if (answered) expect(answered.body['id']).toBe(second.body['id'])
    const after = await select(db, 'SELECT 1 FROM reservations')
    expect(after).toHaveLength(before.length + 1)
  }, 120_000)
})

describe('kill -9 of Temporal', () => {
  it('while a report arrives stores it and delivers it later; reading goes on meanwhile', async () => {
    const phone = '254722000111'
    await control(stack, 'PUT', `/moods/phones/${phone}`, { callbackDelayMs: 1_000, times: 1 })
    const customer = await createCustomer(stack)
    const held = await customer.held(
      trip({ category: 'VAN', pickup_at: inDays(40), return_at: inDays(41) }),
    )
    await customer.pay(held.id, phone, '11000')
    await answerPhone(stack, phone, { pin: '2468' })
    await stack.kill('temporal')
    const read = await call(stack, 'GET', '/vehicle-categories', null)
    expect(read.status).toBe(200)
    expect((await customer.read(held.id)).id).toBe(held.id)
    await customer.until(held.id, 'confirmed', RECOVERY_MS)
    expect(await pushesTo(stack, phone)).toHaveLength(1)
  }, 120_000)
})

describe('kill -9 of PostgreSQL', () => {
  it('loses no booking that was answered', async () => {
    const customer = await createCustomer(stack)
    const wish = (day: number) =>
      trip({ category: 'ECONOMY', pickup_at: inDays(day), return_at: inDays(day + 1) })
    const held = await Promise.all([50, 52, 54].map((day) => customer.held(wish(day))))
    await stack.kill('postgres')
    await eventually('the API is back', () => isWhole(stack), RECOVERY_MS)
    for (const { id, number } of held) expect(await customer.read(id)).toMatchObject({ id, number })
    await customer.held(wish(56))
  }, 120_000)
})

describe('kill -9 of Kafka', () => {
  it('delays events, not bookings, and leaves no gap', async () => {
    const phone = '254708222333'
    const customer = await createCustomer(stack)
    await stack.kill('kafka')
    const held = await customer.held(
      trip({ category: 'SUV', pickup_at: inDays(60), return_at: inDays(61) }),
    )
    await customer.pay(held.id, phone, '8500')
    await answerPhone(stack, phone, { pin: '1357' })
    await customer.until(held.id, 'confirmed', 15_000)
    const waiting = await select(db, 'SELECT 1 FROM outbox WHERE key = $1', [held.id])
    expect(waiting.length).toBeGreaterThan(0)
    await eventually(
      'the events are out',
      async () => {
        const left = await select(db, 'SELECT 1 FROM outbox')
        return left.length === 0
      },
      RECOVERY_MS,
    )
    const types = await heardOf(stack, held.id, 'gari.reservation.confirmed.v1')
    expect(types).toEqual(['gari.reservation.held.v1', 'gari.reservation.confirmed.v1'])
  }, 180_000)
})
