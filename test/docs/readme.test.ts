/** README and docs name what exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseSettings } from '../../config-settings.ts'
import { SAMPLE_PHONES } from '../../local/daraja-simulator/handsets.ts'
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from '../../local/people-data.ts'

const PROJECT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(PROJECT, file), 'utf8')
const readme = read('README.md')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(PROJECT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

describe('README.md', () => {
  const rows = new Map(
    [...readme.matchAll(/^\| `([A-Z][A-Z_]+)` +\| (.*?) *\|/gm)].map(
      ([, name = '', unset = '']) => [name, unset],
    ),
  )
  const names = [...read('config-settings.ts').matchAll(/^ {2}([A-Z][A-Z_]+): (?!['"])/gm)]

  test.each(names.map(([, name = '']) => name))('explains %s', (name) => {
    expect([...rows.keys()]).toContain(name)
  })

  test('says the defaults that the configuration has', () => {
    const settings: Record<string, unknown> = parseSettings({}).settings ?? {}
    for (const [name, unset] of rows) {
      const value = settings[name]
      const plain = typeof value === 'string' || typeof value === 'number'
      if (plain && unset.startsWith('`') && name !== 'GARI_HOME')
        expect({ name, unset }).toEqual({ name, unset: `\`${value}\`` })
    }
  })

  test('names the sample people and phones as they are', () => {
    expect(readme).toContain(SAMPLE_PASSWORD)
    for (const { email } of SAMPLE_PEOPLE) expect(readme).toContain(email)
    for (const { phone, pin, name } of SAMPLE_PHONES) {
      const local = `0${phone.slice(3, 6)} ${phone.slice(6, 9)} ${phone.slice(9)}`
      expect(readme).toMatch(new RegExp(`\\| ${local} \\| ${pin} \\| ${name} `))
    }
  })
})

describe('the documents', () => {
  test.each(pages)('%s links only to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to = '']) => to)
    for (const link of links)
      expect({ link, found: existsSync(join(PROJECT, dirname(page), link)) }).toEqual({
        link,
        found: true,
      })
  })
})
