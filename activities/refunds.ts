/** Database steps of a refund: one transaction each, safe to repeat. */
import { inTransaction, type Database } from '../db/connection.ts'
import {
  decideRefundFromMessage,
  openRefund,
  recordRefundSent,
  settleRefund,
} from '../db/refunds.ts'
import type {
  ManualResolution,
  RefundDecision,
  RefundInput,
  RefundPlan,
  ReversalAnswer,
} from '../domain/payments.ts'

type World = { db: Database; now: () => Date }
type Sent = Exclude<ReversalAnswer, { outcome: 'refused' }>

const idsOf = (sent: Sent) =>
  sent.outcome === 'accepted'
    ? {
        conversationId: sent.conversationId,
        originatorConversationId: sent.originatorConversationId,
      }
    : null

export const createRefundActivities = ({ db }: World) => ({
  openRefund: (input: RefundInput): Promise<RefundPlan> =>
    inTransaction(db, (tx) => openRefund(tx, input)),

  recordRefundSent: (refundId: string, sent: Sent): Promise<void> =>
    inTransaction(db, (tx) => recordRefundSent(tx, refundId, idsOf(sent))),

  decideRefundFromMessage: (refundId: string, messageId: string): Promise<RefundDecision> =>
    inTransaction(db, (tx) => decideRefundFromMessage(tx, refundId, messageId)),

  settleRefundByHand: (refundId: string, how: ManualResolution): Promise<void> =>
    inTransaction(db, (tx) => {
      const { receipt = null, actorId, reason } = how
      return settleRefund(tx, { refundId, receipt, actorId, why: reason })
    }),
})
