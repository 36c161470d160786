/**
 * A thousand payments whose reports are dropped, doubled, delayed and reordered, from the simulator through Daraja's door
 * into PostgreSQL; M-Pesa's list and its balance then leave nothing over.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createApp } from '../../api/app.ts'
import { createDarajaActivities } from '../../activities/daraja.ts'
import { createPaymentActivities } from '../../activities/payments.ts'
import {
  createPullActivities,
  createReconciliationActivities,
} from '../../activities/reconciliation.ts'
import { select } from '../../db/connection.ts'
import { readBalances } from '../../db/ledger.ts'
import { readAccounts, sumOf } from '../../db/ledger-reads.ts'
import type { StoredMessage } from '../../db/provider-messages.ts'
import type { MessageKind } from '../../domain/callbacks.ts'
import { cents, shillings, type Cents } from '../../domain/money.ts'
import { pullWindows } from '../../domain/reconciliation.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { createDaraja } from '../../gateways/daraja.ts'
import { createSecurityCredential } from '../../gateways/daraja/credential.ts'
import { createCallbackUrl, createSecretPaths } from '../../gateways/secret-paths.ts'
import type { Mood } from '../../local/daraja-simulator/moods.ts'
import { SANDBOX } from '../../local/daraja-simulator/settings.ts'
import { createDarajaSimulator } from '../../local/daraja-simulator/simulator.ts'
import { newHome } from '../local/simulator-driver.ts'
import { buildDeps, ORIGIN } from '../support/api.ts'
import { buildBooking, buildPaymentInput, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/stack.ts'

const PAYMENTS = 1_000
const AT_ONCE = 10
const MOODS: Mood[] = [
  {},
  { dropCallback: true },
  { callbackCopies: 3 },
  { callbackReorderMs: 400 },
  { callbackDelayMs: 300, callbackCopies: 2 },
]
const isTold = (index: number) => !MOODS[index % MOODS.length]?.dropCallback

let db: TestDatabase
let world: ReturnType<typeof buildWorld>
beforeAll(async () => {
  db = await createTestDatabase()
  world = buildWorld(db)
})
afterAll(async () => {
  world.simulator.stop()
  await db.drop()
})

/** M-Pesa and we, each a stranger to the other, in one process. */
function buildWorld(own: TestDatabase) {
  const paths = createSecretPaths('a secret of these tests, long enough')
  const gari = createApp(
    buildDeps(own, {
      callbackTokenFits: (kind, id, token) => paths.fits(token, 'callback', kind, id),
    }),
  )
  const simulator = createDarajaSimulator({
    home: newHome(),
    settings: {
      promptDelayMs: 0,
      processingMs: 0,
      resultDelayMs: 0,
      pullPageRows: 300,
      autopilot: { answer: 'pay', afterMs: 0 },
    },
    fetch: async (url, init) => gari.request(url, init),
  })
  const { ledger, keys } = simulator.simulator
  ledger.record({ kind: 'pull', shortCode: SANDBOX.shortCode, at: new Date().toISOString() })
  const daraja = createDaraja({
    ...credentials(keys.certificatePem),
    fetch: async (url, init) =>
      simulator.app.request(url instanceof Request ? url.url : url.toString(), init ?? {}),
  })
  const callbackUrl = createCallbackUrl(ORIGIN, paths)
  return {
    simulator,
    ledger,
    daraja,
    calls: createDarajaActivities({ daraja, callbackUrl }),
  }
}

const credentials = (certificatePem: string) => ({
  baseUrl: 'http://daraja.test',
  consumerKey: SANDBOX.consumerKey,
  consumerSecret: SANDBOX.consumerSecret,
  shortcode: SANDBOX.shortCode,
  passkey: SANDBOX.passkey,
  transactionType: 'CustomerPayBillOnline' as const,
  initiator: SANDBOX.initiator,
  securityCredential: createSecurityCredential(SANDBOX.initiatorPassword, certificatePem),
})

type Sent = { phone: string; amount: Cents; paymentId: string }

/** A thousand people pay ten shillings each for one car: nothing but the phone tells their payments apart. */
async function payAll(): Promise<Sent[]> {
  const booking = await buildBooking(db)
  const books = createPaymentActivities({ db, now: () => new Date() })
  const amount = cents(booking.held.total / PAYMENTS)
  const all = Array.from({ length: PAYMENTS }, () => buildPaymentInput(booking, { amount }))
  await inTurns(all, async (input, index) => {
    const { phone, paymentId } = input
    world.simulator.simulator.moods.set(
      `phone:${phone.slice(1)}`,
      MOODS[index % MOODS.length] ?? {},
    )
    const opened = await books.openPayment(input)
    if (opened.outcome !== 'opened') throw new Error(`refused: ${opened.reason.code}`)
    const push = await world.calls.requestStkPush(input)
    if (push.outcome !== 'accepted') throw new Error(`payment ${index}: ${JSON.stringify(push)}`)
    await books.recordPrompt(paymentId, push)
  })
  return all
}

/** A few at once, as workers do. */
async function inTurns<T>(all: readonly T[], each: (one: T, index: number) => Promise<unknown>) {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < all.length; index = next++) await each(all[index] as T, index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** As they came. */
const readReports = (kind: MessageKind): Promise<StoredMessage[]> =>
  select(
    db,
    `SELECT kind, subject_id AS "subjectId", id AS "messageId" FROM provider_messages WHERE kind = $1
     ORDER BY received_at, id`,
    [kind],
  )

/** What each payment's story does when it hears of a report, in the order in which reports came. */
async function hearAll(sent: Sent[]): Promise<void> {
  const told = sent.filter((_, index) => isTold(index)).length
  const heard = () => readReports('stk_callback')
  await eventually('all reports are stored', async () => (await heard()).length >= told, REPORTS_MS)
  const books = createPaymentActivities({ db, now: () => new Date() })
  const reports = await heard()
  expect(reports).toHaveLength(told)
  await inTurns(reports, ({ subjectId, messageId }) =>
    books.settleFromMessage(subjectId, messageId),
  )
}
const REPORTS_MS = 30_000

/** As the workflow goes through it, two hours later, so that no line is young and none is at the edge. */
async function compareAll() {
  const now = () => new Date(Date.now() + 2 * HOUR_MS)
  const runId = randomUUID()
  const books = createReconciliationActivities({ db, now })
  const { fetchPulledLines } = createPullActivities({ db, daraja: world.daraja })
  await books.openReconciliation({ runId, kind: 'full', actorId: 'clock' })
  for (const window of pullWindows(now().getTime()))
    for (let offset = 0; ;) {
      const page = await fetchPulledLines(runId, window, offset)
      if (page.outcome === 'end') break
      if (page.outcome !== 'page') throw new Error(JSON.stringify(page))
      offset = page.nextOffset
    }
  for (;;) {
    const found = await books.compareLines(runId)
    if (found.length === 0) break
    for (const { paymentId, ...one } of found) await books.settleFromReceipt(paymentId, one)
  }
  await books.findMissing(runId)
  await world.calls.requestAccountBalance({ subjectId: runId, remarks: 'Daily comparison' })
  const report = await eventually('the balance', async () =>
    (await readReports('balance_result')).find(({ subjectId }) => subjectId === runId),
  )
  expect(await books.compareReportedBalance(runId, report.messageId)).toBe(true)
  return books.finishReconciliation(runId, true)
}

it('a thousand payments end in an empty report, whatever became of their reports', async () => {
  const began = performance.now()
  const sent = await payAll()
  await hearAll(sent)
  const untold = sent.filter((_, index) => !isTold(index)).length
  expect(await count(db, "payments WHERE status = 'prompted'")).toBe(untold)
  expect(await compareAll()).toMatchObject({ status: 'clean', matched: PAYMENTS, leftOver: 0 })
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(`${PAYMENTS} payments, ${untold} of them unreported, in ${seconds} s\n`)

  expect(await count(db, "payments WHERE status = 'settled' AND receipt IS NOT NULL")).toBe(
    PAYMENTS,
  )
  expect(await count(db, "ledger_entries WHERE kind = 'payment'")).toBe(PAYMENTS)
  expect(await count(db, "reconciliation_findings WHERE status = 'open'")).toBe(0)
  const { merchant } = world.ledger.report().balances
  expect((await readBalances(db)).mpesa_clearing).toBe(shillings(merchant))
  expect(sumOf(await readAccounts(db))).toBe(0)
}, 180_000)
