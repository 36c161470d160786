/** Starting a refund: the payment's id is its key, so that a second attempt meets the first. */
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { refundWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { refund } from './refund.ts'

/** Resolves once the refund runs, which it does to its end whatever becomes of us. */
export async function startRefund(
  paymentId: string,
  reason: string,
  actorId: string,
): Promise<void> {
  try {
    await startChild<typeof refund>('refund', {
      workflowId: refundWorkflowId(paymentId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.payments,
      args: [{ refundId: paymentId, paymentId, reason, actorId }],
      staticSummary: `Refund: ${reason}`,
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
