/** A part that answers nobody for a long while: what needs it says so, everything else goes on, nothing is lost. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as rest } from 'node:timers/promises'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { answerPhone, call, control, createCustomer, inDays, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import { expectOneStory, heardOf, pushesTo, RECOVERY_MS } from './inspection.ts'

let stack: Stack
let db: Database

beforeAll(async () => {
  stack = await startStack({}, 'outages')
  db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-tests' })
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)
afterEach(() => expectOneStory(stack, db), 180_000)

/** Not a wait for something to happen: the length of the outage is what is tested. */
const KAFKA_AWAY_MS = 60_000

describe('Kafka away for a minute', () => {
  it('delays events and messages, not bookings; each customer hears once', async () => {
    const customer = await createCustomer(stack)
    const thaw = await stack.freeze('kafka')
    const away = rest(KAFKA_AWAY_MS)
    const bookings = []
    for (const [day, phone, pin] of [
      [20, '254708222333', '1357'],
      [22, '254712345678', '1234'],
    ] as const) {
      const wish = trip({ category: 'SUV', pickup_at: inDays(day), return_at: inDays(day + 1) })
      const held = await customer.held({
        ...wish,
        parties: [{ name: 'Otieno', phone: `+${phone}` }],
      })
      await customer.pay(held.id, `0${phone.slice(3)}`, '8500')
      await answerPhone(stack, phone, { pin })
      await customer.until(held.id, 'confirmed', 15_000)
      bookings.push(held)
    }
    await away
    for (const { id } of bookings)
      expect(await select(db, 'SELECT 1 FROM outbox WHERE key = $1', [id])).not.toHaveLength(0)
    thaw()
    await stack.kill('kafka')
    for (const { id, number } of bookings) {
      const types = await heardOf(stack, id, 'gari.reservation.confirmed.v1')
      expect(types).toEqual(['gari.reservation.held.v1', 'gari.reservation.confirmed.v1'])
      const confirmed = await eventually(
        'the customer is told',
        async () => {
          const answer = await fetch(`${stack.sms}/messages.json`)
          const { items } = (await answer.json()) as { items: { text: string }[] }
          const told = items.filter(({ text }) => text.includes(number) && /confirmed/i.test(text))
          return told.length > 0 && told
        },
        RECOVERY_MS,
      )
      expect(confirmed).toHaveLength(1)
    }
  }, 240_000)
})

describe('Temporal away', () => {
  it('takes reports, shows bookings and prices, and starts nothing twice', async () => {
    const phone = '254722000111'
    const customer = await createCustomer(stack)
    const wish = trip({ category: 'VAN', pickup_at: inDays(40), return_at: inDays(41) })
    const held = await customer.held(wish)
    await control(stack, 'PUT', `/moods/phones/${phone}`, { callbackDelayMs: 1_000, times: 1 })
    const { body: payment } = await customer.pay(held.id, phone, '11000')
    await answerPhone(stack, phone, { pin: '2468' })
    const thaw = await stack.freeze('temporal')
    const key = 'while-temporal-is-away'
    const refused = await customer.reserve(wish, key)
    expect({ status: refused.status, retry: refused.headers.get('retry-after') }).toEqual({
      status: 503,
      retry: expect.stringMatching(/^\d+$/),
    })
    expect(refused.body).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' })
    const { parties: _, ...search } = wish
    const query = new URLSearchParams(search).toString()
    const read = await call(stack, 'GET', `/vehicles/availability?${query}`, null)
    expect(read.status).toBe(200)
    expect(await customer.read(held.id)).toMatchObject({ id: held.id, status: 'pending' })
    const page = await fetch(`${stack.baseUrl}/`)
    expect(page.status).toBe(200)
    await eventually('the report is stored', async () => {
      const rows = await select(db, 'SELECT 1 FROM provider_messages WHERE subject_id = $1', [
        payment['id'],
      ])
      return rows.length > 0
    })
    thaw()
    await customer.until(held.id, 'confirmed', RECOVERY_MS)
    expect(await pushesTo(stack, phone)).toHaveLength(1)
    const again = await eventually(
      'the same key is held',
      async () => {
        const answer = await customer.reserve(wish, key)
        return answer.status === 201 && answer.body
      },
      RECOVERY_MS,
    )
    const own = await select(db, 'SELECT id FROM reservations WHERE id <> $1 AND status = $2', [
      held.id,
      'pending',
    ])
    expect(own).toEqual([{ id: again['id'] }])
  }, 240_000)
})
