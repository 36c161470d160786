/** Who sent the money of a receipt is sealed beside a release that knows nothing of it: both read it, and nothing is left open in the end. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { beat } from '../../db/heartbeats.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { listUnmatched } from '../../db/paybill-queue.ts'
import { emptyOpenReceipts, sealOpenReceipts } from '../../db/sealing-receipts.ts'
import {
  describeReceipt,
  holdMoney,
  leaveUnmatched,
  lockReceipt,
  type ArrivedMoney,
} from '../../db/unmatched-money.ts'
import { shillings } from '../../domain/money.ts'
import { count, nextReceipt, NOW } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
/** A release from before may be at work. */
beforeEach(() =>
  select(
    db.owner,
    "INSERT INTO read_by_older_release VALUES ('mpesa_receipts') ON CONFLICT DO NOTHING",
  ),
)

const SAID = { payer: '254733944444', payerName: 'ATIENO', reference: 'gari ya mama' }
const NOTHING = { payer: null, payerName: null, reference: null }
const money = (over: Partial<ArrivedMoney> = {}): ArrivedMoney => ({
  receipt: nextReceipt(),
  amount: shillings(1_000),
  heardFrom: 'confirmation',
  paidAt: NOW,
  ...SAID,
  ...over,
})
const hold = (one: ArrivedMoney) => inTransaction(db, (tx) => holdMoney(tx, one, null))
const describeIt = (one: ArrivedMoney) => inTransaction(db, (tx) => describeReceipt(tx, one))
const read = (receipt: string) => inTransaction(db, (tx) => lockReceipt(tx, receipt))

/** As the release before stores one, reads it, and learns more of it. */
async function holdBefore({ receipt, amount, payer, payerName, reference }: ArrivedMoney) {
  await select(
    db,
    `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status, payer, payer_name, reference)
     VALUES ($1, $2, 'confirmation', 'unmatched', $3, $4, $5) RETURNING receipt`,
    [receipt, amount, payer, payerName, reference],
  )
  return receipt
}
const readBefore = (receipt: string) =>
  selectOne(
    db,
    'SELECT payer, payer_name AS "payerName", reference FROM mpesa_receipts WHERE receipt = $1',
    [receipt],
  )
const learnBefore = (receipt: string, name: string | null) =>
  select(db, 'UPDATE mpesa_receipts SET payer_name = $2 WHERE receipt = $1 RETURNING receipt', [
    receipt,
    name,
  ])
const sealAll = async () => {
  while (await sealOpenReceipts(db));
}
const emptyAll = async () => {
  while (await emptyOpenReceipts(db));
}
const UNSEALED =
  'mpesa_receipts WHERE receipt = $1 AND (payer_sealed IS NULL OR payer_name_sealed IS NULL OR reference_sealed IS NULL)'

describe('beside the release before', () => {
  it('who paid is sealed, and written as that one reads it', async () => {
    const one = money()
    expect(await hold(one)).toMatchObject(SAID)
    expect(await readBefore(one.receipt)).toEqual(SAID)
    expect(await read(one.receipt)).toMatchObject(SAID)
    expect(await count(db, UNSEALED, [one.receipt])).toBe(0)
  })

  it('what that one stores is read at once, and sealed', async () => {
    const receipt = await holdBefore(money())
    expect(await read(receipt)).toMatchObject(SAID)
    await sealAll()
    expect(await count(db, UNSEALED, [receipt])).toBe(0)
    expect(await read(receipt)).toMatchObject(SAID)
    expect(await readBefore(receipt)).toEqual(SAID)
  })

  it('what was said first stays, whoever heard it, and what is learned later is added', async () => {
    const later = { payer: '254700000000', payerName: 'OTIENO', reference: 'another' }
    const receipt = await holdBefore(money({ payerName: null }))
    await hold(money({ receipt, ...later }))
    await describeIt(money({ receipt, ...later, payerName: 'KAMAU' }))
    const kept = { ...SAID, payerName: 'OTIENO' }
    expect(await read(receipt)).toMatchObject(kept)
    expect(await readBefore(receipt)).toEqual(kept)
    await sealAll()
    await emptyAll()
    expect(await read(receipt)).toMatchObject(kept)
  })

  it('what that one changes or forgets is no longer there sealed', async () => {
    const { receipt } = money()
    await hold(money({ receipt }))
    await learnBefore(receipt, 'KAMAU')
    expect(await read(receipt)).toMatchObject({ ...SAID, payerName: 'KAMAU' })
    await learnBefore(receipt, null)
    await sealAll()
    expect(await read(receipt)).toMatchObject({ ...SAID, payerName: null })
  })
})

describe('once the release before is gone', () => {
  it('nothing stands open, nothing is written so, and everything is read', async () => {
    const [first, second, third, fourth] = [money(), money(), money(), money()]
    await hold(first)
    await holdBefore(second)
    await emptyAll()
    // What is not sealed yet is not lost.
    expect(await readBefore(second.receipt)).toEqual(SAID)
    await sealAll()
    await emptyAll()
    await hold(third)
    await hold({ ...fourth, ...NOTHING })
    await describeIt(fourth)
    for (const { receipt } of [first, second, third, fourth]) {
      expect(await readBefore(receipt)).toEqual(NOTHING)
      expect(await read(receipt)).toMatchObject(SAID)
    }
  })

  it('what was said first stays', async () => {
    const { receipt } = money()
    await hold(money({ receipt, payerName: null }))
    await sealAll()
    await emptyAll()
    await describeIt(money({ receipt, payer: '254700000000', payerName: 'OTIENO', reference: 'b' }))
    expect(await read(receipt)).toMatchObject({ ...SAID, payerName: 'OTIENO' })
  })

  it('sealing is no change that a restore would look at', async () => {
    const receipt = await holdBefore(money())
    const changedAt = () =>
      selectOne(db, 'SELECT updated_at FROM mpesa_receipts WHERE receipt = $1', [receipt])
    const before = await changedAt()
    await sealAll()
    await emptyAll()
    expect(await changedAt()).toEqual(before)
  })
})

it('a search looks at more than it shows, and goes on where it stopped', async () => {
  const fresh = await createTestDatabase()
  try {
    await select(
      fresh,
      `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status, story_id, payer_name, created_at)
       SELECT 'UKM' || lpad(n::text, 7, '0'), 100, 'hand', 'unmatched', gen_random_uuid(), 'NOBODY', now() - make_interval(secs => 5000 - n)
       FROM generate_series(1, 2100) n`,
    )
    const told = money({ payerName: 'WAKESHO WA MWISHO' })
    await inTransaction(fresh, (tx) => leaveUnmatched(tx, told, NOW))
    const first = await listUnmatched(fresh, { search: 'wakesho', limit: 5 })
    expect(first).toMatchObject({ items: [], next: expect.any(String) })
    const wish = { search: 'wakesho', limit: 5, cursor: first.next ?? '' }
    expect(await listUnmatched(fresh, wish)).toMatchObject({
      items: [{ receipt: told.receipt }],
      next: null,
    })
  } finally {
    await fresh.drop()
  }
})

it('the migration seals what it finds, and leaves it open to a release before that was ever at work', async () => {
  const fresh = await createTestDatabase()
  const NAME = '0115-sealed-receipts'
  const again = async () => {
    await select(fresh.owner, 'DELETE FROM migrations WHERE name = $1', [NAME])
    return migrateDatabase(fresh.migrationUrl, MIGRATIONS, testVault)
  }
  try {
    await select(
      fresh,
      "INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status, payer) VALUES ('UKM0000001', 100, 'hand', 'unmatched', '254733944444')",
    )
    expect(await again()).toEqual([NAME])
    expect(await count(fresh, 'mpesa_receipts WHERE payer_sealed IS NULL')).toBe(0)
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
