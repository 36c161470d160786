/**
 * One customer for each way in which M-Pesa is late, wrong or unreadable, all at once on the whole stack. Whatever it
 * does: the booking is confirmed, the phone rang once, and the money stands in both ledgers once.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { control, createCustomer, inDays, trip } from '../support/customer.ts'
import { watchBooks, type Checked } from '../support/checked.ts'
import { ledgerOf, payByItself } from '../support/hands.ts'
import { startStack, type Stack } from '../support/stack.ts'

const MOODS = {
  'the report comes before the answer to our request': { callbackBeforeAnswer: true },
  'the answer to our request is lost': { breakAnswer: true },
  'the answer takes half a minute': { answerDelayMs: 30_000 },
  'our token is called invalid in the middle': { fault: 'token-expired' },
  'the first request is turned away': { fault: 'spike-arrest', times: 1 },
  'a firewall answers the first request': { fault: 'html-403', times: 1 },
  'the report names a shilling less, and the proof comes with keys twice and text for numbers': {
    on: ['stk-push', 'transaction-status'],
    callbackAmountOffset: -1,
    resultShapes: ['repeated-keys', 'text-values', 'reference-list'],
  },
  'the report names a shilling more': { callbackAmountOffset: 1 },
  'the report writes text for numbers and adds what nobody knows': {
    stringResultCode: true,
    extraItems: true,
  },
  'the report comes five times': { callbackCopies: 5 },
  'no report ever comes': { dropCallback: true },
} satisfies Record<string, object>
type Name = keyof typeof MOODS
const NAMES = Object.keys(MOODS) as Name[]
const phoneOf = (name: Name) => `2547010009${String(10 + NAMES.indexOf(name))}`

const PAID_MS = 150_000
const QUIET_MS = 90_000
let stack: Stack
let db: Database
let books: Checked
const confirmed = new Map<Name, Promise<string>>()

beforeAll(async () => {
  stack = await startStack({}, 'moods')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  books = await watchBooks(stack)
  for (const name of NAMES) confirmed.set(name, tell(name))
  await Promise.allSettled(confirmed.values())
}, 400_000)
afterAll(async () => {
  await books?.close()
  await db?.close()
  await stack?.stop()
}, 60_000)

/** Answers the payment once its booking is confirmed. */
async function tell(name: Name): Promise<string> {
  const phone = phoneOf(name)
  await payByItself(stack, phone)
  const from = 10 + 3 * NAMES.indexOf(name)
  await control(stack, 'PUT', `/moods/phones/${phone}`, { on: ['stk-push'], ...MOODS[name] })
  const customer = await createCustomer(stack)
  const held = await customer.held(trip({ pickup_at: inDays(from), return_at: inDays(from + 2) }))
  const paymentId = await customer.asked(held.id, phone, String(Number(held.balance_due)))
  await customer.until(held.id, 'confirmed', PAID_MS)
  return paymentId
}

describe('a booking is confirmed, and charged once, although', () => {
  it.each(NAMES)('%s', async (name) => {
    const paymentId = await confirmed.get(name)
    const { transactions } = await ledgerOf(stack)
    const pushes = transactions.filter(({ phone }) => phone === phoneOf(name))
    expect(pushes.map(({ status }) => status)).toEqual(['paid'])
    const entries = await select(
      db,
      "SELECT 1 FROM ledger_entries WHERE kind = 'payment' AND reference = $1",
      [paymentId],
    )
    expect(entries).toHaveLength(1)
  })
})

it('both ledgers name the same sums, each once', async () => {
  expect(await books.findBroken(QUIET_MS)).toEqual([])
}, 120_000)
