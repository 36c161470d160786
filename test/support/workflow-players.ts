/** The workers of both queues, started once for a test file; each test brings the activities they do. */
import { activityInfo } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { type NativeConnection, Worker } from '@temporalio/worker'
import { TASK_QUEUES } from '../../domain/ids.ts'
import { createLastingFailures } from '../../workers/lasting-failures.ts'
import { bundleOfRun } from './workflow-bundle.ts'

export type Players = {
  during<T>(activities: object, work: () => Promise<T>): Promise<T>
  leave(): Promise<void>
}

const interceptors = { activity: [() => ({ inbound: createLastingFailures() })] }

type Step = (...args: unknown[]) => unknown

export async function createPlayers(connection: NativeConnection): Promise<Players> {
  let today: Record<string, Step> = {}
  const activities = {
    default: (...args: unknown[]) => {
      const { activityType } = activityInfo()
      const step = today[activityType]
      if (!step) throw ApplicationFailure.retryable(`no test brought ${activityType}`)
      return step(...args)
    },
  }
  const workflowBundle = await bundleOfRun()
  const options = { connection, workflowBundle, activities, interceptors }
  const workers = await Promise.all(
    [TASK_QUEUES.business, TASK_QUEUES.payments].map((taskQueue) =>
      Worker.create({ ...options, taskQueue }),
    ),
  )
  const running = workers.map((worker) => worker.run())
  const fallen = Promise.all(running).then(() => {
    throw new Error('the workers left before the work was done')
  })
  fallen.catch(() => undefined)
  return {
    during: async (steps, work) => {
      today = steps as Record<string, Step>
      return Promise.race([work(), fallen])
    },
    leave: async () => {
      for (const worker of workers) worker.shutdown()
      await Promise.all(running)
    },
  }
}
