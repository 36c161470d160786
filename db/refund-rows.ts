/** One refund's own row: locking it behind what it gives back, changing it, and its events. */
import type { DomainEvent, EventType } from '../domain/events.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import {
  plainCode,
  type RefundMethod,
  type RefundStatus,
  type SecondPersonWhy,
} from '../domain/refunds.ts'
import { appendAudit } from './audit.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'
import { lockPayment, type Locked, type PaymentRow } from './payment-rows.ts'
import {
  readRefundPhones,
  REFUND_PHONE_COLUMNS,
  type KeptRefundPhones,
} from './refund-phone-columns.ts'
import { SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'
import { toCents, toCount } from './values.ts'

export type RefundRow = {
  id: string
  paymentId: string | null
  sourceReceipt: string | null
  customerId: string | null
  ownerNumber: string
  amount: Cents
  /** What of it was the customer's credit; what was earned already. */
  credit: Cents
  earned: Cents
  method: RefundMethod
  whole: boolean
  reason: string
  status: RefundStatus
  askedBy: 'rule' | 'person'
  requestedBy: string
  requestedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
  decisionNote: string | null
  waitsBecause: SecondPersonWhy | null
  large: boolean
  phone: string | null
  /** What somebody wants it to go to instead; it waits for another person. */
  namedPhone: string | null
  namedBy: string | null
  namedFrom: RefundStatus | null
  conversationId: string | null
  originatorConversationId: string | null
  /** Of attempts that M-Pesa refused. */
  earlierIds: string[]
  providerCode: string | null
  receipt: string | null
  attempts: number
  sentAt: Date | null
  processedAt: Date | null
  version: number
}

export const REFUND_COLUMNS = `r.id, r.payment_id AS "paymentId", r.source_receipt AS "sourceReceipt",
  r.customer_id AS "customerId", r.owner_number AS "ownerNumber", r.amount_cents AS amount,
  r.credit_cents AS credit, r.earned_cents AS earned, r.method, r.whole, r.reason, r.status,
  r.asked_by AS "askedBy", r.requested_by AS "requestedBy", r.requested_at AS "requestedAt",
  r.decided_by AS "decidedBy", r.decided_at AS "decidedAt", r.decision_note AS "decisionNote",
  r.waits_because AS "waitsBecause", r.large, ${REFUND_PHONE_COLUMNS},
  r.named_by AS "namedBy", r.named_from AS "namedFrom",
  r.conversation_id AS "conversationId", r.originator_conversation_id AS "originatorConversationId",
  r.earlier_ids AS "earlierIds",
  r.provider_code AS "providerCode", r.receipt, r.attempts, r.sent_at AS "sentAt",
  r.processed_at AS "processedAt", r.version`

export type RawRefund = Omit<RefundRow, 'phone' | 'namedPhone'> &
  KeptRefundPhones &
  Record<'amount' | 'credit' | 'earned' | 'version', string>
export const toRefund = (on: Database | Tx, raw: RawRefund): RefundRow => ({
  ...readRefundPhones(on, raw),
  amount: toCents(raw.amount),
  credit: toCents(raw.credit),
  earned: toCents(raw.earned),
  version: toCount(raw.version),
})

export async function findRefund(on: Database | Tx, id: string): Promise<RefundRow | null> {
  const raw = await selectOne<RawRefund>(
    on,
    `SELECT ${REFUND_COLUMNS} FROM refunds r WHERE r.id = $1`,
    [id],
  )
  return raw && toRefund(on, raw)
}

export type LockedRefund = { refund: RefundRow; paid: Locked | null }

/** What is paid, then the payment or the customer, then the refund: the same order for everybody. */
export async function lockRefund(tx: Tx, id: string): Promise<LockedRefund | null> {
  const known = await findRefund(tx, id)
  if (!known) return null
  const paid = known.paymentId ? await lockPayment(tx, known.paymentId) : null
  if (!paid && known.customerId) await lockCustomer(tx, known.customerId)
  const raw = await selectOne<RawRefund>(
    tx,
    `SELECT ${REFUND_COLUMNS} FROM refunds r WHERE r.id = $1 FOR NO KEY UPDATE`,
    [id],
  )
  return raw && { refund: toRefund(tx, raw), paid }
}

/** Two spendings of one credit never pass each other. */
export async function lockCustomer(tx: Tx, id: string) {
  const row = await selectOne<SealedPhone & { verified: boolean }>(
    tx,
    `SELECT ${SEALED_PHONE}, u.phone_verified AS verified FROM users u WHERE u.id = $1 FOR NO KEY UPDATE`,
    [id],
  )
  return row && withPhone(tx, id, row)
}

/** `set` is SQL of ours, never of a client. */
export async function changeRefund(
  tx: Tx,
  id: string,
  set: string,
  bind: unknown[] = [],
): Promise<RefundRow> {
  const raw = await selectOne<RawRefund>(
    tx,
    `UPDATE refunds r SET version = version + 1, ${set} WHERE r.id = $1 RETURNING ${REFUND_COLUMNS}`,
    [id, ...bind],
  )
  if (!raw) throw new Error(`refund ${id} does not exist`)
  return toRefund(tx, raw)
}

const refundEvent = (
  type: EventType,
  row: RefundRow,
  payment: PaymentRow | null,
  reason: string | null,
): DomainEvent => ({
  type,
  key: row.id,
  version: row.version,
  data: {
    refund_id: row.id,
    payment_id: row.paymentId,
    reservation_id: payment?.purpose === 'reservation' ? payment.ownerId : null,
    party_id: payment?.partyId ?? null,
    customer_id: payment?.customerId ?? row.customerId,
    method: row.method,
    currency: CURRENCY,
    amount: toDecimal(row.amount),
    whole: row.whole,
    status: row.status,
    reason: plainCode(reason),
  },
})

type Told = { actor: string; why?: string | null; code?: string | null }

/** Event and audit entry of one step, in the transaction that made it. */
export async function tellRefund(
  tx: Tx,
  type: Extract<EventType, `refund.${string}`>,
  row: RefundRow,
  payment: PaymentRow | null,
  { actor, why = null, code = null }: Told,
): Promise<void> {
  await appendEvents(tx, [refundEvent(type, row, payment, code)])
  await appendAudit(tx, {
    actor,
    action: type,
    entity: 'refund',
    entityId: row.id,
    after: { status: row.status, amount: row.amount, method: row.method, payment: row.paymentId },
    why,
  })
}
