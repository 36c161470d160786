/**
 * Money that went back in the time that is lost. A refund that the books do not have, or call decided only, would be paid a second
 * time by whoever asks next: so what Kafka says of it is written down again, as sent or as settled. What cannot be written
 * down is work for finance.
 */
import { z } from 'zod'
import type { Tx } from '../../db/connection.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { openFinding } from '../../db/reconciliation-findings.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { findRefund, type RefundRow } from '../../db/refund-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { recordRefundSent, settleRefund } from '../../db/refund-settling.ts'
import { cents, fromDecimal, ZERO, type Cents } from '../../domain/money.ts'
import type { Restored } from './world.ts'

const LEFT = /^gari\.refund\.(?:sent|settled)\./
const SETTLED = /^gari\.refund\.settled\./
const WHY = 'Kafka has it; the books had lost it'
const RESTORE = 'after-restore'
/** What was decided once is not decided again because of its size. */
const ANY_AMOUNT = cents(Number.MAX_SAFE_INTEGER)

const refundData = z.object({
  amount: z.string(),
  payment_id: z.string().nullable(),
  customer_id: z.string().nullable(),
})
type LostRefund = { id: string; amount: Cents; paymentId: string | null; customerId: string | null }
export type RefundEvent = { type: string; subject: string; data: Record<string, unknown> }

export async function takeUpRefund(tx: Tx, world: Restored, told: RefundEvent): Promise<void> {
  if (!LEFT.test(told.type)) return
  const { amount, payment_id, customer_id } = refundData.parse(told.data)
  const lost: LostRefund = {
    id: told.subject,
    amount: fromDecimal(amount) ?? ZERO,
    paymentId: payment_id,
    customerId: customer_id,
  }
  const standing = await findRefund(tx, lost.id)
  // Decided and not sent: `mendRefunds` knows what to do.
  if (standing && !SETTLED.test(told.type)) return
  const { lostRefunds } = world.findings
  if (!lostRefunds.includes(lost.id)) lostRefunds.push(lost.id)
  const row = standing ?? (await writeDown(tx, world, lost))
  if (!row || !(await carryOn(tx, row, SETTLED.test(told.type))))
    await noteForFinance(tx, world, lost)
}

/** Null when its payment is gone too, or has no room for it any more. */
async function writeDown(tx: Tx, { now }: Restored, lost: LostRefund): Promise<RefundRow | null> {
  const { id: refundId, amount, paymentId, customerId } = lost
  const whose = paymentId ? { paymentId } : { creditOf: customerId ?? '' }
  if (paymentId ? !(await readPayment(tx, paymentId)) : !customerId) return null
  const wish = { refundId, ...whose, amount, reason: WHY, actorId: RESTORE }
  await openRefund(tx, { ...wish, askedBy: 'person' }, { approvalAbove: ANY_AMOUNT, now })
  return findRefund(tx, refundId)
}

/** False where a person must look: it waits for a second one, or was declined. */
async function carryOn(tx: Tx, { id, status, method }: RefundRow, isSettled: boolean) {
  if (['awaiting_approval', 'declined'].includes(status)) return false
  if (!isSettled) {
    await recordRefundSent(tx, id, null)
    return true
  }
  const to = method === 'cash' ? { to: { account: 'cash_tills', subject: null } as const } : {}
  const how = { receipt: null, actorId: RESTORE, why: WHY, byHand: true }
  await settleRefund(tx, { refundId: id, ...how, ...to })
  return true
}

/** On the worklist, as money that left and that the books do not know, until somebody has looked. */
async function noteForFinance(tx: Tx, { runId, since, now }: Restored, lost: LostRefund) {
  const { id, amount, paymentId, customerId } = lost
  const credit = customerId ? `the credit of customer ${customerId}` : 'money of nobody'
  const whose = paymentId ? `payment ${paymentId}` : credit
  await openRun(tx, { runId, kind: 'full', from: since, to: now, actorId: RESTORE })
  await openFinding(tx, runId, {
    key: `out:lost-refund:${id}`,
    kind: 'unknown_money_out',
    subject: id,
    detail: `Of ${whose}: it was given back in the time that the restore has lost`,
    amount,
    paymentId: paymentId && (await readPayment(tx, paymentId)) ? paymentId : null,
  })
}
