/** The queue of Daraja's reports: each is handed on until it gets through, and none waits for another. */
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { select, selectOne } from '../../db/connection.ts'
import type { StoredMessage } from '../../db/provider-messages.ts'
import { deliverSome, type Deliver } from '../../workers/reports.ts'
import { buildMessage, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
afterEach(() => select(db.owner, 'DELETE FROM provider_messages RETURNING id'))

const log = { warn: jest.fn(), info: jest.fn(), error: jest.fn() }
const some = (deliver: Deliver) => deliverSome({ db, log: log as never }, deliver)
const waiting = () => count(db, 'provider_messages WHERE delivered_at IS NULL')

const build = async (reports: number): Promise<string[]> => {
  const ids = Array.from({ length: reports }, () => randomUUID())
  for (const id of ids) await buildMessage(db, id, { id })
  return ids
}
/** As if as much time had gone by as the longest wait is. */
const later = () =>
  select(db, "UPDATE provider_messages SET try_at = try_at - interval '10 seconds' RETURNING id")

/** The one that was stored last has waited longest, so that the table's own order says nothing. */
const turnRound = (ids: string[]) =>
  select(
    db,
    `UPDATE provider_messages SET
       try_at = now() - make_interval(secs => array_position($1::uuid[], subject_id)) RETURNING id`,
    [ids],
  )

it('all are handed on, the oldest first, and none twice', async () => {
  const ids = await build(20)
  await turnRound(ids)
  const heard: string[] = []
  const hear = async ({ subjectId }: StoredMessage) => void heard.push(subjectId)
  expect(await some(hear)).toBe(true)
  expect(heard).toEqual(ids.toReversed().slice(0, 8))
  while (await some(hear));
  expect(await some(hear)).toBe(false)
  expect(heard).toEqual(ids.toReversed())
  expect(await waiting()).toBe(0)
})

it('those that do not get through are in nobody’s way, and are tried again', async () => {
  const lost = await build(8)
  const away = () => Promise.reject(new Error('Temporal is away'))
  await some(away)
  expect(await waiting()).toBe(8)
  const next = await build(1)
  const heard: string[] = []
  const hear = async ({ subjectId }: StoredMessage) => void heard.push(subjectId)
  await some(hear)
  expect(heard).toEqual(next)
  await later()
  await some(hear)
  expect(heard.toSorted()).toEqual([...lost, ...next].toSorted())
  expect(log.warn).toHaveBeenCalledTimes(1)
})

it('one waits longer each time, but never long', async () => {
  await build(1)
  const waits: number[] = []
  for (let time = 0; time < 6; time += 1) {
    await some(() => Promise.reject(new Error('Temporal is away')))
    const row = await selectOne<{ wait: string }>(
      db,
      'SELECT round(extract(epoch FROM try_at - clock_timestamp())) AS wait FROM provider_messages',
    )
    waits.push(Number(row?.wait))
    await later()
  }
  expect(waits).toEqual([1, 2, 4, 8, 10, 10])
})

it('two workers share them', async () => {
  await build(16)
  const heard: string[] = []
  let meet = () => undefined as void
  const both = new Promise<void>((resolve) => (meet = resolve))
  const hear = async ({ subjectId }: StoredMessage) => {
    heard.push(subjectId)
    if (heard.length === 16) meet()
    await both
  }
  await Promise.all([some(hear), some(hear)])
  expect(new Set(heard).size).toBe(16)
  expect(await waiting()).toBe(0)
})

it('a worker that dies before it has noted them leaves them to the next', async () => {
  const ids = await build(2)
  const heard: string[] = []
  const hear = async ({ subjectId }: StoredMessage) => void heard.push(subjectId)
  const dies = some(async () => {
    await select(
      db,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction'`,
    )
  })
  await expect(dies).rejects.toThrow()
  expect(await waiting()).toBe(2)
  await some(hear)
  expect(heard.toSorted()).toEqual(ids.toSorted())
})
