/** Reading refunds for pages and the API. */
import type { RefundStatus } from '../domain/refunds.ts'
import { select, selectOne, type Database } from './connection.ts'
import { REFUND_COLUMNS, toRefund, type RawRefund, type RefundRow } from './refund-rows.ts'
import { readCursor, writeCursor } from './values.ts'

export type RefundDetail = RefundRow & {
  requesterName: string | null
  deciderName: string | null
  namerName: string | null
  customerName: string | null
  /** On whose account it was paid, if it was. */
  companyName: string | null
}

/** `clock` and other rules of ours stand where a person's id would. */
const PERSON = (column: string) =>
  `(SELECT first_name || ' ' || last_name FROM users WHERE id::text = r.${column}::text)`
const DETAIL = `SELECT ${REFUND_COLUMNS}, ${PERSON('requested_by')} AS "requesterName",
  ${PERSON('decided_by')} AS "deciderName", ${PERSON('named_by')} AS "namerName",
  ${PERSON('customer_id')} AS "customerName",
  (SELECT c.name FROM desk_tenders t JOIN companies c ON c.id = t.company_id
     WHERE t.payment_id = r.payment_id) AS "companyName" FROM refunds r`

type Raw = RawRefund & Omit<RefundDetail, keyof RefundRow>
const toDetail =
  (db: Database) =>
  (raw: Raw): RefundDetail => {
    const { requesterName, deciderName, namerName, customerName, companyName } = raw
    const names = { requesterName, deciderName, namerName, customerName, companyName }
    return { ...toRefund(db, raw), ...names }
  }

export async function readRefund(db: Database, id: string): Promise<RefundDetail | null> {
  const raw = await selectOne<Raw>(db, `${DETAIL} WHERE r.id = $1`, [id])
  return raw && toDetail(db)(raw)
}

export const listRefundsOf = async (db: Database, paymentId: string): Promise<RefundDetail[]> =>
  (
    await select<Raw>(db, `${DETAIL} WHERE r.payment_id = $1 ORDER BY r.requested_at, r.id`, [
      paymentId,
    ])
  ).map(toDetail(db))

/** What the desk has to pay out, oldest first. */
export const listCashRefunds = async (db: Database, limit: number): Promise<RefundDetail[]> =>
  (
    await select<Raw>(
      db,
      `${DETAIL} WHERE r.method = 'cash' AND r.status = 'approved' ORDER BY r.requested_at, r.id LIMIT $1`,
      [limit],
    )
  ).map(toDetail(db))

/** Of money that is credit, newest first. */
export const listCreditRefunds = async (db: Database, customerId: string, limit: number) =>
  (
    await select<Raw>(
      db,
      `${DETAIL} WHERE r.customer_id = $1 AND r.payment_id IS NULL ORDER BY r.requested_at DESC LIMIT $2`,
      [customerId, limit],
    )
  ).map(toDetail(db))

type Filter = { statuses: readonly RefundStatus[] | null; cursor?: string; limit: number }

/** Newest first. */
export async function listRefunds(
  db: Database,
  { statuses, cursor, limit }: Filter,
): Promise<{ items: RefundDetail[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<Raw>(
    db,
    `${DETAIL} WHERE ($1::text[] IS NULL OR r.status = ANY($1))
       AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', r.requested_at), r.id) < ($2, $3::uuid))
     ORDER BY date_trunc('milliseconds', r.requested_at) DESC, r.id DESC LIMIT $4`,
    [statuses, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const items = rows.slice(0, limit).map(toDetail(db))
  const last = items.at(-1)
  return {
    items,
    next: rows.length > limit && last ? writeCursor(last.requestedAt, last.id) : null,
  }
}

/** `amount` in cents, with its sign: what is positive was added for the customer. `what` is the entry's kind. */
export type CreditLine = { at: Date; what: string; amount: number }

/** The entries of a customer's credit, newest first. */
export const listCreditLines = (
  db: Database,
  customerId: string,
  limit: number,
): Promise<CreditLine[]> =>
  select(
    db,
    `SELECT e.posted_at AS at, e.kind AS what, (-p.amount_cents)::float8 AS amount
     FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
     WHERE p.account = 'customer_credit' AND p.subject = $1 ORDER BY p.id DESC LIMIT $2`,
    [customerId, limit],
  )
