/** What the nightly checks of the audit have found. */
import { wasChanged, type AuditCheck } from '../domain/audit-chain.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { recordSecurityEvent } from './security.ts'
import { toCount } from './values.ts'

/** Whoever began and did not end within this was stopped. */
const STOPPED_AFTER = "interval '3 hours'"

/** True for one process a day, and for another where that one was stopped. `day` is one of Nairobi: `2026-11-22`. */
export async function claimCheck(tx: Tx, day: string): Promise<boolean> {
  const rows = await select(
    tx,
    `INSERT INTO audit_checks AS a (day) VALUES ($1) ON CONFLICT (day) DO UPDATE SET started_at = now()
       WHERE a.finished_at IS NULL AND a.started_at < now() - ${STOPPED_AFTER} RETURNING day`,
    [day],
  )
  return rows.length > 0
}

export async function finishCheck(tx: Tx, day: string, check: AuditCheck): Promise<void> {
  const { links, published, lostHeads, flaws } = check
  await select(
    tx,
    `UPDATE audit_checks SET finished_at = now(), links = $2, published = $3, lost_heads = $4, flaws = $5::jsonb
     WHERE day = $1`,
    [day, links, published, lostHeads, JSON.stringify(flaws)],
  )
  if (flaws.length > 0)
    await recordSecurityEvent(tx, wasChanged(check) ? 'audit_changed' : 'audit_not_sealed', {
      day,
      flaws: flaws.length,
      first: flaws[0],
    })
}

export type DoneCheck = AuditCheck & { finishedAt: Date }

/** The newest that came to its end; null before the first night. */
export async function lastCheck(db: Database): Promise<DoneCheck | null> {
  const row = await selectOne<
    DoneCheck & { links: string; published: string | null; lostHeads: string }
  >(
    db,
    `SELECT finished_at AS "finishedAt", links, published, lost_heads AS "lostHeads", flaws
     FROM audit_checks WHERE finished_at IS NOT NULL ORDER BY day DESC LIMIT 1`,
  )
  return (
    row && {
      ...row,
      links: toCount(row.links),
      published: row.published === null ? null : toCount(row.published),
      lostHeads: toCount(row.lostHeads),
    }
  )
}
