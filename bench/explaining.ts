/**
 * A connection that tells how PostgreSQL did each statement: auto_explain's log comes back to whoever asked. So a plan is of what
 * really ran, prepared as it is in service, and no store has to show its statements.
 */
import { connectDatabase, type Database } from '../db/connection.ts'
import type { Vault } from '../domain/vault.ts'
import { createVault } from '../gateways/vault.ts'

export type Plan = { statement: string; lines: string[] }

export type Explaining = {
  db: Database
  /** The plans of all statements of this work, in their order. */
  explain: (work: () => Promise<unknown>) => Promise<Plan[]>
}

const SETTINGS = [
  "LOAD 'auto_explain'",
  'SET auto_explain.log_min_duration = 0',
  'SET auto_explain.log_analyze = on',
  'SET auto_explain.log_buffers = on',
  // How long it takes says "Search"; it differs from run to run.
  'SET auto_explain.log_timing = off',
  'SET auto_explain.log_parameter_max_length = 0',
  'SET client_min_messages = log',
]

/** After five uses PostgreSQL may settle for one plan for all values; what is explained is what it does from then on. */
const USES = 6

type Listening = {
  query(sql: string): Promise<unknown>
  on(event: 'notice', hear: (notice: { message?: string }) => void): void
}

/** Of databases that are made for a measurement and thrown away. */
export const BENCH_VAULT = createVault({
  keyId: 'bench',
  key: Buffer.alloc(32, 1),
  indexSecret: Buffer.alloc(32, 2),
})

/** A superuser's connection, for auto_explain. Rolled back or not is up to the work, which is done several times. */
export function connectExplaining(
  url: string,
  settings: string[] = [],
  vault: Vault = BENCH_VAULT,
): Explaining {
  const db = connectDatabase({
    url,
    pool: 1,
    applicationName: 'gari-bench-plans',
    vault,
    isUnhurried: true,
  })
  let heard: Plan[] = []
  db.sequelize.addHook('afterConnect', async (given) => {
    const connection = given as Listening
    connection.on('notice', ({ message = '' }) => {
      const plan = readPlan(message)
      if (plan) heard.push(plan)
    })
    for (const setting of [...settings, ...SETTINGS]) await connection.query(setting)
  })
  const explain = async (work: () => Promise<unknown>): Promise<Plan[]> => {
    for (let use = 0; use < USES; use += 1) {
      heard = []
      await work()
    }
    return heard
  }
  return { db, explain }
}

/** What the planner reckoned says little to a reader and changes with every ANALYZE. */
const RECKONED = / *\(cost=\S+ rows=\d+ width=\d+\)/
const MESSAGE = /^duration: .* plan:\nQuery Text: /

/** Null for any other message. */
function readPlan(message: string): Plan | null {
  if (!MESSAGE.test(message)) return null
  const lines = message.replace(MESSAGE, '').split('\n')
  const first = lines.findIndex((line) => RECKONED.test(line))
  return {
    statement: lines.slice(0, first).join('\n'),
    lines: lines.slice(first).map((line) => line.replace(RECKONED, '').trimEnd()),
  }
}

const SCAN = /(?:Seq|Index|Index Only|Bitmap Index) Scan\b/
/** Where the next part of a plan begins. */
const NODE = /->|^\s*(?:CTE|InitPlan|SubPlan) /
const BOUND = /^\s*Index Cond: /

/** The scans of these tables that no condition of an index bounds: each reads a table, or an index of it, from end to end. */
export function unboundScans({ lines }: Plan, tables: readonly string[]): string[] {
  const about = new RegExp(` on (?:${tables.join('|')})(?:_\\w+)?\\b`)
  return lines.filter((line, nth) => {
    if (!SCAN.test(line) || !about.test(line)) return false
    const rest = lines.slice(nth + 1)
    const next = rest.findIndex((one) => NODE.test(one))
    return !(next === -1 ? rest : rest.slice(0, next)).some((one) => BOUND.test(one))
  })
}

const BUFFERS = /^\s*Buffers: shared (?:hit=(\d+))? ?(?:read=(\d+))?/

/** Pages of tables and indexes that the whole statement looked at. */
export function pagesOf({ lines }: Plan): number {
  const [, hit = 0, read = 0] =
    lines.map((line) => BUFFERS.exec(line)).find((found) => found !== null) ?? []
  return Number(hit) + Number(read)
}
