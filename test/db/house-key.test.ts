/** What belongs to no customer is sealed by a key of the house: it moves with those of people, and outlives whoever is erased. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { connectDatabase, inTransaction, select, selectOne } from '../../db/connection.ts'
import { HOUSE, HOUSE_KEY, houseKey, placeInHouse, sealInHouse } from '../../db/house-key.ts'
import { beginRotation, countKeys, rewrapSome } from '../../db/key-rotations.ts'
import { openColumn, type OwnKey } from '../../db/sealed-columns.ts'
import { reveal } from '../../db/subject-keys.ts'
import { buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'
import { ask, eraseWhole, look } from '../support/forgetting.ts'
import { M1, M2, processWith } from '../support/masters.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

const NOTE = placeInHouse('provider_messages', 'body_sealed', randomUUID())
const sealNote = async (on: Parameters<typeof sealInHouse>[0]) => {
  const [sealed] = await sealInHouse(on, [{ place: NOTE, text: 'what was said' }])
  return sealed ?? Buffer.alloc(0)
}
const houseRows = () => count(db, 'subject_keys WHERE subject_id = $1', [HOUSE])

it('is asked for once by a process, and two at once get the same', async () => {
  const asked: string[] = []
  const on = connectDatabase({
    url: db.url,
    applicationName: 'gari-tests',
    vault: testVault,
    log: (sql) => asked.push(sql),
  })
  try {
    const [one, other] = await Promise.all([houseKey(on), houseKey(db)])
    expect(one).toEqual(other)
    asked.length = 0
    await sealNote(on)
    expect(asked).toEqual([])
  } finally {
    await on.close()
  }
  expect(await houseRows()).toBe(1)
})

it('is asked for once also by who works in transactions alone', async () => {
  await houseKey(db)
  const asked: string[] = []
  const on = connectDatabase({
    url: db.url,
    applicationName: 'gari-tests',
    vault: testVault,
    log: (sql) => asked.push(sql),
  })
  try {
    for (const _ of [1, 2, 3]) await inTransaction(on, (tx) => sealNote(tx))
  } finally {
    await on.close()
  }
  expect(asked.filter((sql) => sql.includes('subject_keys'))).toHaveLength(1)
})

it('comes along with what is read', async () => {
  const sealed = await sealNote(db)
  const row = await selectOne<{ key: OwnKey }>(db, `SELECT ${HOUSE_KEY} AS key`)
  expect(openColumn(db, row?.key ?? null, NOTE, sealed)).toBe('what was said')
})

it('that was made by a transaction that is taken back is used by nobody', async () => {
  const taken = inTransaction(db, async (tx) => {
    await sealNote(tx)
    await sealNote(tx)
    throw new Error('taken back')
  })
  await expect(taken).rejects.toThrow('taken back')
  const sealed = await sealNote(db)
  expect(await houseRows()).toBe(1)
  expect(await reveal(db, NOTE, sealed)).toBe('what was said')
})

it('moves to the next master key with those of people; who has it in memory goes on', async () => {
  // Those that only other processes can open.
  await select(db.owner, 'TRUNCATE subject_keys')
  const during = processWith(db.url, M2, M1)
  const [before, after] = [processWith(db.url, M1, M2), processWith(db.url, M2)]
  try {
    const early = await sealNote(before)
    const input = { rotationId: randomUUID(), keyId: 'm2', mark: 'not asked here', actorId: 'a' }
    await inTransaction(during, (tx) => beginRotation(tx, input))
    await inTransaction(during, (tx) => rewrapSome(tx, input, null))
    expect(await countKeys(db)).toEqual([{ keyId: 'm2', rows: 1 }])
    const late = await sealNote(before)
    expect(await reveal(after, NOTE, early)).toBe('what was said')
    expect(await reveal(after, NOTE, late)).toBe('what was said')
  } finally {
    await Promise.all([before.close(), during.close(), after.close()])
  }
})

it('outlives whoever is erased', async () => {
  const sealed = await sealNote(db)
  const userId = await buildCustomer(db)
  const { id } = await ask(db, userId)
  await look(db, id)
  await eraseWhole(db, id)
  expect(await count(db, 'users WHERE id = $1 AND erased_at IS NOT NULL', [userId])).toBe(1)
  expect(await reveal(db, NOTE, sealed)).toBe('what was said')
})
