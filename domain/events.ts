import type { DayEventData, TillEventData } from './till-events.ts'
import type { QuoteEventData } from './quote-events.ts'

/** Every event Gari publishes, and the topic it goes to. Kafka key = the id of what it is about. */
import { RENTAL_EVENT_TYPES, type RentalEventData } from './rental-events.ts'

export const TOPICS = {
  reservations: 'gari.reservations.v1',
  payments: 'gari.payments.v1',
  refunds: 'gari.refunds.v1',
  fleet: 'gari.fleet.v1',
  invoices: 'gari.invoices.v1',
  reconciliations: 'gari.reconciliations.v1',
  charges: 'gari.charges.v1',
  desk: 'gari.desk.v1',
  audit: 'gari.audit.v1',
  customers: 'gari.customers.v1',
  rentals: 'gari.rentals.v1',
  quotes: 'gari.quotes.v1',
} as const
/** What readers compare with years later. */
export const KEPT_FOREVER: readonly string[] = [TOPICS.audit]
export type Topic = (typeof TOPICS)[keyof typeof TOPICS]

export const INVOICE_EVENT_TYPES = [
  'invoice.issued',
  'invoice.sent',
  'invoice.paid',
  'invoice.overdue',
  'invoice.cancelled',
  'credit_note.issued',
] as const
export type InvoiceEventType = (typeof INVOICE_EVENT_TYPES)[number]

export const EVENT_TYPES = [
  'reservation.held',
  'reservation.processing',
  'reservation.confirmed',
  'reservation.cancelled',
  'reservation.expired',
  'reservation.reminded',
  'reservation.picked_up',
  'reservation.completed',
  'payment.requested',
  'payment.succeeded',
  'payment.failed',
  'payment.arrived_late',
  'payment.refunded',
  'payment.overpaid',
  'money.unexplained',
  'refund.requested',
  'refund.approved',
  'refund.declined',
  'refund.phone_named',
  'refund.phone_approved',
  'refund.phone_declined',
  'refund.sent',
  'refund.settled',
  'refund.refused',
  'reconciliation.completed',
  'charge.created',
  'charge.paid',
  'charge.cancelled',
  'charge.expired',
  'till.closed',
  'day.closed',
  'audit.sealed',
  'customer.erased',
  'quote.given',
  'vehicle.held',
  'vehicle.released',
  ...INVOICE_EVENT_TYPES,
  ...RENTAL_EVENT_TYPES,
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** Ids, numbers, amounts and times only: never a name, a phone, a receipt's owner or a licence. */
export type ReservationEventData = {
  reservation_id: string
  number: string
  status: string
  customer_id: string
  category: string
  vehicle_id: string
  pickup_location: string
  return_location: string
  pickup_at: string
  return_at: string
  currency: string
  total: string
  paid: string
  balance: string
  hold_expires_at: string | null
  reason: string | null
}
export type PaymentEventData = {
  payment_id: string
  purpose: string
  type: string
  channel: string
  owner_id: string
  reservation_id: string | null
  party_id: string
  customer_id: string
  method: string
  currency: string
  amount: string
  credited: string
  status: string
  receipt: string | null
  reason: string | null
}
export type MoneyEventData = {
  payment_id: string
  receipt: string
  currency: string
  amount: string
}
export type RefundEventData = {
  refund_id: string
  payment_id: string | null
  reservation_id: string | null
  party_id: string | null
  customer_id: string | null
  method: string
  currency: string
  amount: string
  whole: boolean
  status: string
  reason: string | null
}
export type VehicleEventData = {
  vehicle_id: string
  hold_id: string
  purpose: string
  from: string
  to: string
  reason: string | null
}

/** Who is billed, and where, stays in the books. */
export type InvoiceEventData = {
  invoice_id: string
  number: string
  owner_id: string
  reservation_id: string | null
  customer_id: string
  currency: string
  net: string
  vat: string
  gross: string
  paid: string
  credited: string
  status: string
  due_at: string | null
  credit_note: string | null
  credit_amount: string | null
}

export type ReconciliationEventData = {
  reconciliation_id: string
  kind: string
  status: string
  from: string
  to: string
  read_lines: number
  new_lines: number
  matched: number
  explained: number
  left_over: number
  currency: string
  difference: string | null
}
export type ChargeEventData = {
  charge_id: string
  number: string
  type: string
  status: string
  customer_id: string
  reservation_id: string | null
  mode: string
  currency: string
  total: string
  paid: string
  due_at: string
  reason: string | null
}
/** Nothing of what was written down, only its seal. */
export type AuditEventData = { position: number; hash: string }
/** Whoever holds copies of what they know of this customer takes it away, too. */
export type CustomerEventData = { customer_id: string; erased_at: string }
export type EventData =
  | RentalEventData
  | QuoteEventData
  | ReservationEventData
  | PaymentEventData
  | MoneyEventData
  | RefundEventData
  | VehicleEventData
  | InvoiceEventData
  | ReconciliationEventData
  | ChargeEventData
  | TillEventData
  | DayEventData
  | AuditEventData
  | CustomerEventData

/**
 * One row of the outbox. `version` rises with each event of a key, so that consumers can drop repeats; a change that
 * is told nobody raises it too, so a gap means nothing.
 */
export type DomainEvent = {
  type: EventType
  key: string
  version: number
  data: EventData
}

export const topicOf = (type: EventType): Topic => {
  if (type.startsWith('reservation.')) return TOPICS.reservations
  if (type.startsWith('rental.')) return TOPICS.rentals
  if (type.startsWith('invoice.') || type.startsWith('credit_note.')) return TOPICS.invoices
  if (type.startsWith('reconciliation.')) return TOPICS.reconciliations
  if (type.startsWith('charge.')) return TOPICS.charges
  if (type === 'till.closed' || type === 'day.closed') return TOPICS.desk
  if (type === 'audit.sealed') return TOPICS.audit
  if (type.startsWith('customer.')) return TOPICS.customers
  if (type.startsWith('quote.')) return TOPICS.quotes
  if (type.startsWith('refund.')) return TOPICS.refunds
  return /^(?:payment|money)\./.test(type) ? TOPICS.payments : TOPICS.fleet
}

/** Once for a customer, and nothing comes after it. */
export const customerErased = (customerId: string, erasedAt: string): DomainEvent => ({
  type: 'customer.erased',
  key: customerId,
  version: 1,
  data: { customer_id: customerId, erased_at: erasedAt },
})
