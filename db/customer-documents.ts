/** What was issued to a customer: invoices, credit notes and receipts in one list, the newest first. */
import type { DocumentKind } from '../domain/customers.ts'
import type { Cents } from '../domain/money.ts'
import { select, type Database } from './connection.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { toCents } from './values.ts'

export type CustomerDocument = {
  id: string
  kind: DocumentKind
  number: string
  ownerNumber: string
  amount: Cents
  issuedAt: Date
}

export const DOCUMENT_SORTS = {
  issued_at: { column: 'd.issued_at', type: 'time' },
} as const satisfies Keys<string>

/** Of one customer all of them, which are few. A receipt has the id of its payment. */
const ISSUED = `
  SELECT id, 'invoice' AS kind, number, owner_number, gross_cents AS amount, issued_at FROM invoices
    WHERE customer_id = $1 AND number IS NOT NULL
  UNION ALL SELECT n.id, 'credit_note', n.number, i.owner_number, n.gross_cents, n.issued_at
    FROM invoices i JOIN credit_notes n ON n.invoice_id = i.id WHERE i.customer_id = $1
  UNION ALL SELECT p.id, 'receipt', r.number, p.owner_number, p.amount_cents, r.issued_at
    FROM payments p JOIN receipts r ON r.payment_id = p.id WHERE p.customer_id = $1`

export type DocumentFilter = PageWish<keyof typeof DOCUMENT_SORTS> & {
  customerId: string
  kind?: DocumentKind | undefined
}

export async function listCustomerDocuments(
  db: Database,
  filter: DocumentFilter,
): Promise<Page<CustomerDocument>> {
  const by = paged(DOCUMENT_SORTS, filter, { from: 3, id: 'd.id' })
  const rows = await select<CustomerDocument & { amount: string; pageKey: string }>(
    db,
    `SELECT d.id, d.kind, d.number, d.owner_number AS "ownerNumber", d.amount, d.issued_at AS "issuedAt", ${by.columns}
     FROM (${ISSUED}) d WHERE ($2::text IS NULL OR d.kind = $2) AND ${by.after} ${by.order}`,
    [filter.customerId, filter.kind ?? null, ...by.bind],
  )
  return by.page(rows, (row) => ({ ...row, amount: toCents(row.amount) }))
}
