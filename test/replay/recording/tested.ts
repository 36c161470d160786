/**
 * `npm run histories:tested`: what the tests of stories live through in skipped time. A way behind `patched` that opens after
 * a day, or when three things go wrong at once, is played there and hardly anywhere else: a story that went one of which no
 * history stands yet is kept.
 */
import type { Client } from '@temporalio/client'
import type { PayloadCodec } from '@temporalio/common'
import { patchesOf, recordedPatches, type Event } from '../patches.ts'
import { readHistory, writeHistory } from './saving.ts'

/** Tests give Temporal plain words. */
const OPEN: PayloadCodec = {
  encode: async (payloads) => payloads,
  decode: async (payloads) => payloads,
}
const NAMESPACE = 'default'

export async function recordNewWays(client: Client): Promise<void> {
  const { executions } = await client.workflowService.listClosedWorkflowExecutions({
    namespace: NAMESPACE,
    startTimeFilter: {},
  })
  const known = recordedPatches()
  for (const { execution, type } of executions) {
    const way = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' }
    const history = await readHistory(client, OPEN, way)
    const fresh = patchesOf(history.events as Event[]).filter((id) => !known.has(id))
    const [first] = fresh
    if (!first) continue
    const name = nameOf(type?.name ?? '', first)
    await writeHistory(name, history)
    for (const id of fresh) known.set(id, [name])
  }
}

const nameOf = (type: string, patch: string): string =>
  `${type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-patched-${patch}`
