/** Money that a provider's list names before anybody told us: settled with its payment, or kept without an owner. */
import { unexplainedEntry } from '../domain/ledger.ts'
import type { Cents } from '../domain/money.ts'
import type { SettleDecision } from '../domain/payments.ts'
import type { FoundReceipt } from '../domain/reconciliation.ts'
import { selectOne, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import type { HeardFrom } from './mpesa-receipts.ts'
import { lockPayment } from './payment-rows.ts'
import { decisionOf, settleLocked } from './payment-settling.ts'
import { auditPayment } from './payments.ts'

type Unmatched = {
  receipt: string
  amount: Cents
  heardFrom: HeardFrom
  at: Date
  phone: string | null
  party: string | null
  reference: string | null
}

/** In the books, owed to whoever will turn out to own it. Nothing when the receipt is known. */
export async function recordUnmatched(tx: Tx, money: Unmatched): Promise<boolean> {
  const { receipt, amount, heardFrom, at, phone, party, reference } = money
  const made = await selectOne(
    tx,
    `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, payer, payer_name, reference, paid_at, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'unmatched') ON CONFLICT DO NOTHING RETURNING receipt`,
    [receipt, amount, heardFrom, phone, party, reference, at],
  )
  if (made) await postEntry(tx, unexplainedEntry(receipt, amount))
  return made !== null
}

/** The one settle, from a list. An amount other than what was asked for settles nothing. */
export async function settleFromReceipt(
  tx: Tx,
  paymentId: string,
  found: FoundReceipt,
  now: Date,
): Promise<SettleDecision> {
  const seen = await lockPayment(tx, paymentId)
  if (!seen) throw new Error(`payment ${paymentId} does not exist`)
  const { payment } = seen
  if (payment.amount !== found.amount || (payment.receipt ?? found.receipt) !== found.receipt) {
    await auditPayment(tx, payment, 'payment.receipt_disagrees', 'gari', found.receipt)
    return decisionOf(payment)
  }
  const { merchantRequestId, checkoutRequestId } = payment
  const ids = { paymentId, merchantRequestId, checkoutRequestId }
  return settleLocked(tx, seen, { ...ids, receipt: found.receipt, by: found.source }, now)
}
