/** What finance says about a line of the bank. The story begins with it, and again with the next try. */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import type { AllocatedLine, BankAllocation } from '../domain/bank-money.ts'
import { paymentWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import { allocateBankMoney } from '../workflows/bank-money-messages.ts'
import type { bankMoney } from '../workflows/bank-money.ts'
import { withDeadline } from './temporal-answers.ts'
import { ANSWER_MS } from './workflow-messages.ts'

export type BankMoneyMessages = {
  /** `key` makes a repeat of the same wish meet the first one. */
  allocateBankMoney(wish: BankAllocation, key: string): Promise<AllocatedLine>
}

const story = (lineId: string) =>
  new WithStartWorkflowOperation<typeof bankMoney>('bankMoney', {
    workflowId: paymentWorkflowId(lineId),
    taskQueue: TASK_QUEUES.payments,
    args: [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Bank money whose owner a person found',
  })

export const createBankMoneyMessages = (client: Client): BankMoneyMessages => ({
  allocateBankMoney: (wish, key) =>
    withDeadline(client, ANSWER_MS, () =>
      client.workflow.executeUpdateWithStart(allocateBankMoney, {
        startWorkflowOperation: story(wish.lineId),
        args: [wish],
        updateId: `allocate:${key}`,
      }),
    ),
})
