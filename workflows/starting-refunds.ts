/** Starting a refund: unless told otherwise the payment's id is its key, so that a second attempt meets the first. */
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow'
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { refundWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { Cents } from '../domain/money.ts'
import type { refund } from './refund.ts'
import { BOOKING_NUMBER } from './search-attributes.ts'

const numbered = (value: string) => new TypedSearchAttributes([{ key: BOOKING_NUMBER, value }])

/** Resolves once the refund runs, which it does to its end whatever becomes of us. */
export async function startRefund(
  paymentId: string,
  reason: string,
  actorId: string,
  ownerNumber: string | null,
  refundId = paymentId,
  amount?: Cents,
): Promise<void> {
  try {
    await startChild<typeof refund>('refund', {
      workflowId: refundWorkflowId(refundId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.payments,
      args: [{ refundId, paymentId, reason, actorId, ...(amount === undefined ? {} : { amount }) }],
      staticSummary: `Refund: ${reason}`,
      ...(ownerNumber ? { typedSearchAttributes: numbered(ownerNumber) } : {}),
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
