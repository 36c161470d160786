/** Sending money without an owner back to whoever sent it: a refund of its receipt. */
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { refundWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { refund } from './refund.ts'

export type ReturnWish = { paymentId: string; receipt: string; actorId: string; why: string }

/** The refund carries the id that the money would have had as a payment, so a second wish meets the first. */
export async function startReturn(wish: ReturnWish): Promise<void> {
  const { paymentId, receipt, actorId, why } = wish
  try {
    await startChild<typeof refund>('refund', {
      workflowId: refundWorkflowId(paymentId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.payments,
      args: [{ refundId: paymentId, receipt, reason: why, actorId, askedBy: 'person' }],
      staticSummary: 'Money without an owner goes back',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
