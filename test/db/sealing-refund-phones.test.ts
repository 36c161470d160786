/** Phones that money goes back to are sealed beside a release that knows nothing of it: both send by them, and nothing is left open in the end. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { beat } from '../../db/heartbeats.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { decideNamedPhone, nameRefundPhone } from '../../db/refund-phones.ts'
import { findRefund } from '../../db/refund-rows.ts'
import { parkRefund, refuseRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { emptyOpenRefunds, sealOpenRefunds } from '../../db/sealing-refund-phones.ts'
import { shillings } from '../../domain/money.ts'
import type { NamedPhoneWord } from '../../domain/refunds.ts'
import { buildBooking, buildPaid, count, NOW } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
/** A release from before may be at work. */
beforeEach(() =>
  select(db.owner, "INSERT INTO read_by_older_release VALUES ('refunds') ON CONFLICT DO NOTHING"),
)

const OTHER = '+254733000111'

/** Money that M-Pesa refused to pay out, and the phone it was for. */
async function buildStuck(on: TestDatabase = db) {
  const booking = await buildBooking(on)
  const { paymentId, phone } = await buildPaid(on, booking, booking.held.total)
  const id = randomUUID()
  const wish = { refundId: id, paymentId, amount: shillings(500), reason: 'as tested' }
  const policy = { approvalAbove: shillings(20_000), now: NOW }
  await inTransaction(on, async (tx) => {
    await openRefund(tx, { ...wish, actorId: 'clerk', askedBy: 'person' }, policy)
    await refuseRefund(tx, id, '2040')
    await parkRefund(tx, id, 'as tested', NOW)
  })
  return { id, phone }
}
const name = (id: string) =>
  inTransaction(db, (tx) => nameRefundPhone(tx, id, { actorId: 'finance', phone: OTHER }))
const decide = (id: string, word: NamedPhoneWord) =>
  inTransaction(db, (tx) =>
    decideNamedPhone(tx, id, { word, phone: OTHER, actorId: 'manager', note: null, now: NOW }),
  )
const read = async (id: string) => {
  const refund = await findRefund(db, id)
  return { phone: refund?.phone, namedPhone: refund?.namedPhone }
}

/** As the release before reads and writes them. */
const readBefore = (id: string, on: TestDatabase = db) =>
  selectOne<{ phone: string | null; namedPhone: string | null }>(
    on,
    'SELECT phone, named_phone AS "namedPhone" FROM refunds WHERE id = $1',
    [id],
  )
const changeBefore = (id: string, set: string) =>
  select(db, `UPDATE refunds SET ${set} WHERE id = $1 RETURNING id`, [id])
const nameBefore = (id: string) =>
  changeBefore(
    id,
    `named_phone = '${OTHER}', named_by = 'finance', named_from = status, status = 'awaiting_approval'`,
  )
const APPROVE_BEFORE =
  "status = 'approved', method = 'payout', phone = named_phone, named_phone = NULL, named_by = NULL, named_from = NULL"

const sealAll = async () => {
  while (await sealOpenRefunds(db));
}
const emptyAll = async () => {
  while (await emptyOpenRefunds(db));
}
const UNSEALED = 'refunds WHERE id = $1 AND (phone_sealed IS NULL OR named_phone_sealed IS NULL)'

describe('beside the release before', () => {
  it('both phones are sealed, and written as that one reads them', async () => {
    const { id, phone } = await buildStuck()
    await name(id)
    expect(await read(id)).toEqual({ phone, namedPhone: OTHER })
    expect(await readBefore(id)).toEqual({ phone, namedPhone: OTHER })
    expect(await count(db, UNSEALED, [id])).toBe(0)
  })

  it('what that one names is read at once, sealed, and agreed to by this one', async () => {
    const { id, phone } = await buildStuck()
    await nameBefore(id)
    expect(await read(id)).toEqual({ phone, namedPhone: OTHER })
    await sealAll()
    expect(await count(db, UNSEALED, [id])).toBe(0)
    expect(await decide(id, 'approve')).toEqual({ outcome: 'approved' })
    expect(await read(id)).toEqual({ phone: OTHER, namedPhone: null })
    expect(await readBefore(id)).toEqual({ phone: OTHER, namedPhone: null })
  })

  it('what this one names is agreed to by that one, and the phone before is nowhere sealed any more', async () => {
    const { id } = await buildStuck()
    await name(id)
    await changeBefore(id, APPROVE_BEFORE)
    expect(await read(id)).toEqual({ phone: OTHER, namedPhone: null })
    await sealAll()
    await emptyAll()
    expect(await read(id)).toEqual({ phone: OTHER, namedPhone: null })
  })

  it('what that one forgets is no longer there sealed', async () => {
    const { id } = await buildStuck()
    await changeBefore(id, 'phone = NULL')
    expect((await read(id)).phone).toBeNull()
  })
})

describe('once the release before is gone', () => {
  const gone = async () => {
    await sealAll()
    await emptyAll()
  }

  it('nothing stands open, nothing is written so, and everything is read', async () => {
    const first = await buildStuck()
    await name(first.id)
    await gone()
    const second = await buildStuck()
    await name(second.id)
    for (const { id, phone } of [first, second]) {
      expect(await readBefore(id)).toEqual({ phone: null, namedPhone: null })
      expect(await read(id)).toEqual({ phone, namedPhone: OTHER })
    }
  })

  it.each<[NamedPhoneWord, string | null]>([
    ['approve', OTHER],
    ['decline', null],
  ])('the word %s about a named phone leaves the right one', async (word, taken) => {
    await gone()
    const { id, phone } = await buildStuck()
    await name(id)
    await decide(id, word)
    expect(await read(id)).toEqual({ phone: taken ?? phone, namedPhone: null })
    expect(await readBefore(id)).toEqual({ phone: null, namedPhone: null })
  })

  it('a named phone waits for somebody, and nobody waits for none', async () => {
    await gone()
    const { id } = await buildStuck()
    const broken = [
      "named_by = 'finance', named_from = status, status = 'awaiting_approval'",
      "named_phone_sealed = '\\x01'",
    ]
    for (const set of broken)
      await expect(changeBefore(id, set)).rejects.toThrow('refunds_named_whole')
  })

  it('sealing is no change that a restore would look at', async () => {
    const { id } = await buildStuck()
    const changedAt = () => selectOne(db, 'SELECT updated_at FROM refunds WHERE id = $1', [id])
    const before = await changedAt()
    await select(db.owner, 'ALTER TABLE refunds DISABLE TRIGGER USER')
    await select(db, 'UPDATE refunds SET phone_sealed = NULL WHERE id = $1 RETURNING id', [id])
    await select(db.owner, 'ALTER TABLE refunds ENABLE TRIGGER USER')
    await gone()
    expect(await changedAt()).toEqual(before)
    expect(await readBefore(id)).toEqual({ phone: null, namedPhone: null })
  })
})

it('the phone of one refund is not read as that of another', async () => {
  const [one, other] = [await buildStuck(), await buildStuck()]
  await select(
    db,
    `UPDATE refunds r SET phone_sealed = o.phone_sealed, phone = o.phone FROM refunds o
     WHERE r.id = $1 AND o.id = $2 RETURNING r.id`,
    [one.id, other.id],
  )
  await expect(read(one.id)).rejects.toThrow()
})

it('the migration seals what it finds, and leaves it open to a release before that was ever at work', async () => {
  const fresh = await createTestDatabase()
  const NAME = '0113-sealed-refund-phones'
  const again = async () => {
    await select(fresh.owner, 'DELETE FROM migrations WHERE name = $1', [NAME])
    return migrateDatabase(fresh.migrationUrl, MIGRATIONS, testVault)
  }
  try {
    const { id, phone } = await buildStuck(fresh)
    await select(
      fresh,
      'UPDATE refunds SET phone = $2, phone_sealed = NULL WHERE id = $1 RETURNING id',
      [id, phone],
    )
    expect(await again()).toEqual([NAME])
    expect(await count(fresh, 'refunds WHERE phone_sealed IS NULL')).toBe(0)
    expect(await count(fresh, 'read_by_older_release')).toBe(0)
    await inTransaction(fresh, (tx) =>
      beat(tx, { part: 'business', instance: 'a', version: '0.1.0', detail: null }),
    )
    await again()
    expect(await count(fresh, 'read_by_older_release')).toBe(1)
    expect(await readBefore(id, fresh)).toMatchObject({ phone })
  } finally {
    await fresh.drop()
  }
})
