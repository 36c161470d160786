import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MissingProgram } from '../../local/programs.ts'
import { preparePythonTool } from '../../local/python-tools.ts'

const TOOL = { packageName: 'looker', version: '1.2.3', program: 'look' }
const path = process.env['PATH']
let folder: string
let cache: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gari-python-'))
  cache = join(folder, 'cache')
  await mkdir(join(folder, 'bin'))
})
afterEach(async () => {
  process.env['PATH'] = path
  await rm(folder, { recursive: true, force: true })
})

/** Stands for Python: makes a folder with itself in it, and installs a script that names its folder. */
async function fakePython(script: string) {
  const file = join(folder, 'bin', 'python3')
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  process.env['PATH'] = `${join(folder, 'bin')}:${path}`
}

describe('a tool from PyPI', () => {
  it('is installed once, in its version, and runs from the folder that it ends up in', async () => {
    await fakePython(`
echo "$@" >> "${folder}/asked"
case "$2" in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) here=$(dirname "$0"); printf '#!%s/python\\n' "$here" > "$here/look" ;;
esac`)
    const program = await preparePythonTool(cache, TOOL)
    expect(program).toBe(join(cache, 'looker-1.2.3', 'bin', 'look'))
    expect(await readFile(program, 'utf8')).toBe(`#!${join(cache, 'looker-1.2.3')}/bin/python\n`)
    expect(await preparePythonTool(cache, TOOL)).toBe(program)
    const asked = (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n')
    expect(asked).toHaveLength(2)
    expect(asked[1]).toMatch(/^-m pip install .* looker==1\.2\.3$/)
  })

  it('says what to install where there is no Python', async () => {
    process.env['PATH'] = join(folder, 'bin')
    const missing = preparePythonTool(cache, TOOL)
    await expect(missing).rejects.toThrow(MissingProgram)
    await expect(missing).rejects.toThrow('apt install python3 python3-venv')
  })

  it('says so as well where Python comes without venv, and leaves nothing half', async () => {
    await fakePython('echo "ensurepip is not available"; exit 1')
    await expect(preparePythonTool(cache, TOOL)).rejects.toThrow('python3-venv')
    expect(await readdir(cache)).toEqual([])
  })
})
