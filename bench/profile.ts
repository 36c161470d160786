/** Where a booking's time goes: CPU by process, SQL statements, and what stands in the histories. */
import { setTimeout as rest } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { connectDatabase, select, selectOne, type Database } from '../db/connection.ts'
import { invoiceWorkflowId, paymentWorkflowId, reservationWorkflowId } from '../domain/ids.ts'
import { eventually, startStack, type Stack } from '../test/support/stack.ts'
import { startBareEngine } from './bare/engine.ts'
import { keepFigures } from './figures.ts'
import { startGari } from './gari.ts'
import { measure, type Runner } from './measure.ts'
import type { Options } from './options.ts'
import { cpuByPart, DRIVER } from './processes.ts'

const { EventType } = proto.temporal.api.enums.v1
const SHOWN_STATEMENTS = 45
const SETTLE_MS = 3_000
const ms = (value: number) => value.toFixed(0)
const print = (text: string) => process.stdout.write(`${text}\n`)

/** The statistics need a library that PostgreSQL loads only at its start, so it is started again. */
async function countStatements(stack: Stack, db: Database): Promise<void> {
  await select(db, "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
  await select(db, 'ALTER SYSTEM SET pg_stat_statements.track_utility = on')
  await select(db, 'ALTER SYSTEM SET pg_stat_statements.track_planning = on')
  await stack.kill('postgres')
  await eventually('PostgreSQL counts statements', () =>
    select(db, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements').then(
      () => true,
      () => false,
    ),
  )
  await rest(SETTLE_MS)
}

/** `spent` is CPU, in ms for one booking, by part. */
type Profile = { name: string; bookings: number; spent: Map<string, number> }

async function profile(runner: Runner, callers: number, seconds: number): Promise<Profile> {
  const before = cpuByPart()
  const { bookings, perSecond, p50, p99 } = await measure(runner, callers, seconds)
  // Letters and documents come after the confirmation.
  await rest(SETTLE_MS)
  const spent = new Map(
    [...cpuByPart()].map(([part, all]) => [
      part,
      ((all - (before.get(part) ?? 0)) * 1_000) / bookings,
    ]),
  )
  const name = `${runner.name}, ${callers} caller${callers === 1 ? '' : 's'}`
  print(`\n${name}: ${perSecond.toFixed(1)} per s, first answer`)
  print(`${ms(p50)} / ${ms(p99)} ms`)
  return { name, bookings, spent }
}

/** Answers a sentence about all of them. */
async function printStatements(db: Database, { name, bookings }: Profile): Promise<string> {
  const rows = await select<{ calls: string; ms: number; planning: number; query: string }>(
    db,
    `SELECT calls, total_exec_time AS ms, total_plan_time AS planning, regexp_replace(query, '\\s+', ' ', 'g') AS query
     FROM pg_stat_statements ORDER BY calls DESC`,
  )
  const each = (pick: (row: (typeof rows)[number]) => number) =>
    (sumOf(rows.map(pick)) / bookings).toFixed(1)
  for (const { calls, ms: inside, planning, query } of rows.slice(0, SHOWN_STATEMENTS)) {
    const times = (Number(calls) / bookings).toFixed(2)
    const took = [inside, planning].map((one) => (one / Number(calls)).toFixed(2)).join(' + ')
    print(`  ${times} x, ${took} ms: ${query.slice(0, 110)}`)
  }
  const calls = each((row) => Number(row.calls))
  const [inside, planning] = [each((row) => row.ms), each((row) => row.planning)]
  return `SQL for one booking (${name}): ${calls} statements, ${inside} ms inside PostgreSQL and ${planning} ms of planning.`
}

/** Answers how long each is. */
async function printHistories(client: Client, ids: string[]): Promise<string[]> {
  const lengths: string[] = []
  for (const id of ids) {
    const { events } = await client.workflow.getHandle(id).fetchHistory()
    const counts = new Map<string, number>()
    for (const { eventType } of events ?? []) {
      const name = EventType[eventType ?? 0]?.replace('EVENT_TYPE_', '') ?? 'unknown'
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const shown = [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
    lengths.push(`${id.split(':')[0]} ${events?.length ?? 0}`)
    print(`\n${lengths.at(-1)} events: ${shown}`)
  }
  return lengths
}

async function lastBare(client: Client): Promise<string[]> {
  for await (const { workflowId } of client.workflow.list({
    query: "WorkflowType = 'bareBooking'",
  })) {
    return ['booking', 'payment', 'invoice'].map((kind) => workflowId.replace('booking', kind))
  }
  return []
}

async function lastGari(db: Database): Promise<string[]> {
  const row = await selectOne<{ owner: string; id: string; invoice: string }>(
    db,
    `SELECT p.owner_id AS owner, p.id, i.id AS invoice FROM payments p
     JOIN invoices i ON i.owner_id = p.owner_id AND i.status = 'paid' AND i.sent_at IS NOT NULL
     WHERE p.status = 'settled' ORDER BY p.created_at DESC LIMIT 1`,
  )
  return row
    ? [reservationWorkflowId(row.owner), paymentWorkflowId(row.id), invoiceWorkflowId(row.invoice)]
    : []
}

const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0)

/** A row for each part, the dearest first. */
function table(profiles: Profile[]): string[] {
  const parts = new Set(profiles.flatMap(({ spent }) => [...spent.keys()]))
  const most = (part: string) => Math.max(...profiles.map(({ spent }) => spent.get(part) ?? 0))
  const sorted = [...parts].toSorted((one, other) => most(other) - most(one))
  const rows = [
    ['', ...profiles.map(({ name }) => name)],
    ['---', ...profiles.map(() => '---')],
    ...sorted.map((part) => [part, ...profiles.map(({ spent }) => ms(spent.get(part) ?? 0))]),
    ['all', ...profiles.map(({ spent }) => ms(sumOf(spent.values())))],
  ]
  return rows.map((cells) => `| ${cells.join(' | ')} |`)
}

export async function benchProfile({ callers, seconds }: Options): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' })
  const db = connectDatabase({ url: stack.databaseUrl, pool: 1, applicationName: 'gari-bench' })
  await countStatements(stack, db)
  const bare = await startBareEngine(stack.temporal)
  const gari = await startGari(stack)
  const client = new Client({ connection: await Connection.connect({ address: stack.temporal }) })
  try {
    await measure(bare, 2, 3)
    await measure(gari, 2, 3)
    await rest(SETTLE_MS)
    const profiles: Profile[] = []
    const sentences: string[] = []
    for (const count of callers) {
      const beside = await profile(bare, count, seconds)
      await select(db, 'SELECT pg_stat_statements_reset()')
      const own = await profile(gari, count, seconds)
      profiles.push(own, beside)
      sentences.push(await printStatements(db, own))
    }
    const ids = [...(await lastGari(db)), ...(await lastBare(client))]
    const lengths = await printHistories(client, ids)
    await keepFigures(
      "Where a booking's time goes",
      `\`npm run bench -- profile --callers ${callers.join(',')} --seconds ${seconds}\`: milliseconds of CPU for one booking, by process. The bare
engine's workers are in "${DRIVER}", as its callers are. PostgreSQL counts every statement meanwhile.`,
      [...table(profiles), '', ...sentences, `Events in the histories: ${lengths.join(', ')}.`],
    )
  } finally {
    await client.connection.close()
    await gari.stop()
    await bare.stop()
    await db.close()
    await stack.stop()
  }
}
