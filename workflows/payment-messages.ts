/** What can be said to a payment, and why each is an update, a signal or a query. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { PromptAnswer } from '../domain/payments.ts'
import type { FoundReceipt } from '../domain/reconciliation.ts'

/** A signal: Daraja's report is a fact. It carries the id of the stored message, never its content. */
export const paymentReported = defineSignal<[{ messageId: string }]>('paymentReported')
/** A signal: M-Pesa's own list names money that fits this payment alone. */
export const receiptFound = defineSignal<[FoundReceipt]>('receiptFound')
/** An update, because the page that asked for the prompt waits for this first answer. */
export const awaitPrompt = defineUpdate<PromptAnswer>('awaitPrompt')
/** A query: where this payment stands, without anybody's phone. */
export const paymentStatus = defineQuery<string>('paymentStatus')
