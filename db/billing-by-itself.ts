/** Bills that nobody asks for: a booking was confirmed, a charge was paid. What finance prepared goes first. */
import { randomUUID } from 'node:crypto'
import type { BillTo } from '../domain/invoices.ts'
import { cents, subtract, type Cents } from '../domain/money.ts'
import { billOpen, openToBill, type Bill } from './billing.ts'
import type { Billable, BilledPurpose } from './billable.ts'
import { readCharge } from './charge-rows.ts'
import { select, type Tx } from './connection.ts'
import { wishIssue } from './invoice-drafts.ts'
import { lockInvoicesOf } from './invoice-rows.ts'
import { toCents } from './values.ts'

/**
 * Drafts that were prepared are issued. What they leave is billed: to each company what is on its account, and to the
 * customer the rest. Hearing of it twice bills nothing more.
 */
export async function billByItself(tx: Tx, purpose: BilledPurpose, ownerId: string): Promise<void> {
  if (purpose === 'charge' && (await readCharge(tx, ownerId))?.type === 'deposit') return
  const open = await openToBill(tx, purpose, ownerId)
  const { owner, rest } = open
  // The news may be old, and the money gone back since: what has ended is not billed by itself.
  if (owner.ended) return
  for (const row of await lockInvoicesOf(tx, ownerId))
    if (row.status === 'draft') await wishIssue(tx, row.id, 'gari')
  if (rest <= 0) return
  const bills = await billsFor(tx, owner, rest)
  const wish = { purpose, ownerId, bills, termsDays: 0, issue: true, actorId: 'gari' }
  await billOpen(tx, wish, open)
}

async function billsFor(tx: Tx, owner: Billable, rest: Cents): Promise<Bill[]> {
  const bills: Bill[] = []
  let left = rest
  for (const { companyId, amount } of await onAccount(tx, owner.id)) {
    const weight = cents(Math.min(left, amount))
    if (weight === 0) continue
    left = subtract(left, weight)
    bills.push({ id: randomUUID(), billTo: billToCustomer(owner), weight, companyId })
  }
  if (left > 0) bills.push({ id: randomUUID(), billTo: billToCustomer(owner), weight: left })
  return bills
}

const billToCustomer = ({ customer }: Billable): BillTo => ({
  name: customer.name,
  pin: null,
  address: [],
  email: customer.email,
})

/** What companies took on their accounts and no invoice of theirs holds yet. */
async function onAccount(tx: Tx, ownerId: string): Promise<{ companyId: string; amount: Cents }[]> {
  const rows = await select<{ companyId: string; amount: string }>(
    tx,
    `SELECT p.holding_subject AS "companyId", sum(p.applied_cents) - coalesce((SELECT sum(i.gross_cents - i.credited_cents)
         FROM invoices i WHERE i.owner_id = $1 AND i.company_id::text = p.holding_subject AND i.status <> 'cancelled'), 0)
         AS amount
     FROM payments p WHERE p.owner_id = $1 AND p.method = 'account' AND p.counted AND NOT p.given_back
       AND p.status IN ('settled', 'refunding') GROUP BY p.holding_subject ORDER BY p.holding_subject`,
    [ownerId],
  )
  return rows
    .map(({ companyId, amount }) => ({ companyId, amount: toCents(amount) }))
    .filter(({ amount }) => amount > 0)
}
