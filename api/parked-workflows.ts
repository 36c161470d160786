/** Workflows that wait for a person. */
import type { Client } from '@temporalio/client'

/** Newest first, as Temporal's visibility lists them. */
export async function listParked(client: Client, limit: number) {
  const found: { workflowId: string; runId: string; since: Date }[] = []
  const query = 'NeedsAttention = true AND ExecutionStatus = "Running"'
  for await (const one of client.workflow.list({ query, pageSize: limit })) {
    found.push({ workflowId: one.workflowId, runId: one.runId, since: one.startTime })
    if (found.length === limit) break
  }
  return found
}
