/** The life of an invoice: issued with the next number, sent, paid, overdue. Each step safe to repeat. */
import type { InvoiceEventType } from '../domain/events.ts'
import {
  dueAfter,
  isOpenInvoice,
  standingOf,
  type InvoiceStatus,
  type Reminder,
} from '../domain/invoices.ts'
import { cents, subtract, type Cents } from '../domain/money.ts'
import { selectOne, type Tx } from './connection.ts'
import { nextNumber } from './document-series.ts'
import {
  auditInvoice,
  changeInvoice,
  invoiceEvent,
  lockInvoice,
  lockInvoicesOf,
  type InvoiceRow,
} from './invoice-rows.ts'
import { appendEvents } from './outbox.ts'
import { toCents } from './values.ts'

/** Gives the next number of the year, once. A draft that was thrown away stays so. */
export async function issueInvoice(
  tx: Tx,
  id: string,
  { now, etims }: { now: Date; etims: boolean },
): Promise<InvoiceRow> {
  const row = await lockInvoice(tx, id)
  if (row.status !== 'draft') return row
  const number = await nextNumber(tx, 'INV', now)
  const issued = await changeInvoice(
    tx,
    id,
    "status = 'issued', number = $2, issued_at = $3, due_at = $4, etims_status = $5",
    [number, now, dueAfter(now, row.termsDays), etims ? 'pending' : 'off'],
  )
  await appendEvents(tx, [invoiceEvent('invoice.issued', issued)])
  await auditInvoice(tx, issued, 'invoice.issued', 'gari')
  await recountInvoices(tx, row.ownerId, now)
  return lockInvoice(tx, id)
}

const EVENT_OF: Partial<Record<InvoiceStatus, InvoiceEventType>> = {
  paid: 'invoice.paid',
  overdue: 'invoice.overdue',
  cancelled: 'invoice.cancelled',
}

/** Brings the invoices of one booking or charge in line with its money and the clock. Answers those that changed. */
export async function recountInvoices(tx: Tx, ownerId: string, now: Date): Promise<InvoiceRow[]> {
  const rows = (await lockInvoicesOf(tx, ownerId)).filter((row) => row.number)
  const changed: InvoiceRow[] = []
  let shared = await paidByAll(tx, rows, ownerId)
  for (const row of rows.toSorted(byIssue)) {
    const own = row.companyId || row.partyId ? await paidFor(tx, row) : null
    const paid = cents(Math.max(0, Math.min(own ?? shared, row.gross - row.credited)))
    if (own === null) shared = subtract(shared, paid)
    const next = await settleStanding(tx, row, paid, now)
    if (next) changed.push(next)
  }
  return changed
}

const byIssue = (a: InvoiceRow, b: InvoiceRow) =>
  (a.issuedAt?.getTime() ?? 0) - (b.issuedAt?.getTime() ?? 0) || (a.id < b.id ? -1 : 1)

const KEPT = `coalesce(sum(greatest(0, least(applied_cents, amount_cents - refunded_cents))), 0) AS paid
  FROM payments WHERE status IN ('settled', 'refunding') AND type <> 'deposit' AND method <> 'account'`

/** Money of the owner that no share of its own and no company claims. */
async function paidByAll(tx: Tx, rows: InvoiceRow[], ownerId: string): Promise<Cents> {
  const parties = rows.flatMap(({ partyId }) => (partyId ? [partyId] : []))
  const row = await selectOne<{ paid: string }>(
    tx,
    `SELECT ${KEPT} AND owner_id = $1 AND party_id <> ALL($2::uuid[])`,
    [ownerId, parties],
  )
  return toCents(row?.paid ?? 0)
}

async function paidFor(tx: Tx, { id, companyId, partyId, ownerId }: InvoiceRow): Promise<Cents> {
  const row = companyId
    ? await selectOne<{ paid: string }>(
        tx,
        'SELECT coalesce(sum(amount_cents), 0) AS paid FROM invoice_payments WHERE invoice_id = $1',
        [id],
      )
    : await selectOne<{ paid: string }>(tx, `SELECT ${KEPT} AND owner_id = $1 AND party_id = $2`, [
        ownerId,
        partyId,
      ])
  return toCents(row?.paid ?? 0)
}

async function settleStanding(
  tx: Tx,
  row: InvoiceRow,
  paid: Cents,
  now: Date,
): Promise<InvoiceRow | null> {
  const status = standingOf({ ...row, paid, dueAt: row.dueAt as Date }, now)
  if (status === row.status && paid === row.paid) return null
  const changed = await changeInvoice(
    tx,
    row.id,
    `paid_cents = $2, status = $3, paid_at = CASE WHEN $3 = 'paid' THEN coalesce(paid_at, $4) END,
     cancelled_at = CASE WHEN $3 = 'cancelled' THEN $4::timestamptz END`,
    [paid, status, now],
  )
  const type = status === row.status ? undefined : EVENT_OF[status]
  if (type) {
    await appendEvents(tx, [invoiceEvent(type, changed)])
    await auditInvoice(tx, changed, type, 'gari')
  }
  return changed
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

/** Reminded often enough: finance sees it among its cases. */
export async function openInvoiceCase(tx: Tx, id: string, now: Date): Promise<void> {
  const row = await lockInvoice(tx, id)
  if (row.caseAt || !isOpenInvoice(row.status)) return
  const changed = await changeInvoice(tx, id, 'case_at = $2', [now])
  await auditInvoice(tx, changed, 'invoice.case_opened', 'gari', 'all reminders were sent')
}
