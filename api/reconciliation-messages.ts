/** What the api room says to reconciliations. */
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { reconciliationWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { ReconciliationInput } from '../domain/reconciliation.ts'
import type { reconciliation } from '../workflows/reconciliation.ts'

/** Starts the comparison, or meets the one with this id. */
export async function startReconciliation(
  client: Client,
  input: ReconciliationInput,
): Promise<void> {
  try {
    await client.workflow.start<typeof reconciliation>('reconciliation', {
      workflowId: reconciliationWorkflowId(input.runId),
      taskQueue: TASK_QUEUES.payments,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `Comparison asked for by finance: ${input.kind}`,
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
