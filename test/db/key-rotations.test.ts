/** Each person's key moves from one master key to another, and nobody's words are lost on the way. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne, type Database } from '../../db/connection.ts'
import { beginRotation, countKeys, endRotation, rewrapSome } from '../../db/key-rotations.ts'
import type { KeyRotationInput, RotationPlace, RotationStep } from '../../domain/key-rotation.ts'
import { UnreadableValue } from '../../domain/vault.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  isRead,
  M0,
  M1,
  M2,
  M3,
  processWith,
  sealMany,
  sealNew,
  vaultWith,
} from '../support/masters.ts'

let db: TestDatabase
/** Between the two rounds of a change: everybody knows both, these wrap by the former one. */
let before: Database
let after: Database
beforeAll(async () => {
  db = await createTestDatabase()
  before = processWith(db.url, M1, M2)
  after = processWith(db.url, M2, M1)
})
afterAll(async () => {
  await Promise.all([before.close(), after.close()])
  await db.drop()
})
beforeEach(async () => {
  await select(db.owner, 'TRUNCATE subject_keys, key_rotations')
})

const inputOf = (keyId = 'm2'): KeyRotationInput => ({
  rotationId: randomUUID(),
  keyId,
  mark: 'not asked here',
  actorId: 'otieno',
})
const begin = (on: Database, input: KeyRotationInput) =>
  inTransaction(on, (tx) => beginRotation(tx, input))
const end = (on: Database, { rotationId }: KeyRotationInput) =>
  inTransaction(on, (tx) => endRotation(tx, rotationId, null))

/** One round; answers how many keys each of its transactions moved. */
async function round(on: Database, input: KeyRotationInput, most: number): Promise<number[]> {
  const steps: number[] = []
  let place: RotationPlace | null = null
  do {
    const from: RotationPlace | null = place
    const step: RotationStep = await inTransaction(on, (tx) => rewrapSome(tx, input, from, most))
    steps.push(step.moved)
    place = step.place
  } while (place)
  return steps
}

const entries = (id: string) =>
  select<{ action: string; actor: string }>(
    db.owner,
    'SELECT action, actor FROM audit_entries WHERE entity_id = $1 ORDER BY id',
    [id],
  )

describe('a rotation', () => {
  it('moves a few keys in each transaction, and both processes read what was written before', async () => {
    const people = await sealMany(before, vaultWith(M1), 25)
    const input = inputOf()
    expect(await begin(after, input)).toEqual({ toMove: 25, refused: null })
    expect(await round(after, input, 10)).toEqual([10, 10, 5])
    expect(await countKeys(db)).toEqual([{ keyId: 'm2', rows: 25 }])
    expect(await end(after, input)).toEqual({
      rotationId: input.rotationId,
      keyId: 'm2',
      status: 'finished',
      rewrapped: 25,
      left: [],
      unneeded: ['m1'],
      why: null,
    })
    for (const one of people)
      for (const each of [before, after]) expect(await isRead(each, one)).toBe(true)
  })

  it('leaves whoever is being written for the next round', async () => {
    const [first, ...others] = await sealMany(before, vaultWith(M1), 6)
    const input = inputOf()
    await begin(after, input)
    await inTransaction(before, async (tx) => {
      await select(tx, 'SELECT FROM subject_keys WHERE subject_id = $1 FOR UPDATE', [
        first?.subjectId,
      ])
      expect(await round(after, input, 10)).toEqual([others.length])
    })
    expect(await round(after, input, 10)).toEqual([1])
  })

  it('finds whom a process that is behind has made since', async () => {
    const behind = processWith(db.url, M1)
    try {
      const [known] = await sealMany(before, vaultWith(M1), 1)
      const input = inputOf()
      await begin(after, input)
      await round(after, input, 10)
      const late = await sealNew(behind)
      await expect(isRead(behind, known!)).rejects.toThrow(new UnreadableValue('no master key m2'))
      expect(await round(after, input, 10)).toEqual([1])
      expect(await isRead(after, late)).toBe(true)
      expect(await end(after, input)).toMatchObject({ status: 'finished', rewrapped: 2 })
    } finally {
      await behind.close()
    }
  })

  it('is begun once and ended once, however often it is told to', async () => {
    await sealMany(before, vaultWith(M1), 3)
    const input = inputOf()
    await begin(after, input)
    await begin(after, input)
    await round(after, input, 10)
    const ended = await end(after, input)
    await sealMany(before, vaultWith(M1), 1)
    expect(await end(after, input)).toEqual(ended)
    expect(await entries(input.rotationId)).toEqual([
      { action: 'master_key.rotation_started', actor: 'otieno' },
      { action: 'master_key.rotation_ended', actor: 'gari' },
    ])
  })

  it('ends one that was under way to another key, which then moves nothing more', async () => {
    await sealMany(before, vaultWith(M1), 3)
    const [first, second] = [inputOf('m2'), inputOf('m3')]
    await begin(after, first)
    const newest = processWith(db.url, M3, M2, M1)
    try {
      await begin(newest, second)
      const step = await inTransaction(after, (tx) => rewrapSome(tx, first, null))
      expect(step).toEqual({ place: null, moved: 0, isReplaced: true })
      expect(await end(after, first)).toMatchObject({ status: 'stopped', rewrapped: 0 })
      expect(await round(newest, second, 10)).toEqual([3])
    } finally {
      await newest.close()
    }
  })
})

describe('a rotation that cannot move everything', () => {
  it('moves the rest, and says how many keys which missing master key still wraps', async () => {
    await sealMany(before, vaultWith(M0), 2)
    await sealMany(before, vaultWith(M1), 3)
    const input = inputOf()
    expect(await begin(after, input)).toEqual({ toMove: 5, refused: null })
    expect(await round(after, input, 10)).toEqual([3])
    const ended = await end(after, input)
    expect(ended).toMatchObject({ status: 'stopped', rewrapped: 3, unneeded: [] })
    expect(ended.left).toEqual([{ keyId: 'm0', rows: 2 }])
    expect(ended.why).toBe(
      '2 keys of people are still wrapped by m0, which is not set: add it to MASTER_OLD_KEYS and begin again.',
    )
  })

  it('passes over a key that was tampered with, and says that it is there', async () => {
    const [broken] = await sealMany(before, vaultWith(M1), 3)
    await select(
      db.owner,
      "UPDATE subject_keys SET wrapped = wrapped || '\\x00'::bytea WHERE subject_id = $1",
      [broken?.subjectId],
    )
    const input = inputOf()
    await begin(after, input)
    expect(await round(after, input, 1)).toEqual([
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
      0,
    ])
    expect(await end(after, input)).toMatchObject({
      status: 'stopped',
      left: [{ keyId: 'm1', rows: 1 }],
      why: expect.stringMatching(
        /^1 key of a person is still wrapped by m1: they cannot be opened/,
      ),
    })
  })

  it('is refused where the newest key is not the one that is known by its name', async () => {
    await sealMany(after, vaultWith(M2), 1)
    const other = processWith(db.url, { keyId: 'm2', key: Buffer.alloc(32, 77) }, M1)
    try {
      const { refused } = await begin(other, inputOf())
      expect(refused).toMatch(/^MASTER_KEY is not the key that wrapped what is marked m2/)
    } finally {
      await other.close()
    }
  })
})

it('never runs beside another one', async () => {
  const insert = `INSERT INTO key_rotations (id, master_key_id, started_by) VALUES ($1, 'm2', 'x')`
  await select(db.owner, insert, [randomUUID()])
  await expect(select(db.owner, insert, [randomUUID()])).rejects.toThrow()
  expect(await selectOne(db, 'SELECT count(*)::int AS n FROM key_rotations')).toEqual({ n: 1 })
})
