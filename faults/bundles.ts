/** The workflow bundle as workers take it ready-made, as the code is, or as a release might change it. */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { DefaultLogger } from '@temporalio/worker'
import { bundleStories } from '../gateways/workflow-bundle.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Each is an interceptor beside the stories. */
const CHANGES = {
  incompatible: here('./changed-stories.ts'),
  patched: here('./next-release.ts'),
} as const
export type Change = keyof typeof CHANGES

export const bundleRelease = (change?: Change): Promise<{ code: string }> =>
  bundleStories({
    workflowsPath: here('../workflows/index.ts'),
    logger: new DefaultLogger('ERROR'),
    workflowInterceptorModules: change ? [CHANGES[change]] : [],
  })

/** Answers `path`. */
export async function writeBundle(path: string, change?: Change): Promise<string> {
  await writeFile(path, (await bundleRelease(change)).code)
  return path
}
