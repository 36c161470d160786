/** What looks like an attack. For people to read; nothing in it is secret. */
import { select, type Database, type Tx } from './connection.ts'
import { toCount } from './values.ts'

export async function recordSecurityEvent(
  on: Database | Tx,
  kind: string,
  detail: object,
): Promise<void> {
  await select(on, 'INSERT INTO security_events (kind, detail) VALUES ($1, $2::jsonb)', [
    kind,
    JSON.stringify(detail),
  ])
}

export type Alarm = { kind: string; times: number; last: Date }

/** A comparison with M-Pesa takes minutes; one that still runs after this has parked, or nobody works on it. */
const COMPARED_WITHIN = "interval '2 hours'"

/** The audit is checked every night, until noon at the latest. */
const CHECKED_WITHIN = "interval '36 hours'"

/** What happened since then, and what should have happened by now; the newest kind first. */
export async function listAlarms(db: Database, since: Date): Promise<Alarm[]> {
  const rows = await select<{ kind: string; times: string; last: Date }>(
    db,
    `SELECT kind, count(*) AS times, max(at) AS last FROM security_events WHERE at > $1 GROUP BY kind
     UNION ALL SELECT 'reconciliation_stuck', count(*), max(started_at) FROM reconciliations
       WHERE status = 'running' AND started_at < now() - ${COMPARED_WITHIN} HAVING count(*) > 0
     UNION ALL SELECT 'audit_missed', 1, coalesce(max(finished_at), min(started_at)) FROM audit_checks
       HAVING coalesce(max(finished_at), min(started_at)) < now() - ${CHECKED_WITHIN}
     ORDER BY last DESC`,
    [since],
  )
  return rows.map((row) => ({ ...row, times: toCount(row.times) }))
}
