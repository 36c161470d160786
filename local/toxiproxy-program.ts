import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from '../config.ts'
import { cachedFolder } from './cache.ts'
import { findOnPath, MissingProgram, type Preparation, runProgram } from './programs.ts'

const VERSION = '2.12.0'
const MODULE = `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`
const NAMES = ['toxiproxy-server']

/** Toxiproxy, which spoils connections on demand: on PATH, in our cache, or built once with Go (half a minute). */
export const prepareToxiproxy = async (cache: string, how: Preparation = {}): Promise<string> => {
  const installed = findOnPath(...NAMES)
  if (installed) return installed
  const [name = ''] = NAMES
  const folder = await cachedFolder(cache, `toxiproxy-${VERSION}`, name, (draft) =>
    build(draft, name, how),
  )
  return join(folder, name)
}

const build = async (folder: string, name: string, { say, signal }: Preparation): Promise<void> => {
  const go = findOnPath('go')
  if (!go)
    throw new MissingProgram(
      'Broken networks are played by Toxiproxy, which is not installed, and neither is Go to build it. ' +
        'Install toxiproxy-server or Go (https://go.dev/dl).',
    )
  say?.('building with Go')
  await runProgram(go, ['install', '-ldflags', '-s -w', MODULE], {
    cwd: folder,
    env: childEnvironment({ GOBIN: folder }),
    signal,
  })
  // Its own name for itself says nothing in a list of processes.
  await rename(join(folder, 'server'), join(folder, name))
}
