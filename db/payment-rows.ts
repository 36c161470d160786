/** One payment's own row: locking it in the right order, changing it, and its events. */
import type { DomainEvent, EventType } from '../domain/events.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import {
  shownPaymentStatus,
  type PaymentChannel,
  type PaymentMethod,
  type PaymentPurpose,
  type PaymentStatus,
  type PaymentType,
} from '../domain/payments.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { lockOwnerOf, type PaymentOwner } from './payment-owners.ts'
import { phoneColumns, placeOfPhone, readPhone, type KeptPhone } from './payer-phones.ts'
import { prepared } from './prepared.ts'
import { toCents, toCount } from './values.ts'

export type PaymentRow = {
  id: string
  purpose: PaymentPurpose
  type: PaymentType
  channel: PaymentChannel
  ownerId: string
  ownerNumber: string
  partyId: string
  customerId: string
  method: PaymentMethod
  amount: Cents
  /** What counts for its owner. */
  applied: Cents
  /** What became the customer's credit. */
  credited: Cents
  /** What has gone back, is on its way back, or waits for a person's yes to go back. */
  returning: Cents
  /** Where its money lies within its account: a till session, a company, the customer's own credit. */
  holdingSubject: string | null
  /** A slip's number, a bank's reference: what was written down at the desk. */
  deskReference: string | null
  /** Known for prompts only; M-Pesa masks the number of who pays by hand. */
  phone: string | null
  status: PaymentStatus
  merchantRequestId: string | null
  checkoutRequestId: string | null
  receipt: string | null
  resultCode: string | null
  /** Whether its booking counts it; settled money that is not counted is late money. */
  counted: boolean
  lateTold: boolean
  /** Given back by an end of its booking. */
  givenBack: boolean
  requestedAt: Date
  /** Not sent yet: it waits until M-Pesa can be reached. */
  queuedSince: Date | null
  processedAt: Date | null
  version: number
  createdBy: string
}

export const PAYMENT_COLUMNS = `id, purpose, type, channel, owner_id AS "ownerId", owner_number AS "ownerNumber", party_id AS "partyId",
  customer_id AS "customerId", method, amount_cents AS amount, applied_cents AS applied,
  credited_cents AS credited, returning_cents AS returning, holding_subject AS "holdingSubject", desk_reference AS "deskReference", ${phoneColumns('', 'customer_id')}, status,
  merchant_request_id AS "merchantRequestId", checkout_request_id AS "checkoutRequestId", receipt,
  result_code AS "resultCode", counted, late_told AS "lateTold", given_back AS "givenBack", requested_at AS "requestedAt",
  queued_since AS "queuedSince",
  processed_at AS "processedAt", version, created_by AS "createdBy"`

const READ = prepared(`SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = $1`)
const LOCK = prepared(`${READ} FOR NO KEY UPDATE`)

export type RawPayment = Omit<PaymentRow, 'phone'> & KeptPhone & Record<Counted | 'version', string>
type Counted = 'amount' | 'applied' | 'credited' | 'returning'
export const toPayment = (on: Database | Tx, raw: RawPayment): PaymentRow => ({
  ...readPhone(on, placeOfPhone('payments', raw), raw),
  amount: toCents(raw.amount),
  applied: toCents(raw.applied),
  credited: toCents(raw.credited),
  returning: toCents(raw.returning),
  version: toCount(raw.version),
})

export async function readPayment(on: Database | Tx, id: string): Promise<PaymentRow | null> {
  const raw = await selectOne<RawPayment>(on, READ, [id])
  return raw && toPayment(on, raw)
}

export type Locked = { payment: PaymentRow; owner: PaymentOwner | null }

/** Always what is paid first, then the payment: everybody in the same order, so nobody waits in a circle. */
export async function lockPayment(tx: Tx, id: string): Promise<Locked | null> {
  const owner = await lockOwnerOf(tx, id)
  const raw = await selectOne<RawPayment>(tx, LOCK, [id])
  return raw && { payment: toPayment(tx, raw), owner }
}

/** Runs an INSERT INTO payments without its RETURNING; null when a constraint has the row refused quietly. */
export async function insertPayment(
  tx: Tx,
  insert: string,
  bind: unknown[],
): Promise<PaymentRow | null> {
  const raw = await selectOne<RawPayment>(tx, `${insert} RETURNING ${PAYMENT_COLUMNS}`, bind)
  return raw && toPayment(tx, raw)
}

/** `set` is SQL of ours, never of a client. */
export async function changePayment(
  tx: Tx,
  id: string,
  set: string,
  bind: unknown[],
): Promise<PaymentRow> {
  const raw = await selectOne<RawPayment>(
    tx,
    `UPDATE payments SET version = version + 1, ${set} WHERE id = $1 RETURNING ${PAYMENT_COLUMNS}`,
    [id, ...bind],
  )
  if (!raw) throw new Error(`payment ${id} does not exist`)
  return toPayment(tx, raw)
}

export const paymentEvent = (
  type: EventType,
  row: PaymentRow,
  reason: string | null = null,
): DomainEvent => ({
  type,
  key: row.id,
  version: row.version,
  data: {
    payment_id: row.id,
    purpose: row.purpose,
    type: row.type,
    channel: row.channel,
    owner_id: row.ownerId,
    reservation_id: row.purpose === 'reservation' ? row.ownerId : null,
    party_id: row.partyId,
    customer_id: row.customerId,
    method: row.method,
    currency: CURRENCY,
    amount: toDecimal(row.amount),
    credited: toDecimal(row.credited),
    status: shownPaymentStatus(row.status),
    receipt: row.receipt,
    reason,
  },
})
