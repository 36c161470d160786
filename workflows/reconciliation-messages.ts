/** What can be said to a reconciliation. */
import { defineSignal } from '@temporalio/workflow'

/** A signal: Daraja's report of the balance is a fact. It carries the id of the stored message. */
export const balanceReported = defineSignal<[{ messageId: string }]>('balanceReported')
