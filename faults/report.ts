/** docs/reliability.md: what happened at each fault, as measured. */
import { keepSection, readSection } from '../docs/sections.ts'
import { FAULTS } from './catalogue/index.ts'
import type { Fault } from './catalogue/fault.ts'
import type { Broken } from './checker/index.ts'
import { circumstances, commit, day } from './circumstances.ts'
import { drawable, QUIET_MS, type Row } from './run.ts'

/** Of a run: whoever wants the same again needs all of it. */
export type Played = { day: string; commit: string; seed: number; people: number }

export const notePlay = (who: Pick<Played, 'seed' | 'people'>): Played => ({
  ...who,
  commit: commit(),
  day: day(),
})

const seconds = (ms: number | null): string => (ms === null ? 'no' : (ms / 1_000).toFixed(1))
const count = (broken: Broken[], kind: Broken['kind']): number =>
  broken.filter((one) => one.kind === kind).reduce((sum, { what }) => sum + what.length, 0)

const cellsOf = (row: Row): (string | number)[] => {
  const { number, name, promise, calm, meanwhile, recoveredMs, lastedMs, broken, complaints } = row
  const held = calm > 0 ? `${Math.round((meanwhile / calm) * 100)} %` : '–'
  return [
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
}
const lineOf = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`

const COLUMNS = [
  '#',
  'fault',
  'promise',
  'lasted, s',
  'load held',
  'recovered, s',
  'lost',
  'doubled',
  'wrong',
]
const headOf = (columns: string[]): string[] => [
  lineOf(columns),
  `|${columns.map(() => '---|').join('')}`,
]

const FILE = 'reliability.md'
const USUAL = QUIET_MS / 1_000

/** Those that may leave work behind for longer than the others, with their reasons. */
export const tellRests = (faults: readonly Fault[]): string[] => {
  const slow = faults.flatMap(({ number, rest }) => (rest ? [{ number, ...rest }] : []))
  if (slow.length === 0) return []
  return [
    '',
    `Each fault has ${USUAL} s until nothing is under way any more. These have longer:`,
    '',
    ...slow.map((one) => `- ${one.number}: ${one.seconds} s, because ${one.because}.`),
  ]
}

const numbersOf = (faults: readonly Fault[]): string =>
  faults.map(({ number }) => number).join(', ')

/** `again`: the options with which the same people come again. */
export async function keepReport(
  title: string,
  rows: Row[],
  { again, played }: { again: string; played: Played },
): Promise<void> {
  const { seed, people } = played
  const drawn = drawable(FAULTS)
  const others = FAULTS.filter((one) => !drawn.includes(one))
  await keepSection(FILE, {
    title,
    intro: `\`npm run faults -- ${again} --seed ${seed} --people ${people}\`:`,
    where: circumstances(),
    lines: [
      ...headOf(COLUMNS),
      ...rows.map((row) => lineOf(cellsOf(row))),
      '',
      `${numbersOf(others)} are never drawn: they need a house of their own.`,
      ...tellRests(drawn),
    ],
  })
}

const ONE_BY_ONE = 'One by one'
const EACH = [...COLUMNS, 'played: day, commit, seed, people']
const numberIn = (line: string): number => Number(/^\| (\d+) \|/.exec(line)?.[1] ?? Number.NaN)
/** Of a day on which nobody wrote down when and how it was played. */
const filled = (line: string): string =>
  line.split('|').length - 2 < EACH.length ? `${line} not noted |` : line

/** Faults that were not played this time keep the line of their last time. */
export function mergeLines(before: string, rows: Row[], played: Played): string[] {
  const { day, commit, seed, people } = played
  const lines = new Map(before.split('\n').map((line) => [numberIn(line), filled(line)]))
  for (const row of rows)
    lines.set(row.number, lineOf([...cellsOf(row), [day, commit, seed, people].join(', ')]))
  const known = new Set(FAULTS.map(({ number }) => number))
  for (const number of lines.keys()) if (!known.has(number)) lines.delete(number)
  return [...lines].toSorted(([one], [other]) => one - other).map(([, line]) => line)
}

export async function keepEach(rows: Row[], played: Played): Promise<void> {
  const lines = mergeLines(await readSection(ONE_BY_ONE, FILE), rows, played)
  await keepSection(FILE, {
    title: ONE_BY_ONE,
    intro: 'Each as it was last played, by `npm run faults` or with `--only`:',
    where: circumstances(),
    lines: [...headOf(EACH), ...lines, ...tellRests(FAULTS)],
  })
}
