/**
 * `npm run faults [-- --only 5,6] [--seed 7] [--people 8]`: every fault under load, each by itself, and what was lost or
 * doubled. `--together`: the short ones in a row, one look at the end, then each rule broken on purpose.
 */
import { parseArgs } from 'node:util'
import { FAULTS } from './catalogue/index.ts'
import { keepReport } from './report.ts'
import { runFaults, runTogether, type Row, type Run } from './run.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    together: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    people: { type: 'string', default: '6' },
  },
})

const say = (line: string) => void process.stdout.write(`${line}\n`)
const only = values.only?.split(',').map(Number)
const [seed, people] = [Number(values.seed), Number(values.people)]
const faults = FAULTS.filter(({ number, isShort }) =>
  only ? only.includes(number) : !values.together || isShort,
)
say(`${faults.length} faults, seed ${seed}, ${people} people`)
const run: Run = { seed, people, faults, say }
const isFine = values.together ? await playTogether() : await playEach()
if (!isFine) process.exitCode = 1

async function playEach(): Promise<boolean> {
  const rows = await runFaults(run)
  if (!only) await keepReport(rows, `npm run faults -- --seed ${seed} --people ${people}`)
  const isBroken = ({ broken, complaints, recoveredMs }: Row) =>
    broken.length > 0 || complaints.length > 0 || recoveredMs === null
  const fine = rows.filter((row) => !isBroken(row))
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
