/** Where a booking's time goes: CPU by process, SQL statements, and what stands in the histories. */
import { setTimeout as rest } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { connectDatabase, select, selectOne, type Database } from '../db/connection.ts'
import { paymentWorkflowId, reservationWorkflowId } from '../domain/ids.ts'
import { eventually, startStack, type Stack } from '../test/support/stack.ts'
import { startBareEngine } from './bare/engine.ts'
import { startGari } from './gari.ts'
import { measure, type Figures, type Runner } from './measure.ts'
import { cpuByPart } from './processes.ts'

const { EventType } = proto.temporal.api.enums.v1
const SHOWN_STATEMENTS = 45
const SETTLE_MS = 3_000
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

async function profile(runner: Runner, callers: number, seconds: number): Promise<Figures> {
  const before = cpuByPart()
  const figures = await measure(runner, callers, seconds)
  const { bookings, perSecond, p50, p99 } = figures
  print(`\n${runner.name}, ${callers} callers: ${perSecond.toFixed(1)} per s, first answer`)
  print(`${p50.toFixed(0)} / ${p99.toFixed(0)} ms; CPU ms per booking:`)
  for (const [part, seconds_] of cpuByPart()) {
    const spent = ((seconds_ - (before.get(part) ?? 0)) * 1_000) / bookings
    print(`  ${part.padEnd(32)} ${spent.toFixed(1)}`)
  }
  return figures
}

async function printStatements(db: Database, bookings: number): Promise<void> {
  const rows = await select<{ calls: string; ms: number; planning: number; query: string }>(
    db,
    `SELECT calls, total_exec_time AS ms, total_plan_time AS planning, regexp_replace(query, '\\s+', ' ', 'g') AS query
     FROM pg_stat_statements ORDER BY calls DESC`,
  )
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + pick(row), 0) / bookings
  print(`\nSQL per booking: ${sum((row) => Number(row.calls)).toFixed(1)} statements,`)
  print(`${sum((row) => row.ms).toFixed(1)} ms inside PostgreSQL, and`)
  print(`${sum((row) => row.planning).toFixed(1)} ms of planning`)
  for (const { calls, ms, planning, query } of rows.slice(0, SHOWN_STATEMENTS)) {
    const each = (Number(calls) / bookings).toFixed(2)
    const took = [ms, planning].map((one) => (one / Number(calls)).toFixed(2)).join(' + ')
    print(`  ${each} x, ${took} ms: ${query.slice(0, 110)}`)
  }
}

async function printHistories(client: Client, ids: string[]): Promise<void> {
  for (const id of ids) {
    const { events } = await client.workflow.getHandle(id).fetchHistory()
    const counts = new Map<string, number>()
    for (const { eventType } of events ?? []) {
      const name = EventType[eventType ?? 0]?.replace('EVENT_TYPE_', '') ?? 'unknown'
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const shown = [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
    print(`\n${id.split(':')[0]}: ${events?.length ?? 0} events: ${shown}`)
  }
}

async function lastBare(client: Client): Promise<string[]> {
  for await (const { workflowId } of client.workflow.list({
    query: "WorkflowType = 'bareBooking'",
  })) {
    return [workflowId, workflowId.replace('booking', 'payment')]
  }
  return []
}

async function lastGari(db: Database): Promise<string[]> {
  const row = await selectOne<{ owner: string; id: string }>(
    db,
    "SELECT owner_id AS owner, id FROM payments WHERE status = 'settled' ORDER BY created_at DESC LIMIT 1",
  )
  return row ? [reservationWorkflowId(row.owner), paymentWorkflowId(row.id)] : []
}

export async function benchProfile(callers: number[], seconds: number): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' })
  const db = connectDatabase({ url: stack.databaseUrl, pool: 1, applicationName: 'gari-bench' })
  await countStatements(stack, db)
  const bare = await startBareEngine(stack.temporal)
  const gari = await startGari(stack)
  const client = new Client({ connection: await Connection.connect({ address: stack.temporal }) })
  try {
    await measure(bare, 2, 3)
    await measure(gari, 2, 3)
    for (const count of callers) {
      await profile(bare, count, seconds)
      await select(db, 'SELECT pg_stat_statements_reset()')
      const { bookings } = await profile(gari, count, seconds)
      await printStatements(db, bookings)
    }
    await printHistories(client, [...(await lastGari(db)), ...(await lastBare(client))])
  } finally {
    await client.connection.close()
    await gari.stop()
    await bare.stop()
    await db.close()
    await stack.stop()
  }
}
