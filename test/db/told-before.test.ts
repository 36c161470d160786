/** One file of the bank, imported again with its columns named otherwise, is no money a second time. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction, select } from '../../db/connection.ts'
import { importLines } from '../../db/provider-lines.ts'
import { findRun, openRun } from '../../db/reconciliation-runs.ts'
import { readBankFile, USUAL_COLUMNS, type BankColumns } from '../../domain/schemas/bank-files.ts'
import { NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const HEAD = 'Date,Reference,Description,Narrative,Debit,Credit,Balance'
const fileOf = (...rows: string[]) => [HEAD, ...rows].join('\n')

async function take(text: string, columns: Partial<BankColumns> = {}) {
  const runId = randomUUID()
  const { lines } = readBankFile(text, { ...USUAL_COLUMNS, ...columns })
  const { added } = await inTransaction(db, async (tx) => {
    await openRun(tx, { runId, kind: 'bank', from: NOW, to: NOW, actorId: 'amina' })
    return importLines(tx, runId, lines)
  })
  return { added, notes: (await findRun(db, runId))?.notes ?? [] }
}
type Stored = { reference: string | null; details: string | null; state: string }
const stored = (mark: string) =>
  select<Stored>(
    db,
    `SELECT reference, details, state FROM provider_lines WHERE source = 'bank' AND raw::text LIKE '%' || $1 || '%'
     ORDER BY line_key`,
    [mark],
  )
const OTHER = { reference: '', description: 'Narrative' }

describe('a bank’s list that is imported again', () => {
  it('with other columns adds nothing, and its open lines read as they are named now', async () => {
    const text = fileOf('21/11/2026,FT26325ABC,EFT,SIMBA CEMENT,,"4,500.00",100')
    expect(await take(text, OTHER)).toMatchObject({ added: 1, notes: [] })
    const again = await take(text)
    expect(again.added).toBe(0)
    expect(again.notes).toHaveLength(1)
    const line = { reference: 'FT26325ABC', details: 'EFT', state: 'open' }
    expect(await stored('FT26325ABC')).toEqual([line])
    expect(await take(text)).toMatchObject({ added: 0 })
  })

  it('keeps the words of a line that has its owner', async () => {
    const text = fileOf('21/11/2026,FT26325DEF,EFT,OTIENO,,"2,000.00",200')
    await take(text)
    await select(
      db,
      `UPDATE provider_lines SET state = 'explained', decided_at = now()
       WHERE raw::text LIKE '%FT26325DEF%' RETURNING id`,
    )
    expect(await take(text, OTHER)).toMatchObject({ added: 0 })
    expect(await stored('FT26325DEF')).toMatchObject([{ reference: 'FT26325DEF' }])
  })

  it('still counts equal rows of one day, and what is new in a longer list', async () => {
    const fee = '21/11/2026,,LEDGER FEE X1,FEE,120.00,,'
    expect(await take(fileOf(fee, fee))).toMatchObject({ added: 2 })
    expect(await take(fileOf(fee, fee, fee))).toMatchObject({ added: 1 })
    expect(await take(fileOf(fee, fee, fee), OTHER)).toMatchObject({ added: 0 })
    expect(await take(fileOf(fee, fee, fee, fee), OTHER)).toMatchObject({ added: 1 })
    expect(await stored('LEDGER FEE X1')).toHaveLength(4)
  })
})
