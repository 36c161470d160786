/** What of an invoice is paid, and where it stands by that and by the clock. */
import type { InvoiceEventType } from '../domain/events.ts'
import { INVOICE_CASE, standingOf, type InvoiceStatus } from '../domain/invoices.ts'
import { add, cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { closeCase } from './finance-cases.ts'
import {
  auditInvoice,
  changeInvoice,
  invoiceEvent,
  lockInvoicesOf,
  type InvoiceRow,
} from './invoice-rows.ts'
import { appendEvents } from './outbox.ts'
import { prepared } from './prepared.ts'
import { toCents } from './values.ts'

const EVENT_OF: Partial<Record<InvoiceStatus, InvoiceEventType>> = {
  paid: 'invoice.paid',
  overdue: 'invoice.overdue',
  cancelled: 'invoice.cancelled',
}

/** Brings the invoices of one booking or charge in line with its money and the clock. Answers all as they stand then. */
export const recountInvoices = async (tx: Tx, ownerId: string, now: Date): Promise<InvoiceRow[]> =>
  recountLocked(tx, await lockInvoicesOf(tx, ownerId), now)

/** The caller has locked all of one booking or charge, and read them under that lock. */
export async function recountLocked(
  tx: Tx,
  all: readonly InvoiceRow[],
  now: Date,
): Promise<InvoiceRow[]> {
  const rows = all.filter((row) => row.number).toSorted(byIssue)
  const ownerId = rows[0]?.ownerId
  if (!ownerId) return [...all]
  const purse = await openPurse(tx, ownerId)
  const owed: { row: InvoiceRow; paid: Cents }[] = []
  for (const row of rows) {
    const due = subtract(row.gross, row.credited)
    const paid = cents(Math.min(due, await paidByCompany(tx, row)))
    owed.push({ row, paid: add(paid, purse.take(subtract(due, paid), row.partyId)) })
  }
  const changed = new Map<string, InvoiceRow>()
  for (const { row, paid } of owed) {
    const open = cents(row.gross - row.credited - paid)
    const more = (await isOnAccount(tx, row)) ? ZERO : purse.take(open)
    const next = await settleStanding(tx, row, add(paid, more), now)
    if (next) changed.set(row.id, next)
  }
  return all.map((row) => changed.get(row.id) ?? row)
}

const byIssue = (a: InvoiceRow, b: InvoiceRow) =>
  (a.issuedAt?.getTime() ?? 0) - (b.issuedAt?.getTime() ?? 0) || (a.id < b.id ? -1 : 1)

const PURSE = prepared(
  `SELECT party_id AS "partyId", sum(greatest(0, least(applied_cents, amount_cents - refunded_cents))) AS paid
   FROM payments WHERE owner_id = $1 AND status IN ('settled', 'refunding') AND type <> 'deposit'
     AND method <> 'account' GROUP BY party_id ORDER BY party_id`,
)

/**
 * What people paid and is kept, by who paid. Each one's own share is paid from their own money first; whatever somebody
 * paid beyond it counts for the others, as it does for the booking.
 */
async function openPurse(tx: Tx, ownerId: string) {
  const rows = await select<{ partyId: string; paid: string }>(tx, PURSE, [ownerId])
  const left = new Map(rows.map(({ partyId, paid }) => [partyId, toCents(paid)]))
  return {
    /** At most so much: of this one person's money, of nobody's where it is null, of anybody's without a person. */
    take: (most: Cents, partyId?: string | null): Cents => {
      let taken = ZERO
      for (const [id, has] of left) {
        if (partyId !== undefined && id !== partyId) continue
        const part = cents(Math.max(0, Math.min(has, most - taken)))
        left.set(id, subtract(has, part))
        taken = add(taken, part)
      }
      return taken
    },
  }
}

async function paidByCompany(tx: Tx, { id, companyId }: InvoiceRow): Promise<Cents> {
  if (!companyId) return ZERO
  const row = await selectOne<{ paid: string }>(
    tx,
    'SELECT coalesce(sum(amount_cents), 0) AS paid FROM invoice_payments WHERE invoice_id = $1',
    [id],
  )
  return toCents(row?.paid ?? 0)
}

/** A company owes this by its account; otherwise whoever pays the booking pays its invoice. */
async function isOnAccount(tx: Tx, { companyId, ownerId }: InvoiceRow): Promise<boolean> {
  if (!companyId) return false
  const taken = await selectOne(
    tx,
    `SELECT id FROM payments WHERE owner_id = $1 AND method = 'account' AND holding_subject = $2
       AND status IN ('settled', 'refunding', 'refunded') LIMIT 1`,
    [ownerId, companyId],
  )
  return taken !== null
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
    if (status !== 'overdue') await endCase(tx, changed, status, now)
  }
  return changed
}

/** Paid or credited in full: nobody in finance need look any more. */
const endCase = (tx: Tx, { id }: InvoiceRow, status: InvoiceStatus, now: Date) =>
  closeCase(tx, {
    what: INVOICE_CASE,
    subject: id,
    resolution: status === 'paid' ? 'it is paid' : 'it was credited in full',
    actorId: 'gari',
    now,
  })
