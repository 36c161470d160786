/**
 * Which rows still name somebody, since when they are kept, and what stands there instead afterwards. Each rule passes over what was
 * overwritten before, by it or by an erasure, and over what is not over.
 */
import { ERASED_NAME } from '../domain/erasures.ts'
import type { KindOfData } from '../domain/retention.ts'
import { NOBODY } from './erasing-money.ts'
import { FORGET_LINE, namesInLine } from './line-words.ts'
import { FORGET_PHONE, namesPhone } from './payer-phones.ts'
import { FORGET_PLAN_PHONE, NAMES_PLAN_PHONE } from './plan-phone-rows.ts'
import { FORGET_BODY, TELLS } from './provider-message-bodies.ts'
import { FORGET_REFUND_PHONE, namesRefundPhone } from './refund-phone-columns.ts'
import { FORGET_PAYER, namesPayer } from './receipt-payers.ts'

export type RetentionRule = {
  kind: KindOfData
  table: string
  /** By which a row is named in its table, and in `rows`. */
  key: string
  found: string
  rows: string
  at: string
  naming: string
  set: string
}

const parties = (what: 'reservation' | 'charge', kind: KindOfData, at: string): RetentionRule => ({
  kind,
  table: `${what}_parties`,
  key: 'id',
  found: 'p.id',
  rows: `${what}_parties p JOIN ${what}s o ON o.id = p.${what}_id`,
  at,
  naming: `(p.name <> '${ERASED_NAME}' OR ${namesPhone('p.')})
    AND o.status NOT IN ('pending', 'processing', 'confirmed', 'in_progress', 'open')`,
  set: `name = '${ERASED_NAME}', ${FORGET_PHONE}`,
})

export const RETENTION_RULES: readonly RetentionRule[] = [
  parties('reservation', 'bookings', 'greatest(o.ended_at, o.return_at)'),
  parties('charge', 'charges', 'coalesce(o.ended_at, o.paid_at, o.due_at)'),
  {
    kind: 'bookings',
    table: 'reservations',
    key: 'id',
    found: 'o.id',
    rows: 'reservations o',
    at: 'greatest(o.ended_at, o.return_at)',
    naming: `num_nonnulls(o.special_requests, o.cancellation_note) > 0
      AND o.status IN ('completed', 'cancelled', 'expired', 'no_show')`,
    set: 'special_requests = NULL, cancellation_note = NULL',
  },
  {
    kind: 'bookings',
    table: 'rentals',
    key: 'id',
    found: 'o.id',
    rows: 'rentals o',
    at: 'o.settled_at',
    naming: "o.disputed_because IS NOT NULL AND o.status = 'settled'",
    set: 'disputed_because = NULL',
  },
  {
    kind: 'condition',
    table: 'condition_photos',
    key: 'id',
    found: 'p.id',
    rows: 'condition_photos p',
    at: 'p.taken_at',
    naming: 'num_nonnulls(p.picture_sealed, p.note) > 0',
    set: 'picture_sealed = NULL, note = NULL',
  },
  {
    kind: 'charges',
    table: 'charges',
    key: 'id',
    found: 'o.id',
    rows: 'charges o',
    at: 'coalesce(o.ended_at, o.paid_at, o.due_at)',
    naming: "o.end_note IS NOT NULL AND o.status IN ('paid', 'cancelled', 'expired')",
    set: 'end_note = NULL',
  },
  {
    kind: 'payments',
    table: 'payment_plan_phones',
    key: '(plan_id, position)',
    found: 'p.plan_id, p.position',
    rows: 'payment_plan_phones p JOIN payment_plans o ON o.id = p.plan_id',
    at: 'o.ended_at',
    naming: `${NAMES_PLAN_PHONE} AND o.status <> 'running'`,
    set: FORGET_PLAN_PHONE,
  },
  {
    kind: 'payments',
    table: 'mpesa_receipts',
    key: 'receipt',
    found: 'r.receipt',
    rows: 'mpesa_receipts r',
    at: 'coalesce(r.paid_at, r.created_at)',
    naming: `${namesPayer('r.')} AND r.status <> 'unmatched'`,
    set: FORGET_PAYER,
  },
  {
    kind: 'payments',
    table: 'payments',
    key: 'id',
    found: 'p.id',
    rows: 'payments p',
    at: 'p.requested_at',
    naming: `(${namesPhone('p.')} OR p.checkout_request_id NOT LIKE 'erased %')
      AND p.status IN ('settled', 'refused', 'refunded')`,
    set: `${FORGET_PHONE},
      checkout_request_id = CASE WHEN checkout_request_id IS NOT NULL THEN 'erased ' || id END`,
  },
  {
    kind: 'refunds',
    table: 'refunds',
    key: 'id',
    found: 'r.id',
    rows: 'refunds r',
    at: 'r.requested_at',
    naming: `(${namesRefundPhone('r.')} OR r.decision_note IS NOT NULL OR (r.asked_by = 'person' AND r.reason <> 'erased'))
      AND r.status IN ('settled', 'declined')`,
    set: `${FORGET_REFUND_PHONE}, decision_note = NULL, reason = CASE asked_by WHEN 'person' THEN 'erased' ELSE reason END`,
  },
  {
    kind: 'refunds',
    table: 'refund_hand_wishes',
    key: 'id',
    found: 'w.id',
    rows: 'refund_hand_wishes w',
    at: 'w.asked_at',
    naming: "w.note IS NOT NULL AND w.status <> 'waiting'",
    set: 'note = NULL',
  },
  {
    kind: 'documents',
    table: 'invoices',
    key: 'id',
    found: 'i.id',
    rows: 'invoices i',
    at: 'i.issued_at',
    naming: `i.number IS NOT NULL AND i.company_id IS NULL AND i.bill_to <> '${NOBODY}'`,
    set: `bill_to = '${NOBODY}'`,
  },
  {
    kind: 'reports',
    table: 'provider_messages',
    key: 'id',
    found: 'm.id',
    rows: 'provider_messages m',
    at: 'm.received_at',
    naming: `m.delivered_at IS NOT NULL AND ${TELLS}`,
    set: `${FORGET_BODY}, source_ip = NULL`,
  },
  {
    kind: 'reports',
    table: 'provider_lines',
    key: 'id',
    found: 'l.id',
    rows: 'provider_lines l',
    at: 'l.at',
    naming: `l.state <> 'open' AND ${namesInLine('l.')}`,
    set: FORGET_LINE,
  },
  {
    kind: 'messages',
    table: 'notifications',
    key: 'id',
    found: 'n.id',
    rows: 'notifications n',
    at: 'n.created_at',
    naming: "n.detail <> '{}' AND n.status <> 'queued'",
    set: "detail = '{}'",
  },
]
