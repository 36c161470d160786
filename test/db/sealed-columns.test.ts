/** Many values by few statements, keys that travel with what they open, and what is left of whom was erased. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, inTransaction, select } from '../../db/connection.ts'
import {
  licenceIndex,
  newSubject,
  openColumn,
  ownKey,
  phoneIndex,
  type OwnKey,
} from '../../db/sealed-columns.ts'
import { protect, protectAll, reveal, revealAll } from '../../db/subject-keys.ts'
import { UnreadableValue } from '../../domain/vault.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
const asked: string[] = []
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const place = (subjectId: string, row = subjectId) => ({
  subjectId,
  table: 'users',
  column: 'phone_sealed',
  row,
})
const phone = (nth: number) => `+2547123456${String(nth).padStart(2, '0')}`

/** What a connection of its own is asked while `work` is done. */
async function statementsOf(work: (own: TestDatabase) => Promise<unknown>): Promise<string[]> {
  asked.length = 0
  const log = (sql: string) => void asked.push(sql)
  const own = connectDatabase({
    url: db.url,
    pool: 1,
    applicationName: 'gari-tests',
    vault: testVault,
    log,
  })
  try {
    await work({ ...db, ...own })
  } finally {
    await own.close()
  }
  return asked.filter((sql) => sql.includes('subject_keys'))
}

describe('many values', () => {
  it('of many people are sealed by two statements and read by one', async () => {
    const people = Array.from({ length: 40 }, () => randomUUID())
    const wanted = people.flatMap((id, nth) => [
      { place: place(id), text: phone(nth) },
      { place: place(id, 'another row'), text: 'second' },
    ])
    const kept: Buffer[] = []
    const sealing = await statementsOf((own) =>
      inTransaction(own, async (tx) => void kept.push(...(await protectAll(tx, wanted)))),
    )
    expect(sealing).toHaveLength(2)
    const values = wanted.map((one, nth) => ({ place: one.place, sealed: kept[nth] as Buffer }))
    const reading = await statementsOf(async (own) =>
      expect(await revealAll(own, values)).toEqual(wanted.map(({ text }) => text)),
    )
    expect(reading).toHaveLength(1)
    expect(await count(db, 'subject_keys WHERE subject_id = ANY ($1)', [people])).toBe(40)
  })

  it('of nobody ask nothing', async () => {
    const asking = await statementsOf(async (own) => {
      expect(await revealAll(own, [])).toEqual([])
      expect(await inTransaction(own, (tx) => protectAll(tx, []))).toEqual([])
    })
    expect(asking).toEqual([])
  })

  it('that two write at once about the same people are both read', async () => {
    const people = Array.from({ length: 12 }, () => randomUUID())
    const values = (order: string[]) => order.map((id) => ({ place: place(id), text: id }))
    const write = (order: string[]) => inTransaction(db, (tx) => protectAll(tx, values(order)))
    const [one, other] = await Promise.all([write(people), write(people.toReversed())])
    const read = (order: string[], sealed: Buffer[]) =>
      revealAll(
        db,
        order.map((id, nth) => ({ place: place(id), sealed: sealed[nth] as Buffer })),
      )
    expect(await read(people, one)).toEqual(people)
    expect(await read(people.toReversed(), other)).toEqual(people.toReversed())
  })
})

describe('a key that comes with a row', () => {
  const readKey = async (id: string): Promise<OwnKey> => {
    const [row] = await select<{ key: OwnKey }>(db, `SELECT ${ownKey('$1::uuid')} AS key`, [id])
    return row?.key ?? null
  }

  it('opens what stands beside it', async () => {
    const id = randomUUID()
    const sealed = await inTransaction(db, (tx) => protect(tx, place(id), phone(1)))
    const key = await readKey(id)
    expect(openColumn(db, key, place(id), sealed)).toBe(phone(1))
    expect(openColumn(db, key, place(id), null)).toBeNull()
    expect(() => openColumn(db, key, place(id, randomUUID()), sealed)).toThrow(UnreadableValue)
  })

  it('is gone with the person, from the next statement on', async () => {
    const id = randomUUID()
    const sealed = await inTransaction(db, (tx) => protect(tx, place(id), phone(2)))
    expect(await reveal(db, place(id), sealed)).toBe(phone(2))
    await select(db, 'DELETE FROM subject_keys WHERE subject_id = $1', [id])
    expect(openColumn(db, await readKey(id), place(id), sealed)).toBeNull()
    expect(await revealAll(db, [{ place: place(id), sealed }])).toEqual([null])
    await expect(reveal(db, place(id), sealed)).rejects.toThrow(UnreadableValue)
  })

  it('of somebody new is kept by the statement that keeps what it seals', async () => {
    const id = randomUUID()
    const { masterKeyId, wrapped, seal } = newSubject(db, id)
    const sealed = seal('users', 'phone_sealed', phone(3))
    expect(seal('users', 'phone_sealed', null)).toBeNull()
    await select(
      db,
      'INSERT INTO subject_keys (subject_id, master_key_id, wrapped) VALUES ($1, $2, $3) RETURNING subject_id',
      [id, masterKeyId, wrapped],
    )
    expect(openColumn(db, await readKey(id), place(id), sealed)).toBe(phone(3))
  })
})

it('finds a phone and a licence however they were typed, and never the one by the other', () => {
  expect(phoneIndex(db, '+254 712 345-678')).toEqual(phoneIndex(db, '+254712345678'))
  expect(licenceIndex(db, 'dl 123/456')).toEqual(licenceIndex(db, 'DL123456'))
  expect(licenceIndex(db, '+254712345678')).not.toEqual(phoneIndex(db, '+254712345678'))
  expect(licenceIndex(db, ' - ')).toBeNull()
  expect(() => phoneIndex(db, '5678')).toThrow(RangeError)
})
