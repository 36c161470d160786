/** Money that a provider's list names before anybody told us. */
import type { SettleDecision } from '../domain/payments.ts'
import type { FoundReceipt } from '../domain/reconciliation.ts'
import { select, type Tx } from './connection.ts'
import { lockPayment } from './payment-rows.ts'
import { decisionOf, settleLocked } from './payment-settling.ts'
import { auditPayment } from './payments.ts'

/**
 * Money that reconciliation was the first to name and that has no owner: each gets the story of money sent by hand, which
 * counts it for what its payer typed, or keeps it for finance. Repeats name the same.
 */
export const listUnowned = async (tx: Tx, runId: string): Promise<string[]> => {
  const rows = await select<{ storyId: string }>(
    tx,
    `SELECT r.story_id AS "storyId" FROM reconciliation_findings f JOIN mpesa_receipts r ON r.receipt = f.subject
     WHERE f.first_run = $1 AND f.kind = 'unknown_money_in' AND f.status = 'open' AND r.status = 'unmatched'
       AND r.story_id IS NOT NULL`,
    [runId],
  )
  return rows.map(({ storyId }) => storyId)
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
