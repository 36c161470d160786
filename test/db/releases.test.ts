/**
 * A migration asks for a release of its own: workers tell releases apart by the version in package.json alone, and what the release
 * before still needs is taken away once none of its workers is left (docs/decisions/0048).
 */
import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import packageJson from '../../package.json' with { type: 'json' }

/**
 * Releases that are out, the newest last: with which migration each ended, and how many it had by then. Whoever makes a release adds
 * its line; then the next migration fails here until package.json has a higher version.
 */
const OUT: readonly Release[] = [{ version: '0.2.0', last: '0085-proven-phones', count: 70 }]

type Release = { version: string; last: string; count: number }
const compare = (one: string, other: string): number =>
  one.localeCompare(other, 'en', { numeric: true })

/** Empty where nothing is wrong. */
function findMissingRelease(names: readonly string[], version: string, out: readonly Release[]) {
  const newest = out.at(-1)
  if (!newest) return ['no release is known to be out']
  const wrong = out
    .filter(({ last, count }) => names.indexOf(last) !== count - 1)
    .map((one) => `${one.version} is out: its migrations end with ${one.last}, the ${one.count}th`)
  const since = names.slice(names.indexOf(newest.last) + 1)
  if (since.length > 0 && compare(version, newest.version) <= 0)
    wrong.push(
      `${since.join(', ')} came after ${newest.version} was out, so package.json needs a higher version than ${version}: ` +
        'workers would take the release before for their own, and empty what it still reads.',
    )
  return wrong
}

const read = (file: string): string =>
  readFileSync(join(import.meta.dirname, '../..', file), 'utf8')

describe('a migration', () => {
  const names = MIGRATIONS.map(({ name }) => name)

  it('that came after a release was out has a release of its own', () => {
    expect(findMissingRelease(names, packageJson.version, OUT)).toEqual([])
  })

  it('is missed where it has none, and where it was put among those of a release that is out', () => {
    const out = [{ version: '0.2.0', last: '0085-proven-phones', count: 2 }]
    const before = ['0084-contact-links', '0085-proven-phones']
    expect(findMissingRelease(before, '0.2.0', out)).toEqual([])
    expect(findMissingRelease([...before, '0086-more'], '0.10.0', out)).toEqual([])
    for (const version of ['0.2.0', '0.1.9'])
      expect(findMissingRelease([...before, '0086-more'], version, out)).toEqual([
        expect.stringContaining('0086-more came after 0.2.0 was out'),
      ])
    expect(findMissingRelease(['0080-between', ...before], '0.3.0', out)).toEqual([
      expect.stringContaining('0.2.0 is out'),
    ])
  })
})

describe('the number of the release', () => {
  it.each([
    ['package-lock.json', `"version": "${packageJson.version}"`],
    ['docker-compose.yml', `gari:\${GARI_VERSION:-${packageJson.version}}`],
    ['.env.example', `GARI_VERSION=${packageJson.version}`],
  ])('stands in %s as in package.json', (file, text) => {
    expect(read(file)).toContain(text)
  })
})
