/** Reading invoices for pages and the API. */
import type { InvoiceStatus } from '../domain/invoices.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Database } from './connection.ts'
import { INVOICE_COLUMNS, toInvoice, type InvoiceRow, type RawInvoice } from './invoice-rows.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

export type Contact = { email: string | null; language: 'en' | 'sw' }
export const findContact = (db: Database, userId: string): Promise<Contact | null> =>
  selectOne(db, 'SELECT email, language FROM users WHERE id = $1', [userId])

type Filter = {
  statuses?: readonly InvoiceStatus[] | null
  text?: string
  customerId?: string
  ownerId?: string
  cursor?: string
  limit: number
}

/** Newest first. A customer sees no drafts. */
export async function listInvoices(
  db: Database,
  { statuses = null, text = '', customerId, ownerId, cursor, limit }: Filter,
): Promise<{ items: InvoiceRow[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<RawInvoice>(
    db,
    `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE ($1::text[] IS NULL OR status = ANY($1))
       AND ($2 = '' OR number ILIKE '%' || $2 || '%' OR owner_number ILIKE '%' || $2 || '%'
         OR bill_to->>'name' ILIKE '%' || $2 || '%')
       AND ($3::uuid IS NULL OR (customer_id = $3 AND number IS NOT NULL))
       AND ($4::uuid IS NULL OR owner_id = $4)
       AND ($5::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($5, $6::uuid))
     ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $7`,
    [
      statuses,
      text.trim().replaceAll(/[%_\\\0]/g, ''),
      customerId ?? null,
      ownerId ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  )
  const items = rows.slice(0, limit).map(toInvoice)
  const last = items.at(-1)
  const more = rows.length > limit && last
  return { items, next: more ? writeCursor(last.createdAt, last.id) : null }
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
