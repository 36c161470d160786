/**
 * Tables change while people book: each kind of change that a migration makes, to ten million holds of a million cars, beside
 * people who hold cars and a report that always reads. How long a hold waits for the change is read from PostgreSQL's own
 * list of those who wait.
 */
import { setTimeout as rest } from 'node:timers/promises'
import pg from 'pg'
import { connectDatabase, type Database } from '../db/connection.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { MIGRATIONS } from '../db/migrations/index.ts'
import { buildIndex, type Migration } from '../db/migrations/migration.ts'
import { createRandom } from '../faults/random.ts'
import { keepFigures } from './figures.ts'
import { startLargeFleet } from './large-fleet.ts'
import { percentile } from './measure.ts'
import { drawWish, holdAndTakeBack } from './search.ts'

const CALLERS = 4
const CALM_MS = 10_000
/** A report that reads the same table for so long, again and again: whoever changes it must wait for a gap. */
const REPORT_SECONDS = 2
const REPORT_REST_MS = 300
const LOOK_MS = 5
const US = 'gari-bench-holds'

/** `undo` finds nothing where the change was not reached, or was half-way. */
type Change = { name: string; migration: Migration; undo?: string }

export const CHANGES: Change[] = [
  {
    name: 'a column with a default',
    migration: {
      name: '9001-column',
      up: "ALTER TABLE holds ADD COLUMN bench_note text NOT NULL DEFAULT 'none'",
    },
    undo: 'ALTER TABLE holds DROP COLUMN IF EXISTS bench_note',
  },
  {
    name: 'a new table that points at holds',
    migration: {
      name: '9002-table',
      up: 'CREATE TABLE bench_notes (id bigint PRIMARY KEY, hold_id uuid REFERENCES holds, note text)',
    },
    undo: 'DROP TABLE IF EXISTS bench_notes',
  },
  {
    name: 'a check for what comes',
    migration: {
      name: '9003-check',
      up: "ALTER TABLE holds ADD CONSTRAINT bench_owner CHECK (owner <> '') NOT VALID",
    },
    undo: 'ALTER TABLE holds DROP CONSTRAINT IF EXISTS bench_owner',
  },
  {
    name: 'the same check for what is there',
    migration: {
      name: '9004-proof',
      steps: ['ALTER TABLE holds VALIDATE CONSTRAINT bench_owner'],
    },
  },
  {
    name: 'an index',
    migration: { name: '9005-index', steps: buildIndex('bench_index', 'holds (purpose, owner)') },
    undo: 'DROP INDEX CONCURRENTLY IF EXISTS bench_index',
  },
]

type Held = { times: number[]; longestWaitMs: number; tookMs: number }

/** Holds, the report, and whoever looks who waits, for as long as the work takes. */
export async function during(
  db: Database,
  url: string,
  work: () => Promise<unknown>,
): Promise<Held> {
  const times: number[] = []
  const end = new AbortController()
  const isOver = () => end.signal.aborted
  const holder = async (nth: number) => {
    const random = createRandom(nth)
    while (!isOver()) {
      const start = performance.now()
      await holdAndTakeBack(db, drawWish(random))
      times.push(performance.now() - start)
    }
  }
  const loops = [
    watchWaits(url, isOver),
    readReports(url, isOver),
    ...Array.from({ length: CALLERS }, (_, nth) => holder(nth)),
  ] as const
  const all = Promise.all(loops)
  const began = performance.now()
  let tookMs = 0
  try {
    // A loop that ends before it is told to has failed, and so has all.
    await Promise.race([work(), all])
    tookMs = performance.now() - began
  } finally {
    end.abort()
    await Promise.allSettled(loops)
  }
  const [longestWaitMs] = await all
  times.sort((one, other) => one - other)
  return { times, longestWaitMs, tookMs }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const readReports = (url: string, isOver: () => boolean): Promise<void> =>
  withClient(url, async (client) => {
    while (!isOver()) {
      await client.query('BEGIN')
      await client.query("SELECT count(*) FROM holds WHERE owner = 'bench'")
      await client.query(`SELECT pg_sleep(${REPORT_SECONDS})`)
      await client.query('COMMIT')
      await rest(REPORT_REST_MS)
    }
  })

const WAITS = `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - l.waitstart)) * 1000, 0)::float AS ms
  FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.application_name = '${US}'`

/** The longest that a hold was seen to wait for anybody's lock. */
const watchWaits = (url: string, isOver: () => boolean): Promise<number> =>
  withClient(url, async (client) => {
    let longest = 0
    while (!isOver()) {
      const { rows } = await client.query<{ ms: number }>(WAITS)
      longest = Math.max(longest, rows[0]?.ms ?? 0)
      await rest(LOOK_MS)
    }
    return longest
  })

const ms = (value: number) => value.toFixed(0)

function row(name: string, { times, longestWaitMs, tookMs }: Held): string {
  const cells = [
    name,
    (tookMs / 1_000).toFixed(1),
    ((times.length * 1_000) / tookMs).toFixed(0),
    `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.99))} / ${ms(times.at(-1) ?? 0)}`,
    ms(longestWaitMs),
  ]
  return `| ${cells.join(' | ')} |`
}

export async function benchMigrations(): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const fleet = await startLargeFleet(say)
  const db = connectDatabase({ url: fleet.url, pool: CALLERS, applicationName: US })
  try {
    await undoAll(fleet.url)
    const lines: string[] = []
    const measure = async (name: string, work: () => Promise<unknown>) => {
      lines.push(row(name, await during(db, fleet.url, work)))
      say(lines.at(-1) ?? '')
    }
    // The first ones find their pages on disk.
    await during(db, fleet.url, () => rest(CALM_MS))
    await measure('none', () => rest(CALM_MS))
    for (const { name, migration } of CHANGES)
      await measure(name, () => migrateDatabase(fleet.url, [...MIGRATIONS, migration]))
    await keepFigures(
      'Migrations',
      `\`npm run bench -- migrations\`: 10,000,000 holds of 1,000,000 cars change their shape while ${CALLERS} people hold cars as fast as they
can and a report reads the same table for ${REPORT_SECONDS} s, again and again. Aim: no hold waits longer than 200 ms for a change.`,
      [
        '| change | took, s | holds per s | hold p50 / p99 / longest, ms | longest wait for a lock, ms |',
        '|---|---|---|---|---|',
        ...lines,
      ],
    )
    await undoAll(fleet.url)
  } finally {
    await db.close()
    await fleet.stop()
  }
}

/** What an earlier run left as well: the fleet is kept. */
export const undoAll = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    for (const { undo } of CHANGES.toReversed()) if (undo) await client.query(undo)
    await client.query("DELETE FROM migrations WHERE name LIKE '9%'")
  })
