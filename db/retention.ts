/** What is over its time names nobody any more: every night, a few hundred rows at a time, and it is written down how much there is. */
import type { KindOfData } from '../domain/retention.ts'
import { appendAudit } from './audit.ts'
import { inTransaction, select, selectOne, type Database } from './connection.ts'
import type { RetentionRule } from './retention-rules.ts'
import { toCount } from './values.ts'

const BATCH = 500

/** Of the kept ones, so many in a night at most; the next night goes on. */
const MOST_IN_A_NIGHT = 100_000

const foundBy = (rule: RetentionRule) =>
  `SELECT ${rule.found} FROM ${rule.rows} WHERE ${rule.at} < $1 AND ${rule.naming} LIMIT ${BATCH}`

/** One batch; answers how many rows name nobody now. */
const overwriteBatch = (db: Database, rule: RetentionRule, before: Date): Promise<number> =>
  inTransaction(db, async (tx) => {
    const rows = await select(
      tx,
      `UPDATE ${rule.table} SET ${rule.set} WHERE ${rule.key} IN (${foundBy(rule)}) RETURNING 1`,
      [before],
    )
    if (rows.length > 0)
      await appendAudit(tx, {
        actor: 'gari',
        action: 'retention.overwritten',
        entity: 'retention',
        entityId: rule.table,
        after: { rows: rows.length, before: before.toISOString() },
      })
    return rows.length
  })

/** Batch after batch, so many in a night at most. */
export async function overwriteOld(
  db: Database,
  rule: RetentionRule,
  before: Date,
): Promise<number> {
  let gone = 0
  for (let last = BATCH; last === BATCH && gone < MOST_IN_A_NIGHT; gone += last)
    last = await overwriteBatch(db, rule, before)
  return gone
}

type Held = { held: string; oldest: Date | null; soon: string }

/** True for one process a night, and for another where that one was stopped. */
async function claimNight(
  db: Database,
  day: string,
  { kind, table }: RetentionRule,
): Promise<boolean> {
  const rows = await select(
    db,
    `INSERT INTO retention_runs AS r (day, kind, part) VALUES ($1, $2, $3) ON CONFLICT (day, part) DO UPDATE SET started_at = now()
       WHERE r.finished_at IS NULL AND r.started_at < now() - interval '3 hours' RETURNING day`,
    [day, kind, table],
  )
  return rows.length > 0
}

export type Night = { day: string; over: Date; soon: Date }

/** Null where another process does it, or has. */
export async function keepNoLonger(
  db: Database,
  rule: RetentionRule,
  { day, over, soon }: Night,
): Promise<number | null> {
  if (!(await claimNight(db, day, rule))) return null
  const gone = await overwriteOld(db, rule, over)
  const row = await selectOne<Held>(
    db,
    `SELECT count(*) AS held, min(${rule.at}) AS oldest, count(*) FILTER (WHERE ${rule.at} < $1) AS soon
     FROM ${rule.rows} WHERE ${rule.naming}`,
    [soon],
  )
  await select(
    db,
    `UPDATE retention_runs SET finished_at = now(), held = $3, oldest = $4, gone = $5, soon = $6
     WHERE day = $1 AND part = $2`,
    [day, rule.table, row?.held ?? 0, row?.oldest ?? null, gone, row?.soon ?? 0],
  )
  return gone
}

export type RetentionRun = {
  kind: KindOfData
  finishedAt: Date
  held: number
  oldest: Date | null
  gone: number
  soon: number
}

/** The last night of each kind that came to its end. */
export async function lastRetention(db: Database): Promise<RetentionRun[]> {
  const rows = await select<
    Omit<RetentionRun, 'held' | 'gone' | 'soon'> & { held: string; gone: string; soon: string }
  >(
    db,
    `WITH last AS (SELECT DISTINCT ON (part) * FROM retention_runs WHERE finished_at IS NOT NULL ORDER BY part, day DESC)
     SELECT kind, max(finished_at) AS "finishedAt", sum(held) AS held, min(oldest) AS oldest, sum(gone) AS gone, sum(soon) AS soon
     FROM last GROUP BY kind`,
  )
  return rows.map(({ held, gone, soon, ...row }) => ({
    ...row,
    held: toCount(held),
    gone: toCount(gone),
    soon: toCount(soon),
  }))
}
