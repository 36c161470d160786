/** What stands in docs/exports is what the code says. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { exportFiles } from '../../docs/export-files.ts'

const FOLDER = join(import.meta.dirname, '../../docs/exports')

it('docs/exports holds the form of a copy, and nothing else', async () => {
  const files = exportFiles()
  expect((await readdir(FOLDER)).toSorted()).toEqual([...files.keys()].toSorted())
  for (const [name, content] of files)
    expect(await readFile(join(FOLDER, name), 'utf8')).toBe(content)
})
