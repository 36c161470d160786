/**
 * The relay: takes rows from the outbox in order, publishes them, deletes them. One leader at a time, by an
 * advisory lock, keeps the order of each key. A crash between publishing and deleting repeats events; it never
 * loses one.
 */
import { CloudEvent } from 'cloudevents'
import { inTransaction } from '../db/connection.ts'
import {
  deleteOutboxRows,
  isOutboxWaiting,
  leadOutbox,
  takeOutboxBatch,
  type OutboxRow,
} from '../db/outbox.ts'
import { TOPICS } from '../domain/events.ts'
import type { EventLog } from '../gateways/kafka.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const BATCH = 200
const REST_MS = 40
const LONGEST_REST_MS = 5_000

export const toCloudEvent = (
  row: OutboxRow,
): { key: string; value: string; headers: Record<string, string> } => {
  const event = new CloudEvent({
    id: row.eventId,
    type: `gari.${row.type}.v1`,
    source: 'gari',
    subject: row.key,
    time: row.createdAt.toISOString(),
    datacontenttype: 'application/json',
    sequence: String(row.version),
    data: row.data,
  })
  return {
    key: row.key,
    value: JSON.stringify(event),
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8', id: row.eventId },
  }
}

/** Publishes one batch inside the transaction that deletes it: what was not acknowledged stays. */
async function relay(world: World, kafka: EventLog): Promise<boolean> {
  return inTransaction(world.db, async (tx) => {
    if (!(await leadOutbox(tx))) return false
    const rows = await takeOutboxBatch(tx, BATCH)
    const byTopic = groupByTopic(rows)
    for (const [topic, batch] of byTopic) await kafka.publishBatch(topic, batch.map(toCloudEvent))
    if (rows.length > 0)
      await deleteOutboxRows(
        tx,
        rows.map((row) => row.id),
      )
    return rows.length === BATCH
  })
}

const groupByTopic = (rows: OutboxRow[]): Map<string, OutboxRow[]> => {
  const groups = new Map<string, OutboxRow[]>()
  for (const row of rows) groups.set(row.topic, [...(groups.get(row.topic) ?? []), row])
  return groups
}

export function startOutbox(world: World, kafka: EventLog): Running {
  let ready = false
  return startLoop(world, {
    name: 'outbox',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      if (!ready) await kafka.ensureTopics(Object.values(TOPICS))
      ready = true
      return (await isOutboxWaiting(world.db)) && relay(world, kafka)
    },
  })
}
