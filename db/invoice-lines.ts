/** The lines of an invoice, in their order. */
import { toLine, type InvoiceLine, type LineWish } from '../domain/invoices.ts'
import { select, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

type RawLine = Omit<LineWish, 'unitPrice'> & { unitPrice: string }

export async function readLines(on: Database | Tx, invoiceId: string): Promise<InvoiceLine[]> {
  const rows = await select<RawLine>(
    on,
    `SELECT description, quantity, unit_price_cents AS "unitPrice", vat_rate AS "vatRate"
     FROM invoice_lines WHERE invoice_id = $1 ORDER BY position`,
    [invoiceId],
  )
  return rows.map((row) => toLine({ ...row, unitPrice: toCents(row.unitPrice) }))
}
