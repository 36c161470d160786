/** Our workflows as the workers of tests run them: bundled by the first test file that needs them, once in a run. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DefaultLogger } from '@temporalio/worker'
import { bundleStories } from '../../gateways/workflow-bundle.ts'
import { runFolder } from './shared-server.ts'

const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))

let bundle: Promise<{ code: string }> | null = null
export const bundleOfRun = () => (bundle ??= readOrMake())

async function readOrMake(): Promise<{ code: string }> {
  const file = join(runFolder(), 'workflow-bundle.js')
  if (existsSync(file)) return { code: await readFile(file, 'utf8') }
  const { code } = await bundleStories({ workflowsPath, logger: new DefaultLogger('ERROR') })
  // Two files may bundle in the same moment; each puts a whole bundle in its place.
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, code)
  await rename(draft, file)
  return { code }
}
