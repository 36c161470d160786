/** Money that goes back. The refund's id is its payment's, so that there is one refund of a payment. */
import { holdingAccount, owedAccount, refundEntry } from '../domain/ledger.ts'
import type { RefundDecision, RefundInput, RefundPlan } from '../domain/payments.ts'
import { parseResult } from '../domain/schemas/daraja.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { appendEvents } from './outbox.ts'
import { changePayment, lockPayment, paymentEvent } from './payment-rows.ts'
import { recordSecurityEvent } from './security.ts'

export async function openRefund(tx: Tx, input: RefundInput): Promise<RefundPlan> {
  const seen = await lockPayment(tx, input.paymentId)
  if (!seen) return { outcome: 'blocked', why: 'this payment does not exist' }
  const { payment } = seen
  if (payment.status === 'refunded') return { outcome: 'done' }
  if (!['settled', 'refunding'].includes(payment.status)) {
    return { outcome: 'blocked', why: `the payment is ${payment.status}, so nothing can go back` }
  }
  await select(
    tx,
    `INSERT INTO refunds (id, payment_id, amount_cents, method, reason, status, requested_by)
     VALUES ($1, $2, $3, 'reversal', $4, 'requested', $5) ON CONFLICT DO NOTHING`,
    [input.refundId, payment.id, payment.amount, input.reason, input.actorId],
  )
  if (payment.status === 'settled') {
    await changePayment(tx, payment.id, "status = 'refunding'", [])
    await appendAudit(tx, {
      actor: input.actorId,
      action: 'payment.refunding',
      entity: 'payment',
      entityId: payment.id,
      why: input.reason,
    })
  }
  const { receipt, amount, ownerNumber } = payment
  // Written down all the same: finance may give the money back by another way, and the books must say so.
  return receipt
    ? { outcome: 'ready', receipt, amount, ownerNumber }
    : { outcome: 'blocked', why: 'M-Pesa’s receipt is not known yet, and a reversal needs it' }
}

type Ids = { conversationId: string; originatorConversationId: string }

/** Null ids: the answer was lost; the result still names this refund by its secret path. */
export async function recordRefundSent(tx: Tx, refundId: string, ids: Ids | null): Promise<void> {
  await select(
    tx,
    `UPDATE refunds SET status = 'sent', conversation_id = coalesce($2, conversation_id),
       originator_conversation_id = coalesce($3, originator_conversation_id)
     WHERE id = $1 AND status = 'requested' RETURNING id`,
    [refundId, ids?.conversationId ?? null, ids?.originatorConversationId ?? null],
  )
}

type Settled = { refundId: string; receipt: string | null; actorId?: string; why?: string | null }

/** The money is back: payment, ledger and event in one transaction; a repeat changes nothing. */
export async function settleRefund(
  tx: Tx,
  { refundId, receipt, actorId = 'gari', why = null }: Settled,
): Promise<void> {
  const refund = await selectOne<{ paymentId: string }>(
    tx,
    'SELECT payment_id AS "paymentId" FROM refunds WHERE id = $1',
    [refundId],
  )
  const seen = refund && (await lockPayment(tx, refund.paymentId))
  if (!seen) throw new Error(`refund ${refundId} was never opened`)
  if (seen.payment.status === 'refunded') return
  await select(
    tx,
    "UPDATE refunds SET status = 'settled', receipt = $2, processed_at = now() WHERE id = $1",
    [refundId, receipt],
  )
  const row = await changePayment(
    tx,
    seen.payment.id,
    "status = 'refunded', refunded_at = now(), refunded_cents = amount_cents",
    [],
  )
  await postEntry(
    tx,
    refundEntry({
      refundId,
      amount: row.amount,
      from: { account: owedAccount(row.type), amount: row.amount, subject: row.ownerId },
      to: holdingAccount(row.method),
    }),
  )
  await appendEvents(tx, [paymentEvent('payment.refunded', row)])
  await appendAudit(tx, {
    actor: actorId,
    action: 'payment.refunded',
    entity: 'payment',
    entityId: row.id,
    after: { status: row.status, receipt },
    why,
  })
}

const ALREADY_REVERSED = 'R000001'

export async function decideRefundFromMessage(
  tx: Tx,
  refundId: string,
  messageId: string,
): Promise<RefundDecision> {
  const message = await selectOne<{ body: unknown }>(
    tx,
    "SELECT body FROM provider_messages WHERE id = $1 AND subject_id = $2 AND kind = 'reversal_result'",
    [messageId, refundId],
  )
  const result = message && parseResult(message.body)
  const decision = result ? await judge(tx, refundId, result) : ({ outcome: 'undecided' } as const)
  await select(tx, 'UPDATE provider_messages SET outcome = $2 WHERE id = $1', [
    messageId,
    decision.outcome,
  ])
  return decision
}

type Result = {
  conversationId: string
  originatorConversationId: string
  resultCode: string
  transactionId: string | null
}

async function judge(tx: Tx, refundId: string, result: Result): Promise<RefundDecision> {
  const row = await selectOne<{ conversation: string | null; originator: string | null }>(
    tx,
    `SELECT conversation_id AS conversation, originator_conversation_id AS originator
     FROM refunds WHERE id = $1`,
    [refundId],
  )
  const known = row?.conversation !== null && row?.originator !== null
  const fits =
    row?.conversation === result.conversationId ||
    row?.originator === result.originatorConversationId
  if (known && !fits) {
    await recordSecurityEvent(tx, 'refund_result_disagrees', { refundId })
    return { outcome: 'undecided' }
  }
  if (result.resultCode === '0' || result.resultCode === ALREADY_REVERSED) {
    await settleRefund(tx, { refundId, receipt: result.transactionId })
    return { outcome: 'settled' }
  }
  // Nothing was executed, so the next request begins anew, with ids of its own.
  await select(
    tx,
    `UPDATE refunds SET provider_code = $2, status = 'requested', conversation_id = NULL,
       originator_conversation_id = NULL WHERE id = $1`,
    [refundId, result.resultCode],
  )
  return { outcome: 'refused', code: result.resultCode }
}
