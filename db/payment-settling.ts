/** The one settle, and what a row says about how a payment ended. Safe to repeat; paid is final. */
import { cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import { holdingAccount, paymentEntry, reversed, unexplainedEntry } from '../domain/ledger.ts'
import { type ManualResolution, type PushState, type SettleDecision } from '../domain/payments.ts'
import { reasonFor } from '../domain/payment-results.ts'
import { type Database, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { auditPayment, refusePayment } from './payments.ts'
import { appendEvents } from './outbox.ts'
import {
  changePayment,
  lockPayment,
  paymentEvent,
  readPayment,
  type Locked,
  type PaymentRow,
} from './payment-rows.ts'
import { findFittingReceipt } from './payment-claims.ts'
import { claimReceipt, type ClaimedReceipt, type HeardFrom } from './mpesa-receipts.ts'
import { roomFor, roomOf, type PaymentOwner } from './payment-owners.ts'
import { isSecondReceipt, keepSecondReceipt } from './second-receipts.ts'
import { recordSecurityEvent } from './security.ts'

export type SettleFacts = {
  paymentId: string
  receipt: string | null
  merchantRequestId: string | null
  checkoutRequestId: string | null
  by: HeardFrom | 'query' | 'desk'
}

const isPaid = (row: PaymentRow) => ['settled', 'refunding', 'refunded'].includes(row.status)

/**
 * The one settle: callback, query and every later way of learning it end here. Counted by its booking when
 * that is open and the payment had not been given up; otherwise it is late money.
 */
export async function settlePayment(
  tx: Tx,
  facts: SettleFacts,
  now: Date,
): Promise<SettleDecision> {
  const seen = await lockPayment(tx, facts.paymentId)
  if (!seen) throw new Error(`payment ${facts.paymentId} does not exist`)
  return settleLocked(tx, seen, facts, now)
}

/** The caller holds the locks. */
export async function settleLocked(
  tx: Tx,
  { payment, owner }: Locked,
  facts: SettleFacts,
  now: Date,
): Promise<SettleDecision> {
  if (isSecondReceipt(payment, facts)) {
    await keepSecondReceipt(tx, payment, facts, now)
    return decisionOf(payment)
  }
  const claimed = await claim(tx, payment, facts, now)
  if (claimed.standing === 'taken') {
    return { outcome: 'undecided', checkoutRequestId: payment.checkoutRequestId, disputed: true }
  }
  if (isPaid(payment)) return settledBefore(tx, payment, facts, claimed)
  const { applied, credited } = await shareOut(tx, payment, owner)
  const row = await changePayment(
    tx,
    payment.id,
    `status = 'settled', receipt = $2, checkout_request_id = coalesce(checkout_request_id, $3),
     merchant_request_id = coalesce(merchant_request_id, $4), settled_by = $5, result_code = '0',
     processed_at = $6, counted = $7 > 0, applied_cents = $7, credited_cents = $8`,
    [
      facts.receipt,
      facts.checkoutRequestId,
      facts.merchantRequestId,
      facts.by,
      now,
      applied,
      credited,
    ],
  )
  await post(tx, row, claimed)
  await appendEvents(tx, [paymentEvent('payment.succeeded', row)])
  if (credited > 0) await appendEvents(tx, [await overpaid(tx, row)])
  await auditPayment(tx, row, 'payment.settled', 'gari', `by ${facts.by}`)
  return decisionOf(row)
}

/** The receipt is ours from here on, or it was another's. Without one nothing can be claimed yet. */
async function claim(
  tx: Tx,
  payment: PaymentRow,
  { receipt, by }: SettleFacts,
  at: Date,
): Promise<ClaimedReceipt> {
  if (!receipt || payment.method !== 'mpesa') return { standing: 'ours' }
  const heardFrom = by === 'query' || by === 'desk' ? 'hand' : by
  const { id: paymentId, amount } = payment
  const claimed = await claimReceipt(tx, { receipt, amount, paymentId, heardFrom, at })
  if (claimed.standing === 'taken')
    await recordSecurityEvent(tx, 'receipt_reused', { paymentId, otherPaymentId: claimed.by })
  return claimed
}

type Shares = { applied: Cents; credited: Cents }

/**
 * Counts for its owner as far as that takes money. A prompt asks for what is owed, so one that no longer fits was
 * paid too late and goes back to whoever paid it; of money that came by itself the rest becomes credit.
 */
async function shareOut(tx: Tx, payment: PaymentRow, owner: PaymentOwner | null): Promise<Shares> {
  const homeless = { applied: ZERO, credited: ZERO }
  if (payment.channel !== 'prompt' && owner?.full)
    return { applied: ZERO, credited: payment.amount }
  if (payment.status === 'refused' || !owner?.payable) return homeless
  const asked = payment.channel === 'prompt'
  const room = asked ? await roomFor(tx, owner, payment.partyId) : await roomOf(tx, owner)
  if (payment.amount <= room) return { applied: payment.amount, credited: ZERO }
  if (asked) return homeless
  const applied = cents(Math.max(0, room))
  return { applied, credited: subtract(payment.amount, applied) }
}

const post = (tx: Tx, row: PaymentRow, { standing }: ClaimedReceipt) =>
  postEntry(
    tx,
    paymentEntry({
      paymentId: row.id,
      type: row.type,
      ownerId: row.ownerId,
      customerId: row.customerId,
      amount: row.amount,
      credited: row.credited,
      ...(standing === 'was_unmatched'
        ? { from: 'unexplained', fromSubject: row.receipt }
        : { from: holdingAccount(row.method), fromSubject: row.holdingSubject }),
    }),
  )

const overpaid = async (tx: Tx, row: PaymentRow) =>
  paymentEvent('payment.overpaid', await changePayment(tx, row.id, 'updated_at = now()', []))

/** A repeat; it may bring the receipt that a query could not tell. */
async function settledBefore(
  tx: Tx,
  payment: PaymentRow,
  { receipt }: SettleFacts,
  { standing }: ClaimedReceipt,
): Promise<SettleDecision> {
  if (!payment.receipt && receipt) {
    const found = await changePayment(tx, payment.id, 'receipt = $2', [receipt])
    await auditPayment(tx, found, 'payment.receipt_found')
    // Its money stood in the books twice: once under the receipt, once under the payment.
    if (standing === 'was_unmatched')
      await postEntry(
        tx,
        reversed(unexplainedEntry(receipt, payment.amount), 'it was the payment’s own'),
      )
  }
  return decisionOf(payment)
}

/** Settled money whose home is still to be found is the only kind that is "not open". */
export const decisionOf = (row: PaymentRow): SettleDecision => {
  if (isPaid(row)) {
    const homeless = row.status === 'settled' && row.applied + row.credited === 0
    return { outcome: 'settled', amount: row.amount, ownerOpen: !homeless }
  }
  if (row.status === 'refused')
    return { outcome: 'refused', reason: reasonFor(row.resultCode ?? '') }
  return { outcome: 'undecided', checkoutRequestId: row.checkoutRequestId }
}

export async function readDecision(db: Database, id: string): Promise<SettleDecision> {
  const row = await readPayment(db, id)
  return row ? decisionOf(row) : { outcome: 'undecided', checkoutRequestId: null }
}

/** What a person found out: with a receipt it was paid, without one it was not. Paid stays paid. */
export async function resolvePayment(
  tx: Tx,
  id: string,
  { receipt, reason, actorId }: ManualResolution,
  now: Date,
): Promise<SettleDecision> {
  const seen = await lockPayment(tx, id)
  if (!seen) throw new Error(`payment ${id} does not exist`)
  if (isPaid(seen.payment)) return decisionOf(seen.payment)
  await auditPayment(tx, seen.payment, 'payment.resolved', actorId, reason)
  if (!receipt) {
    await refusePayment(tx, id, reasonFor('RESOLVED_UNPAID'))
    return decisionOf((await readPayment(tx, id)) as PaymentRow)
  }
  const { merchantRequestId, checkoutRequestId } = seen.payment
  const facts = {
    paymentId: id,
    receipt,
    merchantRequestId,
    checkoutRequestId,
    by: 'hand',
  } as const
  return settleLocked(tx, seen, facts, now)
}

/** A query knows neither amount nor receipt, so it cannot settle what a report has made doubtful. */
export async function settleFromQuery(
  tx: Tx,
  id: string,
  state: PushState,
  now: Date,
): Promise<SettleDecision> {
  const seen = await lockPayment(tx, id)
  if (!seen) throw new Error(`payment ${id} does not exist`)
  const { checkoutRequestId, status } = seen.payment
  if (state.outcome === 'refused') {
    await refusePayment(tx, id, state.reason)
    return decisionOf((await readPayment(tx, id)) as PaymentRow)
  }
  if (state.outcome !== 'paid') return decisionOf(seen.payment)
  if (status === 'unexplained') return { outcome: 'undecided', checkoutRequestId, disputed: true }
  const receipt = await findFittingReceipt(tx, seen.payment)
  const ids = { merchantRequestId: null, checkoutRequestId, receipt }
  return settleLocked(tx, seen, { paymentId: id, ...ids, by: 'query' }, now)
}
