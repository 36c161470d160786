/** The list of faults promises tests; each of them stands where the list says. */
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The cells of each line that names a test. */
const named = read('docs/faults-of-money.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , , file]) => file?.startsWith('`test/'))
  .map(([, fault = '', , file = '', name = '']) => [fault, file.slice(1, -1), name] as const)

describe('the faults of money', () => {
  test('are many', () => {
    expect(named.length).toBeGreaterThan(40)
  })

  test.each(named)('%s: %s', (_fault, file, name) => {
    const titles = [`'${name}'`, `"${name}"`, `\`${name}\``]
    expect(titles.filter((title) => read(file).includes(title))).not.toEqual([])
  })
})
