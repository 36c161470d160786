/** What of an invoice is paid, and where it stands by that and by the clock. */
import type { InvoiceEventType } from '../domain/events.ts'
import { standingOf, type InvoiceStatus } from '../domain/invoices.ts'
import { add, cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import { selectOne, type Tx } from './connection.ts'
import {
  auditInvoice,
  changeInvoice,
  invoiceEvent,
  lockInvoicesOf,
  type InvoiceRow,
} from './invoice-rows.ts'
import { appendEvents } from './outbox.ts'
import { toCents } from './values.ts'

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
    const due = subtract(row.gross, row.credited)
    const own = cents(Math.max(0, Math.min(due, await paidFor(tx, row))))
    const rest = (await takesShared(tx, row)) ? Math.max(0, Math.min(shared, due - own)) : 0
    shared = cents(shared - rest)
    const next = await settleStanding(tx, row, cents(own + rest), now)
    if (next) changed.push(next)
  }
  return changed
}

const byIssue = (a: InvoiceRow, b: InvoiceRow) =>
  (a.issuedAt?.getTime() ?? 0) - (b.issuedAt?.getTime() ?? 0) || (a.id < b.id ? -1 : 1)

const KEPT = `coalesce(sum(greatest(0, least(applied_cents, amount_cents - refunded_cents))), 0) AS paid
  FROM payments WHERE status IN ('settled', 'refunding') AND type <> 'deposit' AND method <> 'account'`

async function sumBy(tx: Tx, sql: string, bind: unknown[]): Promise<Cents> {
  const row = await selectOne<{ paid: string }>(tx, sql, bind)
  return toCents(row?.paid ?? 0)
}

/** Money of the owner that no share of its own claims. */
function paidByAll(tx: Tx, rows: InvoiceRow[], ownerId: string): Promise<Cents> {
  const parties = rows.flatMap(({ partyId }) => (partyId ? [partyId] : []))
  const bind = [ownerId, parties]
  return sumBy(tx, `SELECT ${KEPT} AND owner_id = $1 AND party_id <> ALL($2::uuid[])`, bind)
}

/** What a company paid of this very invoice, and what its own person paid. */
async function paidFor(tx: Tx, row: InvoiceRow): Promise<Cents> {
  const { id, companyId, partyId, ownerId } = row
  const byCompany = companyId
    ? await sumBy(
        tx,
        'SELECT coalesce(sum(amount_cents), 0) AS paid FROM invoice_payments WHERE invoice_id = $1',
        [id],
      )
    : ZERO
  const byParty = partyId
    ? await sumBy(tx, `SELECT ${KEPT} AND owner_id = $1 AND party_id = $2`, [ownerId, partyId])
    : ZERO
  return add(byCompany, byParty)
}

/** Everybody's money counts, unless this is one person's share or what a company has on its account. */
async function takesShared(tx: Tx, { partyId, companyId, ownerId }: InvoiceRow): Promise<boolean> {
  if (partyId || !companyId) return !partyId
  const onAccount = await selectOne(
    tx,
    `SELECT id FROM payments WHERE owner_id = $1 AND method = 'account' AND holding_subject = $2
       AND status IN ('settled', 'refunding', 'refunded') LIMIT 1`,
    [ownerId, companyId],
  )
  return onAccount === null
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
