/** The bundle of the stories: one for each state of their code, made once. */
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareWorkflowBundle } from '../../local/workflow-bundle.ts'

let folder: string
let made: number

const CODE: Record<string, string> = {
  'workflows/index.ts': 'a story',
  'workflows/steps/one.ts': 'a step',
  'domain/rules.ts': 'a rule',
  'gateways/failure-converter.ts': 'a failure',
  'gateways/workflow-bundle.ts': 'a way to bundle',
  'package-lock.json': '{}',
}
const put = async (file: string, text: string) => {
  await mkdir(join(folder, 'project', file, '..'), { recursive: true })
  await writeFile(join(folder, 'project', file), text)
}
const cache = () => join(folder, 'cache')
const prepare = () =>
  prepareWorkflowBundle(cache(), join(folder, 'project'), () =>
    Promise.resolve(`bundle ${(made += 1)}`),
  )

beforeEach(async () => {
  made = 0
  folder = await mkdtemp(join(tmpdir(), 'gari-bundle-'))
  for (const [file, text] of Object.entries(CODE)) await put(file, text)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('is made once for the same code', async () => {
  const [first, second] = [await prepare(), await prepare()]
  expect(second).toBe(first)
  expect(await readFile(first, 'utf8')).toBe('bundle 1')
  expect(made).toBe(1)
})

it.each(Object.keys(CODE))('is made again when %s is another', async (file) => {
  const first = await prepare()
  await put(file, 'something else')
  expect(await readFile(await prepare(), 'utf8')).toBe('bundle 2')
  expect(await readFile(first, 'utf8')).toBe('bundle 1')
})

it('is made again when a file is new', async () => {
  await prepare()
  await put('domain/parts/new.ts', '')
  await prepare()
  expect(made).toBe(2)
})

it('is not kept for ever beside a newer one', async () => {
  const old = join(await prepare(), '..')
  const longAgo = new Date('2026-01-01')
  await utimes(old, longAgo, longAgo)
  await put('domain/rules.ts', 'another rule')
  const now = join(await prepare(), '..')
  expect((await readdir(cache())).map((name) => join(cache(), name))).toEqual([now])
})
