import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Preparation, runProgram } from './programs.ts'

type Kind = 'dev-server' | 'time-skipping'

/**
 * Has the SDK download one of Temporal's servers, the usual way where there is internet. The SDK only
 * downloads what it starts, so this runs as a process of its own that starts and stops the server.
 */
export const downloadBySdk = async (
  kind: Kind,
  version: string,
  folder: string,
  { signal }: Preparation,
): Promise<string | undefined> => {
  const args = ['--import', 'tsx', import.meta.filename, kind, version, folder]
  const cwd = join(import.meta.dirname, '..')
  const done = await runProgram(process.execPath, args, { cwd, signal }).then(
    () => true,
    () => false,
  )
  signal?.throwIfAborted()
  const name = done && (await readdir(folder)).find((file) => file.startsWith('temporal'))
  return name ? join(folder, name) : undefined
}

const download = async (kind: Kind, version: string, downloadDir: string): Promise<void> => {
  // Loaded here only: it brings the SDK's native half and is absent in a production install.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing')
  const executable = { type: 'cached-download', version, downloadDir } as const
  const env =
    kind === 'dev-server'
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })
  await env.teardown()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [kind, version = 'default', folder = '.'] = process.argv.slice(2)
  await download(kind === 'dev-server' ? kind : 'time-skipping', version, folder)
}
