/** What finance says to the story of money without an owner. One that has ended is begun again and finds out. */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import { paymentWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { AllocatedMoney, Allocation, MoneyReturn } from '../domain/paybill.ts'
import { allocatePayment, returnMoney } from '../workflows/paybill-messages.ts'
import type { paybillPayment } from '../workflows/paybill-payment.ts'
import { withDeadline } from './temporal-answers.ts'
import { ANSWER_MS } from './workflow-messages.ts'

export type PaybillMessages = {
  /** `key` makes a repeat of the same wish meet the first one. */
  allocateMoney(paymentId: string, wish: Allocation, key: string): Promise<AllocatedMoney>
  returnMoney(paymentId: string, wish: MoneyReturn): Promise<void>
}

const story = (paymentId: string) =>
  new WithStartWorkflowOperation<typeof paybillPayment>('paybillPayment', {
    workflowId: paymentWorkflowId(paymentId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ paymentId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'M-Pesa money whose owner a person found',
  })

export const createPaybillMessages = (client: Client): PaybillMessages => ({
  allocateMoney: (paymentId, wish, key) =>
    withDeadline(client, ANSWER_MS, () =>
      client.workflow.executeUpdateWithStart(allocatePayment, {
        startWorkflowOperation: story(paymentId),
        args: [wish],
        updateId: `allocate:${key}`,
      }),
    ),
  returnMoney: (paymentId, wish) =>
    withDeadline(client, ANSWER_MS, () =>
      client.workflow.executeUpdateWithStart(returnMoney, {
        startWorkflowOperation: story(paymentId),
        args: [wish],
      }),
    ),
})
