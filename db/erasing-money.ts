/**
 * What payments, refunds, reports, documents and messages know of somebody, overwritten: sums, times and receipt numbers stay, for
 * the law asks us to show them. Only what is over is touched.
 */
import { ERASED_NAME } from '../domain/erasures.ts'
import { OWN_PHONE_INDEX, type Overwriting } from './erasing.ts'
import { FORGET_LINE, namesInLine } from './line-words.ts'
import { FORGET_PHONE, namesPhone } from './payer-phones.ts'
import { FORGET_BODY, TELLS } from './provider-message-bodies.ts'
import { FORGET_REFUND_PHONE, namesRefundPhone } from './refund-phone-columns.ts'
import { FORGET_PAYER, namesPayer } from './receipt-payers.ts'

/** Of what was theirs, and what they paid for others by a phone that is proven to be theirs. */
export const THEIRS = `(SELECT id FROM payments WHERE customer_id = $1 UNION SELECT id FROM payments WHERE phone_index = ${OWN_PHONE_INDEX})`
export const REFUNDS = `(SELECT id FROM refunds WHERE customer_id = $1 UNION SELECT id FROM refunds WHERE payment_id IN ${THEIRS})`
export const RECEIPTS = `(SELECT receipt FROM mpesa_receipts WHERE payment_id IN ${THEIRS}
  UNION SELECT receipt FROM payments WHERE id IN ${THEIRS} AND receipt IS NOT NULL
  UNION SELECT receipt FROM refunds WHERE id IN ${REFUNDS} AND receipt IS NOT NULL)`

/** M-Pesa's name for a push ends in the phone that was asked, so it goes, too. */
export const PAYMENTS: readonly Overwriting[] = [
  {
    table: 'payments',
    find: `SELECT id FROM payments WHERE id IN ${THEIRS} AND status IN ('settled', 'refused', 'refunded')
      AND (${namesPhone('')} OR checkout_request_id NOT LIKE 'erased %')`,
    set: `${FORGET_PHONE},
      checkout_request_id = CASE WHEN checkout_request_id IS NOT NULL THEN 'erased ' || id END`,
  },
]

/** What M-Pesa told of them, to the letter. */
export const REPORTS: readonly Overwriting[] = [
  {
    table: 'mpesa_receipts',
    key: 'receipt',
    find: `SELECT receipt FROM mpesa_receipts WHERE receipt IN ${RECEIPTS}
      AND ${namesPayer('')}`,
    set: FORGET_PAYER,
  },
  {
    table: 'provider_messages',
    find: `SELECT m.id FROM provider_messages m WHERE m.subject_id IN (${THEIRS} UNION ${REFUNDS})
      AND m.delivered_at IS NOT NULL AND ${TELLS}`,
    set: FORGET_BODY,
  },
  {
    table: 'provider_lines',
    find: `SELECT id FROM provider_lines WHERE line_key IN ${RECEIPTS} AND source <> 'bank' AND ${namesInLine('')}`,
    set: FORGET_LINE,
  },
]

export const REFUNDED: readonly Overwriting[] = [
  {
    table: 'refund_hand_wishes',
    find: `SELECT id FROM refund_hand_wishes WHERE refund_id IN ${REFUNDS} AND note IS NOT NULL`,
    set: 'note = NULL',
  },
  {
    table: 'refunds',
    find: `SELECT id FROM refunds WHERE id IN ${REFUNDS} AND status IN ('settled', 'declined')
      AND (${namesRefundPhone('')} OR decision_note IS NOT NULL OR (asked_by = 'person' AND reason <> 'erased'))`,
    set: `${FORGET_REFUND_PHONE}, decision_note = NULL, reason = CASE asked_by WHEN 'person' THEN 'erased' ELSE reason END`,
  },
]

export const NOBODY = JSON.stringify({ name: ERASED_NAME, pin: null, address: [], email: null })

/** What was never issued names its buyer for nobody; what was loses the e-mail now and the buyer when its time is over. */
export const DOCUMENTS: readonly Overwriting[] = [
  {
    table: 'invoices',
    find: `SELECT id FROM invoices WHERE customer_id = $1 AND company_id IS NULL
      AND CASE WHEN number IS NULL THEN bill_to <> '${NOBODY}' ELSE bill_to ->> 'email' IS NOT NULL END`,
    set: `bill_to = CASE WHEN number IS NULL THEN '${NOBODY}'::jsonb ELSE bill_to || '{"email": null}' END`,
  },
]

export const MESSAGES: readonly Overwriting[] = [
  {
    table: 'notifications',
    find: `SELECT id FROM notifications WHERE id IN (SELECT id FROM notifications WHERE customer_id = $1
        UNION SELECT n.id FROM reservations r JOIN notifications n ON n.reservation_id = r.id WHERE r.customer_id = $1
        UNION SELECT n.id FROM charges h JOIN notifications n ON n.charge_id = h.id WHERE h.customer_id = $1)
      AND (detail <> '{}' OR status = 'queued')`,
    set: "detail = '{}', status = CASE status WHEN 'queued' THEN 'failed' ELSE status END",
  },
]
