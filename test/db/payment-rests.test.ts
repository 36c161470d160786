/** A phone that M-Pesa would refuse for sure is not asked, and its owner hears from when on it is worth trying. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { openPayment, refusePayment } from '../../db/payments.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { REST_AFTER_MS, retrySentence } from '../../domain/payment-waits.ts'
import { shillings } from '../../domain/money.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaymentInput,
  buildPrompt,
  KSH_1000,
  nextPhone,
  NOW,
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

/** The books write down a refusal by the database's clock. */
const after = (ms: number) => new Date(Date.now() + ms)

async function buildAsked(over: { phone: string; amount: typeof KSH_1000 }) {
  const booking = await buildBooking(db, { customerId })
  return { booking, prompt: await buildPrompt(db, booking, over) }
}
const askAgain = async (
  booking: Awaited<ReturnType<typeof buildBooking>>,
  over: { phone: string; amount: typeof KSH_1000 },
  now: Date,
) => inTransaction(db, (tx) => openPayment(tx, buildPaymentInput(booking, over), now))

describe('after a refusal', () => {
  it.each(Object.entries(REST_AFTER_MS))(
    '%s the phone rests, then it may be asked',
    async (code, ms) => {
      const over = { phone: nextPhone(), amount: KSH_1000 }
      const { booking, prompt } = await buildAsked(over)
      await inTransaction(db, (tx) => refusePayment(tx, prompt.paymentId, reasonFor(code)))
      const early = await askAgain(booking, over, after(ms - 5_000))
      expect(early).toMatchObject({ outcome: 'refused', reason: { code, class: 'W' } })
      const until = early.outcome === 'refused' ? Date.parse(early.reason.retryAt ?? '') : 0
      expect(Math.abs(until - after(ms).getTime())).toBeLessThan(5_000)
      expect(await askAgain(booking, over, after(ms + 1_000))).toEqual({ outcome: 'opened' })
    },
  )

  it('by the customer the phone may be asked at once, and so may another after a rest', async () => {
    const over = { phone: nextPhone(), amount: KSH_1000 }
    const { booking, prompt } = await buildAsked(over)
    await inTransaction(db, (tx) => refusePayment(tx, prompt.paymentId, reasonFor('1032')))
    expect(await askAgain(booking, over, after(0))).toEqual({ outcome: 'opened' })

    const busy = { phone: nextPhone(), amount: KSH_1000 }
    const second = await buildAsked(busy)
    await inTransaction(db, (tx) => refusePayment(tx, second.prompt.paymentId, reasonFor('1001')))
    const other = { phone: nextPhone(), amount: KSH_1000 }
    expect(await askAgain(second.booking, other, after(0))).toEqual({ outcome: 'opened' })
  })
})

describe('after a payment', () => {
  it('the same amount waits two minutes, another amount does not', async () => {
    const phone = nextPhone()
    const { booking, prompt } = await buildAsked({ phone, amount: KSH_1000 })
    await settle(db, prompt)
    const equal = { phone, amount: KSH_1000 }
    const soon = new Date(NOW.getTime() + 2 * MINUTE_MS - 1)
    expect(await askAgain(booking, equal, soon)).toMatchObject({ reason: { code: '17' } })
    const other = { phone, amount: shillings(999) }
    const opened = await askAgain(booking, other, soon)
    expect(opened).toEqual({ outcome: 'opened' })
  })

  it('the same amount goes after two minutes', async () => {
    const equal = { phone: nextPhone(), amount: KSH_1000 }
    const { booking, prompt } = await buildAsked(equal)
    await settle(db, prompt)
    const later = new Date(NOW.getTime() + 2 * MINUTE_MS)
    expect(await askAgain(booking, equal, later)).toEqual({ outcome: 'opened' })
  })
})

it('names the minute after, because a clock without seconds would be too early', () => {
  const retryAt = '2026-11-21T11:31:01.000Z'
  expect(retrySentence({ code: '1001', class: 'W', retryAt })).toBe('You can try again at 14:32.')
  expect(retrySentence({ code: '1032', class: 'U' })).toBeNull()
})
