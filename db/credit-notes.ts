/** Credit notes: the only way in which an issued invoice is corrected. Never more than the invoice. */
import { randomUUID } from 'node:crypto'
import { BusinessError } from '../domain/errors.ts'
import {
  creditable,
  toLine,
  totalsOf,
  type ControlUnit,
  type EtimsStatus,
  type InvoiceLine,
  type LineWish,
} from '../domain/invoices.ts'
import { cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { nextNumber } from './document-series.ts'
import {
  auditInvoice,
  changeInvoice,
  invoiceEvent,
  lockInvoice,
  lockInvoicesOf,
  type InvoiceRow,
} from './invoice-rows.ts'
import { recountInvoices } from './invoices.ts'
import { appendEvents } from './outbox.ts'
import { readPayment } from './payment-rows.ts'
import { toCents } from './values.ts'

export type CreditWish = {
  id: string
  invoiceId: string
  reason: string
  lines: LineWish[]
  actorId: string
}
export type CreditNote = {
  id: string
  number: string
  invoiceId: string
  invoiceNumber: string
  customerId: string
  reason: string
  lines: InvoiceLine[]
  net: Cents
  vat: Cents
  gross: Cents
  issuedAt: Date
  etimsStatus: EtimsStatus
  etims: ControlUnit | null
}

type Raw = CreditNote & Record<'net' | 'vat' | 'gross', string>
const toNote = (raw: Raw): CreditNote => ({
  ...raw,
  net: toCents(raw.net),
  vat: toCents(raw.vat),
  gross: toCents(raw.gross),
})

const NOTES = `SELECT n.id, n.number, n.invoice_id AS "invoiceId", i.number AS "invoiceNumber",
    i.customer_id AS "customerId", n.reason, n.lines, n.net_cents AS net, n.vat_cents AS vat,
    n.gross_cents AS gross, n.issued_at AS "issuedAt", n.etims_status AS "etimsStatus", n.etims
  FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id`

export async function findCreditNote(on: Database | Tx, id: string): Promise<CreditNote | null> {
  const raw = await selectOne<Raw>(on, `${NOTES} WHERE n.id = $1`, [id])
  return raw && toNote(raw)
}

export async function listCreditNotes(on: Database | Tx, invoiceIds: string[]) {
  const where = 'WHERE n.invoice_id = ANY($1::uuid[]) ORDER BY n.number'
  return (await select<Raw>(on, `${NOTES} ${where}`, [invoiceIds])).map(toNote)
}

/** The same id again answers the note that stands. */
export async function creditInvoice(tx: Tx, wish: CreditWish, now: Date): Promise<CreditNote> {
  const invoice = await lockInvoice(tx, wish.invoiceId)
  const known = await findCreditNote(tx, wish.id)
  if (known) return known
  if (!invoice.number)
    throw new BusinessError('INVOICE_NOT_ISSUED', 'It was not issued, so cancel the draft instead.')
  const lines = wish.lines.map(toLine)
  const { net, vat, gross } = totalsOf(lines)
  if (gross <= 0 || gross > creditable(invoice))
    throw new BusinessError('CREDIT_ABOVE_INVOICE', 'More than is left of this invoice.')
  const credited = await changeInvoice(tx, invoice.id, 'credited_cents = credited_cents + $2', [
    gross,
  ])
  const number = await nextNumber(tx, 'CRN', now)
  await select(
    tx,
    `INSERT INTO credit_notes (id, number, invoice_id, reason, lines, net_cents, vat_cents, gross_cents,
       issued_at, issued_by, etims_status) VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11)`,
    [
      wish.id,
      number,
      invoice.id,
      wish.reason,
      JSON.stringify(lines),
      net,
      vat,
      gross,
      now,
      wish.actorId,
      invoice.etimsStatus === 'off' ? 'off' : 'pending',
    ],
  )
  await appendEvents(tx, [invoiceEvent('credit_note.issued', credited, { number, gross })])
  await auditInvoice(tx, credited, 'credit_note.issued', wish.actorId, wish.reason)
  await recountInvoices(tx, invoice.ownerId, now)
  return (await findCreditNote(tx, wish.id)) as CreditNote
}

/**
 * Money of an invoiced booking went back: the invoices that it had paid are credited, the payer's own first. Money that
 * never counted for the booking was never invoiced. The caller sees to it that each refund is heard once.
 */
export async function creditRefund(tx: Tx, paymentId: string, now: Date): Promise<void> {
  const payment = await readPayment(tx, paymentId)
  if (!payment || payment.type === 'deposit') return
  let rest = payment.applied
  for (const row of (await lockInvoicesOf(tx, payment.ownerId)).toSorted(ownFirst)) {
    const fits = row.number && !row.companyId && (!row.partyId || row.partyId === payment.partyId)
    const part = fits ? cents(Math.min(rest, creditable(row))) : ZERO
    if (part === 0) continue
    rest = subtract(rest, part)
    const line = { description: 'Refund', quantity: 1, unitPrice: part, vatRate: 16 } as const
    const wish = { id: randomUUID(), invoiceId: row.id, reason: 'Refunded', lines: [line] }
    await creditInvoice(tx, { ...wish, actorId: 'gari' }, now)
  }
}

const ownFirst = (a: InvoiceRow, b: InvoiceRow) =>
  Number(a.partyId === null) - Number(b.partyId === null) ||
  (a.number ?? '').localeCompare(b.number ?? '')
