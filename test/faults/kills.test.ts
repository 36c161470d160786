/**
 * Processes die at the worst moment, on the whole stack. Afterwards the database, the simulator's own ledger
 * and Kafka must tell one story: nothing lost, nothing doubled.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { TOPICS } from '../../domain/events.ts'
import { answerPhone, call, control, createCustomer, inDays, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

let stack: Stack
let db: Database

beforeAll(async () => {
  stack = await startStack()
  db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-tests' })
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

type Transaction = { checkoutRequestId: string; phone: string; amount: number; status: string }
const transactions = async () => {
  const answer = await fetch(`${stack.simulator}/_control/ledger`)
  return ((await answer.json()) as { transactions: Transaction[] }).transactions
}
const pushesTo = async (phone: string) =>
  (await transactions()).filter((one) => one.phone === phone)

const isWhole = async () => {
  const answer = await fetch(`${stack.baseUrl}/api/v1/status`).catch(() => null)
  if (!answer?.ok) return false
  const { parts } = (await answer.json()) as { parts: { health: string }[] }
  return parts.every(({ health }) => health === 'up')
}

/** No code of the product is used here: plain statements over what it left behind. */
afterEach(async () => {
  await eventually('every part is up again', isWhole, 60_000)
  await eventually(
    'the outbox is empty',
    async () => {
      const [row] = await select<{ n: number }>(db, 'SELECT count(*)::int AS n FROM outbox')
      return row?.n === 0
    },
    60_000,
  )
  const overlaps = `SELECT 1 FROM holds a JOIN holds b
    ON a.resource_id = b.resource_id AND a.id < b.id AND a.period && b.period
    WHERE a.state IN ('held', 'confirmed', 'active') AND b.state IN ('held', 'confirmed', 'active')`
  expect(await select(db, overlaps)).toEqual([])
  const unbalanced =
    'SELECT entry_id FROM ledger_postings GROUP BY entry_id HAVING sum(amount_cents) <> 0'
  expect(await select(db, unbalanced)).toEqual([])
  const ours = await select<{ id: string; cents: string; entries: string }>(
    db,
    `SELECT p.checkout_request_id AS id, p.amount_cents AS cents,
       (SELECT count(*) FROM ledger_entries e WHERE e.kind = 'payment' AND e.reference = p.id::text) AS entries
     FROM payments p WHERE p.status IN ('settled', 'refunding', 'refunded')`,
  )
  const theirs = (await transactions()).filter(({ status }) => status === 'paid')
  const sorted = (list: string[]) => list.toSorted()
  expect(sorted(ours.map(({ id, cents, entries }) => `${id} ${cents} ${entries}`))).toEqual(
    sorted(theirs.map((one) => `${one.checkoutRequestId} ${one.amount * 100} 1`)),
  )
}, 180_000)

const QUICK = 60_000

describe('kill -9 of the workers', () => {
  it('between the push and the report charges once and confirms', async () => {
    const phone = '254712345678'
    await control(stack, 'PUT', `/moods/phones/${phone}`, { callbackDelayMs: 1_500, times: 1 })
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ pickup_at: inDays(20), return_at: inDays(22) }))
    await customer.pay(held.id, phone, '10000')
    await answerPhone(stack, phone, { pin: '1234' })
    await stack.kill('workers')
    await customer.until(held.id, 'confirmed', QUICK)
    expect(await pushesTo(phone)).toHaveLength(1)
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
    await eventually('the API is back', isWhole, QUICK)
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
    await customer.until(held.id, 'confirmed', QUICK)
    expect(await pushesTo(phone)).toHaveLength(1)
  }, 120_000)
})

describe('kill -9 of PostgreSQL', () => {
  it('loses no booking that was answered', async () => {
    const customer = await createCustomer(stack)
    const wish = (day: number) =>
      trip({ category: 'ECONOMY', pickup_at: inDays(day), return_at: inDays(day + 1) })
    const held = await Promise.all([50, 52, 54].map((day) => customer.held(wish(day))))
    await stack.kill('postgres')
    await eventually('the API is back', isWhole, QUICK)
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
      QUICK,
    )
    const types = await heardOf(held.id, 'gari.reservation.confirmed.v1')
    expect(types).toEqual(['gari.reservation.held.v1', 'gari.reservation.confirmed.v1'])
  }, 180_000)
})

/** The distinct event types of one booking, in the order of Kafka. */
async function heardOf(id: string, last: string): Promise<string[]> {
  const kafka = new Kafka({ brokers: [stack.kafka], logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}` })
  const heard: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [TOPICS.reservations], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      const event = JSON.parse(message.value?.toString() ?? '{}') as {
        subject: string
        type: string
      }
      if (event.subject === id) heard.push(event.type)
    },
  })
  await eventually('the last event is there', async () => heard.includes(last), QUICK)
  await consumer.disconnect()
  return [...new Set(heard)]
}
