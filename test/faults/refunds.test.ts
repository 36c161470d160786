/**
 * Refunds whose request was executed although nobody was told so: the answer breaks off, never comes, or finds its
 * worker dead. On the whole stack; afterwards M-Pesa has paid each once and our books hold what its paybill holds.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { connectDatabase, selectOne, type Database } from '../../db/connection.ts'
import { createVisitor } from '../support/browser.ts'
import { watchBooks, type Checked } from '../support/checked.ts'
import { answerPhone, call, control, createCustomer, inDays, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

/** The time-out of a request whose worker died, and what it takes until a new worker hears of it. */
const SETTLES_MS = 120_000
const SAMPLE_PASSWORD = 'karibu-gari-2026'

let stack: Stack
let db: Database
let books: Checked
let told = 0

beforeAll(async () => {
  stack = await startStack({ REFUND_APPROVAL_ABOVE: '1000' }, 'refunds')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  books = await watchBooks(stack)
}, 180_000)
afterAll(async () => {
  await books?.close()
  await db?.close()
  await stack?.stop()
}, 60_000)

type Sent = { phone: string; transactionReceipt: string; receipt: string | null; amount: number }
type Ledger = { payouts: Sent[]; reversals: Sent[]; balances: { utility: number } }
const theirs = async () =>
  (await (await fetch(`${stack.simulator}/_control/ledger`)).json()) as Ledger

type Paid = {
  paymentId: string
  phone: string
  receipt: string
  /** What M-Pesa does from now on with this phone. */
  behave: (mood: object) => Promise<unknown>
  cancel: () => Promise<unknown>
}

/** A booking that is paid and confirmed; each from a phone and on days of its own. */
async function confirmed(): Promise<Paid> {
  const nth = (told += 1)
  const phone = `2547222330${String(nth).padStart(2, '0')}`
  const customer = await createCustomer(stack)
  const days = { pickup_at: inDays(10 + nth * 3), return_at: inDays(12 + nth * 3) }
  const { id, total } = await customer.held(trip(days))
  const { body } = await customer.pay(id, phone, String(Math.round(Number(total))))
  await answerPhone(stack, phone, { pin: '1234' })
  await customer.until(id, 'confirmed')
  const paymentId = String(body['id'])
  const { receipt } = (await customer.payment(paymentId)) as { receipt: string }
  return {
    paymentId,
    phone,
    receipt,
    behave: (mood) => control(stack, 'PUT', `/moods/phones/${phone}`, mood),
    cancel: () => customer.cancel(id),
  }
}

/** A small part, so that the booking stands. */
async function financeAsks(paymentId: string, amount: string): Promise<void> {
  const login = { email: 'finance@example.com', password: SAMPLE_PASSWORD }
  const { body } = await call(stack, 'POST', '/auth/login', login)
  const asked = await call(
    stack,
    'POST',
    `/payments/${paymentId}/refund`,
    { amount, reason: 'the car was late' },
    {
      authorization: `Bearer ${String(body['access_token'])}`,
      'idempotency-key': randomUUID(),
    },
  )
  expect(asked.status).toBe(202)
}

type Refund = { id: string; status: string; receipt: string | null; attempts: number }
const refundOf = (paymentId: string) =>
  selectOne<Refund>(db, 'SELECT id, status, receipt, attempts FROM refunds WHERE payment_id = $1', [
    paymentId,
  ])

/** Finance on its pages, with a session. */
async function enterFinance(who = 'finance') {
  const request = (url: string, init?: RequestInit) => fetch(url, { ...init, redirect: 'manual' })
  const visitor = createVisitor({ request }, stack.baseUrl)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

const move = (from: string, to: string, amount: number) =>
  control(stack, 'POST', '/transfers', { from, to, amount })

const settled = (paymentId: string) =>
  eventually(
    'the refund is settled',
    async () => {
      const refund = await refundOf(paymentId)
      return refund?.status === 'settled' && refund
    },
    SETTLES_MS,
  )

const reversalsOf = async (receipt: string) =>
  (await theirs()).reversals.filter(({ transactionReceipt }) => transactionReceipt === receipt)

/** Beside each other: each behaves by its own phone, and is known by its amount or its payment. */
describe('money that goes back', () => {
  it.concurrent.each([
    ['although the connection broke before its answer', { breakAnswer: true }, '600'],
    ['although its answer never came', { neverAnswer: true }, '700'],
  ])(
    '%s, is paid out once and settles',
    async (_how, mood, amount) => {
      const { paymentId, phone, behave } = await confirmed()
      await behave({ on: ['b2c'], ...mood })
      await financeAsks(paymentId, amount)
      const refund = await settled(paymentId)
      const payouts = (await theirs()).payouts.filter((one) => one.amount === Number(amount))
      expect(payouts).toMatchObject([{ phone, receipt: refund.receipt }])
      expect(refund.attempts).toBe(1)
    },
    240_000,
  )

  it.concurrent(
    'although the connection broke before the answer to a reversal, is taken back once',
    async () => {
      const { paymentId, receipt, behave, cancel } = await confirmed()
      await behave({ on: ['reversal'], breakAnswer: true })
      await cancel()
      const refund = await settled(paymentId)
      expect(await reversalsOf(receipt)).toMatchObject([{ receipt: refund.receipt }])
    },
    240_000,
  )

  it.concurrent(
    'because it waited too long in the queue is not sent again, and settles by its late result',
    async () => {
      const { paymentId, behave } = await confirmed()
      await behave({ on: ['b2c'], queueTimeout: true, executesAfterTimeoutMs: 3_000 })
      await financeAsks(paymentId, '900')
      const refund = await settled(paymentId)
      const payouts = (await theirs()).payouts.filter(({ amount }) => amount === 900)
      expect(payouts).toMatchObject([{ receipt: refund.receipt }])
    },
    240_000,
  )

  it.concurrent(
    'because the phone is none, and which a person paid from the bank, needs two people above the limit',
    async () => {
      const { paymentId, behave } = await confirmed()
      await behave({ on: ['b2c'], resultCode: 2040 })
      await financeAsks(paymentId, '1100')
      const [finance, manager] = [await enterFinance(), await enterFinance('manager')]
      const asked = await eventually('the refund waits', () => refundOf(paymentId))
      const page = `/finance/refunds/${asked.id}`
      expect((await manager.post(`${page}/approve`, {})).status).toBe(303)
      await eventually('the case is shown', async () =>
        (await (await finance.get(page)).text()).includes('not registered for M-Pesa'),
      )
      const by = { reason: 'Sent from the bank', reference: 'FT26325ABC' }
      expect((await finance.post(`${page}/resolve`, by)).status).toBe(303)
      expect((await finance.post(`${page}/hand-yes`, {})).status).toBe(409)
      expect((await manager.post(`${page}/retry`, {})).status).toBe(409)
      expect(await refundOf(paymentId)).toMatchObject({ status: 'refused' })
      expect((await manager.post(`${page}/hand-yes`, {})).status).toBe(303)
      await settled(paymentId)
      const payouts = (await theirs()).payouts.filter(({ amount }) => amount === 1_100)
      expect(payouts).toMatchObject([{ receipt: null }])
    },
    240_000,
  )
})

describe('a worker that dies', () => {
  const dies = (on: string) => ({ on: [on], answerDelayMs: 20_000, callbackDelayMs: 10_000 })

  it('while it asked for a payout and for a reversal leaves each to be paid once and to settle', async () => {
    const [payout, reversal] = [await confirmed(), await confirmed()]
    await payout.behave(dies('b2c'))
    await reversal.behave(dies('reversal'))
    await Promise.all([financeAsks(payout.paymentId, '800'), reversal.cancel()])
    const taken = async () => (await theirs()).payouts.filter(({ amount }) => amount === 800)
    await eventually('M-Pesa has taken the payout', async () => (await taken()).length > 0)
    await eventually(
      'M-Pesa has taken the reversal',
      async () => (await reversalsOf(reversal.receipt)).length > 0,
    )
    await stack.kill('workers')
    const [paid, back] = [await settled(payout.paymentId), await settled(reversal.paymentId)]
    expect(await taken()).toMatchObject([{ receipt: paid.receipt }])
    expect(await reversalsOf(reversal.receipt)).toMatchObject([{ receipt: back.receipt }])
    expect(back.attempts).toBe(1)
  }, 300_000)
})

describe('a payout that M-Pesa did not make', () => {
  it('because our utility account was short is a case that says so, and is paid once when money is there', async () => {
    const { paymentId } = await confirmed()
    const { balances } = await theirs()
    await move('utility', 'bank', balances.utility)
    await financeAsks(paymentId, '950')
    const refused = await eventually('the refund is refused', async () => {
      const refund = await refundOf(paymentId)
      return refund?.status === 'refused' && refund
    })
    const finance = await enterFinance()
    const page = `/finance/refunds/${refused.id}`
    await eventually('the case is shown', async () =>
      (await (await finance.get(page)).text()).includes('utility account has too little money'),
    )
    await move('bank', 'utility', balances.utility)
    expect((await finance.post(`${page}/retry`, {})).status).toBe(303)
    const refund = await settled(paymentId)
    const payouts = (await theirs()).payouts.filter(({ amount }) => amount === 950)
    expect(payouts.map(({ receipt }) => receipt)).toEqual([null, refund.receipt])
  }, 240_000)
})

describe('afterwards', () => {
  it('each of our refunds is one of theirs by receipt, and the paybill holds what our clearing account says', async () => {
    expect(await books.findBroken(SETTLES_MS)).toEqual([])
  }, 180_000)
})
