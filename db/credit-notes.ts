/** Credit notes: the only way in which an issued invoice is corrected. Never more than the invoice. */
import { creditLines, leftOf } from '../domain/credit-notes.ts'
import { BusinessError } from '../domain/errors.ts'
import {
  totalsOf,
  type ControlUnit,
  type EtimsStatus,
  type InvoiceLine,
  type LineWish,
} from '../domain/invoices.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { nextNumber } from './document-series.ts'
import { auditInvoice, changeInvoice, invoiceEvent, lockInvoice } from './invoice-rows.ts'
import { recountInvoices } from './invoice-counting.ts'
import { readLines } from './invoice-lines.ts'
import { appendEvents } from './outbox.ts'
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
  const notes = await listCreditNotes(tx, [invoice.id])
  const left = leftOf(
    await readLines(tx, invoice.id),
    notes.flatMap((note) => note.lines),
  )
  const lines = creditLines(left, wish.lines)
  const { net, vat, gross } = totalsOf(lines ?? [])
  if (!lines || gross <= 0)
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
