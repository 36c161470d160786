/** The one settle, and what a row says about how a payment ended. Safe to repeat; paid is final. */
import { isPayable } from '../domain/reservations.ts'
import { type Cents } from '../domain/money.ts'
import { paymentEntry } from '../domain/ledger.ts'
import { type ManualResolution, type PushState, type SettleDecision } from '../domain/payments.ts'
import { reasonFor } from '../domain/payment-results.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
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
import { type ReservationRow } from './reservation-rows.ts'
import { recordSecurityEvent } from './security.ts'
import { toCents } from './values.ts'

export type SettleFacts = {
  paymentId: string
  receipt: string | null
  merchantRequestId: string | null
  checkoutRequestId: string | null
  by: 'callback' | 'query' | 'hand'
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
  if (await receiptOfAnother(tx, facts)) {
    return { outcome: 'undecided', checkoutRequestId: payment.checkoutRequestId, disputed: true }
  }
  if (isPaid(payment)) return settledBefore(tx, payment, facts)
  const counted =
    payment.status !== 'refused' &&
    owner !== null &&
    isPayable(owner.status) &&
    (await roomFor(tx, owner, payment.amount))
  const row = await changePayment(
    tx,
    payment.id,
    `status = 'settled', receipt = $2, checkout_request_id = coalesce(checkout_request_id, $3),
     merchant_request_id = coalesce(merchant_request_id, $4), settled_by = $5, result_code = '0',
     processed_at = $6, counted = $7`,
    [facts.receipt, facts.checkoutRequestId, facts.merchantRequestId, facts.by, now, counted],
  )
  await postEntry(tx, paymentEntry(row.id, row.amount))
  await appendEvents(tx, [paymentEvent('payment.succeeded', row)])
  await auditPayment(tx, row, 'payment.settled', 'gari', `by ${facts.by}`)
  return { outcome: 'settled', amount: row.amount, ownerOpen: counted }
}

async function roomFor(tx: Tx, owner: ReservationRow, amount: Cents): Promise<boolean> {
  const row = await selectOne<{ paid: string }>(
    tx,
    `SELECT coalesce(sum(amount_cents), 0) AS paid FROM payments
     WHERE owner_id = $1 AND counted AND NOT given_back AND status = 'settled'`,
    [owner.id],
  )
  return toCents(row?.paid ?? 0) + amount <= owner.total
}

/** A receipt that belongs to another payment is never posted a second time. */
async function receiptOfAnother(tx: Tx, { receipt, paymentId }: SettleFacts): Promise<boolean> {
  if (!receipt) return false
  const other = await selectOne<{ id: string }>(
    tx,
    'SELECT id FROM payments WHERE receipt = $1 AND id <> $2',
    [receipt, paymentId],
  )
  if (!other) return false
  await recordSecurityEvent(tx, 'receipt_reused', { paymentId, otherPaymentId: other.id })
  return true
}

/** A repeat; it may bring the receipt that a query could not tell. */
async function settledBefore(
  tx: Tx,
  payment: PaymentRow,
  facts: SettleFacts,
): Promise<SettleDecision> {
  if (!payment.receipt && facts.receipt) {
    await changePayment(tx, payment.id, 'receipt = $2', [facts.receipt])
  }
  return decisionOf(payment)
}

/** Settled money whose home is still to be found is the only kind that is "not open". */
export const decisionOf = (row: PaymentRow): SettleDecision => {
  if (isPaid(row)) {
    const homeless = row.status === 'settled' && !row.counted
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
  const ids = { merchantRequestId: null, checkoutRequestId, receipt: null }
  return settleLocked(tx, seen, { paymentId: id, ...ids, by: 'query' }, now)
}
