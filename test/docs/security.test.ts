/** docs/security.md names tests that exist, and every requirement has something to show or says that it has not. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const PROJECT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(PROJECT, file), 'utf8')
const page = read('docs/security.md')
const rows = [...page.matchAll(/^\| (\d+\.\d+[^|]*) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, ids = '', asks = '', shown = '']) => ({ ids, asks, shown }),
)
const named = [...page.matchAll(/`((?:test|security|api)\/[\w/.-]+)`/g)].map(
  ([, file = '']) => file,
)

describe('docs/security.md', () => {
  it('has the forty lines and more', () => expect(rows.length).toBeGreaterThanOrEqual(40))

  it.each([...new Set(named)])('names %s, which is there', (file) => {
    expect(existsSync(join(PROJECT, file))).toBe(true)
  })

  it.each(rows)('shows $ids, or says that it cannot', ({ shown }) => {
    expect(shown).toMatch(/`[^`]+`|\*\*[^*]*[Nn]ot there|Not tested|not tested/)
  })

  it('names the versions that the tools have', () => {
    const sources = ['schemathesis', 'sqlmap', 'wapiti', 'source-code'].map((name) =>
      read(`security/${name}.ts`),
    )
    for (const [, name = '', version = ''] of sources
      .join('\n')
      .matchAll(/packageName: '(\w+)', version: '([\d.]+)'/g))
      expect(page).toContain(`| ${name.replace('wapiti3', 'wapiti')} ${version} `)
    const [, gitleaks = ''] = /VERSION = '([\d.]+)'/.exec(read('local/gitleaks-program.ts')) ?? []
    expect(page).toContain(`| gitleaks ${gitleaks} `)
  })
})
