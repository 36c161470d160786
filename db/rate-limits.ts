/** The counters of sliding windows (domain/sliding-window.ts), shared by all processes. */
import type { Window } from '../domain/sliding-window.ts'
import { select, WITHOUT_WAITING, type Database } from './connection.ts'
import { prepared } from './prepared.ts'

export type Hit = { key: Buffer; windowMs: number }

const windowOf = (windowMs: number, now: Date): number =>
  Math.floor(now.getTime() / windowMs) * windowMs

/** Always in the order of their keys, so that two that count the same things never wait for each other. */
const arraysOf = (hits: readonly Hit[], now: Date) => {
  const sorted = hits.toSorted((left, right) => Buffer.compare(left.key, right.key))
  return [
    sorted.map(({ key }) => key),
    sorted.map(({ windowMs }) => new Date(windowOf(windowMs, now))),
    sorted.map(({ windowMs }) => new Date(windowOf(windowMs, now) - windowMs)),
  ]
}

type Seen = { key: Buffer; hits: number; before: number }

const COUNT = prepared(
  `WITH asked AS (
       SELECT * FROM unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY
         AS a(key, start, before, nth), ${WITHOUT_WAITING}
     ), counted AS (
       INSERT INTO rate_limits (key, window_start, hits) SELECT key, start, 1 FROM asked ORDER BY nth
       ON CONFLICT (key, window_start) DO UPDATE SET hits = rate_limits.hits + 1
       RETURNING key, hits
     )
     SELECT asked.key, counted.hits, coalesce(last.hits, 0) AS before
     FROM counted JOIN asked USING (key)
       LEFT JOIN rate_limits last ON last.key = asked.key AND last.window_start = asked.before`,
)

/** Counts this attempt under every key and answers, in their order, the windows with it. */
export async function countHits(db: Database, hits: readonly Hit[], now: Date): Promise<Window[]> {
  const rows = await select<Seen>(db, COUNT, arraysOf(hits, now))
  return hits.map(({ key, windowMs }) => {
    const seen = rows.find((row) => row.key.equals(key))
    const elapsedMs = now.getTime() - windowOf(windowMs, now)
    return { hits: seen?.hits ?? 1, before: seen?.before ?? 0, elapsedMs, windowMs }
  })
}

/** Takes one back under every key: it was counted before it turned out to be harmless. */
export async function forgiveHits(db: Database, hits: readonly Hit[], now: Date): Promise<void> {
  await select(
    db,
    `UPDATE rate_limits r SET hits = hits - 1
     FROM unnest($1::bytea[], $2::timestamptz[]) AS a(key, start)
     WHERE r.key = a.key AND r.window_start = a.start AND hits > 0`,
    arraysOf(hits, now).slice(0, 2),
  )
}
