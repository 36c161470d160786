/**
 * What Safaricom itself says about a receipt that a doubtful report named (Transaction Status). It is believed about
 * the receipt, not about whose it is: only the amount that we asked for settles the payment.
 */
import { parseStatusResult } from '../domain/schemas/daraja-inquiries.ts'
import type { StatusResult } from '../domain/daraja.ts'
import type { SettleDecision } from '../domain/payments.ts'
import { OTHER_AMOUNT, reasonFor } from '../domain/payment-results.ts'
import type { Tx } from './connection.ts'
import { changePayment, readPayment, type Locked, type PaymentRow } from './payment-rows.ts'
import { decisionOf, settleLocked } from './payment-settling.ts'
import { auditPayment, refusePayment } from './payments.ts'
import { leaveUnmatched } from './unmatched-money.ts'

/** Safaricom's words for "there is no such receipt": whoever reported it made it up. */
const NO_SUCH_RECEIPT = '2032'

export async function decideFromStatus(
  tx: Tx,
  seen: Locked,
  body: unknown,
  now: Date,
): Promise<SettleDecision> {
  const { payment } = seen
  const standing = decisionOf(payment)
  if (standing.outcome === 'settled') return standing
  const found = parseStatusResult(body)
  if (found?.resultCode === NO_SUCH_RECEIPT) return forget(tx, payment)
  if (found?.resultCode !== '0' || found.status !== 'Completed' || !found.receipt)
    return doubtful(payment)
  if (found.amount !== payment.amount) return setAside(tx, payment, found, now)
  const facts = {
    paymentId: payment.id,
    receipt: found.receipt,
    merchantRequestId: null,
    checkoutRequestId: null,
    by: 'status',
  } as const
  return settleLocked(tx, seen, facts, now)
}

const doubtful = ({ checkoutRequestId, status }: PaymentRow): SettleDecision => ({
  outcome: 'undecided',
  checkoutRequestId,
  disputed: status === 'unexplained',
})

/** The claim was false, so the payment stands where it stood before it: watched, and not settled. */
async function forget(tx: Tx, payment: PaymentRow): Promise<SettleDecision> {
  if (payment.status === 'unexplained') {
    const row = await changePayment(tx, payment.id, "status = 'unknown'", [])
    await auditPayment(tx, row, 'payment.claim_refuted', 'gari', 'M-Pesa knows no such receipt')
  }
  return { outcome: 'undecided', checkoutRequestId: payment.checkoutRequestId }
}

/**
 * Money came, but not what we asked for: it waits in the books for finance to say whose it is, and the payment as it
 * was asked for is over.
 */
async function setAside(
  tx: Tx,
  payment: PaymentRow,
  { receipt, amount }: StatusResult,
  now: Date,
): Promise<SettleDecision> {
  if (receipt === null || amount === null) return doubtful(payment)
  const unnamed = { payer: null, payerName: null, paidAt: null }
  // For people to read. It names nothing by itself: the doubtful report may have named a stranger's receipt.
  const reference = `prompt ${payment.ownerNumber}`
  const money = { receipt, amount, heardFrom: 'status', reference, ...unnamed } as const
  await leaveUnmatched(tx, money, now)
  await refusePayment(tx, payment.id, reasonFor(OTHER_AMOUNT))
  return decisionOf((await readPayment(tx, payment.id)) as PaymentRow)
}
