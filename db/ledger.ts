/** Double entry. The database refuses an entry whose postings do not sum to zero, and any change afterwards. */
import type { Account, LedgerEntry } from '../domain/ledger.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

/** False when this (kind, reference) was posted before; nothing is posted twice. */
export async function postEntry(tx: Tx, entry: LedgerEntry): Promise<boolean> {
  const row = await selectOne<{ id: string }>(
    tx,
    `INSERT INTO ledger_entries (kind, reference, description, posted_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kind, reference) DO NOTHING RETURNING id`,
    [entry.kind, entry.reference, entry.description ?? '', entry.postedBy ?? 'gari'],
  )
  if (!row) return false
  await select(
    tx,
    `INSERT INTO ledger_postings (entry_id, account, amount_cents, subject)
     SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[])`,
    [
      row.id,
      entry.postings.map(({ account }) => account),
      entry.postings.map(({ amount }) => amount),
      entry.postings.map(({ subject }) => subject ?? null),
    ],
  )
  return true
}

export async function readBalances(db: Database): Promise<Record<Account, Cents>> {
  const rows = await select<{ code: Account; balance: string }>(
    db,
    `SELECT a.code, coalesce(sum(p.amount_cents), 0) AS balance
     FROM ledger_accounts a LEFT JOIN ledger_postings p ON p.account = a.code GROUP BY a.code`,
  )
  const balances = rows.map(({ code, balance }) => [code, toCents(balance)] as const)
  return Object.fromEntries(balances) as Record<Account, Cents>
}
