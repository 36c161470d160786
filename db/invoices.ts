/** The life of an invoice: issued with the next number, sent, paid, overdue. Each step safe to repeat. */
import {
  dueAfter,
  INVOICE_CASE,
  isOpenInvoice,
  openAmount,
  type Reminder,
} from '../domain/invoices.ts'
import { companyTerms } from './company-billing.ts'
import type { Tx } from './connection.ts'
import { nextNumber } from './document-series.ts'
import { openCase } from './finance-cases.ts'
import { recountLocked } from './invoice-counting.ts'
import {
  auditInvoice,
  changeInvoice,
  invoiceEvent,
  lockInvoice,
  lockInvoicesWith,
  pickInvoice,
  type InvoiceRow,
} from './invoice-rows.ts'
import { appendEvents } from './outbox.ts'

/** Gives the next number of the year, once. A draft that was thrown away stays so; a company’s terms are copied now. */
export async function issueInvoice(
  tx: Tx,
  id: string,
  { now, etims }: { now: Date; etims: boolean },
): Promise<InvoiceRow> {
  const all = await lockInvoicesWith(tx, id)
  const row = pickInvoice(all, id)
  if (row.status !== 'draft') return row
  const { billTo, termsDays } = row.companyId ? await companyTerms(tx, row.companyId) : row
  const number = await nextNumber(tx, 'INV', now)
  const issued = await changeInvoice(
    tx,
    id,
    `status = 'issued', number = $2, issued_at = $3, due_at = $4, etims_status = $5, bill_to = $6::jsonb,
     terms_days = $7`,
    [
      number,
      now,
      dueAfter(now, termsDays),
      etims ? 'pending' : 'off',
      JSON.stringify(billTo),
      termsDays,
    ],
  )
  await appendEvents(tx, [invoiceEvent('invoice.issued', issued)])
  await auditInvoice(tx, issued, 'invoice.issued', 'gari')
  const others = all.filter((one) => one.id !== id)
  return pickInvoice(await recountLocked(tx, [...others, issued], now), id)
}

/** It left by e-mail. What is paid or overdue already stays so. */
export async function recordInvoiceSent(tx: Tx, id: string, now: Date): Promise<void> {
  const row = await lockInvoice(tx, id)
  const set = "sent_at = $2, status = CASE WHEN status = 'issued' THEN 'sent' ELSE status END"
  const sent = await changeInvoice(tx, id, set, [now])
  await auditInvoice(tx, sent, 'invoice.sent', 'gari')
  if (!row.sentAt) await appendEvents(tx, [invoiceEvent('invoice.sent', sent)])
}

/** True for whoever may remind: the invoice is still open, and nobody reminded of this before. */
export async function claimReminder(tx: Tx, id: string, reminder: Reminder): Promise<boolean> {
  const row = await lockInvoice(tx, id)
  if (!isOpenInvoice(row.status) || row.reminded.includes(reminder)) return false
  const reminded = JSON.stringify([...row.reminded, reminder])
  const changed = await changeInvoice(tx, id, 'reminded = $2::jsonb', [reminded])
  await auditInvoice(tx, changed, 'invoice.reminded', 'gari', reminder)
  return true
}

/** Reminded often enough: a case for finance, until it is paid or credited. */
export async function openInvoiceCase(tx: Tx, id: string, now: Date): Promise<void> {
  const row = await lockInvoice(tx, id)
  if (row.caseAt || !isOpenInvoice(row.status)) return
  const changed = await changeInvoice(tx, id, 'case_at = $2', [now])
  await openCase(
    tx,
    {
      what: INVOICE_CASE,
      subject: id,
      place: `/finance/invoices/${id}`,
      detail: `${row.number ?? ''} for ${row.ownerNumber} is overdue; all reminders were sent`,
      amount: openAmount(row),
    },
    now,
  )
  await auditInvoice(tx, changed, 'invoice.case_opened', 'gari', 'all reminders were sent')
}
