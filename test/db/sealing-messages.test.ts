/** What providers say is sealed beside a release that knows nothing of it: both hear it once, and nothing is left open in the end. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { connectDatabase, inTransaction, select, type Database } from '../../db/connection.ts'
import { beat } from '../../db/heartbeats.ts'
import { HOUSE, houseKey } from '../../db/house-key.ts'
import { beginRotation, rewrapSome } from '../../db/key-rotations.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { stopWritingOpen } from '../../db/older-release.ts'
import { FORGOTTEN_BODY } from '../../db/provider-message-bodies.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { emptyOpenMessages, sealOpenMessages } from '../../db/sealing-provider-messages.ts'
import type { Vault } from '../../domain/vault.ts'
import { createVault } from '../../gateways/vault.ts'
import { count } from '../support/builders.ts'
import {
  createTestDatabase,
  TEST_MASTER,
  testVault,
  type TestDatabase,
} from '../support/database.ts'
import { readTold } from '../support/told.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
/** A release from before may be at work. */
beforeEach(() =>
  select(
    db.owner,
    "INSERT INTO read_by_older_release VALUES ('provider_messages') ON CONFLICT DO NOTHING",
  ),
)

const aBody = () => ({ Body: { phone: 254733944444, name: 'ATIENO', receipt: randomUUID() } })
const store = (body: object, subjectId: string = randomUUID(), on: Database = db) =>
  storeMessage(on, { kind: 'stk_callback', subjectId, body, sourceIp: null })

/** As the release before stores one: false where it knows it already. */
async function storeBefore(body: object, subjectId: string = randomUUID()) {
  const text = JSON.stringify(body)
  const rows = await select<{ id: string }>(
    db,
    `INSERT INTO provider_messages (kind, subject_id, body, body_hash) VALUES ('stk_callback', $1, $2::jsonb, $3)
     ON CONFLICT DO NOTHING RETURNING id`,
    [subjectId, text, createHash('sha256').update(text).digest()],
  )
  return { isNew: rows.length === 1, subjectId }
}
/** As the release before reads them. */
const readBefore = async (subjectId: string) =>
  (
    await select<{ body: unknown }>(
      db,
      'SELECT body FROM provider_messages WHERE subject_id = $1',
      [subjectId],
    )
  ).map(({ body }) => body)
const read = async (subjectId: string, on: Database = db) =>
  (await readTold(on, 'm.subject_id = $1', [subjectId])).map(({ body }) => body)
const sealAll = async () => {
  while (await sealOpenMessages(db));
}
const emptyAll = async () => {
  while (await emptyOpenMessages(db));
}
const countSealed = (subjectId: string) =>
  count(db, 'provider_messages WHERE subject_id = $1 AND body_sealed IS NOT NULL', [subjectId])
const ONE = { pool: 1, applicationName: 'gari-tests' }

describe('beside the release before', () => {
  it('what is said is sealed, and written as that one reads it', async () => {
    const [body, subjectId] = [aBody(), randomUUID()]
    expect(await store(body, subjectId)).toMatchObject({ repeat: false })
    expect(await readBefore(subjectId)).toEqual([body])
    expect(await read(subjectId)).toEqual([body])
    expect(await countSealed(subjectId)).toBe(1)
  })

  it('what both are told is one message, whoever hears it first', async () => {
    const [body, other] = [aBody(), aBody()]
    const { subjectId } = await storeBefore(body)
    expect(await store(body, subjectId)).toMatchObject({ repeat: true })
    await store(other, subjectId)
    expect((await storeBefore(other, subjectId)).isNew).toBe(false)
    expect(await read(subjectId)).toEqual([body, other])
  })

  it('what that one stores is read at once, and sealed', async () => {
    const body = aBody()
    const { subjectId } = await storeBefore(body)
    expect(await read(subjectId)).toEqual([body])
    await sealAll()
    expect(await countSealed(subjectId)).toBe(1)
    expect(await readBefore(subjectId)).toEqual([body])
    expect(await read(subjectId)).toEqual([body])
  })

  it('what that one forgets is forgotten sealed as well, and is nothing to seal', async () => {
    const subjectId = randomUUID()
    await store(aBody(), subjectId)
    await select(
      db,
      `UPDATE provider_messages SET body = '${FORGOTTEN_BODY}', body_hash = sha256(id::text::bytea) WHERE subject_id = $1`,
      [subjectId],
    )
    await sealAll()
    expect(await countSealed(subjectId)).toBe(0)
    expect(await read(subjectId)).toEqual([{ erased: true }])
  })
})

describe('once the release before is gone', () => {
  it('nothing stands open, nothing is written so, and everything is read', async () => {
    const [first, second, third] = [aBody(), aBody(), aBody()]
    const subjectId = randomUUID()
    await store(first, subjectId)
    await storeBefore(second, subjectId)
    await emptyAll()
    // What is not sealed yet is not lost.
    expect(await readBefore(subjectId)).toEqual(expect.arrayContaining([null, second]))
    await sealAll()
    await emptyAll()
    await store(third, subjectId)
    expect(await count(db, 'provider_messages WHERE body IS NOT NULL')).toBe(0)
    expect(await read(subjectId)).toEqual([first, second, third])
  })

  it('what was said before is known again, by no hash that tells what was said', async () => {
    const [first, second, subjectId] = [aBody(), aBody(), randomUUID()]
    const { messageId } = await store(first, subjectId)
    await sealAll()
    await emptyAll()
    expect(await store(first, subjectId)).toEqual({ messageId, repeat: true })
    const kept = await store(second, subjectId)
    expect(await store(second, subjectId)).toEqual({ ...kept, repeat: true })
    const plain = [first, second].map((body) =>
      createHash('sha256').update(JSON.stringify(body)).digest(),
    )
    expect(await count(db, 'provider_messages WHERE body_hash IN ($1, $2)', plain)).toBe(0)
  })

  it('what was said before is known again before it is emptied, too', async () => {
    const [body, subjectId] = [aBody(), randomUUID()]
    const { messageId } = await store(body, subjectId)
    await inTransaction(db, (tx) => stopWritingOpen(tx, 'provider_messages'))
    expect(await store(body, subjectId)).toEqual({ messageId, repeat: true })
    expect(await read(subjectId)).toEqual([body])
  })

  it('one that was stored in both forms at one moment is emptied too', async () => {
    const [body, subjectId] = [aBody(), randomUUID()]
    await emptyAll()
    await store(body, subjectId)
    await storeBefore(body, subjectId)
    await sealAll()
    await emptyAll()
    expect(await readBefore(subjectId)).toEqual([null, null])
    expect(await store(body, subjectId)).toMatchObject({ repeat: true })
  })
})

describe('the key', () => {
  it('is asked for once by a process, so that the door needs no statement more', async () => {
    const asked: string[] = []
    const log = (sql: string) => asked.push(sql)
    const on = connectDatabase({ ...ONE, url: db.url, vault: testVault, log })
    try {
      await store(aBody(), randomUUID(), on)
      asked.length = 0
      await store(aBody(), randomUUID(), on)
    } finally {
      await on.close()
    }
    expect(asked).toEqual([expect.stringContaining('INTO provider_messages')])
  })

  it('of a transaction that is taken back is used by nobody', async () => {
    const fresh = await createTestDatabase()
    try {
      await expect(
        inTransaction(fresh, async (tx) => {
          await houseKey(tx)
          throw new Error('taken back')
        }),
      ).rejects.toThrow('taken back')
      const subjectId = randomUUID()
      await store(aBody(), subjectId, fresh)
      expect(await count(fresh, 'subject_keys WHERE subject_id = $1', [HOUSE])).toBe(1)
      expect(await read(subjectId, fresh)).toHaveLength(1)
    } finally {
      await fresh.drop()
    }
  })

  it('moves to the next master key with those of people; who has it cached goes on, who has only the new one reads', async () => {
    const own = await createTestDatabase()
    const as = (vault: Vault) => connectDatabase({ ...ONE, url: own.url, vault })
    const next = { keyId: 'next', key: Buffer.alloc(32, 3), indexSecret: Buffer.alloc(32, 8) }
    const turning = createVault({ ...next, oldKeys: [TEST_MASTER] })
    const [during, after] = [as(turning), as(createVault(next))]
    try {
      const [body, later, subjectId] = [aBody(), aBody(), randomUUID()]
      await store(body, subjectId, own)
      const { keyId, mark } = turning.master
      const input = { rotationId: randomUUID(), keyId, mark, actorId: 'amina' }
      await inTransaction(during, (tx) => beginRotation(tx, input))
      await inTransaction(during, (tx) => rewrapSome(tx, input, null))
      const moved = 'subject_keys WHERE subject_id = $1 AND master_key_id = $2'
      expect(await count(own, moved, [HOUSE, keyId])).toBe(1)
      await store(later, subjectId, own)
      expect(await read(subjectId, after)).toEqual([body, later])
    } finally {
      await Promise.all([during.close(), after.close()])
      await own.drop()
    }
  })
})

it('the migration seals what it finds, and leaves it open to a release before that was ever at work', async () => {
  const fresh = await createTestDatabase()
  const NAME = '0114-sealed-messages'
  const again = async () => {
    await select(fresh.owner, 'DELETE FROM migrations WHERE name = $1', [NAME])
    return migrateDatabase(fresh.migrationUrl, MIGRATIONS, testVault)
  }
  try {
    await select(
      fresh,
      `INSERT INTO provider_messages (kind, subject_id, body, body_hash) VALUES ('stk_callback', gen_random_uuid(), '{"a": 1}', '\\x00')`,
    )
    expect(await again()).toEqual([NAME])
    expect(await count(fresh, 'provider_messages WHERE body_sealed IS NULL')).toBe(0)
    expect(await readTold(fresh)).toMatchObject([{ body: { a: 1 } }])
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
