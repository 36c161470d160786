/** Refunds on their way: sent, reported, asked about, settled. One transaction each, safe to repeat. */
import { holdingAccount, refundEntry, type Posting } from '../domain/ledger.ts'
import { speaksOfThisAttempt } from '../domain/refund-attempts.ts'
import { refundCase, refundPath, type RefundDecision } from '../domain/refunds.ts'
import { parsePayoutResult } from '../domain/schemas/daraja-results.ts'
import { parseStatusResult } from '../domain/schemas/daraja-inquiries.ts'
import { parseResult } from '../domain/schemas/daraja.ts'
import type { MessageKind } from '../domain/callbacks.ts'
import { selectOne, select, type Tx } from './connection.ts'
import { closeCase, openCase } from './finance-cases.ts'
import { postEntry } from './ledger.ts'
import { takeBackEarned } from './loyalty.ts'
import { appendEvents } from './outbox.ts'
import { auditPayment } from './payments.ts'
import { changePayment, paymentEvent, type PaymentRow } from './payment-rows.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import { dueEntry } from './refund-deciding.ts'
import { overtakeHandWish } from './refund-hand-rows.ts'
import { NO_NAMED_PHONE } from './refund-phone-columns.ts'
import { changeRefund, lockRefund, tellRefund, type RefundRow } from './refund-rows.ts'
import { recordSecurityEvent } from './security.ts'

/** Null where M-Pesa has not told it: of a payout that was not answered only our own key is known. */
type Ids = { conversationId: string | null; originatorConversationId: string }

/** Null ids: the answer was lost; the result still names this refund by its secret path. */
export async function recordRefundSent(tx: Tx, refundId: string, ids: Ids | null): Promise<void> {
  const seen = await lockRefund(tx, refundId)
  if (!seen || !['requested', 'approved', 'refused'].includes(seen.refund.status)) return
  const row = await changeRefund(
    tx,
    refundId,
    `status = 'sent', conversation_id = $2, originator_conversation_id = $3, attempts = attempts + 1,
     sent_at = coalesce(sent_at, now())`,
    [ids?.conversationId ?? null, ids?.originatorConversationId ?? null],
  )
  await tellRefund(tx, 'refund.sent', row, seen.paid?.payment ?? null, { actor: 'gari' })
}

/** Certainly not executed: the next way, or a person, may follow. `heard` are the ids by which M-Pesa spoke of it. */
export async function refuseRefund(
  tx: Tx,
  refundId: string,
  code: string,
  heard: string[] = [],
): Promise<void> {
  const seen = await lockRefund(tx, refundId)
  if (!seen || !['requested', 'approved', 'sent'].includes(seen.refund.status)) return
  const row = await changeRefund(
    tx,
    refundId,
    `status = 'refused', provider_code = $2, conversation_id = NULL, originator_conversation_id = NULL,
     earlier_ids = earlier_ids || $3::text[]
       || array_remove(ARRAY[conversation_id, originator_conversation_id], NULL)`,
    [code, heard],
  )
  await tellRefund(tx, 'refund.refused', row, seen.paid?.payment ?? null, { actor: 'gari', code })
}

/** From here on M-Pesa pays a phone; the phone only where one was missing or is corrected. */
export async function switchToPayout(
  tx: Tx,
  refundId: string,
  phone: string | null,
): Promise<{ phone: string | null }> {
  const row = await changeRefund(tx, refundId, "method = 'payout', phone = coalesce($2, phone)", [
    phone,
  ])
  return { phone: row.phone }
}

type Settled = {
  refundId: string
  receipt: string | null
  actorId?: string
  why?: string | null
  /** A person says so, and not M-Pesa. */
  byHand?: boolean
  /** Where the money has left, when it is not where it came in: the till it was taken from. */
  to?: Omit<Posting, 'amount'>
}

/** The money is back: refund, payment, ledger and events in one transaction; a repeat changes nothing. */
export async function settleRefund(tx: Tx, settled: Settled): Promise<void> {
  const { refundId, receipt, actorId = 'gari', why = null, byHand = false, to } = settled
  const seen = await lockRefund(tx, refundId)
  if (!seen) throw new Error(`refund ${refundId} was never opened`)
  const { status } = seen.refund
  if (status === 'settled') return
  // What waits only for another phone was decided before, and M-Pesa's word about it is a fact.
  if ((status === 'awaiting_approval' && !seen.refund.namedBy) || status === 'declined')
    throw new Error(`refund ${refundId} is ${status}, so nothing may go back`)
  const payment = seen.paid?.payment ?? null
  const row = await changeRefund(
    tx,
    refundId,
    `status = 'settled', receipt = $2, processed_at = now(), till_session_id = $3, ${NO_NAMED_PHONE},
     named_by = NULL, named_from = NULL`,
    [receipt, to?.account === 'cash_tills' ? to.subject : null],
  )
  if (!byHand) await overtakeHandWish(tx, row)
  await postEntry(tx, dueEntry(row, payment))
  const { amount } = row
  await postEntry(tx, refundEntry({ refundId, amount, to: to ?? leftFrom(row, payment) }))
  if (payment) await addRefunded(tx, row, payment, { actorId, why })
  await tellRefund(tx, 'refund.settled', row, payment, { actor: actorId, why })
  await closeCase(tx, {
    what: refundCase,
    subject: refundId,
    resolution: why ?? 'the money is back',
    actorId,
    now: new Date(),
  })
}

const leftFrom = ({ method }: RefundRow, payment: PaymentRow | null): Omit<Posting, 'amount'> => {
  if (method === 'credit')
    return { account: 'customer_credit', subject: payment?.customerId ?? null }
  const account = holdingAccount(method === 'payout' ? 'mpesa' : (payment?.method ?? 'mpesa'))
  // What a company owed it owes no longer.
  return account === 'receivables'
    ? { account, subject: payment?.holdingSubject ?? null }
    : { account }
}

type By = { actorId: string; why: string | null }

async function addRefunded(tx: Tx, row: RefundRow, payment: PaymentRow, { actorId, why }: By) {
  const changed = await changePayment(
    tx,
    payment.id,
    `refunded_cents = refunded_cents + $2, refunded_at = now(),
     status = CASE WHEN refunded_cents + $2 = amount_cents THEN 'refunded' ELSE status END`,
    [row.amount],
  )
  if (payment.purpose === 'reservation')
    await takeBackEarned(tx, { reservationId: payment.ownerId, refundId: row.id })
  if (row.whole) await appendEvents(tx, [paymentEvent('payment.refunded', changed)])
  const action = changed.status === 'refunded' ? 'payment.refunded' : 'payment.part_refunded'
  await auditPayment(tx, changed, action, actorId, why ?? undefined)
}

/** Why finance has to look; the same words for the case and for the refund's page. */
export async function parkRefund(tx: Tx, refundId: string, why: string, now: Date): Promise<void> {
  const seen = await lockRefund(tx, refundId)
  if (!seen || seen.refund.status === 'settled') return
  const { amount } = seen.refund
  const place = refundPath(refundId)
  await openCase(tx, { what: refundCase, subject: refundId, place, detail: why, amount }, now)
}

type Message = RawBody & { kind: MessageKind; outcome: string | null }

/** What M-Pesa reported, or answered to our question, about this refund. */
export async function decideRefundFromMessage(
  tx: Tx,
  refundId: string,
  messageId: string,
): Promise<RefundDecision> {
  const seen = await lockRefund(tx, refundId)
  const message = await selectOne<Message>(
    tx,
    `SELECT kind, ${BODY_COLUMNS}, outcome FROM provider_messages m WHERE id = $1 AND subject_id = $2`,
    [messageId, refundId],
  )
  // Its ids are those of an earlier attempt by now, so it is not judged again: whoever asks has not heard the answer.
  if (message?.outcome === 'refused' && seen?.refund.status === 'refused')
    return { outcome: 'refused', code: seen.refund.providerCode ?? '' }
  const decision =
    seen && message
      ? await judge(tx, seen.refund, message.kind, openBody(tx, message))
      : ({ outcome: 'undecided' } as const)
  await select(tx, 'UPDATE provider_messages SET outcome = $2 WHERE id = $1', [
    messageId,
    decision.outcome,
  ])
  return decision
}

const ALREADY_REVERSED = 'R000001'
const UNDECIDED = { outcome: 'undecided' } as const

async function judge(
  tx: Tx,
  refund: RefundRow,
  kind: MessageKind,
  body: unknown,
): Promise<RefundDecision> {
  if (kind === 'refund_status_result') return judgeStatus(tx, refund, body)
  const payout = kind === 'payout_result' ? parsePayoutResult(body) : null
  const result = payout ?? (kind === 'reversal_result' ? parseResult(body) : null)
  if (!result) return UNDECIDED
  if (!speaksOfThisAttempt(refund, result)) {
    await recordSecurityEvent(tx, 'refund_result_disagrees', { refundId: refund.id })
    return UNDECIDED
  }
  const isDone = kind === 'reversal_result' && result.resultCode === ALREADY_REVERSED
  if (result.resultCode === '0' || isDone) {
    await settleRefund(tx, {
      refundId: refund.id,
      receipt: payout?.receipt ?? result.transactionId,
    })
    return { outcome: 'settled' }
  }
  // A word about the reversal that came before is none about the payout that followed it.
  if (kind === 'reversal_result' && refund.method === 'payout') return UNDECIDED
  const { conversationId, originatorConversationId } = result
  return refuse(tx, refund, result.resultCode, [conversationId, originatorConversationId])
}

/** A definite no takes the ids with it: the next attempt has ids of its own. */
async function refuse(
  tx: Tx,
  refund: RefundRow,
  code: string,
  heard: string[] = [],
): Promise<RefundDecision> {
  if (refund.status === 'settled') return { outcome: 'settled' }
  await refuseRefund(tx, refund.id, code, heard)
  return { outcome: 'refused', code }
}

const NEVER_EXECUTED = ['Cancelled', 'Declined', 'Expired']
const UNKNOWN_TO_MPESA = '2032'

/** Only a word about the money itself decides; a question that failed tells nothing about it. */
async function judgeStatus(tx: Tx, refund: RefundRow, body: unknown): Promise<RefundDecision> {
  const result = parseStatusResult(body)
  if (!result) return UNDECIDED
  if (result.resultCode === UNKNOWN_TO_MPESA) return { outcome: 'missing' }
  if (result.resultCode !== '0' || !result.status) return UNDECIDED
  // A question about an earlier attempt may be answered after the next one was sent.
  if (!speaksOfThisAttempt(refund, result.original)) return UNDECIDED
  const fits = result.amount === null || result.amount === refund.amount
  if (result.status === 'Completed' && fits) {
    await settleRefund(tx, { refundId: refund.id, receipt: result.receipt })
    return { outcome: 'settled' }
  }
  if (NEVER_EXECUTED.includes(result.status)) return refuse(tx, refund, result.status)
  return UNDECIDED
}
