/** What can be said to a refund, and why each is an update, a signal or a query. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { RefundAnswer } from '../domain/refunds.ts'

/** A signal: what Daraja reports, or answers to our question, is a fact. It carries the id of the stored message. */
export const refundReported = defineSignal<[{ messageId: string }]>('refundReported')

/**
 * A signal: it need not wait longer until it looks. Its payment's receipt is known now, or reports may be lost (a restore), so
 * that M-Pesa is asked. It never sends anything again that M-Pesa refused.
 */
export const lookNow = defineSignal('lookNow')

/** An update, because the page that asked waits to hear whether it can be. */
export const awaitRefund = defineUpdate<RefundAnswer>('awaitRefund')

export type RefundSay = { actorId: string; note: string | null }
/** Updates: whoever asked for the refund is refused, and so is whoever comes too late. */
export const approveRefund = defineUpdate<void, [RefundSay]>('approveRefund')
export const declineRefund = defineUpdate<void, [RefundSay]>('declineRefund')

export type CashPaid = { actorId: string; tillSessionId: string }
/** An update: only cash is paid at the desk, and only once; it answers when that is in the books, or cannot be. */
export const settleAtDesk = defineUpdate<void, [CashPaid]>('settleAtDesk')

export type NamedPhone = { actorId: string; phone: string }
/** An update: refused while money may be on its way to another phone. A second person agrees to it, or not. */
export const namePhone = defineUpdate<void, [NamedPhone]>('namePhone')

/** A query: what this refund waits for, without anybody's phone. */
export const refundStatus = defineQuery<string>('refundStatus')
