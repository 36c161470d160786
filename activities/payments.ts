/** Database steps of a payment: one transaction each, safe to repeat. */
import { inTransaction, type Database } from '../db/connection.ts'
import { openPayment, recordPrompt, recordUnknown, refusePayment } from '../db/payments.ts'
import { readDecision, resolvePayment, settleFromQuery } from '../db/payment-settling.ts'
import { queuePush, takeTurn } from '../db/outages.ts'
import { readClaim, readClaimedReceipt } from '../db/payment-claims.ts'
import { settleFromMessage } from '../db/payment-reports.ts'
import type { PushTurn } from '../domain/outages.ts'
import type {
  ManualResolution,
  PaymentInput,
  PaymentReason,
  PushState,
  ReportedClaim,
  SettleDecision,
} from '../domain/payments.ts'

type World = { db: Database; now: () => Date }
type Prompt = { merchantRequestId: string; checkoutRequestId: string }

export const createPaymentActivities = ({ db, now }: World) => ({
  openPayment: (input: PaymentInput) => inTransaction(db, (tx) => openPayment(tx, input, now())),

  recordPrompt: (paymentId: string, prompt: Prompt): Promise<void> =>
    recordPrompt(db, paymentId, prompt),

  recordUnknown: (paymentId: string, why: string): Promise<void> =>
    inTransaction(db, (tx) => recordUnknown(tx, paymentId, why)),

  refusePayment: (paymentId: string, reason: PaymentReason): Promise<void> =>
    inTransaction(db, (tx) => refusePayment(tx, paymentId, reason)),

  settleFromMessage: (paymentId: string, messageId: string): Promise<SettleDecision> =>
    inTransaction(db, (tx) => settleFromMessage(tx, paymentId, messageId, now())),

  settleFromQuery: (paymentId: string, state: PushState): Promise<SettleDecision> =>
    inTransaction(db, (tx) => settleFromQuery(tx, paymentId, state, now())),

  /** The request was certainly not sent, because M-Pesa could not be reached or turned it away. */
  queuePush: (paymentId: string): Promise<void> =>
    inTransaction(db, (tx) => queuePush(tx, paymentId, now())),

  takeTurn: (paymentId: string): Promise<PushTurn> =>
    inTransaction(db, (tx) => takeTurn(tx, paymentId, now())),

  readDecision: (paymentId: string): Promise<SettleDecision> => readDecision(db, paymentId),

  resolvePayment: (paymentId: string, how: ManualResolution): Promise<SettleDecision> =>
    inTransaction(db, (tx) => resolvePayment(tx, paymentId, how, now())),

  readClaimedReceipt: (paymentId: string): Promise<string | null> =>
    readClaimedReceipt(db, paymentId),

  readClaim: (paymentId: string, messageIds: string[]): Promise<ReportedClaim> =>
    readClaim(db, paymentId, messageIds),
})
