/** What people said about who is billed: drafts that they may change until the booking is paid and invoiced. */
import { BusinessError } from '../domain/errors.ts'
import { add, formatKes, subtract, ZERO, type Cents } from '../domain/money.ts'
import type { BilledPurpose } from './billable.ts'
import { bill, openToBill, type Bill } from './billing.ts'
import { select, type Database, type Tx } from './connection.ts'
import { cancelDraft, invoicedOf } from './invoice-drafts.ts'
import { lockInvoicesOf } from './invoice-rows.ts'
import { toCents } from './values.ts'

export type PlannedBill = { id: string; name: string; amount: Cents }

/** `by`: only drafts of this person; everybody's when it is null. */
export async function listPlanned(
  on: Database | Tx,
  ownerId: string,
  by: string | null,
): Promise<PlannedBill[]> {
  const rows = await select<{ id: string; name: string; amount: string }>(
    on,
    `SELECT id, bill_to->>'name' AS name, gross_cents AS amount FROM invoices
     WHERE owner_id = $1 AND status = 'draft' AND NOT issue_wanted AND ($2::text IS NULL OR created_by = $2)
     ORDER BY gross_cents DESC, id`,
    [ownerId, by],
  )
  return rows.map((row) => ({ ...row, amount: toCents(row.amount) }))
}

/** What may be planned: all that is in no invoice yet, and in no draft of somebody else. */
export async function planningRest(
  on: Database | Tx,
  owner: { id: string; total: Cents },
  planned: PlannedBill[],
): Promise<Cents> {
  const others = subtract(await invoicedOf(on, owner.id), sumOf(planned))
  return subtract(owner.total, others)
}

const sumOf = (rows: { amount: Cents }[]): Cents => add(ZERO, ...rows.map(({ amount }) => amount))

export type BillingPlan = {
  purpose: BilledPurpose
  ownerId: string
  bills: (Bill & { weight: Cents })[]
  /** Whose earlier drafts these replace. */
  by: string | null
  issue: boolean
  actorId: string
}

const TERMS_DAYS = 14

/** Replaces what was planned before, all of it or nothing. The same form again changes nothing. */
export async function planBilling(tx: Tx, plan: BillingPlan): Promise<void> {
  const { purpose, ownerId, bills, by, issue, actorId } = plan
  const { owner } = await openToBill(tx, purpose, ownerId)
  const ids = bills.map(({ id }) => id)
  if ((await lockInvoicesOf(tx, ownerId)).some(({ id }) => ids.includes(id))) return
  const planned = await listPlanned(tx, ownerId, by)
  const rest = await planningRest(tx, owner, planned)
  if (add(ZERO, ...bills.map(({ weight }) => weight)) !== rest)
    throw new BusinessError(
      'SHARES_DO_NOT_ADD_UP',
      `The shares must add up to the total of ${formatKes(rest)}.`,
    )
  for (const { id } of planned) await cancelDraft(tx, id, actorId)
  await bill(tx, { purpose, ownerId, bills, issue, actorId, termsDays: TERMS_DAYS })
}
