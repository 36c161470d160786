/** Refunds, from the wish to the decision. One transaction each, safe to repeat. */
import { add, formatKes, isWholeShillings, ZERO, type Cents } from '../domain/money.ts'
import {
  methodFor,
  payoutOrHand,
  secondPersonFor,
  type RefundInput,
  type RefundMethod,
  type RefundPlan,
} from '../domain/refunds.ts'
import { auditPayment } from './payments.ts'
import { isStillBooked } from './booked-payments.ts'
import { selectOne, type Tx } from './connection.ts'
import { isReadOpen } from './older-release.ts'
import { isOneOf } from './one-person.ts'
import { changePayment, lockPayment, type Locked, type PaymentRow } from './payment-rows.ts'
import { setAside } from './refund-deciding.ts'
import { isReturnAskedFor } from './refund-leftovers.ts'
import { sealRefundPhone } from './refund-phone-columns.ts'
import { findRefund, lockCustomer, lockRefund, tellRefund, type RefundRow } from './refund-rows.ts'
import { freeCredit, splitByRule, splitWhole, splitWish, type Split } from './refund-sources.ts'
import { toCents } from './values.ts'

export type RefundPolicy = { approvalAbove: Cents; now: Date }

const blocked = (why: string) => ({ outcome: 'blocked', why }) as const
const refused = (why: string) => ({ outcome: 'refused', why }) as const

/** Writes the wish down, and decides it at once unless a second person must. */
export async function openRefund(
  tx: Tx,
  input: RefundInput,
  policy: RefundPolicy,
): Promise<RefundPlan> {
  const standing = await lockRefund(tx, input.refundId)
  if (standing) return planOf(standing.refund, standing.paid?.payment ?? null)
  if (input.receipt) return openForReceipt(tx, input, input.receipt, policy)
  if (input.creditOf) return openForCredit(tx, input, input.creditOf, policy)
  return openForPayment(tx, input, policy)
}

async function openForPayment(tx: Tx, input: RefundInput, policy: RefundPolicy) {
  const seen = await lockPayment(tx, input.paymentId ?? '')
  if (!seen) return blocked('this payment does not exist')
  const { payment } = seen
  if (payment.status === 'refunded') return { outcome: 'done' } as const
  if (!['settled', 'refunding'].includes(payment.status))
    return blocked(`the payment is ${payment.status}, so nothing can go back`)
  if (!(await isStillBooked(tx, payment)))
    return blocked('its entry in the ledger was corrected, so look first whose money it is now')
  const found = await splitOf(tx, seen, input)
  if ('why' in found) return refused(found.why)
  const { split } = found
  if (split.amount === ZERO) return leaveToOthers(tx, payment)
  const whole = split.amount === payment.amount
  const method = methodFor({ paidBy: payment.method, amount: split.amount, whole })
  return write(tx, input, policy, {
    method,
    whole,
    split,
    payment,
    ...phoneFor(method, payment, input),
    ownerNumber: payment.ownerNumber,
  })
}

/** Other refunds have it all, or wait to: should one of them be declined, the payment says that it is given back. */
async function leaveToOthers(tx: Tx, { id, givenBack }: PaymentRow) {
  if (!givenBack)
    await auditPayment(
      tx,
      await changePayment(tx, id, 'given_back = true', []),
      'payment.given_back',
    )
  return { outcome: 'done' } as const
}

/** The phone that paid; a typed one only where M-Pesa does not tell it, and where a phone is of any use. */
const phoneFor = (method: RefundMethod, payment: PaymentRow, { phone }: RefundInput) => {
  if (payment.channel === 'prompt') return { phone: payment.phone }
  const typed = ['reversal', 'payout'].includes(method) ? phone : undefined
  return { phone: typed ?? null, typed: typed !== undefined }
}

async function splitOf(tx: Tx, seen: Locked, { refundId, amount, askedBy }: RefundInput) {
  const { payment } = seen
  if (askedBy !== 'person') return { split: await splitByRule(tx, payment, refundId, amount) }
  const left = await splitWhole(tx, payment, refundId)
  if (left.amount === ZERO) return { why: 'All of this payment is on its way back already.' }
  const wanted = amount ?? left.amount
  if (wanted <= 0 || !isWholeShillings(wanted))
    return { why: 'Give back whole shillings, at least one.' }
  return splitWish(tx, seen, refundId, wanted)
}

async function openForReceipt(tx: Tx, input: RefundInput, receipt: string, policy: RefundPolicy) {
  const row = await selectOne<{ amount: string; status: string }>(
    tx,
    `SELECT amount_cents AS amount, status FROM mpesa_receipts WHERE receipt = $1 FOR NO KEY UPDATE`,
    [receipt],
  )
  if (!row) return refused('We know no such receipt.')
  if (row.status === 'returned') return { outcome: 'done' } as const
  if (row.status !== 'unmatched') return refused('This money has found its owner meanwhile.')
  if (await isReturnAskedFor(tx, receipt)) return refused('Somebody has asked for this already.')
  const split = { amount: toCents(row.amount), credit: ZERO, earned: ZERO, booking: ZERO }
  return write(tx, input, policy, {
    method: 'reversal',
    whole: true,
    split,
    payment: null,
    phone: input.phone ?? null,
    typed: input.phone !== undefined,
    ownerNumber: receipt,
  })
}

async function openForCredit(tx: Tx, input: RefundInput, customerId: string, policy: RefundPolicy) {
  const customer = await lockCustomer(tx, customerId)
  if (!customer) return refused('We know no such customer.')
  const free = await freeCredit(tx, customerId, input.refundId)
  const amount = input.amount ?? free
  if (amount <= 0 || amount > free) return refused(`Your credit is ${formatKes(free)}.`)
  return write(tx, input, policy, {
    method: payoutOrHand(amount),
    whole: amount === free,
    split: { amount, credit: amount, earned: ZERO, booking: ZERO },
    payment: null,
    phone: customer.phone,
    // A number that nobody has proven to be theirs is looked at by a person first.
    doubtful: !customer.verified,
    ownerNumber: 'CREDIT',
  })
}

type Wish = {
  method: RefundMethod
  whole: boolean
  split: Split
  payment: PaymentRow | null
  phone: string | null
  /** By whoever asks. */
  typed?: boolean
  doubtful?: boolean
  ownerNumber: string
}

/** What people asked for of this payment before, as far as nobody declined it. */
async function askedBefore(tx: Tx, { refundId }: RefundInput, payment: PaymentRow | null) {
  if (!payment) return ZERO
  const row = await selectOne<{ sum: string }>(
    tx,
    `SELECT coalesce(sum(amount_cents), 0) AS sum FROM refunds
     WHERE payment_id = $1 AND id <> $2 AND asked_by = 'person' AND status <> 'declined'`,
    [payment.id, refundId],
  )
  return toCents(row?.sum ?? 0)
}

/** Notes of several small payments for one thing are one heap of notes, whoever asked for them. */
async function cashBefore(tx: Tx, { refundId }: RefundInput, { ownerId }: PaymentRow) {
  const row = await selectOne<{ sum: string }>(
    tx,
    `SELECT coalesce(sum(r.amount_cents), 0) AS sum FROM refunds r JOIN payments p ON p.id = r.payment_id
     WHERE p.owner_id = $1 AND r.method = 'cash' AND r.id <> $2 AND r.status <> 'declined'`,
    [ownerId, refundId],
  )
  return toCents(row?.sum ?? 0)
}

async function write(
  tx: Tx,
  input: RefundInput,
  { approvalAbove, now }: RefundPolicy,
  wish: Wish,
): Promise<RefundPlan> {
  const { split, payment } = wish
  const askedBy = input.askedBy ?? 'rule'
  const before = await askedBefore(tx, input, payment)
  const cash = wish.method === 'cash' && payment ? await cashBefore(tx, input, payment) : ZERO
  const together = add(split.amount, before > cash ? before : cash)
  const because = secondPersonFor({
    askedBy,
    together,
    approvalAbove,
    phoneIsTyped: wish.typed === true,
    phoneIsDoubtful: wish.doubtful === true,
    isOwn: await isOneOf(tx, input.actorId, [payment?.customerId ?? null]),
  })
  await selectOne(
    tx,
    `INSERT INTO refunds (id, payment_id, source_receipt, customer_id, owner_number, amount_cents, credit_cents,
       earned_cents, method, whole, reason, status, asked_by, requested_by, requested_at, phone,
       waits_because, large, phone_sealed, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
       CASE WHEN ${isReadOpen('refunds')} THEN $16 END, $17, $18, $19::bytea, first_version()) RETURNING id`,
    [
      input.refundId,
      payment?.id ?? null,
      input.receipt ?? null,
      payment?.customerId ?? input.creditOf ?? null,
      wish.ownerNumber,
      split.amount,
      split.credit,
      split.earned,
      wish.method,
      wish.whole,
      input.reason,
      because ? 'awaiting_approval' : 'approved',
      askedBy,
      input.actorId,
      now,
      wish.phone,
      because,
      together > approvalAbove,
      await sealRefundPhone(tx, 'phone', input.refundId, wish.phone),
    ],
  )
  const row = (await findRefund(tx, input.refundId)) as RefundRow
  const told = { actor: input.actorId, why: input.reason }
  await tellRefund(tx, because ? 'refund.requested' : 'refund.approved', row, payment, told)
  if (!because) await setAside(tx, row, payment, { split, now })
  return planOf(row, payment)
}

const planOf = (row: RefundRow, payment: PaymentRow | null): RefundPlan => {
  if (row.status === 'settled') return { outcome: 'done' }
  if (row.status === 'declined') return refused('This refund was declined.')
  const receipt = payment?.receipt ?? row.sourceReceipt ?? ''
  // Written down all the same: finance may give the money back by another way, and the books must say so.
  if (row.method === 'reversal' && !receipt)
    return blocked('M-Pesa’s receipt is not known yet, and a reversal needs it')
  return {
    outcome: 'ready',
    method: row.method,
    amount: row.amount,
    ownerNumber: row.ownerNumber,
    receipt,
    phone: row.phone,
    awaitsApproval: row.status === 'awaiting_approval',
    whole: row.whole,
    ...(row.status === 'sent' ? { sent: { conversationId: row.originatorConversationId } } : {}),
  }
}
