/** Reading the books: balances at any moment, an account's postings with what stood there after each, one entry. */
import type { Account, AccountKind } from '../domain/ledger.ts'
import type { AccountBalance, EntryDetail, PostingLine } from '../domain/ledger-pages.ts'
import { add, ZERO, type Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCents, toCount } from './values.ts'

type RawBalance = {
  account: Account
  number: number
  kind: AccountKind
  name: string
  balance: string
  postings: string
}

/** Every account in the order of its number, as it stood at that moment; the balances sum to zero. */
export async function readAccounts(
  on: Database | Tx,
  at: Date | null = null,
): Promise<AccountBalance[]> {
  const rows = await select<RawBalance>(
    on,
    `SELECT a.code AS account, a.number, a.kind, a.name, coalesce(sum(p.amount_cents), 0) AS balance,
       count(p.id) AS postings
     FROM ledger_accounts a LEFT JOIN (
       SELECT p.id, p.account, p.amount_cents FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
       WHERE $1::timestamptz IS NULL OR e.posted_at <= $1) p ON p.account = a.code
     GROUP BY a.code ORDER BY a.number`,
    [at],
  )
  return rows.map((row) => ({
    ...row,
    balance: toCents(row.balance),
    postings: toCount(row.postings),
  }))
}

export const sumOf = (accounts: readonly AccountBalance[]): Cents =>
  accounts.length === 0 ? ZERO : add(...accounts.map(({ balance }) => balance))

export type PostingFilter = {
  account: Account
  /** Part of whose money it is; empty is everybody's. */
  subject: string
  from: Date | null
  to: Date | null
  cursor: string | null
}

type RawPosting = Omit<PostingLine, 'amount' | 'running' | 'number'> &
  Record<'number' | 'amount' | 'running', string>

/** `running` is what stood in the account (or with this subject) after the posting, whatever else is filtered. */
const POSTINGS = `WITH mine AS MATERIALIZED (
    SELECT p.id FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
    WHERE p.account = $1 AND ($2 = '' OR p.subject = $2)
      AND ($3::timestamptz IS NULL OR e.posted_at >= $3) AND ($4::timestamptz IS NULL OR e.posted_at < $4)
      AND ($5::bigint IS NULL OR p.id < $5)
    ORDER BY p.id DESC LIMIT $6),
  span AS (SELECT min(id) AS lo, max(id) AS hi FROM mine),
  base AS (SELECT coalesce(sum(amount_cents), 0) AS amount FROM ledger_postings, span
    WHERE account = $1 AND ($2 = '' OR subject = $2) AND id < lo),
  run AS (SELECT p.id, b.amount + sum(p.amount_cents) OVER (ORDER BY p.id) AS running
    FROM ledger_postings p, span s, base b
    WHERE p.account = $1 AND ($2 = '' OR p.subject = $2) AND p.id BETWEEN s.lo AND s.hi)
  SELECT p.id AS number, p.entry_id AS "entryId", e.kind, e.reference, e.description, e.posted_at AS at,
    p.subject, p.amount_cents AS amount, r.running
  FROM mine m JOIN run r USING (id) JOIN ledger_postings p USING (id) JOIN ledger_entries e ON e.id = p.entry_id
  ORDER BY p.id DESC`

/** Newest first. */
export async function listPostings(
  db: Database,
  { account, subject, from, to, cursor }: PostingFilter,
  limit: number,
): Promise<{ items: PostingLine[]; next: string | null }> {
  const before = cursor && /^\d{1,18}$/.test(cursor) ? cursor : null
  const rows = await select<RawPosting>(db, POSTINGS, [
    account,
    subject.replaceAll('\0', ''),
    from,
    to,
    before,
    limit + 1,
  ])
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    number: toCount(row.number),
    amount: toCents(row.amount),
    running: toCents(row.running),
  }))
  return { items, next: rows.length > limit ? String(items.at(-1)?.number ?? '') || null : null }
}

type RawEntry = Omit<EntryDetail, 'postings'>

const ENTRY = `SELECT e.id, e.kind, e.reference, e.description, e.posted_by AS "postedBy", e.posted_at AS at,
    coalesce(u.first_name || ' ' || u.last_name, e.posted_by) AS "postedByName", e.reverses,
    (SELECT r.id FROM ledger_entries r WHERE r.reverses = e.id
      OR (r.kind = e.kind || '_reversed' AND r.reference = e.reference) LIMIT 1) AS "reversedBy"
  FROM ledger_entries e LEFT JOIN users u ON u.id::text = e.posted_by`

export async function findEntry(on: Database | Tx, id: string): Promise<EntryDetail | null> {
  const entry = await selectOne<RawEntry>(on, `${ENTRY} WHERE e.id = $1`, [id])
  if (!entry) return null
  const rows = await select<{
    account: Account
    name: string
    subject: string | null
    amount: string
  }>(
    on,
    `SELECT p.account, a.name, p.subject, p.amount_cents AS amount
     FROM ledger_postings p JOIN ledger_accounts a ON a.code = p.account WHERE p.entry_id = $1 ORDER BY p.id`,
    [id],
  )
  return { ...entry, postings: rows.map((row) => ({ ...row, amount: toCents(row.amount) })) }
}

/** Newest first; the cursor is the last entry's id. */
export async function listEntries(
  db: Database,
  wanted: { kind: string; reference: string; cursor: string | null },
  limit: number,
): Promise<{ items: EntryDetail[]; next: string | null }> {
  const rows = await select<{ id: string }>(
    db,
    `SELECT id FROM ledger_entries WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR reference = $2)
       AND ($3::uuid IS NULL OR (posted_at, id) < (SELECT posted_at, id FROM ledger_entries WHERE id = $3))
     ORDER BY posted_at DESC, id DESC LIMIT $4`,
    [wanted.kind, wanted.reference, wanted.cursor, limit + 1],
  )
  const ids = rows.slice(0, limit).map(({ id }) => id)
  const items: EntryDetail[] = []
  for (const id of ids) {
    const entry = await findEntry(db, id)
    if (entry) items.push(entry)
  }
  return { items, next: rows.length > limit ? (ids.at(-1) ?? null) : null }
}
