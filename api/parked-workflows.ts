/** Workflows that wait for a person. */
import type { Client } from '@temporalio/client'
import type { ManualResolution } from '../domain/payments.ts'
import { resolveManually, retryStep } from '../workflows/parking.ts'
import { closedAs, type Call } from './closed-stories.ts'

export const createParkedMessages = (client: Client, call: Call) => {
  const ask = closedAs(call, 'NOT_FOUND', 'This has ended already.')
  const story = (id: string) => client.workflow.getHandle(id)
  return {
    retryStep: (id: string) => ask(() => story(id).executeUpdate(retryStep)),
    resolveManually: (id: string, how: ManualResolution) =>
      ask(() => story(id).executeUpdate(resolveManually, { args: [how] })),
    listParked: (limit: number) => ask(() => listParked(client, limit)),
  }
}

/** Newest first, as Temporal's visibility lists them. */
async function listParked(client: Client, limit: number) {
  const found: { workflowId: string; runId: string; since: Date }[] = []
  const query = 'NeedsAttention = true AND ExecutionStatus = "Running"'
  for await (const one of client.workflow.list({ query, pageSize: limit })) {
    found.push({ workflowId: one.workflowId, runId: one.runId, since: one.startTime })
    if (found.length === limit) break
  }
  return found
}
