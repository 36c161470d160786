import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cache.ts'
import { findOnPath, MissingProgram, type Preparation, runProgram } from './programs.ts'

/** A program from PyPI, of one version, in a Python of its own. */
export type PythonTool = { packageName: string; version: string; program: string }

/** From the cache, or installed into it once (about a minute each). */
export const preparePythonTool = async (
  cache: string,
  { packageName, version, program }: PythonTool,
  how: Preparation = {},
): Promise<string> => {
  const name = `${packageName}-${version}`
  const proof = join('bin', program)
  const folder = await cachedFolder(cache, name, proof, async (draft) => {
    await install(draft, `${packageName}==${version}`, how)
    await moveScripts(draft, join(cache, name))
  })
  return join(folder, proof)
}

/** What is wrong with the machine, and how to mend it. */
const missing = (wish: string, detail: string) =>
  new MissingProgram(
    `${wish} needs Python 3.10 or newer with venv and pip, ${detail}. ` +
      'Debian and Ubuntu: apt install python3 python3-venv. macOS: brew install python.',
  )

const install = async (folder: string, wish: string, { say, signal }: Preparation) => {
  const python = findOnPath('python3', 'python')
  if (!python) throw missing(wish, 'and there is no python3 on PATH')
  say?.(`installing ${wish}`)
  try {
    await runProgram(python, ['-m', 'venv', folder], { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw missing(wish, `and ${python} cannot make one: ${String(error)}`)
  }
  const options = ['--quiet', '--disable-pip-version-check', '--no-input']
  await runProgram(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...options, wish], {
    signal,
  })
}

/** Scripts name their Python by its whole path in their first line, and the folder is about to get its last name. */
const moveScripts = async (from: string, to: string): Promise<void> => {
  const folder = join(from, 'bin')
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(folder, entry.name)
    const content = await readFile(file)
    if (content.subarray(0, 2).toString() !== '#!') continue
    await writeFile(file, content.toString().replaceAll(from, to))
  }
}
