/** A sliding window over two counters: the last window counts by the part of it that is still inside. */
import { select, selectOne, type Tx } from './connection.ts'

type Hit = { key: Buffer; windowMs: number; now: Date }

const windowOf = ({ windowMs, now }: Hit): Date =>
  new Date(Math.floor(now.getTime() / windowMs) * windowMs)

/** Counts this attempt and answers how many the last `windowMs` saw, this one included. */
export async function countHit(tx: Tx, hit: Hit): Promise<number> {
  const { key, windowMs, now } = hit
  const start = windowOf(hit)
  const before = new Date(start.getTime() - windowMs)
  const row = await selectOne<{ hits: number }>(
    tx,
    `INSERT INTO rate_limits (key, window_start, hits) VALUES ($1, $2, 1)
     ON CONFLICT (key, window_start) DO UPDATE SET hits = rate_limits.hits + 1 RETURNING hits`,
    [key, start],
  )
  const last = await selectOne<{ hits: number }>(
    tx,
    'SELECT hits FROM rate_limits WHERE key = $1 AND window_start = $2',
    [key, before],
  )
  const inside = 1 - (now.getTime() - start.getTime()) / windowMs
  return Math.floor((last?.hits ?? 0) * inside) + (row?.hits ?? 1)
}

/** Takes one back: it was counted before it turned out to be harmless. */
export async function forgiveHit(tx: Tx, hit: Hit): Promise<void> {
  await select(
    tx,
    'UPDATE rate_limits SET hits = hits - 1 WHERE key = $1 AND window_start = $2 AND hits > 0',
    [hit.key, windowOf(hit)],
  )
}

/** Windows that nobody looks at any more. */
export async function forgetHits(tx: Tx, before: Date): Promise<void> {
  await select(tx, 'DELETE FROM rate_limits WHERE window_start < $1', [before])
}
