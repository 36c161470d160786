/** Reading tills: which there are, what is in them, and what moved. */
import type { Cents } from '../domain/money.ts'
import type { Till, TillMovement, TillSession } from '../domain/tills.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

export async function tillBalance(on: Database | Tx, sessionId: string): Promise<Cents> {
  const row = await selectOne<{ balance: string }>(
    on,
    `SELECT coalesce(sum(amount_cents), 0) AS balance FROM ledger_postings
     WHERE account = 'cash_tills' AND subject = $1`,
    [sessionId],
  )
  return toCents(row?.balance ?? 0)
}

type RawSession = Omit<
  TillSession,
  'left' | 'float' | 'counted' | 'expected' | 'difference' | 'placeName'
> & {
  left: string
  float: string
  counted: string | null
  expected: string
  difference: string | null
  placeName: string
}

const SESSION = `
  SELECT s.id, s.till_id AS "tillId", t.name AS "tillName", l.name AS "placeName", s.opened_by AS "clerkId",
    trim(u.first_name || ' ' || u.last_name) AS "clerkName", s.opened_at AS "openedAt", s.left_cents AS left,
    s.float_cents AS float, s.float_reason AS "floatReason", s.float_note AS "floatNote",
    s.closed_at AS "closedAt", s.closed_by AS "closedBy", s.counts, s.counted_cents AS counted, s.difference_cents AS difference, s.difference_reason AS "differenceReason",
    s.difference_note AS "differenceNote",
    coalesce(s.expected_cents, (SELECT coalesce(sum(p.amount_cents), 0) FROM ledger_postings p
      WHERE p.account = 'cash_tills' AND p.subject = s.id::text)) AS expected
  FROM till_sessions s JOIN tills t ON t.id = s.till_id JOIN locations l ON l.code = t.place
  JOIN users u ON u.id = s.opened_by`

const orNull = (value: string | null): Cents | null => (value === null ? null : toCents(value))

const toSession = (raw: RawSession): TillSession => ({
  ...raw,
  left: toCents(raw.left),
  float: toCents(raw.float),
  counted: orNull(raw.counted),
  expected: toCents(raw.expected),
  difference: orNull(raw.difference),
})

export async function findSession(on: Database | Tx, id: string): Promise<TillSession | null> {
  const raw = await selectOne<RawSession>(on, `${SESSION} WHERE s.id = $1`, [id])
  return raw && toSession(raw)
}

/** Sessions that were open at any moment of this stretch. */
export async function listSessions(
  on: Database | Tx,
  from: Date,
  to: Date,
): Promise<TillSession[]> {
  const rows = await select<RawSession>(
    on,
    `${SESSION} WHERE s.opened_at < $2 AND coalesce(s.closed_at, 'infinity') >= $1
     ORDER BY l.name, t.name, s.opened_at`,
    [from, to],
  )
  return rows.map(toSession)
}

export async function listTills(on: Database | Tx): Promise<Till[]> {
  const rows = await select<Till & { inside: string }>(
    on,
    `SELECT t.id, t.place, l.name AS "placeName", t.name, t.active,
       (SELECT coalesce(sum(p.amount_cents), 0) FROM ledger_postings p JOIN till_sessions s
          ON s.id::text = p.subject WHERE p.account = 'cash_tills' AND s.till_id = t.id) AS inside,
       (SELECT json_build_object('id', s.id, 'clerkId', s.opened_by, 'openedAt', s.opened_at,
          'clerkName', trim(u.first_name || ' ' || u.last_name)) FROM till_sessions s
          JOIN users u ON u.id = s.opened_by WHERE s.till_id = t.id AND s.closed_at IS NULL) AS "openSession"
     FROM tills t JOIN locations l ON l.code = t.place ORDER BY l.name, t.name`,
  )
  return rows.map((row) => ({
    ...row,
    inside: toCents(row.inside),
    openSession: row.openSession && {
      ...row.openSession,
      openedAt: new Date(row.openSession.openedAt),
    },
  }))
}

/** Everything that went in or out, newest first, as the ledger has it. */
export async function listMovements(
  on: Database | Tx,
  sessionId: string,
  limit: number,
): Promise<TillMovement[]> {
  const rows = await select<Omit<TillMovement, 'amount'> & { amount: string }>(
    on,
    `SELECT e.posted_at AS at, e.description AS what, coalesce(p.owner_number, r.owner_number, d.reference, '') AS reference,
       l.amount_cents AS amount
     FROM ledger_postings l JOIN ledger_entries e ON e.id = l.entry_id
     LEFT JOIN payments p ON e.kind = 'payment' AND p.id::text = e.reference
     LEFT JOIN refunds r ON e.kind = 'refund' AND r.id::text = e.reference
     LEFT JOIN till_deposits d ON e.kind = 'till_deposit' AND d.id::text = e.reference
     WHERE l.account = 'cash_tills' AND l.subject = $1 ORDER BY l.id DESC LIMIT $2`,
    [sessionId, limit],
  )
  return rows.map((row) => ({ ...row, amount: toCents(row.amount) }))
}
