/** Temporal's own server, as it runs outside of a development machine, and the tool that makes its tables. */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment, loadToolPaths } from '../../config.ts'
import { cachedFolder } from '../../local/cache.ts'
import { findOnPath, MissingProgram, runProgram, type Say } from '../../local/programs.ts'

/** The server inside the CLI that `npm start` uses, so that both can be compared. */
const VERSION = '1.29.1'
const MODULE = 'go.temporal.io/server/cmd'
const SERVER = 'temporal-server'
const SQL_TOOL = 'temporal-sql-tool'
/** What is built last: with it the folder is whole. */
const PROOF = SQL_TOOL

export type ClusterPrograms = { server: string; sqlTool: string }

/** Built once with Go, in about two minutes, and kept in the cache. */
export async function prepareCluster(say: Say): Promise<ClusterPrograms> {
  const { cache } = loadToolPaths()
  const folder = await cachedFolder(cache, `temporal-server-${VERSION}`, PROOF, async (draft) => {
    say(`Temporal's server ${VERSION} is built with Go, once: about two minutes`)
    await build(draft, 'server', SERVER)
    await build(draft, 'tools/sql', SQL_TOOL)
  })
  return { server: join(folder, SERVER), sqlTool: join(folder, SQL_TOOL) }
}

async function build(folder: string, command: string, name: string): Promise<void> {
  const go = findOnPath('go')
  if (!go)
    throw new MissingProgram(
      "Temporal's server has to be built with Go, which is not installed (https://go.dev/dl).",
    )
  await runProgram(go, ['install', '-ldflags', '-s -w', `${MODULE}/${command}@v${VERSION}`], {
    cwd: folder,
    env: childEnvironment({ GOBIN: folder }),
  })
  // Its own name, `server` or `sql`, says nothing in a list of processes.
  await rename(join(folder, command.split('/').at(-1) ?? ''), join(folder, name))
}
