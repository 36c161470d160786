/** What people have on their worklist is in nobody's way, and a comparison that stands still is seen. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createReconciliationActivities } from '../../activities/reconciliation.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { importLines } from '../../db/provider-lines.ts'
import { listAlarms } from '../../db/security.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import type { NewLine } from '../../domain/reconciliation.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { buildBooking, buildPrompt, buildTill, KSH_1000, nextReceipt } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** As many as one step of a comparison takes. */
const ONE_STEP = 200
let db: TestDatabase
let books: ReturnType<typeof createReconciliationActivities>
beforeAll(async () => {
  db = await createTestDatabase()
  const now = () => new Date(Date.now() + 2 * HOUR_MS)
  books = createReconciliationActivities({ db, now, stepMs: HOUR_MS })
})
afterAll(() => db.drop())

const buildLine = (amount: Cents, at: Date, reference: string): NewLine => ({
  source: 'pull',
  key: nextReceipt(),
  direction: 'in',
  nature: 'money',
  amount,
  balance: null,
  at,
  position: 0,
  party: null,
  phone: null,
  reference,
  details: null,
  raw: {},
})

async function open(lines: NewLine[]): Promise<string> {
  const runId = randomUUID()
  await books.openReconciliation({ runId, kind: 'pull', actorId: 'clock' })
  await inTransaction(db, (tx) => importLines(tx, runId, lines))
  return runId
}

it('money that will not settle is in no new money’s way, however much of it there is', async () => {
  const { paymentId } = await buildPrompt(db, await buildBooking(db), { amount: KSH_1000 })
  const yesterday = new Date(Date.now() - DAY_MS)
  const old = Array.from({ length: ONE_STEP }, (_, n) =>
    buildLine(shillings(50_000 + n), yesterday, 'OLD'),
  )
  const told = { purpose: 'reservation', ownerId: randomUUID(), source: 'pull' } as const
  await books.recordUnsettled(
    await open(old),
    old.map(({ key, amount }) => ({ ...told, paymentId, receipt: key, amount })),
  )
  const late = await buildPrompt(db, await buildBooking(db), { amount: shillings(4_321) })
  const line = buildLine(late.amount, new Date(), late.ownerNumber.replaceAll('-', ''))
  const runId = await open([{ ...line, phone: late.phone.slice(1) }])
  const found = await books.compareLines(runId)
  expect(found).toMatchObject([{ paymentId: late.paymentId }])
  await books.recordUnsettled(runId, found)
})

const findings = (runId: string) =>
  select(db, 'SELECT id FROM reconciliation_findings WHERE first_run = $1', [runId])

it('a list of more lines than one step takes is placed as a whole', async () => {
  const strangers = Array.from({ length: ONE_STEP + 1 }, (_, n) =>
    buildLine(shillings(60_000 + n), new Date(), 'NOBODY'),
  )
  const runId = await open(strangers)
  await books.compareLines(runId)
  expect(await findings(runId)).toHaveLength(strangers.length)
})

it('a bank’s list of more lines than one step takes is looked at as a whole', async () => {
  const lines = Array.from({ length: ONE_STEP + 1 }, (_, n) => ({
    ...buildLine(shillings(70_000 + n), new Date(), `STRANGER ${n}`),
    source: 'bank' as const,
  }))
  const runId = await open(lines)
  expect(await books.matchBankLines(runId)).toEqual([])
  expect(await findings(runId)).toHaveLength(lines.length)
})

const keysLike = (pattern: string) =>
  select(db, 'SELECT key FROM reconciliation_findings WHERE key LIKE $1', [pattern])

it('receipts that a person knows to be missing hide no other one', async () => {
  await select(
    db,
    `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status, paid_at)
     SELECT 'MISSING' || n, 100000, 'callback', 'unmatched', now() - interval '1 day'
     FROM generate_series(1, $1::int) n RETURNING receipt`,
    [ONE_STEP + 1],
  )
  for (const runId of [await open([]), await open([])]) await books.findMissing(runId)
  expect(await keysLike('missing:MISSING%')).toHaveLength(ONE_STEP + 1)
})

it('slips that a person knows the bank not to show hide no other one', async () => {
  const { sessionId } = await buildTill(db, shillings(10_000))
  await select(
    db,
    `INSERT INTO till_deposits (id, session_id, amount_cents, reference, made_by, made_at)
     SELECT gen_random_uuid(), $2::uuid, 100000, 'SLIP' || n, 'test', now() - n * interval '1 second'
     FROM generate_series(1, $1::int) n RETURNING id`,
    [ONE_STEP + 1, sessionId],
  )
  const later = createReconciliationActivities({ db, now: () => new Date(Date.now() + 4 * DAY_MS) })
  for (const runId of [await open([]), await open([])])
    await later.finishReconciliation(runId, true)
  expect(await keysLike('unseen:deposit:%')).toHaveLength(ONE_STEP + 1)
})

it('a comparison that has not finished after two hours is an alarm', async () => {
  const alarms = async () => (await listAlarms(db, new Date())).map(({ kind }) => kind)
  const runId = await open([])
  expect(await alarms()).not.toContain('reconciliation_stuck')
  await select(
    db,
    "UPDATE reconciliations SET started_at = now() - interval '121 minutes' WHERE id = $1 RETURNING id",
    [runId],
  )
  expect(await alarms()).toContain('reconciliation_stuck')
})
