/** Lines of the bank that nobody announced, as a comparison leaves them on the worklist. */
import { randomUUID } from 'node:crypto'
import { createReconciliationActivities } from '../../activities/reconciliation.ts'
import { inTransaction, selectOne, type Database } from '../../db/connection.ts'
import { importLines } from '../../db/provider-lines.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { shillings } from '../../domain/money.ts'
import type { NewLine } from '../../domain/reconciliation.ts'
import { NOW } from './builders.ts'

export const buildBankLine = (over: Partial<NewLine> = {}): NewLine => ({
  source: 'bank',
  key: randomUUID(),
  direction: 'in',
  nature: 'money',
  amount: shillings(3_000),
  balance: null,
  at: NOW,
  position: 0,
  party: null,
  phone: null,
  reference: null,
  details: null,
  raw: {},
  ...over,
})

export type OnWorklist = { lineId: string; findingId: string }

/** The bank told of it, and our books were compared with that. */
export async function importBankLine(
  db: Database,
  over: Partial<NewLine> = {},
): Promise<OnWorklist> {
  const runId = randomUUID()
  const line = buildBankLine(over)
  await inTransaction(db, async (tx) => {
    await openRun(tx, { runId, kind: 'bank', from: NOW, to: NOW, actorId: 'amina' })
    await importLines(tx, runId, [line])
  })
  await createReconciliationActivities({ db, now: () => NOW }).matchBankLines(runId)
  const found = await selectOne<OnWorklist>(
    db,
    `SELECT l.id AS "lineId", f.id AS "findingId" FROM provider_lines l
     JOIN reconciliation_findings f ON f.line_id = l.id WHERE l.line_key = $1`,
    [line.key],
  )
  if (!found) throw new Error('the line was matched')
  return found
}
