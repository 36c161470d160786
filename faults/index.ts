/**
 * `npm run faults [-- --only 5,6] [--seed 7] [--people 8]`: every fault under load, each by itself, then some at random, and
 * what was lost or doubled. `--random 20`, or `--soak 60` (minutes): only those. `--together`: the short ones in a row, one
 * look at the end, then each rule broken on purpose. `--record`: what the stories did becomes replay tests.
 */
import { parseArgs } from 'node:util'
import { FAULTS } from './catalogue/index.ts'
import { leaveHouses } from './house.ts'
import { keepEach, keepReport, notePlay } from './report.ts'
import { runAtRandom, runFaults, runTogether, type Row } from './run.ts'
import type { Run } from './stage.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    random: { type: 'string' },
    soak: { type: 'string' },
    record: { type: 'boolean', default: false },
    together: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    people: { type: 'string', default: '6' },
  },
})

for (const end of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
  process.once(end, () => void leaveHouses().then(() => process.exit(1)))
// Whoever started us is listened to, and not waited for.
process.channel?.unref()

const MINUTE_MS = 60_000
/** After all have been tried one by one. */
const SOME = 10
const say = (line: string) => void process.stdout.write(`${line}\n`)
const only = values.only?.split(',').map((text) => numberIn('only', text))
const [seed, people] = [numberIn('seed', values.seed), numberIn('people', values.people)]
const known = new Set(FAULTS.map(({ number }) => number))
for (const one of only ?? []) if (!known.has(one)) throw new Error(`there is no fault ${one}`)
const faults = FAULTS.filter(({ number, isShort }) =>
  only ? only.includes(number) : !values.together || isShort,
)
say(`${faults.length} faults, seed ${seed}, ${people} people`)
const played = notePlay({ seed, people })
const run: Run = { seed, people, faults, isRecorded: values.record, say }
const isFine = await (values.together ? playTogether() : play())
if (!isFine) process.exitCode = 1

function numberIn(option: string, text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new Error(`--${option} must be a number above 0, not "${text}"`)
  return number
}

async function play(): Promise<boolean> {
  if (values.soak) return soak(numberIn('soak', values.soak))
  if (values.random) return playAtRandom(numberIn('random', values.random))
  const rows = await runFaults(run, (some) => keepEach(some, played))
  if (only) return judge(rows)
  // Each says for itself whether it was fine.
  const [isEachFine, areSomeFine] = [judge(rows), await playAtRandom(SOME)]
  return isEachFine && areSomeFine
}

async function playAtRandom(times: number): Promise<boolean> {
  const keep = (rows: Row[]) =>
    keepReport('At random', rows, { again: `--random ${times}`, played })
  return judge(await runAtRandom(run, (done) => done >= times, keep))
}

async function soak(minutes: number): Promise<boolean> {
  const until = Date.now() + minutes * MINUTE_MS
  const keep = (rows: Row[]) =>
    keepReport(`For ${minutes} minutes`, rows, { again: `--soak ${minutes}`, played })
  return judge(await runAtRandom(run, () => Date.now() > until, keep))
}

function judge(rows: Row[]): boolean {
  const fine = rows.filter(
    ({ broken, complaints, recoveredMs }) =>
      broken.length === 0 && complaints.length === 0 && recoveredMs !== null,
  )
  say(`${fine.length} of ${rows.length} faults left nothing lost, doubled or wrong.`)
  return fine.length === rows.length
}

async function playTogether(): Promise<boolean> {
  const { suffered, left, blind } = await runTogether(run)
  const unwell = suffered.filter(
    ({ complaints, recoveredMs }) => complaints.length > 0 || recoveredMs === null,
  )
  for (const rule of blind) say(`BLIND: ${rule}`)
  say(`${unwell.length} faults broke their own promise, ${left.broken.length} rules are broken.`)
  say(`${blind.length} rules do not see what breaks them.`)
  return unwell.length + left.broken.length + blind.length === 0
}
