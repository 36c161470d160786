/** docs/reliability.md: what happened at each fault, as measured. */
import { keepSection, readSection } from '../docs/sections.ts'
import { FAULTS } from './catalogue/index.ts'
import type { Broken } from './checker/index.ts'
import { circumstances } from './circumstances.ts'
import type { Row } from './run.ts'

const seconds = (ms: number | null): string => (ms === null ? 'no' : (ms / 1_000).toFixed(1))
const count = (broken: Broken[], kind: Broken['kind']): number =>
  broken.filter((one) => one.kind === kind).reduce((sum, { what }) => sum + what.length, 0)

const lineOf = (row: Row): string => {
  const { number, name, promise, calm, meanwhile, recoveredMs, lastedMs, broken, complaints } = row
  const held = calm > 0 ? `${Math.round((meanwhile / calm) * 100)} %` : '–'
  const cells = [
    number,
    name,
    promise,
    seconds(lastedMs),
    held,
    seconds(recoveredMs),
    count(broken, 'lost'),
    count(broken, 'doubled'),
    count(broken, 'wrong') + complaints.length,
  ]
  return `| ${cells.join(' | ')} |`
}

const HEAD = [
  '| # | fault | promise | lasted, s | load held | recovered, s | lost | doubled | wrong |',
  '|---|---|---|---|---|---|---|---|---|',
]

const FILE = 'reliability.md'

export const keepReport = (title: string, rows: Row[], command: string): Promise<void> =>
  keepSection(FILE, {
    title,
    intro: `\`${command}\`:`,
    where: circumstances(),
    lines: [...HEAD, ...rows.map(lineOf)],
  })

const ONE_BY_ONE = 'One by one'
const numberOf = (line: string): number => Number(/^\| (\d+) \|/.exec(line)?.[1] ?? Number.NaN)

/** Faults that were not played this time keep the row of their last time. */
export async function keepEach(rows: Row[]): Promise<void> {
  const lines = new Map(
    (await readSection(ONE_BY_ONE, FILE)).split('\n').map((line) => [numberOf(line), line]),
  )
  for (const row of rows) lines.set(row.number, lineOf(row))
  const known = new Set(FAULTS.map(({ number }) => number))
  for (const number of lines.keys()) if (!known.has(number)) lines.delete(number)
  const sorted = [...lines].toSorted(([one], [other]) => one - other).map(([, line]) => line)
  const intro = 'Each as it was last played, by `npm run faults` or with `--only`:'
  const where = circumstances()
  await keepSection(FILE, { title: ONE_BY_ONE, intro, where, lines: [...HEAD, ...sorted] })
}
