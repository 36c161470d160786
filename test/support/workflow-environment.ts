/**
 * A time-skipping Temporal server of its own for each test, so that no story of one test can stir in another's
 * time, and our workers on it.
 */
import { fileURLToPath } from 'node:url'
import { WorkflowNotFoundError } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { loadToolPaths } from '../../config.ts'
import { TASK_QUEUES } from '../../domain/ids.ts'
import { prepareTestServer } from '../../local/test-server.ts'
import { createLastingFailures } from '../../workers/lasting-failures.ts'

const SEARCH_ATTRIBUTES = {
  BookingNumber: 2,
  CustomerId: 2,
  VehiclePlate: 2,
  Vin: 2,
  BusinessStatus: 2,
  AmountKes: 3,
  PhoneHash: 2,
  NeedsAttention: 5,
}

const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))

const logger = new DefaultLogger('ERROR')
Runtime.install({ logger })

const interceptors = { activity: [() => ({ inbound: createLastingFailures() })] }

let bundled: ReturnType<typeof bundleWorkflowCode> | null = null
const bundle = () => (bundled ??= bundleWorkflowCode({ workflowsPath, logger }))

export type WorkflowEnvironment = {
  env: TestWorkflowEnvironment
  /** Runs the workers of both queues with these activities for as long as the work takes. */
  during<T>(activities: object, work: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

export async function startWorkflowEnvironment(): Promise<WorkflowEnvironment> {
  const path = await prepareTestServer(loadToolPaths().cache)
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  })
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: SEARCH_ATTRIBUTES,
  })
  const workflowBundle = await bundle()
  return {
    env,
    during: async (activities, work) => {
      const options = { connection: env.nativeConnection, workflowBundle, activities, interceptors }
      const business = await Worker.create({ ...options, taskQueue: TASK_QUEUES.business })
      const payments = await Worker.create({ ...options, taskQueue: TASK_QUEUES.payments })
      return payments.runUntil(business.runUntil(work()))
    },
    stop: () => env.teardown(),
  }
}

/** Says it again until the workflow has parked; the test's own time limit ends what never does. */
export async function whenParked(say: () => Promise<void>): Promise<void> {
  for (;;) {
    const refused = await say().then(
      () => null,
      (error: unknown) => error as { cause?: { type?: string } },
    )
    // The test server may lose an update, which is then said again; one whose workflow has ended needs no more.
    if (
      !refused ||
      (refused instanceof WorkflowNotFoundError && !refused.message.startsWith('update '))
    )
      return
    if (refused instanceof WorkflowNotFoundError) continue
    if (refused.cause?.type !== 'NOT_FOUND') throw refused
  }
}
