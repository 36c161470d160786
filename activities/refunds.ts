/** Database steps of a refund: one transaction each, safe to repeat. */
import { inTransaction, type Database } from '../db/connection.ts'
import {
  decideRefundFromMessage,
  parkRefund,
  recordRefundSent,
  refuseRefund,
  settleRefund,
  switchToPayout,
} from '../db/refund-settling.ts'
import { lockOpenSession } from '../db/tills.ts'
import { approveRefund, declineRefund } from '../db/refund-approvals.ts'
import { settleByHand } from '../db/refund-by-hand.ts'
import { findLeftover, isReturnAskedFor, type Leftover } from '../db/refund-leftovers.ts'
import { decideNamedPhone, nameRefundPhone } from '../db/refund-phones.ts'
import { openRefund } from '../db/refunds.ts'
import { findRefund } from '../db/refund-rows.ts'
import type { Cents } from '../domain/money.ts'
import type { ManualResolution, ReversalAnswer } from '../domain/payments.ts'
import {
  DEFAULT_APPROVAL_ABOVE,
  mayHandOver,
  type ApprovalAnswer,
  type NamedPhoneAnswer,
  type NamedPhoneWord,
  type NamingAnswer,
  type RefundDecision,
  type RefundInput,
  type RefundPlan,
} from '../domain/refunds.ts'

type World = { db: Database; now: () => Date; refundApprovalAbove?: Cents }
type Sent = Exclude<ReversalAnswer, { outcome: 'refused' }>
type Decision = { actorId: string; note: string | null }

const idsOf = (sent: Sent, key: string | null) => {
  if (sent.outcome !== 'accepted')
    return key ? { conversationId: null, originatorConversationId: key } : null
  const { conversationId, originatorConversationId } = sent
  return { conversationId, originatorConversationId }
}

export const createRefundActivities = ({
  db,
  now,
  refundApprovalAbove: approvalAbove = DEFAULT_APPROVAL_ABOVE,
}: World) => ({
  openRefund: (input: RefundInput): Promise<RefundPlan> =>
    inTransaction(db, (tx) => openRefund(tx, input, { approvalAbove, now: now() })),

  approveRefund: (refundId: string, by: Decision): Promise<ApprovalAnswer> =>
    inTransaction(db, (tx) => approveRefund(tx, refundId, { ...by, now: now() })),

  declineRefund: (refundId: string, by: Decision): Promise<boolean> =>
    inTransaction(db, (tx) => declineRefund(tx, refundId, { ...by, now: now() })),

  nameRefundPhone: (
    refundId: string,
    named: { actorId: string; phone: string },
  ): Promise<NamingAnswer> => inTransaction(db, (tx) => nameRefundPhone(tx, refundId, named)),

  decideNamedPhone: (
    refundId: string,
    said: Decision & { word: NamedPhoneWord; phone: string },
  ): Promise<NamedPhoneAnswer> =>
    inTransaction(db, (tx) => decideNamedPhone(tx, refundId, { ...said, now: now() })),

  findLeftover: (refundId: string): Promise<Leftover | null> =>
    inTransaction(db, (tx) => findLeftover(tx, refundId)),

  isReturnAskedFor: (receipt: string): Promise<boolean> => isReturnAskedFor(db, receipt),

  /** `key` is our own id of a payout, by which M-Pesa knows it whether or not it answered. */
  recordRefundSent: (refundId: string, sent: Sent, key: string | null = null): Promise<void> =>
    inTransaction(db, (tx) => recordRefundSent(tx, refundId, idsOf(sent, key))),

  refuseRefund: (refundId: string, code: string): Promise<void> =>
    inTransaction(db, (tx) => refuseRefund(tx, refundId, code)),

  switchToPayout: (refundId: string, phone: string | null): Promise<{ phone: string | null }> =>
    inTransaction(db, (tx) => switchToPayout(tx, refundId, phone)),

  parkRefund: (refundId: string, why: string): Promise<void> =>
    inTransaction(db, (tx) => parkRefund(tx, refundId, why, now())),

  decideRefundFromMessage: (refundId: string, messageId: string): Promise<RefundDecision> =>
    inTransaction(db, (tx) => decideRefundFromMessage(tx, refundId, messageId)),

  settleRefundByHand: (refundId: string, how: ManualResolution): Promise<void> =>
    inTransaction(db, (tx) => settleByHand(tx, refundId, how)),

  /** Out of the drawer of this session; false, and nothing is posted, when it was closed or is not theirs to pay. */
  settleRefundInCash: (
    refundId: string,
    { actorId, tillSessionId }: { actorId: string; tillSessionId: string },
  ): Promise<boolean> =>
    inTransaction(db, async (tx) => {
      const drawer = await lockOpenSession(tx, actorId)
      const asked = await findRefund(tx, refundId)
      // This step ran before, and the till may have been closed since.
      if (asked?.status === 'settled') return true
      if (drawer?.id !== tillSessionId || !asked || !mayHandOver(asked, actorId)) return false
      await settleRefund(tx, {
        refundId,
        receipt: null,
        actorId,
        why: 'paid in cash',
        to: { account: 'cash_tills', subject: tillSessionId },
      })
      return true
    }),
})
