/** Whole bookings per second and the first answer, beside the engine alone, in the same run on the same server. */
import packageJson from '../package.json' with { type: 'json' }
import { Connection } from '@temporalio/client'
import { startStack } from '../test/support/stack.ts'
import { startBareEngine } from './bare/engine.ts'
import { keepFigures } from './figures.ts'
import { startGari } from './gari.ts'
import { measure, type Figures, type Runner } from './measure.ts'
import type { Options } from './options.ts'

type Row = { callers: number; gari: Figures; bare: Figures }
const ROUNDS = 2

const mean = (figures: Figures[]): Figures => {
  const of = (pick: (one: Figures) => number) =>
    figures.reduce((sum, one) => sum + pick(one), 0) / figures.length
  return {
    perSecond: of((one) => one.perSecond),
    p50: of((one) => one.p50),
    p99: of((one) => one.p99),
    bookings: figures.reduce((sum, one) => sum + one.bookings, 0),
  }
}

/** Turn about, so that whatever the machine does meanwhile meets both. */
async function compare(gari: Runner, bare: Runner, callers: number, seconds: number): Promise<Row> {
  const found: { gari: Figures[]; bare: Figures[] } = { gari: [], bare: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    found.bare.push(await measure(bare, callers, seconds))
    found.gari.push(await measure(gari, callers, seconds))
  }
  return { callers, gari: mean(found.gari), bare: mean(found.bare) }
}

const one = (value: number): string => String(Math.round(value * 10) / 10)
const two = (value: number): string => String(Math.round(value * 100) / 100)

const line = ({ callers, gari, bare }: Row): string =>
  [
    '',
    callers,
    one(gari.perSecond),
    one(bare.perSecond),
    two(gari.perSecond / bare.perSecond),
    `${one(gari.p50)} / ${one(gari.p99)}`,
    `${one(bare.p50)} / ${one(bare.p99)}`,
    `${two(gari.p50 / bare.p50)} / ${two(gari.p99 / bare.p99)}`,
    '',
  ]
    .join(' | ')
    .trim()

type Run = { rows: Row[]; callers: number[]; seconds: number; server: string }

const serverVersion = async (address: string): Promise<string> => {
  const connection = await Connection.connect({ address })
  try {
    return (await connection.workflowService.getSystemInfo({})).serverVersion ?? 'unknown'
  } finally {
    await connection.close()
  }
}

const keep = ({ rows, callers, seconds, server }: Run): Promise<void> =>
  keepFigures(
    'Booking',
    `Whole bookings (hold, prompt, report, confirmed) by closed loops of callers, beside the bare engine's same shape
(\`bench/bare\`: a parent, a child, an invoice, the same local and regular activities, updates and signals in the same order, and
a phone that answers while the push is on its way back; their events are counted under "Where a booking's time goes"; no database,
no HTTP, no encryption) on the same Temporal development server (${server}, SDK ${packageJson.dependencies['@temporalio/worker']}), in the same run,
turn about. The bare engine's callers and workers share one process; Gari's rate includes PostgreSQL, the API, the workers, the relay,
Kafka, the notifier, the simulator and the mail and SMS inboxes, all on the same cores. Who is told "we are on it" or "not now" asks
again with the same key, as a good client does, and its first answer is the one that says how the hold went.

\`npm run bench -- booking --callers ${callers.join(',')} --seconds ${seconds}\`:`,
    [
      '| callers | Gari per s | bare per s | ratio (aim >= 0.9) | Gari first answer p50 / p99 ms | bare p50 / p99 ms | ratio (aim <= 1.5) |',
      '|---|---|---|---|---|---|---|',
      ...rows.map(line),
    ],
  )

export async function benchBooking({ callers, seconds }: Options): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' })
  const bare = await startBareEngine(stack.temporal)
  const gari = await startGari(stack)
  try {
    await measure(bare, 2, 3)
    await measure(gari, 2, 3)
    const rows: Row[] = []
    for (const count of callers) {
      const row = await compare(gari, bare, count, seconds)
      process.stdout.write(`${line(row)}\n`)
      rows.push(row)
    }
    const server = await serverVersion(stack.temporal)
    await keep({ rows, callers, seconds, server })
  } finally {
    await gari.stop()
    await bare.stop()
    await stack.stop()
  }
}
