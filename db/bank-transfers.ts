/** Bank transfers that were announced at the desk: found on the bank's list, confirmed by hand, or withdrawn. */
import type { SettleDecision } from '../domain/payments.ts'
import { DEFAULT_CREDIT_ALONE } from '../domain/paybill.ts'
import { reasonFor } from '../domain/payment-results.ts'
import type { TransferAnswer, TransferFound } from '../domain/tenders.ts'
import { formatKes, ZERO, type Cents } from '../domain/money.ts'
import { select, type Database, type Tx } from './connection.ts'
import {
  changePayment,
  lockPayment,
  readPayment,
  type Locked,
  type PaymentRow,
} from './payment-rows.ts'
import { isOnePerson } from './one-person.ts'
import { creditedOf, takesMoney } from './paybill-allocation.ts'
import { decisionOf, settleLocked } from './payment-settling.ts'
import { auditPayment, refusePayment } from './payments.ts'
import { toCents } from './values.ts'

/**
 * A line of the bank's list belongs to one transfer for ever; a repeat answers what stands. The bank is believed over
 * whoever said that nothing would come. What one person saw there never becomes much credit: that takes the list.
 */
export async function settleTransfer(
  tx: Tx,
  paymentId: string,
  found: TransferFound,
  now: Date,
  creditAlone: Cents = DEFAULT_CREDIT_ALONE,
): Promise<TransferAnswer> {
  const seen = await lockPayment(tx, paymentId)
  if (seen?.payment.method !== 'bank_transfer') throw new Error(`no bank transfer ${paymentId}`)
  const { status } = seen.payment
  const isOpen = status === 'unknown' || (status === 'refused' && found.by === 'line')
  if (!isOpen) return decisionOf(seen.payment)
  const doubt =
    found.by === 'hand' ? await whyNotByHand(tx, seen, found.actorId, creditAlone) : null
  if (doubt) return { outcome: 'needs_list', why: `${doubt}, so the bank’s list has to show it.` }
  const line = found.by === 'line' ? found.bankLineId : null
  const hand = found.by === 'hand' ? found : null
  await select(
    tx,
    `UPDATE desk_tenders SET bank_line_id = $2, confirmed_by = $3,
       bank_reference = coalesce($4, bank_reference) WHERE payment_id = $1 RETURNING payment_id`,
    [paymentId, line, hand?.actorId ?? null, hand?.reference ?? null],
  )
  // As the bank writes it: later lists are matched by it.
  if (hand) await changePayment(tx, paymentId, 'desk_reference = $2', [hand.reference])
  const who = hand?.actorId ?? 'gari'
  await auditPayment(tx, seen.payment, 'payment.transfer_found', who, hand?.reference)
  const none = { receipt: null, merchantRequestId: null, checkoutRequestId: null }
  const by = found.by === 'line' ? 'statement' : 'hand'
  return settleLocked(tx, seen, { paymentId, ...none, by }, now)
}

/** By the rules of the settle; what comes after its owner's end is late money, and nobody's credit. */
async function whyNotByHand(
  tx: Tx,
  { payment, owner }: Locked,
  actorId: string,
  creditAlone: Cents,
): Promise<string | null> {
  if (await isOnePerson(tx, actorId, payment.customerId)) return 'It pays what is yours'
  const credited = owner && takesMoney(owner) ? await creditedOf(tx, owner, payment.amount) : ZERO
  return credited > creditAlone ? `${formatKes(credited)} of it would become credit` : null
}

type Withdrawal = { reason: string; actorId: string }

/** The customer says that nothing was sent, or finance looked long enough. Paid stays paid. */
export async function withdrawTransfer(
  tx: Tx,
  paymentId: string,
  { reason, actorId }: Withdrawal,
): Promise<SettleDecision> {
  const seen = await lockPayment(tx, paymentId)
  if (seen?.payment.method !== 'bank_transfer') throw new Error(`no bank transfer ${paymentId}`)
  if (seen.payment.status === 'unknown') {
    await auditPayment(tx, seen.payment, 'payment.transfer_withdrawn', actorId, reason)
    await refusePayment(tx, paymentId, reasonFor('TRANSFER_WITHDRAWN'))
  }
  return decisionOf((await readPayment(tx, paymentId)) as PaymentRow)
}

export type AwaitedTransfer = {
  paymentId: string
  ownerId: string
  ownerNumber: string
  customerName: string
  amount: Cents
  reference: string
  announcedAt: Date
}

/** Announced and not seen yet, oldest first. */
export async function listAwaitedTransfers(
  on: Database | Tx,
  limit: number,
): Promise<AwaitedTransfer[]> {
  const rows = await select<AwaitedTransfer & { amount: string }>(
    on,
    `SELECT p.id AS "paymentId", p.owner_id AS "ownerId", p.owner_number AS "ownerNumber",
       trim(u.first_name || ' ' || u.last_name) AS "customerName", p.amount_cents AS amount,
       t.bank_reference AS reference, p.requested_at AS "announcedAt"
     FROM payments p JOIN desk_tenders t ON t.payment_id = p.id JOIN users u ON u.id = p.customer_id
     WHERE p.method = 'bank_transfer' AND p.status = 'unknown' ORDER BY p.requested_at, p.id LIMIT $1`,
    [limit],
  )
  return rows.map((row) => ({ ...row, amount: toCents(row.amount) }))
}
