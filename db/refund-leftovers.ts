/** Money that would be left behind: after a no, and while a return waits for its second person. */
import { selectOne, type Database, type Tx } from './connection.ts'
import type { PaymentRow } from './payment-rows.ts'
import { lockRefund } from './refund-rows.ts'
import { splitWhole } from './refund-sources.ts'

export type Leftover = { paymentId: string; ownerNumber: string }

/**
 * What a declined wish leaves behind of a payment that the rules have given back meanwhile: they took only what the
 * wish had left them, so the rest must follow. Null when a booking still needs the money, or nothing is left.
 */
export async function findLeftover(tx: Tx, refundId: string): Promise<Leftover | null> {
  const seen = await lockRefund(tx, refundId)
  if (!seen?.paid || seen.refund.status !== 'declined') return null
  const { payment } = seen.paid
  if (!['settled', 'refunding'].includes(payment.status)) return null
  if (!payment.givenBack && !(await hasRuleRefund(tx, payment))) return null
  const { amount } = await splitWhole(tx, payment, refundId)
  return amount > 0 ? { paymentId: payment.id, ownerNumber: payment.ownerNumber } : null
}

const hasRuleRefund = (tx: Tx, { id }: PaymentRow) =>
  selectOne(
    tx,
    `SELECT id FROM refunds WHERE payment_id = $1 AND asked_by = 'rule' AND status <> 'declined'`,
    [id],
  )

/** A return of this receipt that nobody has declined. */
export async function isReturnAskedFor(on: Database | Tx, receipt: string): Promise<boolean> {
  const row = await selectOne(
    on,
    "SELECT id FROM refunds WHERE source_receipt = $1 AND status <> 'declined'",
    [receipt],
  )
  return row !== null
}
