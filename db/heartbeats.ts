/** Signs of life of worker processes, for the status page. */
import { select, type Database, type Tx } from './connection.ts'

export type Heartbeat = {
  part: string
  instance: string
  version: string
  detail: string | null
  at: Date
}

export async function beat(tx: Tx, one: Omit<Heartbeat, 'at'>): Promise<void> {
  await select(
    tx,
    `INSERT INTO heartbeats (part, instance, version, detail) VALUES ($1, $2, $3, $4)
     ON CONFLICT (part, instance) DO UPDATE SET at = now(), version = $3, detail = $4`,
    [one.part, one.instance, one.version, one.detail],
  )
}

/** Those of the last day; older processes are history. */
export const listHeartbeats = (db: Database): Promise<Heartbeat[]> =>
  select(
    db,
    `SELECT part, instance, version, detail, at FROM heartbeats
     WHERE at > now() - interval '1 day' ORDER BY part, at DESC`,
  )

/** Whether a worker of another release gave a sign of life in so long a time. */
export async function isAnotherReleaseAtWork(
  db: Database,
  version: string,
  withinMs: number,
): Promise<boolean> {
  const rows = await select(
    db,
    'SELECT part FROM heartbeats WHERE version <> $1 AND at > now() - make_interval(secs => $2) LIMIT 1',
    [version, withinMs / 1000],
  )
  return rows.length > 0
}
