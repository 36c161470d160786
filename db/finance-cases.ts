/** Cases for finance: opened by whatever cannot go on by itself, closed by what ends it. */
import { CASE_SLA_MS, type FinanceCase } from '../domain/finance-cases.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

export type NewCase = {
  what: string
  subject: string
  place: string | null
  /** For people of finance: no names, no phones. */
  detail: string
  amount: Cents | null
}

const DETAIL_LENGTH = 500

/** One open case for each (what, subject); a repeat brings its words up to date and answers the same id. */
export async function openCase(tx: Tx, wish: NewCase, now: Date): Promise<string> {
  const { what, subject, place, detail, amount } = wish
  const words = detail.slice(0, DETAIL_LENGTH)
  const row = await selectOne<{ id: string; fresh: boolean; was: string | null }>(
    tx,
    `INSERT INTO finance_cases (what, subject, place, detail, amount_cents, opened_at, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (what, subject) WHERE status = 'open' DO UPDATE SET detail = excluded.detail
     RETURNING id, xmax = 0 AS fresh, (SELECT was.detail FROM finance_cases was
       WHERE was.what = $1 AND was.subject = $2 AND was.status = 'open') AS was`,
    [what, subject, place, words, amount, now, new Date(now.getTime() + CASE_SLA_MS)],
  )
  if (!row) throw new Error(`the case ${what} of ${subject} was not written`)
  if (row.fresh) await auditCase(tx, 'case.opened', row.id, 'gari', detail)
  else if (row.was !== words) await auditCase(tx, 'case.said_anew', row.id, 'gari', detail)
  return row.id
}

type Closing = { what: string; subject: string; resolution: string; actorId: string; now: Date }

/** False when none was open. */
export async function closeCase(tx: Tx, closing: Closing): Promise<boolean> {
  const { what, subject, resolution, actorId, now } = closing
  const row = await selectOne<{ id: string }>(
    tx,
    `UPDATE finance_cases SET status = 'closed', closed_at = $5, resolution = $3, closed_by = $4
     WHERE what = $1 AND subject = $2 AND status = 'open' RETURNING id`,
    [what, subject, resolution, actorId, now],
  )
  if (row) await auditCase(tx, 'case.closed', row.id, actorId, resolution)
  return row !== null
}

/** False when it is closed already or does not exist. */
export async function assignCase(tx: Tx, id: string, userId: string): Promise<boolean> {
  const row = await selectOne<{ id: string }>(
    tx,
    "UPDATE finance_cases SET assigned_to = $2 WHERE id = $1 AND status = 'open' RETURNING id",
    [id, userId],
  )
  if (row) await auditCase(tx, 'case.assigned', id, userId, null)
  return row !== null
}

const auditCase = (tx: Tx, action: string, id: string, actor: string, why: string | null) =>
  appendAudit(tx, { actor, action, entity: 'finance_case', entityId: id, why })

const COLUMNS = `c.id, c.what, c.subject, c.place, c.detail, c.amount_cents AS amount, c.status,
  c.opened_at AS "openedAt", c.due_at AS "dueAt", c.closed_at AS "closedAt",
  c.assigned_to AS "assignedTo", u.first_name || ' ' || u.last_name AS "assigneeName", c.resolution`

type Raw = Omit<FinanceCase, 'amount'> & { amount: string | null }
const toCase = (raw: Raw): FinanceCase => ({
  ...raw,
  amount: raw.amount === null ? null : toCents(raw.amount),
})

type Filter = { status: FinanceCase['status']; cursor?: string; limit: number }

/** Open ones oldest first, because they are the most urgent; closed ones newest first. */
export async function listCases(
  db: Database,
  { status, cursor, limit }: Filter,
): Promise<{ items: FinanceCase[]; next: string | null }> {
  const after = readCursor(cursor)
  const [order, beyond] = status === 'open' ? ['ASC', '>'] : ['DESC', '<']
  const rows = await select<Raw>(
    db,
    `SELECT ${COLUMNS} FROM finance_cases c LEFT JOIN users u ON u.id = c.assigned_to
     WHERE c.status = $1 AND ($2::timestamptz IS NULL
       OR (date_trunc('milliseconds', c.opened_at), c.id) ${beyond} ($2, $3::uuid))
     ORDER BY date_trunc('milliseconds', c.opened_at) ${order}, c.id ${order} LIMIT $4`,
    [status, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const items = rows.slice(0, limit).map(toCase)
  const last = items.at(-1)
  return {
    items,
    next: rows.length > limit && last ? writeCursor(last.openedAt, last.id) : null,
  }
}

/** The one that is open about this, if any. */
export async function findOpenCase(
  db: Database,
  what: string,
  subject: string,
): Promise<FinanceCase | null> {
  const raw = await selectOne<Raw>(
    db,
    `SELECT ${COLUMNS} FROM finance_cases c LEFT JOIN users u ON u.id = c.assigned_to
     WHERE c.what = $1 AND c.subject = $2 AND c.status = 'open'`,
    [what, subject],
  )
  return raw && toCase(raw)
}
