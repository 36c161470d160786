/** Money without an owner, as finance sees it: the oldest first. */
import { fromDecimal } from '../domain/money.ts'
import type { ListedMoney, MoneyStanding, UnmatchedMoney } from '../domain/unmatched-pages.ts'
import { select, selectOne, type Database } from './connection.ts'
import { paymentIdOfReceipt } from './paybill-ids.ts'
import { readSaid, SAID_COLUMNS, type KeptSaid, type SaidOfPayer } from './receipt-payers.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

const COLUMNS = `receipt, amount_cents AS amount, ${SAID_COLUMNS},
  coalesce(paid_at, created_at) AS "paidAt", waits_for IS NOT NULL AS waiting, created_at AS "createdAt",
  coalesce(story_id, gen_random_uuid()) AS "storyId"`

type Raw = Omit<UnmatchedMoney, 'amount' | 'paymentId'> & {
  amount: string
  createdAt: Date
  storyId: string
}
type Listed = Raw & { status: 'unmatched' | 'matched' | 'returned'; ownerPaymentId: string | null }
type Kept<Row extends Raw> = Omit<Row, keyof SaidOfPayer> & KeptSaid

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

type Place = ReturnType<typeof readCursor>

/** In their order, from that place on, as many at most. */
async function readListed(
  db: Database,
  { standing = 'unmatched', before = null }: Wish,
  after: Place,
  most: number,
): Promise<Listed[]> {
  const rows = await select<Kept<Listed>>(
    db,
    `SELECT ${COLUMNS}, status, payment_id AS "ownerPaymentId" FROM mpesa_receipts m
     WHERE ${STANDINGS[standing]}
       AND ($1::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), story_id) > ($1, $2::uuid))
       AND ($4::timestamptz IS NULL OR coalesce(paid_at, created_at) <= $4)
     ORDER BY date_trunc('milliseconds', created_at), story_id LIMIT $3`,
    [after?.at ?? null, after?.id ?? null, most, before],
  )
  return rows.map((row) => readSaid(db, row))
}

/** A search opens so many at once, and so many for one page; whoever goes on looks further. */
const OPENED_AT_ONCE = 500
const OPENED_FOR_A_PAGE = 2_000

export async function listUnmatched(
  db: Database,
  wish: Wish,
): Promise<{ items: ListedMoney[]; next: string | null }> {
  const { cursor, limit, search = '' } = wish
  const fits = search === '' ? () => true : fitting(search)
  const most = search === '' ? limit + 1 : OPENED_AT_ONCE
  const found: Listed[] = []
  let place = readCursor(cursor)
  let isMore = true
  for (let opened = 0; isMore && found.length <= limit && opened < OPENED_FOR_A_PAGE;) {
    const rows = await readListed(db, wish, place, most)
    found.push(...rows.filter(fits))
    place = placeOf(rows.at(-1)) ?? place
    isMore = rows.length === most
    opened += rows.length
  }
  const shown = found.slice(0, limit)
  const last = found.length > limit ? placeOf(shown.at(-1)) : isMore ? place : null
  return {
    items: shown.map(({ status, ownerPaymentId, ...raw }) => ({
      ...toMoney(raw),
      status,
      ownerPaymentId,
    })),
    next: last && writeCursor(last.at, last.id),
  }
}

const placeOf = (row: Listed | undefined): Place =>
  row ? { at: row.createdAt, id: row.storyId } : null

/** Names and references are found by any part of them, a phone by the end that its mask shows. */
function fitting(search: string): (row: Listed) => boolean {
  const [words, amount, end] = [search.toLowerCase(), amountMeant(search), endMeant(search)]
  return (row) =>
    [row.receipt, row.payerName, row.reference]
      .filter((text) => text !== null)
      .join(' ')
      .toLowerCase()
      .includes(words) ||
    (amount !== null && toCents(row.amount) === amount) ||
    (end !== null &&
      row.payer !== null &&
      row.payer.length < HASH_LENGTH &&
      row.payer.endsWith(end))
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
  const raw = await selectOne<Kept<Raw>>(
    db,
    `SELECT ${COLUMNS} FROM mpesa_receipts m WHERE receipt = $1 AND status = 'unmatched'`,
    [receipt],
  )
  return raw && toMoney(readSaid(db, raw))
}
