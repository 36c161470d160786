/** Looking for a free car in a fleet of a million, beside the bare question in SQL. */
import { setTimeout as rest } from 'node:timers/promises'
import pg from 'pg'
import { searchFree } from '../db/availability.ts'
import { connectDatabase, inTransaction, type Database, type Tx } from '../db/connection.ts'
import { isFree, mayStandAt } from '../db/free-cars.ts'
import { holdVehicle } from '../db/holds.ts'
import { createRandom, type Random } from '../faults/random.ts'
import { keepFigures } from './figures.ts'
import { CATEGORIES, placeCode, PLACES, startLargeFleet } from './large-fleet.ts'
import { percentile } from './measure.ts'
import type { Options } from './options.ts'

export type Wish = { pickup: string; back: string; from: Date; to: Date; category: string }
type Question = (wish: Wish) => Promise<unknown>
type Times = { p50: number; p99: number; perSecond: number }

const DAY_MS = 86_400_000
const DAYS_AHEAD = 70
const LONGEST_DAYS = 6
/** One in so many brings the car back elsewhere. */
const ONE_WAY = 20

export function drawWish(random: Random): Wish {
  const pickup = random.pick(PLACES)
  const from = Date.now() + (1 + random.share() * DAYS_AHEAD) * DAY_MS
  const back = random.pick(ONE_WAY) === 0 ? random.pick(PLACES) : pickup
  return {
    pickup: placeCode(pickup),
    back: placeCode(back),
    from: new Date(from),
    to: new Date(from + (1 + random.pick(LONGEST_DAYS)) * DAY_MS),
    category: CATEGORIES[random.pick(CATEGORIES.length)] ?? '',
  }
}

/** The same wishes for each question, in closed loops. */
async function time(ask: Question, callers: number, seconds: number): Promise<Times> {
  const times: number[] = []
  const began = performance.now()
  const until = began + seconds * 1_000
  const caller = async (nth: number) => {
    const random = createRandom(nth)
    while (performance.now() < until) {
      const start = performance.now()
      await ask(drawWish(random))
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, nth) => caller(nth)))
  const took = (performance.now() - began) / 1_000
  times.sort((one, other) => one - other)
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    perSecond: times.length / took,
  }
}

const BARE = {
  name: 'bare-search',
  text: `SELECT v.category_code, count(*) FROM vehicles v
    WHERE ${isFree({ pickup: '$1', back: '$2', from: '$3::timestamptz', to: '$4::timestamptz' })} AND ${mayStandAt('$1')}
    GROUP BY 1`,
}

const one = (ms: number) => ms.toFixed(1)
const row = (name: string, callers: number, times: Times) =>
  `| ${name} | ${callers} | ${one(times.p50)} | ${one(times.p99)} | ${times.perSecond.toFixed(0)} |`

/** What a database that has been up for a day has in memory: without it each first look at a place would measure the disk. */
export async function readIntoMemory(pool: pg.Pool): Promise<void> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_prewarm')
  await pool.query(
    `SELECT pg_prewarm(c.oid) FROM pg_class c JOIN pg_index i ON c.oid = i.indexrelid
     WHERE i.indrelid = ANY ($1::regclass[]) AND c.relname <> 'holds_owner'
     UNION ALL SELECT pg_prewarm(t) FROM unnest($1::regclass[]) t`,
    [['car_places', 'vehicles', 'holds']],
  )
}

class Undone extends Error {}

/** In a transaction that leaves nothing behind. */
export const takenBack = (db: Database, work: (tx: Tx) => Promise<unknown>): Promise<void> =>
  inTransaction(db, async (tx) => {
    await work(tx)
    throw new Undone()
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })

/** Any car, where none is named. */
export const holdAndTakeBack = (
  db: Database,
  { pickup, back, from, to, category }: Wish,
  vehicleId: string | null = null,
): Promise<void> =>
  takenBack(db, (tx) =>
    holdVehicle(tx, {
      vehicleId,
      categoryCode: category,
      pickupLocation: pickup,
      returnLocation: back,
      from,
      to,
      owner: 'bench',
      expiresAt: new Date(Date.now() + DAY_MS),
      purpose: 'reservation',
    }),
  )

export async function benchSearch({ seconds }: Options): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const fleet = await startLargeFleet(say)
  const db = connectDatabase({ url: fleet.url, pool: 8, applicationName: 'gari-bench' })
  const pool = new pg.Pool({ connectionString: fleet.url, max: 8 })
  const questions: [string, Question][] = [
    [
      'one SQL statement that counts',
      ({ pickup, back, from, to }) => pool.query({ ...BARE, values: [pickup, back, from, to] }),
    ],
    [
      'search: every category, with its first cars',
      ({ pickup, back, from, to }) =>
        searchFree(db, { pickupLocation: pickup, returnLocation: back, from, to }),
    ],
    ['a hold, taken back at once', (wish) => holdAndTakeBack(db, wish)],
  ]
  try {
    say('reading the tables into memory')
    await readIntoMemory(pool)
    const lines: string[] = []
    for (const callers of [1, 8])
      for (const [name, ask] of questions) {
        // The first ones find their pages on disk.
        await time(ask, callers, seconds / 4)
        lines.push(row(name, callers, await time(ask, callers, seconds)))
        say(lines.at(-1) ?? '')
        await rest(1_000)
      }
    await keepFigures(
      'Search',
      `\`npm run bench -- search --seconds ${seconds}\`: 1,000,000 cars at ${PLACES} places, 10,000,000 holds around today; random
places, days and lengths, with the tables in memory. Aim: p99 < 20 ms, and at most twice the bare statement.`,
      ['| | callers | p50 ms | p99 ms | per s |', '|---|---|---|---|---|', ...lines],
    )
  } finally {
    await db.close()
    await pool.end()
    await fleet.stop()
  }
}
