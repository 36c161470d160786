/**
 * Whether other settings than the default make bookings quicker: connections to the database, and the stories that a worker
 * remembers. One at a time, each in a stack of its own, with the default before the first and after the last: between those two
 * stands what the machine alone makes of it.
 */
import { startStack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { startGari } from './gari.ts'
import { measure, type Figures } from './measure.ts'
import type { Options } from './options.ts'
import { assertQuiet, watchCores } from './processes.ts'

const CALLERS = 20
const WARM_SECONDS = 6

type Setting = { name: string; settings: Record<string, string> }

const DEFAULT: Setting = { name: 'as it is: a pool of 10, 400 stories', settings: {} }
const OTHERS: Setting[] = [
  ...['5', '20'].map((size) => ({
    name: `a pool of ${size} (\`DATABASE_POOL\`)`,
    settings: { DATABASE_POOL: size },
  })),
  ...['100', '1000'].map((size) => ({
    name: `${size} stories remembered (\`WORKFLOW_CACHE\`)`,
    settings: { WORKFLOW_CACHE: size },
  })),
]

type Tried = { name: string; figures: Figures; others: number }

async function tryOut({ name, settings }: Setting, seconds: number): Promise<Tried> {
  const stack = await startStack({ LOG_LEVEL: 'warn', ...settings }, 'bench-pools')
  const gari = await startGari(stack)
  try {
    await measure(gari, CALLERS, WARM_SECONDS)
    const cores = watchCores()
    const figures = await measure(gari, CALLERS, seconds)
    return { name, figures, others: cores().others }
  } finally {
    await gari.stop()
    await stack.stop()
  }
}

/** To the default as it was on average. */
function row({ name, figures }: Tried, perSecond: number): string {
  const cells = [
    name,
    figures.perSecond.toFixed(1),
    (figures.perSecond / perSecond).toFixed(2),
    `${figures.p50.toFixed(0)} / ${figures.p99.toFixed(0)}`,
  ]
  return `| ${cells.join(' | ')} |`
}

export async function benchPools({ seconds }: Options): Promise<void> {
  const tried: Tried[] = []
  for (const setting of [DEFAULT, ...OTHERS, { ...DEFAULT, name: 'as it is, again' }]) {
    tried.push(await tryOut(setting, seconds))
    process.stdout.write(`${row(tried.at(-1) as Tried, tried[0]?.figures.perSecond ?? 0)}\n`)
  }
  assertQuiet(Math.max(...tried.map(({ others }) => others)))
  const ends = [tried[0], tried.at(-1)].map((one) => one?.figures.perSecond ?? Number.NaN)
  const perSecond = ends.reduce((sum, one) => sum + one, 0) / ends.length
  await keepFigures(
    'Settings',
    `\`npm run bench -- pools --seconds ${seconds}\`: whole bookings by ${CALLERS} callers, one setting changed at a time. A worker takes as many steps at
once as the SDK has it, for which there is no setting: 40 of stories, 100 of the books and 100 others.`,
    [
      '| | bookings per s | to the default | first answer p50 / p99 ms |',
      '|---|---|---|---|',
      ...tried.map((one) => row(one, perSecond)),
    ],
  )
}
