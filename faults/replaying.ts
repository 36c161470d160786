/** What the stories of this house did, told again to the code of today. */
import type { Client } from '@temporalio/client'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { connectTemporalClient, dataConverter } from '../gateways/temporal.ts'
import { bundleRelease, type Change } from './bundles.ts'
import type { House } from './house.ts'

const logger = new DefaultLogger('ERROR')
/** Newest first: the stories of the last faults, which went through most. */
export const MOST_REPLAYED = 400

export type Replayed = { told: number; failed: string[] }

export async function replayAll(house: House, change?: Change): Promise<Replayed> {
  Runtime.install({ logger })
  const codec = house.payloadKeys.codec()
  const workflowBundle = await bundleRelease(change)
  const client = await connectTemporalClient({
    address: house.temporal,
    namespace: 'default',
    codec,
  })
  try {
    const options = { workflowBundle, dataConverter: dataConverter(codec) }
    const failed: string[] = []
    let told = 0
    for await (const { workflowId, error } of Worker.runReplayHistories(
      options,
      histories(client),
    )) {
      told += 1
      if (error) failed.push(`${workflowId}: ${error.message.slice(0, 200)}`)
    }
    return { told, failed }
  } finally {
    await client.connection.close()
  }
}

async function* histories(client: Client) {
  let n = 0
  for await (const { workflowId, runId, type } of client.workflow.list({})) {
    if (workflowId.startsWith('poison:') || type.startsWith('temporal-sys')) continue
    if ((n += 1) > MOST_REPLAYED) return
    yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() }
  }
}
