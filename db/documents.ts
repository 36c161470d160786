/** Documents as they are printed, read from the books just now. */
import type {
  CreditNoteDocument,
  InvoiceDocument,
  PaidBy,
  ReceiptDocument,
} from '../domain/documents.ts'
import { openAmount, totalsOf } from '../domain/invoices.ts'
import { select, type Database } from './connection.ts'
import { findCreditNote } from './credit-notes.ts'
import { readLines } from './invoice-lines.ts'
import { readInvoice, type InvoiceRow } from './invoice-rows.ts'
import { findReceipt } from './receipts.ts'
import { toCents } from './values.ts'

/** Makes the secret address under which anybody can check a document. */
export type VerifyUrl = (number: string) => string

type RawPaid = PaidBy & { amount: string }
/** What a company paid of it, and what people did unless the company owes it by its account. */
export async function readPaidBy(db: Database, invoice: InvoiceRow): Promise<PaidBy[]> {
  const { id, ownerId, partyId, companyId } = invoice
  const rows = await select<RawPaid>(
    db,
    `SELECT recorded_at AS at, 'bank_transfer' AS method, reference, amount_cents AS amount
     FROM invoice_payments WHERE invoice_id = $1
     UNION ALL SELECT coalesce(processed_at, requested_at), method, coalesce(receipt, desk_reference),
       least(applied_cents, amount_cents - refunded_cents) FROM payments
     WHERE owner_id = $2 AND ($3::uuid IS NULL OR party_id = $3) AND status IN ('settled', 'refunding')
       AND least(applied_cents, amount_cents - refunded_cents) > 0 AND type <> 'deposit' AND method <> 'account'
       AND NOT EXISTS (SELECT FROM payments a WHERE a.owner_id = $2 AND a.method = 'account'
         AND a.holding_subject = $4 AND a.status IN ('settled', 'refunding', 'refunded'))
     ORDER BY 1`,
    [id, ownerId, partyId, companyId],
  )
  return rows.map((row) => ({ ...row, amount: toCents(row.amount) }))
}

/** Null for a draft: it is no document yet. */
export async function findInvoiceDocument(
  db: Database,
  id: string,
  verifyUrl: VerifyUrl,
): Promise<InvoiceDocument | null> {
  const row = await readInvoice(db, id)
  if (!row?.number || !row.issuedAt || !row.dueAt) return null
  const { number, issuedAt, dueAt, billTo, ownerNumber, credited, paid, deposit } = row
  const lines = await readLines(db, id)
  return {
    kind: 'invoice',
    number,
    issuedAt,
    dueAt,
    billTo,
    ownerNumber,
    lines,
    totals: totalsOf(lines),
    credited,
    paid,
    open: openAmount(row),
    payments: await readPaidBy(db, row),
    deposit,
    etims: { status: row.etimsStatus, unit: row.etims },
    verifyUrl: verifyUrl(number),
  }
}

export async function findCreditNoteDocument(
  db: Database,
  id: string,
  verifyUrl: VerifyUrl,
): Promise<CreditNoteDocument | null> {
  const note = await findCreditNote(db, id)
  const invoice = note && (await readInvoice(db, note.invoiceId))
  if (!invoice) return null
  const { number, invoiceNumber, reason, issuedAt, lines, net, vat, gross } = note
  return {
    kind: 'credit_note',
    number,
    invoiceNumber,
    reason,
    issuedAt,
    billTo: invoice.billTo,
    ownerNumber: invoice.ownerNumber,
    lines,
    totals: { net, vat, gross },
    etims: { status: note.etimsStatus, unit: note.etims },
    verifyUrl: verifyUrl(number),
  }
}

export async function findReceiptDocument(
  db: Database,
  paymentId: string,
  verifyUrl: VerifyUrl,
): Promise<ReceiptDocument | null> {
  const receipt = await findReceipt(db, paymentId)
  if (!receipt) return null
  const { number, issuedAt, payer, ownerNumber, paidAt, method, reference, amount, type } = receipt
  return {
    kind: 'receipt',
    number,
    issuedAt,
    billTo: { name: payer, pin: null, address: [], email: null },
    ownerNumber,
    what: type === 'deposit' ? 'Refundable deposit' : `Payment for ${ownerNumber}`,
    payment: { at: paidAt, method, reference, amount },
    verifyUrl: verifyUrl(number),
  }
}
