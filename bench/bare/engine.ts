/** Drives the bare shape: the same messages as one booking, straight to the server. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker'
import { Client as TemporalClient, Connection } from '@temporalio/client'
import type { Runner } from '../measure.ts'
import { bareBooking, bareHold, bareInvoice, barePay, barePrompt, bareReport } from './workflows.ts'

export const QUEUES = { business: 'bare-business', payments: 'bare-payments' }
const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url))

/** By booking, what its caller waits for: the phone was asked, and it is confirmed. */
type Waiting = Record<'pushed' | 'confirmed', Map<string, () => void>>

export async function startBareEngine(address: string): Promise<Runner> {
  const logger = new DefaultLogger('ERROR')
  Runtime.install({ logger })
  const waiting: Waiting = { pushed: new Map(), confirmed: new Map() }
  const activities = {
    step: async () => undefined,
    push: async (id: string) => waiting.pushed.get(id)?.(),
    confirmed: async (id: string) => waiting.confirmed.get(id)?.(),
  }
  const connection = await NativeConnection.connect({ address })
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger })
  const options = { connection, workflowBundle, activities, maxCachedWorkflows: 400 }
  const workers = await Promise.all(
    Object.values(QUEUES).map((taskQueue) => Worker.create({ ...options, taskQueue })),
  )
  const running = Promise.all(workers.map((worker) => worker.run()))
  const client = new TemporalClient({ connection: await Connection.connect({ address }) })
  return {
    name: 'bare engine',
    once: () => oneBooking(client, waiting),
    stop: async () => {
      // A signal to the process may have begun it.
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
      await running
      await connection.close()
      await client.connection.close()
    },
  }
}

const whenCalled = (callers: Map<string, () => void>, id: string): Promise<void> =>
  new Promise((resolve) => callers.set(id, resolve))

/** Answers the milliseconds to the first answer. */
async function oneBooking(client: Client, waiting: Waiting): Promise<number> {
  const id = randomUUID()
  const pushed = whenCalled(waiting.pushed, id)
  const confirmed = whenCalled(waiting.confirmed, id)
  const start = performance.now()
  const operation = new WithStartWorkflowOperation(bareBooking, {
    workflowId: `bare-booking:${id}`,
    taskQueue: QUEUES.business,
    args: [id, QUEUES.payments],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'a booking',
  })
  await client.workflow.executeUpdateWithStart(bareHold, { startWorkflowOperation: operation })
  const first = performance.now() - start
  await client.workflow.getHandle(`bare-booking:${id}`).executeUpdate(barePay)
  const payment = client.workflow.getHandle(`bare-payment:${id}`)
  const reportAtOnce = async () => {
    await pushed
    await payment.signal(bareReport)
  }
  await Promise.all([payment.executeUpdate(barePrompt), reportAtOnce()])
  await confirmed
  await client.workflow.start(bareInvoice, {
    workflowId: `bare-invoice:${id}`,
    taskQueue: QUEUES.business,
    args: [],
  })
  waiting.pushed.delete(id)
  waiting.confirmed.delete(id)
  return first
}
