/** What the api room says to refunds. */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { refundWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { RefundAnswer, RefundInput } from '../domain/refunds.ts'
import {
  approveRefund,
  awaitRefund,
  declineRefund,
  namePhone,
  settleAtDesk,
  type CashPaid,
  type NamedPhone,
  type RefundSay,
} from '../workflows/refund-messages.ts'
import type { refund } from '../workflows/refund.ts'
import { closedAs, type Call } from './closed-stories.ts'

/** A refund that has ended already answers no more; whoever asks reads how it went. */
const ended = (): RefundAnswer => ({ outcome: 'opened', status: 'settled', amount: null })

export const createRefundMessages = (client: Client, call: Call) => {
  const inTime = closedAs(call, 'REFUND_REFUSED', 'This refund has ended already.')
  const handle = (refundId: string) => client.workflow.getHandle(refundWorkflowId(refundId))
  return {
    requestRefund: async (input: RefundInput): Promise<RefundAnswer> => {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof refund>('refund', {
        workflowId: refundWorkflowId(input.refundId),
        taskQueue: TASK_QUEUES.payments,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: 'A refund that somebody asked for',
      })
      try {
        return await inTime(() =>
          client.workflow.executeUpdateWithStart(awaitRefund, {
            startWorkflowOperation,
            updateId: `refund:${input.refundId}`,
          }),
        )
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return ended()
        throw error
      }
    },
    decideRefund: (refundId: string, word: 'approve' | 'decline', say: RefundSay) =>
      inTime(() =>
        handle(refundId).executeUpdate(word === 'approve' ? approveRefund : declineRefund, {
          args: [say],
        }),
      ),
    nameRefundPhone: (refundId: string, named: NamedPhone) =>
      inTime(() => handle(refundId).executeUpdate(namePhone, { args: [named] })),
    payRefundInCash: (refundId: string, paid: CashPaid) =>
      inTime(() => handle(refundId).executeUpdate(settleAtDesk, { args: [paid] })),
  }
}
