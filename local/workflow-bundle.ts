/**
 * Our stories as workers take them ready-made. Made once for each state of their code and kept in the cache: bundling
 * takes a worker longer than all the rest of its start, and one that died should be back soon.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DAY_MS } from '../domain/time.ts'
import { cachedFolder } from './cache.ts'

/** All that the import rules let into a bundle: the rooms without Node, and packages. */
const ROOMS = ['workflows', 'domain']
const FAILURES = 'gateways/failure-converter.ts'
const BUNDLING = 'gateways/workflow-bundle.ts'
const PACKAGES = 'package-lock.json'
const FOLDER = 'workflow-bundle-'
const FILE = 'workflow-bundle.js'
const KEY_LENGTH = 16
const STALE_MS = 7 * DAY_MS

type Bundle = (project: string) => Promise<string>

/** Answers the file's path. */
export const prepareWorkflowBundle = async (
  cache: string,
  project = join(import.meta.dirname, '..'),
  bundle: Bundle = bundleProject,
): Promise<string> => {
  const name = `${FOLDER}${await keyOf(project)}`
  const folder = await cachedFolder(cache, name, FILE, async (draft) => {
    await removeStale(cache)
    await writeFile(join(draft, FILE), await bundle(project))
  })
  return join(folder, FILE)
}

const bundleProject: Bundle = async (project) => {
  // The compiler behind it is large, and mostly not needed.
  const { DefaultLogger } = await import('@temporalio/worker')
  const { bundleStories } = await import('../gateways/workflow-bundle.ts')
  const { code } = await bundleStories({
    workflowsPath: join(project, 'workflows/index.ts'),
    failureConverterPath: join(project, FAILURES),
    logger: new DefaultLogger('ERROR'),
  })
  return code
}

const keyOf = async (project: string): Promise<string> => {
  const hash = createHash('sha256')
  for (const file of [...(await sourcesOf(project)), FAILURES, BUNDLING, PACKAGES])
    hash.update(`${file}\n`).update(await readFile(join(project, file)))
  return hash.digest('hex').slice(0, KEY_LENGTH)
}

const sourcesOf = async (project: string): Promise<string[]> => {
  const rooms = ROOMS.map(async (room) => {
    const options = { recursive: true, withFileTypes: true } as const
    const entries = await readdir(join(project, room), options)
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
  })
  const files = (await Promise.all(rooms)).flat()
  return files.map((file) => relative(project, file)).sort()
}

/** Of code that nobody has any more. */
const removeStale = async (cache: string): Promise<void> => {
  for (const name of (await readdir(cache)).filter((one) => one.startsWith(FOLDER))) {
    const folder = join(cache, name)
    const made = await stat(folder).catch(() => undefined)
    if (made && Date.now() - made.mtimeMs > STALE_MS)
      await rm(folder, { recursive: true, force: true })
  }
}
