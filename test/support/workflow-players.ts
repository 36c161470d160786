/** The workers of both queues, started once for a test file; each test brings the activities they do. */
import { activityInfo } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { type NativeConnection, Worker } from '@temporalio/worker'
import { TASK_QUEUES } from '../../domain/ids.ts'
import { createLastingFailures } from '../../workers/lasting-failures.ts'
import { answerPatch } from '../replay/patches.ts'
import { patchToCome } from './shared-server.ts'
import { bundleOfRun } from './workflow-bundle.ts'

export type Players = {
  during<T>(activities: object, work: () => Promise<T>): Promise<T>
  leave(): Promise<void>
}

const interceptors = { activity: [() => ({ inbound: createLastingFailures() })] }

type Step = (...args: unknown[]) => unknown

export async function createPlayers(connection: NativeConnection): Promise<Players> {
  let steps: Record<string, Step> = {}
  const activities = {
    default: (...args: unknown[]) => {
      const { activityType } = activityInfo()
      const step = steps[activityType]
      if (!step) throw ApplicationFailure.retryable(`no test brought ${activityType}`)
      return step(...args)
    },
  }
  const bundle = await bundleOfRun()
  const toCome = patchToCome()
  const workflowBundle = toCome ? answerPatch(bundle.code, toCome, false) : bundle
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
    during: async (brought, work) => {
      steps = brought as Record<string, Step>
      return Promise.race([work(), fallen])
    },
    leave: async () => {
      for (const worker of workers) worker.shutdown()
      await Promise.all(running)
    },
  }
}
