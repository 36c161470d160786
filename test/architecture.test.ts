/** What no linter knows about this house. Import directions are checked by `npm run check:rules`. */
import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMISSIONS } from '../domain/permissions.ts'

const root = join(import.meta.dirname, '..')
const ROOMS = [
  'domain',
  'workflows',
  'activities',
  'workers',
  'api',
  'views',
  'db',
  'gateways',
  'local',
]
const files = ROOMS.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(room, name)),
)
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('the house', () => {
  it('has no room or file for leftovers', () => {
    const leftovers = /(?:^|\/)(?:utils?|helpers?|common|misc|types|services?)(?:\.tsx?|\/)/
    expect(files.filter((file) => leftovers.test(file))).toEqual([])
  })

  it('calls every workflow message by the name of its export', () => {
    const defined = files
      .filter((file) => file.startsWith('workflows/'))
      .flatMap((file) => [
        ...read(file).matchAll(
          /export const (\w+) = define(?:Update|Signal|Query)(?:<[\s\S]*?>)?\(\s*'(\w+)'/g,
        ),
      ])
    expect(defined.length).toBeGreaterThan(9)
    expect(defined.filter(([, name, wire]) => name !== wire)).toEqual([])
  })

  it('asks at some door for every permission that there is', () => {
    const doors = files.filter((file) => file.startsWith('api/') || file === 'domain/policies.ts')
    const asked = doors.map(read).join('\n')
    const permissions = Object.keys(PERMISSIONS)
    expect(permissions.length).toBeGreaterThan(40)
    expect(permissions.filter((one) => !asked.includes(`'${one}'`))).toEqual([])
  })

  it('signals by names that workflows define', () => {
    const reports = read('gateways/reports.ts')
    const sent = [...reports.matchAll(/signal(?:\(|: )'(\w+)'/g)].map(([, name]) => name)
    const known = files
      .filter((file) => file.startsWith('workflows/'))
      .map(read)
      .join('\n')
    expect(sent).toHaveLength(5)
    for (const name of sent)
      expect(known).toContain(`defineSignal<[{ messageId: string }]>('${name}')`)
    const started = [...reports.matchAll(/signalWithStart\('(\w+)'/g)].map(([, name]) => name)
    expect(started).toHaveLength(2)
    for (const name of started) expect(read('workflows/index.ts')).toMatch(`{ ${name} }`)
  })

  it('reads the environment in one place', () => {
    const readers = files.filter((file) => /process\.env/.test(read(file)))
    expect(readers).toEqual([])
  })

  it('builds no SQL from values and no HTML from text', () => {
    // Our own style sheet is no text of anybody's.
    const ours = 'raw(styleSheet.body)'
    const raw = files.filter((file) =>
      /dangerouslySetInnerHTML|\braw\(/.test(read(file).replaceAll(ours, '')),
    )
    expect(raw).toEqual(['views/parts/qr.tsx'].filter((file) => raw.includes(file)))
  })

  // All stories of a thread share their modules (gateways/workflow-bundle.ts).
  it('keeps nothing at the top of a file that stories load', () => {
    const keeps =
      /^(?:export )?(?:let |var |const \w+(?:: [^=\n]+)? = (?:new \w+(?:<.*>)?\(\)|\[\]|\{\})$)/m
    const stateful = files
      .filter((file) => /^(?:workflows|domain)\//.test(file))
      .filter((file) => keeps.test(read(file)))
    expect(stateful).toEqual([])
  })
})
