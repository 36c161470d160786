/** Who is billed for a booking or a charge, and how much: one bill for all, or shares that sum to the whole. */
import { BusinessError } from '../domain/errors.ts'
import { splitByWeights, type BillTo, type LineWish } from '../domain/invoices.ts'
import { add, subtract, ZERO, type Cents } from '../domain/money.ts'
import { lockBillable, type Billable, type BilledPurpose } from './billable.ts'
import { companyTerms } from './company-billing.ts'
import type { Tx } from './connection.ts'
import { draftInvoice, invoicedOf } from './invoice-drafts.ts'
import { lockInvoicesOf, type InvoiceRow } from './invoice-rows.ts'

/** `weight`: its part of the whole, in any unit. `id` comes from the Idempotency-Key, or is new. */
export type Bill = {
  id: string
  billTo: BillTo
  weight: number
  partyId?: string | null
  companyId?: string | null
  /** Where this one has days of its own until it is due. */
  termsDays?: number
}
export type BillingWish = {
  purpose: BilledPurpose
  ownerId: string
  bills: Bill[]
  termsDays: number
  issue: boolean
  actorId: string
}

/** Drafts for what is not invoiced yet. All are made, or none. */
export async function bill(tx: Tx, wish: BillingWish): Promise<InvoiceRow[]> {
  const open = await openToBill(tx, wish.purpose, wish.ownerId)
  const known = await repeatOf(tx, wish)
  return known.length > 0 ? known : billOpen(tx, wish, open)
}

type OpenToBill = Awaited<ReturnType<typeof openToBill>>

/** The same for who knows already what is open, and that these bills are new. */
export async function billOpen(
  tx: Tx,
  wish: BillingWish,
  { owner, rest }: OpenToBill,
): Promise<InvoiceRow[]> {
  if (rest <= 0) throw new BusinessError('NOTHING_TO_INVOICE', 'All of this is invoiced already.')
  const parts = splitByWeights(
    rest,
    wish.bills.map(({ weight }) => weight),
  )
  if (parts.some((part) => part === 0))
    throw new BusinessError('SHARES_DO_NOT_ADD_UP', 'Each share must be more than nothing.')
  const drafts: InvoiceRow[] = []
  for (const [index, one] of wish.bills.entries()) {
    const part = parts[index] as Cents
    const whole = parts.length === 1 && part === sumOf(owner.whole)
    const lines = whole ? owner.whole : [shareLine(owner, part, index, parts.length)]
    drafts.push(await draftOne(tx, wish, one, owner, lines, index === 0 && rest === owner.total))
  }
  return drafts
}

/** What is billed, under its lock, and what of it is in no invoice yet. */
export async function openToBill(tx: Tx, purpose: BilledPurpose, id: string) {
  const owner = await lockBillable(tx, purpose, id)
  if (!owner) throw new BusinessError('NOT_FOUND', 'We have nothing of that kind to invoice.')
  return { owner, rest: subtract(owner.total, await invoicedOf(tx, id)) }
}

/** The same wish again: its drafts stand under their ids. */
async function repeatOf(tx: Tx, { ownerId, bills }: BillingWish): Promise<InvoiceRow[]> {
  const ids = bills.map(({ id }) => id)
  return (await lockInvoicesOf(tx, ownerId)).filter(({ id }) => ids.includes(id))
}

/** A price that was lowered since is no longer the sum of the lines that the customer saw. */
const sumOf = (lines: LineWish[]): Cents =>
  add(ZERO, ...lines.map(({ quantity, unitPrice }) => (quantity * unitPrice) as Cents))

async function draftOne(
  tx: Tx,
  wish: BillingWish,
  one: Bill,
  owner: Billable,
  lines: LineWish[],
  first: boolean,
): Promise<InvoiceRow> {
  const { issue, actorId } = wish
  const { billTo, termsDays = wish.termsDays } = one.companyId
    ? await companyTerms(tx, one.companyId)
    : one
  return draftInvoice(tx, {
    id: one.id,
    key: `bill:${one.id}`,
    purpose: owner.purpose,
    ownerId: owner.id,
    ownerNumber: owner.number,
    customerId: owner.customerId,
    partyId: one.partyId ?? null,
    companyId: one.companyId ?? null,
    billTo,
    lines,
    // Beside one invoice of them all.
    deposit: first ? owner.deposit : ZERO,
    termsDays,
    issue,
    actorId,
  })
}

const shareLine = (owner: Billable, unitPrice: Cents, index: number, count: number): LineWish => ({
  description: count > 1 ? `${owner.words}, share ${index + 1} of ${count}` : owner.words,
  quantity: 1,
  unitPrice,
  vatRate: 16,
})
