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
import { buildBooking, buildPrompt, KSH_1000, nextReceipt } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** As many as one step of a comparison takes. */
const ONE_STEP = 200
let db: TestDatabase
let books: ReturnType<typeof createReconciliationActivities>
beforeAll(async () => {
  db = await createTestDatabase()
  books = createReconciliationActivities({ db, now: () => new Date(Date.now() + 2 * HOUR_MS) })
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
  const found = await books.compareLines(await open([{ ...line, phone: late.phone.slice(1) }]))
  expect(found).toMatchObject([{ paymentId: late.paymentId }])
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
