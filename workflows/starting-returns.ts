/** Sending money without an owner back to whoever sent it: a refund of its receipt. */
import {
  ParentClosePolicy,
  patched,
  startChild,
  uuid4,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { refundWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { refund } from './refund.ts'

export type ReturnWish = { paymentId: string; receipt: string; actorId: string; why: string }

/** Each wish has an id of its own, because one that was declined may be asked for again; the books know the others. */
export async function startReturn(wish: ReturnWish): Promise<void> {
  const { paymentId, receipt, actorId, why } = wish
  const refundId = patched('each-return-has-an-id') ? uuid4() : paymentId
  try {
    await startChild<typeof refund>('refund', {
      workflowId: refundWorkflowId(refundId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.payments,
      args: [{ refundId, receipt, reason: why, actorId, askedBy: 'person' }],
      staticSummary: 'Money without an owner goes back',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
