/** Events, appended in the transaction that made them true, and taken away once Kafka has them. */
import { topicOf, type DomainEvent, type EventData } from '../domain/events.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { prepared } from './prepared.ts'
import { toCount } from './values.ts'

export type OutboxRow = {
  id: string
  eventId: string
  topic: string
  key: string
  version: number
  type: string
  data: EventData
  createdAt: Date
}

const APPEND = prepared(
  `INSERT INTO outbox (topic, key, version, type, data)
   SELECT e.topic, e.key, e.version, e.type, e.data
   FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::jsonb[])
     WITH ORDINALITY AS e(topic, key, version, type, data, nth) ORDER BY e.nth`,
)

/**
 * Call it under the lock of the row that the key names: ids are then in commit order for each key, which is
 * what the relay's "ORDER BY id" relies on.
 */
export async function appendEvents(tx: Tx, events: DomainEvent[]): Promise<void> {
  await select(tx, APPEND, [
    events.map(({ type }) => topicOf(type)),
    events.map(({ key }) => key),
    events.map(({ version }) => version),
    events.map(({ type }) => type),
    events.map(({ data }) => JSON.stringify(data)),
  ])
}

const RELAY_LOCK = 7_261_402

/** True for one transaction at a time, so that one relay leads and each key stays in order. */
export async function leadOutbox(tx: Tx): Promise<boolean> {
  const row = await selectOne<{ led: boolean }>(tx, 'SELECT pg_try_advisory_xact_lock($1) AS led', [
    RELAY_LOCK,
  ])
  return row?.led ?? false
}

/** By the index, in which what has been deleted is passed over quickly; EXISTS would read the table. */
const WAITING = prepared('SELECT id FROM outbox ORDER BY id LIMIT 1')

/** One statement instead of a transaction, for those who ask many times a second. */
export async function isOutboxWaiting(db: Database): Promise<boolean> {
  return (await selectOne(db, WAITING)) !== null
}

const TAKE = prepared(
  `SELECT id, event_id AS "eventId", topic, key, version, type, data, created_at AS "createdAt"
   FROM outbox ORDER BY id LIMIT $1 FOR UPDATE`,
)

export async function takeOutboxBatch(tx: Tx, limit: number): Promise<OutboxRow[]> {
  const rows = await select<OutboxRow & { version: string }>(tx, TAKE, [limit])
  return rows.map((row) => ({ ...row, version: toCount(row.version) }))
}

export async function deleteOutboxRows(tx: Tx, ids: string[]): Promise<void> {
  await select(tx, 'DELETE FROM outbox WHERE id = ANY($1::bigint[])', [ids])
}

export async function countOutbox(db: Database): Promise<number> {
  const row = await selectOne<{ waiting: string }>(db, 'SELECT count(*) AS waiting FROM outbox')
  return toCount(row?.waiting ?? 0)
}
