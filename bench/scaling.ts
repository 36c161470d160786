/**
 * Whole bookings per second over Temporal's server on PostgreSQL, with more and more worker processes, and which cores
 * were busy with what meanwhile: where it stops scaling, and why.
 */
import { cpus } from 'node:os'
import { join } from 'node:path'
import { writeBundle } from '../faults/bundles.ts'
import { createOurs, type Ours } from '../faults/processes.ts'
import { startStack, type Stack } from '../test/support/stack.ts'
import { startCluster, type Cluster } from './cluster/server.ts'
import { keepFigures } from './figures.ts'
import { startGari } from './gari.ts'
import { measure, type Figures } from './measure.ts'
import type { Options } from './options.ts'
import { assertQuiet, environmentOf, watchCores, type Cores } from './processes.ts'

const WARM_SECONDS = 4
const WARM_CALLERS = 4
/** Of a machine's cores: above this nothing is left that one more process could use. */
const USED_UP = 0.9
/** That it works is said at this level. */
const HEARD = { LOG_LEVEL: 'info' }
/** Shown by themselves; everything else of ours is "the rest". */
const SHOWN = ['workers and relay', 'Temporal server', 'PostgreSQL for Temporal', 'PostgreSQL']

type Row = {
  server: string
  workers: number
  figures: Figures
  cores: Cores
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** The stack's own worker process does everything; each further one only the stories. */
async function moreWorkers(stack: Stack): Promise<Ours['runWorker']> {
  const all = environmentOf(await stack.pidOf('workers'))
  const bundle = await writeBundle(join(stack.home, 'stories.js'))
  return createOurs({ folder: stack.home, all, api: {}, workers: {}, bundle }).runWorker
}

type Wish = { callers: number; seconds: number; most: number }

async function measureServer(
  server: string,
  address: string | null,
  { callers, seconds, most }: Wish,
): Promise<Row[]> {
  const settings = { LOG_LEVEL: 'warn', ...(address ? { TEMPORAL_ADDRESS: address } : {}) }
  const stack = await startStack(settings, 'bench-scaling')
  const further: { stop: () => Promise<void> }[] = []
  const gari = await startGari(stack)
  try {
    const runWorker = await moreWorkers(stack)
    const rows: Row[] = []
    await measure(gari, WARM_CALLERS, WARM_SECONDS)
    for (let workers = 1; workers <= most; workers += 1) {
      if (workers > 1) further.push(await runWorker('stories', HEARD))
      await measure(gari, callers, WARM_SECONDS)
      const cores = watchCores()
      const figures = await measure(gari, callers, seconds)
      rows.push({ server, workers, figures, cores: cores() })
      say(line(rows.at(-1) as Row, rows))
    }
    return rows
  } finally {
    await gari.stop()
    await Promise.all(further.map((worker) => worker.stop()))
    await stack.stop()
  }
}

const one = (value: number) => value.toFixed(1)
const two = (value: number) => value.toFixed(2)

const coresOf = ({ cores: { byPart, ours, others, all } }: Row) => {
  const shown = SHOWN.map((part) => byPart.get(part) ?? 0)
  const rest = ours - shown.reduce((sum, value) => sum + value, 0)
  return [...shown, rest, others, all]
}

const alone = (row: Row, rows: Row[]): Row =>
  rows.find(({ server, workers }) => server === row.server && workers === 1) ?? row

const line = (row: Row, rows: Row[]): string => {
  const { server, workers, figures } = row
  const ratio = figures.perSecond / alone(row, rows).figures.perSecond
  const times = `${figures.p50.toFixed(0)} / ${figures.p99.toFixed(0)}`
  const spent = ((row.cores.ours / figures.perSecond) * 1_000).toFixed(0)
  return `| ${[server, workers, one(figures.perSecond), two(ratio), times, spent, ...coresOf(row).map(two)].join(' | ')} |`
}

/** In words, from the figures themselves. */
function why(rows: Row[]): string {
  const cores = cpus().length
  const best = rows.reduce((most, row) =>
    row.figures.perSecond > most.figures.perSecond ? row : most,
  )
  const most = `The most was ${one(best.figures.perSecond)} per s (${best.server}, ${best.workers}).`
  const first = rows.find(({ cores: { all } }) => all >= USED_UP * cores)
  if (!first) {
    const busy = Math.max(...rows.map(({ cores: { all } }) => all))
    return `Of ${cores} cores at most ${one(busy)} are busy: what holds it back is not the machine. ${most}`
  }
  return `With ${first.workers} worker process${first.workers === 1 ? '' : 'es'} (${first.server}) ${one(first.cores.all)} of the machine's ${cores} cores are busy: from
there on one more process only shares what is there. ${most}`
}

export async function benchScaling({ shards, callers: some, seconds }: Options): Promise<void> {
  const callers = Math.max(...some)
  const rows = await measureServer('development server, SQLite', null, {
    callers,
    seconds,
    most: 1,
  })
  let database = ''
  for (const count of shards) {
    const cluster = await startCluster(count, say)
    database = cluster.postgres
    rows.push(...(await measureCluster(cluster, count, { callers, seconds, most: 3 })))
  }
  assertQuiet(Math.max(...rows.map(({ cores: { others } }) => others)))
  await keepFigures(
    'Scaling',
    `\`npm run bench -- scaling --shards ${shards.join(',')} --callers ${callers} --seconds ${seconds}\`: whole bookings by ${callers} callers, as under "Booking", over Temporal's
server 1.29.1 on a PostgreSQL ${database} of its own (all services in one process), with one worker process that does
everything and further ones for stories and payments alone. Beside it the development server. Cores: on average, by part.`,
    [
      '| Temporal server | worker processes | per s | to one | first answer p50 / p99 ms | CPU ms per booking | cores: workers | Temporal | its PostgreSQL | our PostgreSQL | our rest | not ours | all |',
      '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
      ...rows.map((row) => line(row, rows)),
      '',
      why(rows),
    ],
  )
}

async function measureCluster(cluster: Cluster, shards: number, wish: Wish): Promise<Row[]> {
  try {
    return await measureServer(`PostgreSQL, ${shards} shards`, cluster.address, wish)
  } finally {
    await cluster.stop()
  }
}
