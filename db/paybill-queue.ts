/** Money without an owner, as finance sees it: the oldest first. */
import { fromDecimal } from '../domain/money.ts'
import type { ListedMoney, MoneyStanding, UnmatchedMoney } from '../domain/unmatched-pages.ts'
import { select, selectOne, type Database } from './connection.ts'
import { paymentIdOfReceipt } from './paybill-ids.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

const COLUMNS = `receipt, amount_cents AS amount, payer, payer_name AS "payerName", reference,
  coalesce(paid_at, created_at) AS "paidAt", waits_for IS NOT NULL AS waiting, created_at AS "createdAt",
  coalesce(story_id, gen_random_uuid()) AS "storyId"`

type Listed = Raw & { status: 'unmatched' | 'matched' | 'returned'; ownerPaymentId: string | null }

type Raw = Omit<UnmatchedMoney, 'amount' | 'paymentId'> & {
  amount: string
  createdAt: Date
  storyId: string
}
const toMoney = ({ createdAt: _at, storyId: _id, ...raw }: Raw): UnmatchedMoney => ({
  ...raw,
  amount: toCents(raw.amount),
  payer: raw.payer && shownPayer(raw.payer),
  paymentId: paymentIdOfReceipt(raw.receipt),
})

/** Never more than M-Pesa's own mask shows; a hash tells a person nothing. */
const shownPayer = (payer: string): string | null => {
  if (/^[0-9a-f]{64}$/i.test(payer)) return null
  return payer.replace(/^(\+?\d{4})\d{5}(\d{3})$/, '$1 ***** $2')
}

/** What of all receipts is meant; money that had its owner at once never was finance's. */
const STANDINGS: Record<MoneyStanding, string> = {
  unmatched: "status = 'unmatched'",
  waiting: "status = 'unmatched' AND waits_for IS NOT NULL",
  matched: "status = 'matched' AND unmatched_at IS NOT NULL",
  returned: "status = 'returned'",
}

type Wish = {
  cursor?: string | undefined
  limit: number
  search?: string
  standing?: MoneyStanding
  /** Only what came before this moment. */
  before?: Date | null
}

export async function listUnmatched(
  db: Database,
  { cursor, limit, search = '', standing = 'unmatched', before = null }: Wish,
): Promise<{ items: ListedMoney[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<Listed>(
    db,
    `SELECT ${COLUMNS}, status, payment_id AS "ownerPaymentId" FROM mpesa_receipts
     WHERE ${STANDINGS[standing]}
       AND ($1::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), story_id) > ($1, $2::uuid))
       AND ($4 = '' OR strpos(lower(concat_ws(' ', receipt, payer_name, reference)), lower($4)) > 0
         OR amount_cents = $5 OR (right(payer, 3) = $7 AND length(payer) < ${HASH_LENGTH}))
       AND ($6::timestamptz IS NULL OR coalesce(paid_at, created_at) <= $6)
     ORDER BY date_trunc('milliseconds', created_at), story_id LIMIT $3`,
    [
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
      search,
      amountMeant(search),
      before,
      endMeant(search),
    ],
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last
  return {
    items: shown.map(({ status, ownerPaymentId, ...raw }) => ({
      ...toMoney(raw),
      status,
      ownerPaymentId,
    })),
    next: more ? writeCursor(last.createdAt, last.storyId) : null,
  }
}

/** `4,500`, `KSh 4500` or `4500.50`, in cents; null when it is no amount. */
const amountMeant = (search: string): number | null => {
  const plain = search.replace(/^ksh/i, '').replaceAll(/[\s,]/g, '')
  return /^\d{1,9}(\.\d{1,2})?$/.test(plain) ? fromDecimal(plain) : null
}

/** The end of a phone as M-Pesa's mask shows it: `126`, `***126` or `2547 ***** 126`. Never more of it than that. */
const endMeant = (search: string): string | null =>
  /^(?:[+\d\s]*\*[\s*]*)?(\d{3})$/.exec(search)?.[1] ?? null
const HASH_LENGTH = 64

/** How much waits, and how much of it since before that moment. */
export async function sumUnmatched(db: Database, before: Date) {
  const row = await selectOne<{ count: number; sum: string; forgotten: number }>(
    db,
    `SELECT count(*)::int AS count, coalesce(sum(amount_cents), 0) AS sum,
       (count(*) FILTER (WHERE coalesce(paid_at, created_at) <= $1))::int AS forgotten
     FROM mpesa_receipts WHERE status = 'unmatched'`,
    [before],
  )
  return { count: row?.count ?? 0, sum: toCents(row?.sum ?? 0), forgotten: row?.forgotten ?? 0 }
}

/** What the money of this receipt became; null while it waits, once it went back, or when it was never here. */
export async function findPaymentOfReceipt(db: Database, receipt: string): Promise<string | null> {
  const row = await selectOne<{ id: string | null }>(
    db,
    'SELECT payment_id AS id FROM mpesa_receipts WHERE receipt = $1',
    [receipt],
  )
  return row?.id ?? null
}

/** Null once it has its owner, or was never here. */
export async function findUnmatched(db: Database, receipt: string): Promise<UnmatchedMoney | null> {
  const raw = await selectOne<Raw>(
    db,
    `SELECT ${COLUMNS} FROM mpesa_receipts WHERE receipt = $1 AND status = 'unmatched'`,
    [receipt],
  )
  return raw && toMoney(raw)
}
