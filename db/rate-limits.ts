/** The counters of sliding windows (domain/sliding-window.ts), shared by all processes. */
import type { Window } from '../domain/sliding-window.ts'
import { select, WITHOUT_WAITING, type Database } from './connection.ts'
import { prepared } from './prepared.ts'

export type Hit = { key: Buffer; windowMs: number }
export type Hits = Hit & { times: number }

const windowOf = (windowMs: number, now: Date): number =>
  Math.floor(now.getTime() / windowMs) * windowMs

/** Always in the order of their keys, so that two that count the same things never wait for each other. */
const arraysOf = <H extends Hit>(hits: readonly H[], now: Date) => {
  const sorted = hits.toSorted((left, right) => Buffer.compare(left.key, right.key))
  return {
    sorted,
    keys: sorted.map(({ key }) => key),
    starts: sorted.map(({ windowMs }) => new Date(windowOf(windowMs, now))),
    befores: sorted.map(({ windowMs }) => new Date(windowOf(windowMs, now) - windowMs)),
  }
}

type Seen = { key: Buffer; hits: number; before: number }

const COUNT = prepared(
  `WITH asked AS (
       SELECT * FROM unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[], $4::integer[]) WITH ORDINALITY
         AS a(key, start, before, times, nth), ${WITHOUT_WAITING}
     ), counted AS (
       INSERT INTO rate_limits (key, window_start, hits) SELECT key, start, times FROM asked ORDER BY nth
       ON CONFLICT (key, window_start) DO UPDATE SET hits = rate_limits.hits + EXCLUDED.hits
       RETURNING key, hits
     )
     SELECT asked.key, counted.hits, coalesce(last.hits, 0) AS before
     FROM counted JOIN asked USING (key)
       LEFT JOIN rate_limits last ON last.key = asked.key AND last.window_start = asked.before`,
)

/** Counts so many attempts under every key, each of which is named once, and answers, in their order, the windows with them. */
export async function addHits(db: Database, hits: readonly Hits[], now: Date): Promise<Window[]> {
  const { sorted, keys, starts, befores } = arraysOf(hits, now)
  const times = sorted.map((hit) => hit.times)
  const rows = await select<Seen>(db, COUNT, [keys, starts, befores, times])
  const byKey = new Map(rows.map((row) => [row.key.toString('hex'), row]))
  return hits.map(({ key, windowMs, times: own }) => {
    const seen = byKey.get(key.toString('hex'))
    const elapsedMs = now.getTime() - windowOf(windowMs, now)
    return { hits: seen?.hits ?? own, before: seen?.before ?? 0, elapsedMs, windowMs }
  })
}

/** Counts this attempt under every key and answers, in their order, the windows with it. */
export const countHits = (db: Database, hits: readonly Hit[], now: Date): Promise<Window[]> =>
  addHits(
    db,
    hits.map((hit) => ({ ...hit, times: 1 })),
    now,
  )

/** Takes one back under every key: it was counted before it turned out to be harmless. */
export async function forgiveHits(db: Database, hits: readonly Hit[], now: Date): Promise<void> {
  const { keys, starts } = arraysOf(hits, now)
  await select(
    db,
    `UPDATE rate_limits r SET hits = hits - 1
     FROM unnest($1::bytea[], $2::timestamptz[]) AS a(key, start)
     WHERE r.key = a.key AND r.window_start = a.start AND hits > 0`,
    [keys, starts],
  )
}
