/** Our stories as the one file that workers run. */
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker'
import { failureConverterPath } from './temporal.ts'

type Stories = Pick<
  BundleOptions,
  'workflowsPath' | 'failureConverterPath' | 'workflowInterceptorModules' | 'logger'
>

/**
 * Their modules are evaluated once for each thread of a worker, and not again for each story, which was a tenth of a worker's
 * work. So they must keep nothing (test/architecture).
 */
export const bundleStories = (stories: Stories): Promise<{ code: string }> =>
  bundleWorkflowCode({
    failureConverterPath,
    ...stories,
    preloadModules: [stories.workflowsPath],
  })
