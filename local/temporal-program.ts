import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from '../config.ts'
import { cachedFolder } from './cache.ts'
import { findOnPath, MissingProgram, type Preparation, runProgram } from './programs.ts'
import { downloadBySdk } from './sdk-download.ts'

const VERSION = '1.5.1'
/** Below the cache. */
export const TEMPORAL_FOLDER = `temporal-${VERSION}`
const MODULE = `github.com/temporalio/cli/cmd/temporal@v${VERSION}`

export const isTemporalPrepared = (cache: string): boolean =>
  !!findOnPath('temporal') || existsSync(join(cache, TEMPORAL_FOLDER, 'temporal'))

/** The Temporal CLI: on PATH, in our cache, downloaded, or built once with Go. */
export const prepareTemporal = async (cache: string, how: Preparation = {}): Promise<string> => {
  const installed = findOnPath('temporal')
  if (installed) return installed
  const folder = await cachedFolder(cache, TEMPORAL_FOLDER, 'temporal', async (draft) => {
    how.say?.('downloading')
    const downloaded = await downloadBySdk('dev-server', `v${VERSION}`, draft, how)
    if (downloaded) await copyFile(downloaded, join(draft, 'temporal'))
    else await build(draft, how)
  })
  return join(folder, 'temporal')
}

const build = async (folder: string, { say, signal }: Preparation): Promise<void> => {
  const go = findOnPath('go')
  if (!go)
    throw new MissingProgram(
      'Temporal could not be downloaded, and Go, to build it, is not installed. Install the Temporal ' +
        'CLI (https://docs.temporal.io/cli) or Go (https://go.dev/dl), or set TEMPORAL_ADDRESS.',
    )
  let [modules, packages] = [0, 0]
  await runProgram(go, ['install', '-v', '-ldflags', '-s -w', MODULE], {
    cwd: folder,
    env: childEnvironment({ GOBIN: folder }),
    signal,
    onLine: (line) => {
      if (line.startsWith('go: ')) say?.(`building with Go: ${(modules += 1)} modules fetched`)
      else say?.(`building with Go: ${(packages += 1)} packages compiled`)
    },
  })
}
