/** Reading what Daraja reported about a payment: believed only when everything agrees with what we asked for. */
import type { MessageKind } from '../domain/callbacks.ts'
import { isOpenPayment, type SettleDecision } from '../domain/payments.ts'
import { reasonFor } from '../domain/payment-results.ts'
import { parseStkCallback, type StkReport } from '../domain/schemas/daraja.ts'
import { appendAudit } from './audit.ts'
import { selectOne, select, type Tx } from './connection.ts'
import { disagreements, PAID } from './payment-claims.ts'
import {
  changePayment,
  lockPayment,
  readPayment,
  type Locked,
  type PaymentRow,
} from './payment-rows.ts'
import { decisionOf, settleLocked } from './payment-settling.ts'
import { auditPayment, refusePayment } from './payments.ts'
import { decideFromStatus } from './payment-status-reports.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import { recordSecurityEvent } from './security.ts'

export async function settleFromMessage(
  tx: Tx,
  paymentId: string,
  messageId: string,
  now: Date,
): Promise<SettleDecision> {
  const message = await selectOne<RawBody & { kind: MessageKind }>(
    tx,
    `SELECT kind, ${BODY_COLUMNS} FROM provider_messages m
     WHERE id = $1 AND subject_id = $2 AND kind IN ('stk_callback', 'status_result')`,
    [messageId, paymentId],
  )
  const seen = await lockPayment(tx, paymentId)
  if (!message || !seen)
    throw new Error(`message ${messageId} of payment ${paymentId} does not exist`)
  const body = openBody(tx, message)
  const decision =
    message.kind === 'status_result'
      ? await decideFromStatus(tx, seen, body, now)
      : await decideFromCallback(tx, seen, body, now)
  await select(tx, 'UPDATE provider_messages SET outcome = $2 WHERE id = $1', [
    messageId,
    decision.outcome,
  ])
  return decision
}

async function decideFromCallback(
  tx: Tx,
  seen: Locked,
  body: unknown,
  now: Date,
): Promise<SettleDecision> {
  const report = parseStkCallback(body)
  return report ? judge(tx, seen, report, now) : doubt(tx, seen.payment, ['unreadable body'], false)
}

async function judge(tx: Tx, seen: Locked, report: StkReport, now: Date): Promise<SettleDecision> {
  const row = seen.payment
  const wrong = disagreements(row, report)
  if (await isOfAnother(tx, row, report)) wrong.push('checkout request id')
  const paid = report.resultCode === PAID
  if (wrong.length > 0) return doubt(tx, row, wrong, paid)
  if (paid && row.checkoutRequestId === null) return awaitProof(tx, row, report)
  if (paid) {
    const { receipt, checkoutRequestId, merchantRequestId } = report
    const ids = { receipt, checkoutRequestId, merchantRequestId }
    return settleLocked(tx, seen, { paymentId: row.id, ...ids, by: 'callback' }, now)
  }
  if (row.checkoutRequestId === null && isOpenPayment(row.status)) await keepIds(tx, row, report)
  await refusePayment(tx, row.id, reasonFor(report.resultCode))
  return decisionOf((await readPayment(tx, row.id)) as PaymentRow)
}

/** It names the push of another payment: then it says nothing about this one, whose own ids we never heard. */
const isOfAnother = async (tx: Tx, row: PaymentRow, report: StkReport): Promise<boolean> =>
  row.checkoutRequestId === null &&
  (await selectOne(tx, 'SELECT 1 FROM payments WHERE checkout_request_id = $1 AND id <> $2', [
    report.checkoutRequestId,
    row.id,
  ])) !== null

/** By which M-Pesa can be asked, and by which people find there what became of the push. */
const keepIds = (tx: Tx, { id }: PaymentRow, report: StkReport): Promise<PaymentRow> =>
  changePayment(tx, id, 'checkout_request_id = $2, merchant_request_id = $3', [
    report.checkoutRequestId,
    report.merchantRequestId,
  ])

/**
 * The answer to our push was lost, so we know no ids to compare the report's with: M-Pesa is asked about the push
 * that the report names, and says itself whether it was paid.
 */
async function awaitProof(tx: Tx, row: PaymentRow, report: StkReport): Promise<SettleDecision> {
  const standing = decisionOf(row)
  if (standing.outcome === 'settled') return standing
  await auditPayment(tx, await keepIds(tx, row, report), 'payment.awaits_proof')
  return { outcome: 'undecided', checkoutRequestId: report.checkoutRequestId, disputed: true }
}

/** Not believed. Claimed money that is not what we asked for waits for a person; the booking is not confirmed. */
async function doubt(
  tx: Tx,
  row: PaymentRow,
  wrong: string[],
  claimsPaid: boolean,
): Promise<SettleDecision> {
  await recordSecurityEvent(tx, 'callback_disagrees', { paymentId: row.id, wrong })
  const standing = decisionOf(row)
  if (standing.outcome === 'settled') return standing
  const disputed = claimsPaid && !wrong.includes('checkout request id')
  if (disputed && row.status !== 'unexplained') {
    await changePayment(tx, row.id, "status = 'unexplained'", [])
    await appendAudit(tx, {
      actor: 'gari',
      action: 'payment.unexplained',
      entity: 'payment',
      entityId: row.id,
      why: `the report disagrees: ${wrong.join(', ')}`,
    })
  }
  return { outcome: 'undecided', checkoutRequestId: row.checkoutRequestId, disputed }
}
