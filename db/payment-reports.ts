/** Reading what Daraja reported about a payment: believed only when everything agrees with what we asked for. */
import { type ReportedClaim, type SettleDecision } from '../domain/payments.ts'
import { reasonFor } from '../domain/payment-results.ts'
import { parseStkCallback } from '../domain/schemas/daraja.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { selectOne, select, type Database, type Tx } from './connection.ts'
import {
  changePayment,
  lockPayment,
  readPayment,
  type Locked,
  type PaymentRow,
} from './payment-rows.ts'
import { decisionOf, settleLocked } from './payment-settling.ts'
import { refusePayment } from './payments.ts'
import { recordSecurityEvent } from './security.ts'

type Report = {
  merchantRequestId: string
  checkoutRequestId: string
  resultCode: string
  amount: Cents | null
  receipt: string | null
  phone: string | null
}

const PAID = '0'
const sameId = (ours: string | null, theirs: string) => ours === null || ours === theirs

/** A masked or hashed phone says nothing; only twelve clear digits can disagree. */
const samePhone = (ours: string | null, theirs: string | null): boolean =>
  theirs === null || !/^\d{12}$/.test(theirs) || ours === `+${theirs}`

/** What disagrees, by name; empty when all is as asked for. */
function disagreements(row: PaymentRow, report: Report): string[] {
  const found: string[] = []
  if (!sameId(row.checkoutRequestId, report.checkoutRequestId)) found.push('checkout request id')
  if (!sameId(row.merchantRequestId, report.merchantRequestId)) found.push('merchant request id')
  if (report.resultCode !== PAID) return found
  if (report.amount !== row.amount) found.push('amount')
  if (report.receipt === null) found.push('receipt')
  if (!samePhone(row.phone, report.phone)) found.push('phone')
  return found
}

export async function settleFromMessage(
  tx: Tx,
  paymentId: string,
  messageId: string,
  now: Date,
): Promise<SettleDecision> {
  const message = await selectOne<{ body: unknown }>(
    tx,
    "SELECT body FROM provider_messages WHERE id = $1 AND subject_id = $2 AND kind = 'stk_callback'",
    [messageId, paymentId],
  )
  const seen = await lockPayment(tx, paymentId)
  if (!message || !seen)
    throw new Error(`message ${messageId} of payment ${paymentId} does not exist`)
  const report = parseStkCallback(message.body)
  const decision = report
    ? await judge(tx, seen, report, now)
    : await doubt(tx, seen.payment, ['unreadable body'], false)
  await select(tx, 'UPDATE provider_messages SET outcome = $2 WHERE id = $1', [
    messageId,
    decision.outcome,
  ])
  return decision
}

/** What these reports claim, before any of them is believed, and which push to ask Safaricom about. */
export async function readClaim(
  db: Database,
  paymentId: string,
  messageIds: string[],
): Promise<ReportedClaim> {
  const messages = await select<{ body: unknown }>(
    db,
    `SELECT body FROM provider_messages
     WHERE id = ANY($1::uuid[]) AND subject_id = $2 AND kind = 'stk_callback' ORDER BY received_at`,
    [messageIds, paymentId],
  )
  const paid = messages
    .map(({ body }) => parseStkCallback(body))
    .find((report) => report?.resultCode === PAID)
  const row = await readPayment(db, paymentId)
  return {
    paid: paid !== undefined,
    checkoutRequestId: row?.checkoutRequestId ?? paid?.checkoutRequestId ?? null,
  }
}

async function judge(tx: Tx, seen: Locked, report: Report, now: Date): Promise<SettleDecision> {
  const row = seen.payment
  const wrong = disagreements(row, report)
  const paid = report.resultCode === PAID
  if (wrong.length > 0) return doubt(tx, row, wrong, paid)
  if (paid) {
    const { receipt, checkoutRequestId, merchantRequestId } = report
    const ids = { receipt, checkoutRequestId, merchantRequestId }
    return settleLocked(tx, seen, { paymentId: row.id, ...ids, by: 'callback' }, now)
  }
  await refusePayment(tx, row.id, reasonFor(report.resultCode))
  return decisionOf((await readPayment(tx, row.id)) as PaymentRow)
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
