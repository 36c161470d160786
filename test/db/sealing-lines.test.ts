/** What M-Pesa's lists say is sealed beside a release that knows nothing of it: both read it, and nothing is left open in the end. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { beat } from '../../db/heartbeats.ts'
import { readWords, WORD_COLUMNS, type KeptWords } from '../../db/line-words.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { importLines, listLines } from '../../db/provider-lines.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { emptyOpenLines, sealOpenLines } from '../../db/sealing-lines.ts'
import type { NewLine } from '../../domain/reconciliation.ts'
import { buildBankLine } from '../support/bank.ts'
import { count, nextReceipt, NOW } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let runId: string
const openOne = async (on: TestDatabase) => {
  const id = randomUUID()
  await inTransaction(on, (tx) =>
    openRun(tx, { runId: id, kind: 'pull', from: NOW, to: NOW, actorId: 'amina' }),
  )
  return id
}
beforeAll(async () => {
  db = await createTestDatabase()
  runId = await openOne(db)
})
afterAll(() => db.drop())
/** A release from before may be at work. */
beforeEach(() =>
  select(
    db.owner,
    "INSERT INTO read_by_older_release VALUES ('provider_lines') ON CONFLICT DO NOTHING",
  ),
)

const SAID = {
  party: 'ATIENO',
  phone: '254733944444',
  reference: 'gari ya mama',
  details: 'Pay Bill from 254733944444 - ATIENO of UKL0ABCD12',
  raw: { msisdn: '254733944444' },
}
const NOTHING = { party: null, phone: null, reference: null, details: null, raw: {} }
const NAMES = ['party', 'phone', 'reference', 'details', 'raw'] as const
const line = (over: Partial<NewLine> = {}) =>
  buildBankLine({ source: 'pull', key: nextReceipt(), ...SAID, ...over })
const take = async (one: NewLine) => {
  await inTransaction(db, (tx) => importLines(tx, runId, [one]))
  return one.key
}
async function read(key: string) {
  const row = await selectOne<KeptWords>(
    db,
    `SELECT ${WORD_COLUMNS} FROM provider_lines l WHERE l.line_key = $1`,
    [key],
  )
  return row && readWords(db, row, NAMES)
}

/** As the release before stores one, and reads it. */
async function takeBefore(on = db, run = runId) {
  const key = nextReceipt()
  await select(
    on,
    `INSERT INTO provider_lines (source, line_key, direction, nature, amount_cents, at, party, phone, reference, details, raw, run_id)
     VALUES ('pull', $1, 'in', 'money', 100, now(), $2, $3, $4, $5, $6::jsonb, $7) RETURNING id`,
    [key, SAID.party, SAID.phone, SAID.reference, SAID.details, JSON.stringify(SAID.raw), run],
  )
  return key
}
const readBefore = (key: string) =>
  selectOne(db, `SELECT ${NAMES.join(', ')} FROM provider_lines WHERE line_key = $1`, [key])
const namedIn = async (key: string) =>
  (
    await selectOne<{ named: string[] | null }>(
      db,
      'SELECT receipts_named AS named FROM provider_lines WHERE line_key = $1',
      [key],
    )
  )?.named
const isSealed = (key: string) =>
  count(db, 'provider_lines WHERE line_key = $1 AND said_sealed IS NOT NULL', [key])
const sealAll = async () => {
  while (await sealOpenLines(db));
}
const emptyAll = async () => {
  while (await emptyOpenLines(db));
}

describe('beside the release before', () => {
  it('what a list says is sealed, and written as that one reads it', async () => {
    const key = await take(line())
    expect(await readBefore(key)).toEqual(SAID)
    expect(await read(key)).toEqual(SAID)
    expect(await isSealed(key)).toBe(1)
  })

  it('what that one stores is read at once, and sealed with the receipts that it names', async () => {
    const key = await takeBefore()
    expect(await read(key)).toEqual(SAID)
    await sealAll()
    expect(await isSealed(key)).toBe(1)
    expect(await namedIn(key)).toEqual(['UKL0ABCD12'])
    expect(await read(key)).toEqual(SAID)
    expect(await readBefore(key)).toEqual(SAID)
  })

  it('what that one forgets is forgotten sealed as well, and is nothing to seal', async () => {
    const key = await take(line())
    await select(
      db,
      "UPDATE provider_lines SET party = NULL, phone = NULL, details = NULL, reference = NULL, raw = '{}' WHERE line_key = $1 RETURNING id",
      [key],
    )
    await sealAll()
    expect(await isSealed(key)).toBe(0)
    expect(await namedIn(key)).toBeNull()
    expect(await read(key)).toEqual(NOTHING)
  })
})

describe('once the release before is gone', () => {
  it('nothing of M-Pesa stands open, nothing is written so, and everything is read', async () => {
    const [first, second] = [await take(line()), await takeBefore()]
    await emptyAll()
    // What is not sealed yet is not lost.
    expect(await readBefore(second)).toEqual(SAID)
    await sealAll()
    await emptyAll()
    const third = await take(line())
    for (const key of [first, second, third]) {
      expect(await readBefore(key)).toEqual(NOTHING)
      expect(await read(key)).toEqual(SAID)
      expect(await namedIn(key)).toEqual(['UKL0ABCD12'])
    }
    const { items } = await listLines(db, { runId }, 10)
    expect(items.find((one) => one.key === third)).toMatchObject({
      reference: SAID.reference,
      details: SAID.details,
    })
    expect(JSON.stringify(items)).not.toContain('msisdn')
  })

  it('what a bank says stays open, and is not sealed', async () => {
    const key = await take(line({ source: 'bank' }))
    await sealAll()
    await emptyAll()
    expect(await isSealed(key)).toBe(0)
    expect(await readBefore(key)).toEqual(SAID)
    expect(await read(key)).toEqual(SAID)
  })
})

it('the migration seals what it finds, and leaves it open to a release before that was ever at work', async () => {
  const fresh = await createTestDatabase()
  const NAME = '0117-sealed-lines'
  const again = async () => {
    await select(fresh.owner, 'DELETE FROM migrations WHERE name = $1', [NAME])
    return migrateDatabase(fresh.migrationUrl, MIGRATIONS, testVault)
  }
  try {
    await takeBefore(fresh, await openOne(fresh))
    expect(await again()).toEqual([NAME])
    expect(await count(fresh, 'provider_lines WHERE said_sealed IS NULL')).toBe(0)
    expect(await count(fresh, 'read_by_older_release')).toBe(0)
    await inTransaction(fresh, (tx) =>
      beat(tx, { part: 'business', instance: 'a', version: '0.1.0', detail: null }),
    )
    await again()
    expect(await count(fresh, 'read_by_older_release')).toBe(1)
  } finally {
    await fresh.drop()
  }
})
