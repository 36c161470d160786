/** Money that comes when its booking has ended, or behind a report that it failed, on the whole stack. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { watchBooks, type Checked } from '../support/checked.ts'
import { control, createCustomer, inDays, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import { payByItself } from '../support/hands.ts'
import { visitorOf } from '../support/office.ts'

let stack: Stack
let db: Database
let books: Checked

beforeAll(async () => {
  stack = await startStack({ HOLD_MINUTES: '1' }, 'late-money')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  books = await watchBooks(stack)
}, 180_000)
afterAll(async () => {
  await books?.close()
  await db?.close()
  await stack?.stop()
}, 60_000)

/** The network says "unreachable", the customer's money is taken all the same, later. */
const looksLost = (phone: string, paysAfterLostMs: number) =>
  control(stack, 'PUT', `/moods/phones/${phone}`, {
    on: ['stk-push'],
    lostCode: 1037,
    resultAfterMs: 200,
    paysAfterLostMs,
  })
const calm = (phone: string) => control(stack, 'PUT', `/moods/phones/${phone}`, {})
const refused = (read: () => Promise<Record<string, unknown>>) =>
  eventually('the payment is refused', async () => (await read())['status'] === 'failed')
const lateEvents = (id: string) =>
  select<{ reason: string }>(
    db,
    "SELECT detail->>'reason' AS reason FROM notifications WHERE reservation_id = $1 AND template = 'late_money'",
    [id],
  )

const EXPIRES_MS = 100_000
const QUIET_MS = 60_000

/** Each waits for minutes that are real: beside each other, on cars and phones of their own. */
describe('late money', () => {
  it.concurrent(
    'brings the booking back on the same car, and the customer is told',
    async () => {
      const phone = '254712345678'
      const customer = await createCustomer(stack)
      await looksLost(phone, 75_000)
      const held = await customer.held(trip({ pickup_at: inDays(20), return_at: inDays(22) }))
      const { body } = await customer.pay(held.id, phone, '10000')
      await refused(() => customer.payment(String(body['id'])))
      await customer.until(held.id, 'cancelled', EXPIRES_MS)
      await customer.until(held.id, 'confirmed', EXPIRES_MS)
      const told = await eventually('the customer is told', async () => {
        const rows = await lateEvents(held.id)
        return rows.length > 0 && rows
      })
      expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['rebooked']))
      const live = "SELECT 1 FROM holds WHERE owner = $1 AND state = 'confirmed'"
      expect(await select(db, live, [`reservation:${held.id}`])).toHaveLength(1)
    },
    300_000,
  )

  type Sms = { to: string; text: string }
  const CARS = "UPDATE vehicles SET status = $1 WHERE category_code = 'ECONOMY' RETURNING id"

  /** Its booking has ended, its cars went into the workshop, and the money comes. */
  async function late(phone: string, from: number) {
    const customer = await createCustomer(stack)
    await payByItself(stack, phone)
    await looksLost(phone, 75_000)
    const parties = [{ name: 'Wanjiku Kamau', phone: `+${phone}` }]
    const times = { pickup_at: inDays(from), return_at: inDays(from + 1) }
    const held = await customer.held(trip({ category: 'ECONOMY', parties, ...times }))
    const paymentId = await customer.asked(held.id, phone, String(Number(held.balance_due)))
    return { customer, held, phone, paymentId }
  }

  /** The link of the SMS leads to the choice, without signing in. */
  async function choose(phone: string, pick: (page: string) => string) {
    const path = await eventually(
      'the offer comes by SMS',
      async () => {
        const answer = await fetch(`${stack.sms}/messages.json`)
        const { items } = (await answer.json()) as { items: Sms[] }
        const sms = items.find(({ to, text }) => to.endsWith(phone) && text.includes('/late/'))
        return /\/late\/\S+\/\S+/.exec(sms?.text ?? '')?.[0]
      },
      EXPIRES_MS,
    )
    const visitor = visitorOf(stack)
    const page = await (await visitor.get(path)).text()
    expect((await visitor.post(path, { choice: pick(page) })).status).toBe(303)
    return (await visitor.get(path)).text()
  }
  const firstCar = (page: string) =>
    /name="choice" value="([0-9a-f-]{36})"/.exec(page)?.[1] ?? 'no car is offered'

  it.concurrent(
    'is offered another one by SMS: one payer takes it, the other has the money back',
    async () => {
      const [one, two] = await Promise.all([late('254701000777', 40), late('254701000778', 44)])
      for (const { customer, held } of [one, two])
        await customer.until(held.id, 'cancelled', EXPIRES_MS)
      await select(db, CARS, ['maintenance'])
      const taken = await choose(one.phone, firstCar)
      expect(taken).toContain('You have a car again')
      const declined = await choose(two.phone, () => 'refund')
      expect(declined).toContain('Your money goes back')
      await one.customer.until(one.held.id, 'confirmed', EXPIRES_MS)
      await eventually(
        'the money is back',
        async () => (await two.customer.payment(two.paymentId))['status'] === 'refunded',
        EXPIRES_MS,
      )
      expect(await two.customer.read(two.held.id)).toMatchObject({ status: 'cancelled' })
      await select(db, CARS, ['available'])
    },
    400_000,
  )

  it.concurrent(
    'is found while M-Pesa’s answers are unclear, and counted once',
    async () => {
      const phone = '254708222333'
      const customer = await createCustomer(stack)
      await looksLost(phone, 8_000)
      const held = await customer.held(
        trip({ category: 'SUV', pickup_at: inDays(30), return_at: inDays(31) }),
      )
      const { body } = await customer.pay(held.id, phone, '8500')
      const id = String(body['id'])
      await refused(() => customer.payment(id))
      await control(stack, 'PUT', `/moods/phones/${phone}`, {
        on: ['stk-query'],
        queryHiccup: true,
      })
      const again = { checkoutRequestId: body['checkout_request_id'], resultCode: 1037 }
      expect(await (await control(stack, 'POST', '/callbacks/forge', again)).json()).toEqual({
        outcome: '200',
      })
      await eventually('the success has come', async () => {
        const rows = await select(db, 'SELECT 1 FROM provider_messages WHERE subject_id = $1', [id])
        return rows.length === 3
      })
      await calm(phone)
      await customer.until(held.id, 'confirmed', 180_000)
      expect(await customer.payment(id)).toMatchObject({ status: 'completed' })
    },
    300_000,
  )
})

describe('afterwards the books', () => {
  it('keep every promise', async () => {
    expect(await books.findBroken(QUIET_MS)).toEqual([])
  }, 90_000)
})
