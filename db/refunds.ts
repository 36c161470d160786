/** Refunds, from the wish to the decision. One transaction each, safe to repeat. */
import { add, formatKes, isWholeShillings, ZERO, type Cents } from '../domain/money.ts'
import {
  methodFor,
  payoutOrHand,
  type ApprovalAnswer,
  type RefundInput,
  type RefundMethod,
  type RefundPlan,
} from '../domain/refunds.ts'
import { selectOne, type Tx } from './connection.ts'
import { lockPayment, type Locked, type PaymentRow } from './payment-rows.ts'
import { setAside } from './refund-deciding.ts'
import {
  changeRefund,
  findRefund,
  lockCustomer,
  lockRefund,
  tellRefund,
  type RefundRow,
} from './refund-rows.ts'
import { freeCredit, splitWhole, splitWish, type Split } from './refund-sources.ts'
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
  const found = await splitOf(tx, seen, input)
  if ('why' in found) return refused(found.why)
  const { split } = found
  if (split.amount === ZERO) return { outcome: 'done' } as const
  const whole = split.amount === payment.amount
  const method = methodFor({ paidBy: payment.method, amount: split.amount, whole })
  return write(tx, input, policy, {
    method,
    whole,
    split,
    payment,
    phone: payment.channel === 'prompt' ? payment.phone : (input.phone ?? null),
    ownerNumber: payment.ownerNumber,
  })
}

async function splitOf(tx: Tx, seen: Locked, { refundId, amount, askedBy }: RefundInput) {
  const { payment } = seen
  if (askedBy !== 'person') return { split: await splitWhole(tx, payment, refundId) }
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
  const split = { amount: toCents(row.amount), credit: ZERO, earned: ZERO, booking: ZERO }
  return write(tx, input, policy, {
    method: 'reversal',
    whole: true,
    split,
    payment: null,
    phone: input.phone ?? null,
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
  doubtful?: boolean
  ownerNumber: string
}

async function write(
  tx: Tx,
  input: RefundInput,
  { approvalAbove, now }: RefundPolicy,
  wish: Wish,
): Promise<RefundPlan> {
  const { split, payment } = wish
  const askedBy = input.askedBy ?? 'rule'
  const waits = askedBy === 'person' && (split.amount > approvalAbove || wish.doubtful === true)
  await selectOne(
    tx,
    `INSERT INTO refunds (id, payment_id, source_receipt, customer_id, owner_number, amount_cents, credit_cents,
       earned_cents, method, whole, reason, status, asked_by, requested_by, requested_at, phone, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1) RETURNING id`,
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
      waits ? 'awaiting_approval' : 'approved',
      askedBy,
      input.actorId,
      now,
      wish.phone,
    ],
  )
  const row = (await findRefund(tx, input.refundId)) as RefundRow
  const told = { actor: input.actorId, why: input.reason }
  await tellRefund(tx, waits ? 'refund.requested' : 'refund.approved', row, payment, told)
  if (!waits) await setAside(tx, row, payment, split)
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
  }
}

export type Decision = { actorId: string; note: string | null; now: Date }

/** The second person says yes. What was free when it was asked for may be gone by now: then nothing happens. */
export async function approveRefund(
  tx: Tx,
  refundId: string,
  { actorId, note, now }: Decision,
): Promise<ApprovalAnswer> {
  const seen = await lockRefund(tx, refundId)
  if (!seen) return blocked('We have no such refund.')
  const { refund, paid } = seen
  if (refund.status !== 'awaiting_approval')
    return refund.status === 'declined' ? blocked('It was declined.') : { outcome: 'approved' }
  if (refund.requestedBy === actorId)
    return blocked('Whoever asked for a refund cannot approve it.')
  const found = await splitAgain(tx, refund, paid)
  if ('why' in found) return blocked(found.why)
  const row = await changeRefund(
    tx,
    refundId,
    `status = 'approved', decided_by = $2, decision_note = $3, decided_at = $4, credit_cents = $5,
     earned_cents = $6`,
    [actorId, note, now, found.split.credit, found.split.earned],
  )
  await tellRefund(tx, 'refund.approved', row, paid?.payment ?? null, { actor: actorId, why: note })
  await setAside(tx, row, paid?.payment ?? null, found.split)
  return { outcome: 'approved' }
}

async function splitAgain(tx: Tx, refund: RefundRow, paid: Locked | null) {
  const { id, amount, credit, earned, sourceReceipt, customerId } = refund
  if (paid) return splitWish(tx, paid, id, amount)
  if (sourceReceipt) {
    const free = await selectOne(
      tx,
      `SELECT receipt FROM mpesa_receipts WHERE receipt = $1 AND status = 'unmatched' FOR NO KEY UPDATE`,
      [sourceReceipt],
    )
    if (!free) return { why: 'This money has found its owner meanwhile.' }
  } else if (amount > (await freeCredit(tx, customerId ?? '', id))) {
    return { why: 'The credit has been spent meanwhile.' }
  }
  return { split: { amount: add(amount), credit, earned, booking: ZERO } }
}

/** The second person says no: nothing had moved, and nothing will. */
export async function declineRefund(
  tx: Tx,
  refundId: string,
  { actorId, note, now }: Decision,
): Promise<boolean> {
  const seen = await lockRefund(tx, refundId)
  if (!seen || seen.refund.requestedBy === actorId) return false
  if (seen.refund.status !== 'awaiting_approval') return seen.refund.status === 'declined'
  const row = await changeRefund(
    tx,
    refundId,
    "status = 'declined', decided_by = $2, decision_note = $3, decided_at = $4",
    [actorId, note, now],
  )
  const payment = seen.paid?.payment ?? null
  await tellRefund(tx, 'refund.declined', row, payment, { actor: actorId, why: note })
  return true
}
