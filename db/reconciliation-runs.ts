/** One comparison of our books with a provider: opened once, finished once, with what it found. */
import type { DomainEvent } from '../domain/events.ts'
import { CURRENCY, subtract, toDecimal, type Cents } from '../domain/money.ts'
import type { RunKind, RunStatus, RunSummary } from '../domain/reconciliation.ts'
import type { RunRow } from '../domain/reconciliation-pages.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

export type NewRun = { runId: string; kind: RunKind; from: Date; to: Date; actorId: string }

/** A repeat finds the run that stands. */
export async function openRun(tx: Tx, { runId, kind, from, to, actorId }: NewRun): Promise<void> {
  const made = await selectOne(
    tx,
    `INSERT INTO reconciliations (id, kind, window_from, window_to, started_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [runId, kind, from, to, actorId],
  )
  if (made)
    await appendAudit(tx, {
      actor: actorId,
      action: 'reconciliation.started',
      entity: 'reconciliation',
      entityId: runId,
      after: { kind },
    })
}

/** A sentence for people, once. */
export async function noteRun(tx: Tx, runId: string, note: string): Promise<void> {
  await select(
    tx,
    `UPDATE reconciliations SET notes = notes || to_jsonb($2::text)
     WHERE id = $1 AND NOT notes ? $2 RETURNING id`,
    [runId, note],
  )
}

export async function countRun(tx: Tx, runId: string, read: number, added: number): Promise<void> {
  await select(
    tx,
    `UPDATE reconciliations SET read_lines = read_lines + $2, new_lines = new_lines + $3 WHERE id = $1
     RETURNING id`,
    [runId, read, added],
  )
}

type RawRun = Omit<RunRow, 'ledger' | 'provider' | 'difference'> & {
  ledger: string | null
  provider: string | null
}

const RUN = `SELECT r.id, r.kind, r.status, r.window_from AS "from", r.window_to AS "to",
    coalesce(u.first_name || ' ' || u.last_name, r.started_by) AS "startedBy", r.started_at AS "startedAt",
    r.finished_at AS "finishedAt", r.read_lines AS "readLines", r.new_lines AS "newLines", r.matched, r.explained,
    r.left_over AS "leftOver", r.ledger_cents AS ledger, r.provider_cents AS provider,
    r.balance_at AS "balanceAt", r.notes
  FROM reconciliations r LEFT JOIN users u ON u.id::text = r.started_by`

const toRun = (raw: RawRun): RunRow => {
  const ledger = raw.ledger === null ? null : toCents(raw.ledger)
  const provider = raw.provider === null ? null : toCents(raw.provider)
  const difference = ledger === null || provider === null ? null : subtract(ledger, provider)
  return { ...raw, ledger, provider, difference }
}

export async function findRun(on: Database | Tx, id: string): Promise<RunRow | null> {
  const raw = await selectOne<RawRun>(on, `${RUN} WHERE r.id = $1`, [id])
  return raw && toRun(raw)
}

/** Newest first. */
export async function listRuns(
  db: Database,
  cursor: string | undefined,
  limit: number,
): Promise<{ items: RunRow[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<RawRun>(
    db,
    `${RUN} WHERE $1::timestamptz IS NULL OR (date_trunc('milliseconds', r.started_at), r.id) < ($1, $2::uuid)
     ORDER BY date_trunc('milliseconds', r.started_at) DESC, r.id DESC LIMIT $3`,
    [after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const items = rows.slice(0, limit).map(toRun)
  const last = items.at(-1)
  const next = rows.length > limit && last ? writeCursor(last.startedAt, last.id) : null
  return { items, next }
}

type Balance = { ledger: Cents; provider: Cents; at: Date }

export async function recordRunBalance(tx: Tx, runId: string, balance: Balance): Promise<void> {
  await select(
    tx,
    `UPDATE reconciliations SET ledger_cents = $2, provider_cents = $3, balance_at = $4 WHERE id = $1
     RETURNING id`,
    [runId, balance.ledger, balance.provider, balance.at],
  )
}

/** How the lines of this run's period stand, and what is left for people. */
const COUNTS = `SELECT
    (SELECT count(*)::int FROM provider_lines l WHERE l.state = 'matched' AND l.at >= r.window_from
      AND l.at <= r.window_to AND (l.source = 'bank') = (r.kind = 'bank')) AS matched,
    (SELECT count(*)::int FROM provider_lines l WHERE l.state = 'explained' AND l.at >= r.window_from
      AND l.at <= r.window_to AND (l.source = 'bank') = (r.kind = 'bank')) AS explained,
    (SELECT count(*)::int FROM reconciliation_findings f WHERE f.status = 'open') AS "leftOver"
  FROM reconciliations r WHERE r.id = $1`

/** `complete` is false when a provider did not answer everything. A finished run stays as it ended. */
export async function finishRun(tx: Tx, runId: string, complete: boolean): Promise<RunSummary> {
  const counts = await selectOne<{ matched: number; explained: number; leftOver: number }>(
    tx,
    COUNTS,
    [runId],
  )
  if (!counts) throw new Error(`reconciliation ${runId} was never opened`)
  const whole: RunStatus = counts.leftOver > 0 ? 'differences' : 'clean'
  const status: RunStatus = complete ? whole : 'incomplete'
  const ended = await selectOne(
    tx,
    `UPDATE reconciliations SET status = $2, finished_at = now(), matched = $3, explained = $4, left_over = $5,
       version = version + 1 WHERE id = $1 AND status = 'running' RETURNING id`,
    [runId, status, counts.matched, counts.explained, counts.leftOver],
  )
  const run = await findRun(tx, runId)
  if (!run) throw new Error(`reconciliation ${runId} is gone`)
  const { matched, explained, leftOver } = run
  if (ended) {
    await appendEvents(tx, [completed(run)])
    await appendAudit(tx, {
      actor: 'gari',
      action: 'reconciliation.finished',
      entity: 'reconciliation',
      entityId: runId,
      before: { status: 'running' },
      after: { status, matched, explained, leftOver, ledger: run.ledger, provider: run.provider },
    })
  }
  return { runId, status: run.status, matched, explained, leftOver }
}

const completed = (run: RunRow): DomainEvent => ({
  type: 'reconciliation.completed',
  key: run.id,
  version: 2,
  data: {
    reconciliation_id: run.id,
    kind: run.kind,
    status: run.status,
    from: toNairobiIso(run.from),
    to: toNairobiIso(run.to),
    read_lines: run.readLines,
    new_lines: run.newLines,
    matched: run.matched,
    explained: run.explained,
    left_over: run.leftOver,
    currency: CURRENCY,
    difference: run.difference === null ? null : toDecimal(run.difference),
  },
})
