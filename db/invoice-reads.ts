/** Reading invoices for pages and the API. */
import type { InvoiceStatus } from '../domain/invoices.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Database } from './connection.ts'
import { INVOICE_COLUMNS, toInvoice, type InvoiceRow, type RawInvoice } from './invoice-rows.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { toCents } from './values.ts'

export type Contact = { email: string | null; language: 'en' | 'sw' }
export const findContact = (db: Database, userId: string): Promise<Contact | null> =>
  selectOne(db, 'SELECT email, language FROM users WHERE id = $1', [userId])

export const INVOICE_SORTS = {
  created_at: { column: 'created_at', type: 'time' },
} as const satisfies Keys<string>

type Sort = keyof typeof INVOICE_SORTS

type Filter = Partial<PageWish<Sort>> & {
  limit: number
  statuses?: readonly InvoiceStatus[] | null | undefined
  text?: string | undefined
  /** Issued ones only: a customer sees no drafts. */
  customerId?: string | undefined
  ownerId?: string | undefined
}

/** Newest first unless the other order is asked for. */
export async function listInvoices(db: Database, filter: Filter): Promise<Page<InvoiceRow>> {
  const { statuses, text = '', customerId, ownerId, limit, cursor } = filter
  const { sort = 'created_at', descending = true } = filter
  const by = paged(INVOICE_SORTS, { sort, descending, limit, cursor }, { from: 5 })
  const rows = await select<RawInvoice & { pageKey: string }>(
    db,
    `SELECT ${INVOICE_COLUMNS}, ${by.columns} FROM invoices WHERE ($1::text[] IS NULL OR status = ANY($1))
       AND ($2 = '' OR number ILIKE '%' || $2 || '%' OR owner_number ILIKE '%' || $2 || '%'
         OR bill_to->>'name' ILIKE '%' || $2 || '%')
       AND ($3::uuid IS NULL OR (customer_id = $3 AND number IS NOT NULL))
       AND ($4::uuid IS NULL OR owner_id = $4) AND ${by.after} ${by.order}`,
    [
      statuses ?? null,
      text.trim().replaceAll(/[%_\\\0]/g, ''),
      customerId ?? null,
      ownerId ?? null,
      ...by.bind,
    ],
  )
  return by.page(rows, toInvoice)
}

export type HistoryLine = { at: Date; action: string; actor: string; why: string | null }
/** What happened to it, newest first; a person by name. */
export const readHistory = (db: Database, invoiceId: string): Promise<HistoryLine[]> =>
  select(
    db,
    `SELECT a.at, a.action, coalesce(trim(u.first_name || ' ' || u.last_name), a.actor) AS actor, a.why
     FROM audit_entries a LEFT JOIN users u ON u.id::text = a.actor
     WHERE a.entity = 'invoice' AND a.entity_id = $1 ORDER BY a.at DESC, a.id DESC LIMIT 100`,
    [invoiceId],
  )

/** What anybody who holds the document may check: no names. */
export type Verified = { number: string; issuedAt: Date; gross: Cents; cancelled: boolean }
export async function findByNumber(db: Database, number: string): Promise<Verified | null> {
  const row = await selectOne<Verified & { gross: string }>(
    db,
    `SELECT number, issued_at AS "issuedAt", gross_cents AS gross, status = 'cancelled' AS cancelled
       FROM invoices WHERE number = $1
     UNION ALL SELECT number, issued_at, gross_cents, false FROM credit_notes WHERE number = $1
     UNION ALL SELECT r.number, r.issued_at, p.amount_cents, p.status = 'refunded'
       FROM receipts r JOIN payments p ON p.id = r.payment_id WHERE r.number = $1`,
    [number],
  )
  return row && { ...row, gross: toCents(row.gross) }
}
