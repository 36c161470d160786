/**
 * Fifty cars and everybody at once: holds by the store beside as many bare INSERTs into a table of the same shape, turn
 * about on the same connections. What overlaps is counted by comparing every pair, not by trusting the constraint.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  connectDatabase,
  inTransaction,
  select,
  selectOne,
  type Database,
} from '../db/connection.ts'
import { holdVehicle } from '../db/holds.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { createRandom, type Random } from '../faults/random.ts'
import { freePort } from '../local/ports.ts'
import { startPostgres } from '../local/postgres.ts'
import { keepFigures } from './figures.ts'
import { percentile } from './measure.ts'
import type { Options } from './options.ts'
import { cpuByPart } from './processes.ts'

const CARS = 50
const CALLERS = 32
/** So many attempts of one way in a row, before the next has its turn. */
const TURN = 5_000
/** Not counted: plans are made, and PostgreSQL learns how large the tables are, as it does by itself within minutes. */
const WARMING = 2_000
const HOUR_MS = 3_600_000
const DAYS_AHEAD = 365
const LONGEST_HOURS = 144
const PLACE = 'BENCH'
const NAMED = 'NAMED'
const ANY = 'ANY'

type Wish = { car: number; from: Date; to: Date }
/** True when it won. */
type Try = (wish: Wish) => Promise<boolean>
type Way = {
  name: string
  attempt: Try
  times: number[]
  won: number
  spentMs: number
  cpuS: number
}

function drawWish(random: Random): Wish {
  const from = Date.now() + (24 + random.pick(DAYS_AHEAD * 24)) * HOUR_MS
  const to = from + (1 + random.pick(LONGEST_HOURS)) * HOUR_MS
  return { car: 1 + random.pick(CARS), from: new Date(from), to: new Date(to) }
}

const drawWishes = (random: Random, length: number) =>
  Array.from({ length }, () => drawWish(random))

const carId = (category: string, nth: string) => `md5('${category}' || ${nth})::uuid`

const carsOf = (category: string) => `
  INSERT INTO vehicle_categories (code, name, description, body_type, daily_rate_cents, hourly_rate_cents,
    per_km_rate_cents, deposit_cents, seats, luggage, transmission, fuel)
  VALUES ('${category}', '${category}', '', 'sedan', 500000, 60000, 3000, 1000000, 5, 2, 'automatic', 'petrol');
  INSERT INTO resources (id, kind) SELECT ${carId(category, 'n')}, 'vehicle' FROM generate_series(1, ${CARS}) n;
  INSERT INTO vehicles (id, number, plate, vin, category_code, make, model, year, colour, mileage_km, location_code)
  SELECT ${carId(category, 'n')}, '${category}' || n, '${category}' || n, upper(substr(md5('${category}' || n), 1, 17)),
    '${category}', 'Toyota', 'Axio', 2022, 'white', n, '${PLACE}' FROM generate_series(1, ${CARS}) n;`

const SETUP = `
  INSERT INTO locations (code, name, kind, city, address, phone, latitude, longitude, opening_hours)
  VALUES ('${PLACE}', 'Bench', 'downtown', 'Nairobi', 'Street 1', '+254700000000', -1.28, 36.82, '[]');
  ${carsOf(NAMED)} ${carsOf(ANY)}
  CREATE TABLE plain_holds (LIKE holds INCLUDING ALL);
  ALTER TABLE plain_holds ADD FOREIGN KEY (resource_id) REFERENCES resources,
    ADD FOREIGN KEY (from_location) REFERENCES locations, ADD FOREIGN KEY (to_location) REFERENCES locations;`

const PLAIN = `INSERT INTO plain_holds (resource_id, period, purpose, owner, state, expires_at, from_location, to_location)
  VALUES (${carId(NAMED, '$1::text')}, tstzrange($2, $3), 'reservation', $4, 'held', $5, '${PLACE}', '${PLACE}')
  ON CONFLICT DO NOTHING RETURNING id`

const owner = () => `reservation:${randomUUID()}`
const expiry = () => new Date(Date.now() + 24 * HOUR_MS)

const plainInsert =
  (db: Database): Try =>
  async ({ car, from, to }) =>
    (await select(db, PLAIN, [String(car), from, to, owner(), expiry()])).length > 0

/** Of a named car where there are names. */
const hold =
  (db: Database, categoryCode: string, names: string[] = []): Try =>
  async ({ car, from, to }) => {
    const held = await inTransaction(db, (tx) =>
      holdVehicle(tx, {
        vehicleId: names[car - 1] ?? null,
        categoryCode,
        pickupLocation: PLACE,
        returnLocation: PLACE,
        from,
        to,
        owner: owner(),
        expiresAt: expiry(),
        purpose: 'reservation',
      }),
    )
    return held !== null
  }

const totalCpu = () => [...cpuByPart().values()].reduce((sum, seconds) => sum + seconds, 0)

async function run(way: Way, wishes: Wish[]): Promise<void> {
  const left = wishes.values()
  const [began, cpu] = [performance.now(), totalCpu()]
  const caller = async () => {
    for (const wish of left) {
      const start = performance.now()
      if (await way.attempt(wish)) way.won += 1
      way.times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  way.spentMs += performance.now() - began
  way.cpuS += totalCpu() - cpu
}

/** Every pair of one car's holds is compared, without the index that the constraint itself uses. */
export async function countOverlaps(db: Database, table: string): Promise<number> {
  const row = await inTransaction(db, async (tx) => {
    for (const setting of [
      'statement_timeout = 0',
      'enable_indexscan = off',
      'enable_bitmapscan = off',
    ])
      await select(tx, `SET LOCAL ${setting}`)
    return selectOne<{ n: number }>(
      tx,
      `SELECT count(*)::int AS n FROM ${table} a JOIN ${table} b
         ON a.resource_id = b.resource_id AND a.id < b.id AND a.period && b.period
       WHERE a.state IN ('held', 'confirmed', 'active') AND b.state IN ('held', 'confirmed', 'active')`,
    )
  })
  return row?.n ?? -1
}

async function withContendedCars<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'gari-holds-'))
  const server = await startPostgres({ dir, port: await freePort(), password: 'bench' })
  try {
    await migrateDatabase(server.url)
    const db = connectDatabase({ url: server.url, pool: CALLERS, applicationName: 'gari-bench' })
    try {
      await select(db, SETUP)
      return await work(db)
    } finally {
      await db.close()
    }
  } finally {
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

const rateOf = ({ times, spentMs }: Way) => (times.length * 1_000) / spentMs
const cpuOf = ({ times, cpuS }: Way) => (cpuS * 1_000) / times.length

function row(way: Way, plain: Way): string {
  const sorted = way.times.toSorted((one, other) => one - other)
  const cells = [
    way.name,
    way.times.length,
    rateOf(way).toFixed(0),
    `${((100 * way.won) / way.times.length).toFixed(2)} %`,
    `${percentile(sorted, 0.5).toFixed(1)} / ${percentile(sorted, 0.99).toFixed(1)}`,
    cpuOf(way).toFixed(2),
    (rateOf(way) / rateOf(plain)).toFixed(2),
  ]
  return `| ${cells.join(' | ')} |`
}

async function waysOf(db: Database): Promise<Way[]> {
  const names = await select<{ id: string }>(
    db,
    `SELECT ${carId(NAMED, 'n')} AS id FROM generate_series(1, ${CARS}) n ORDER BY n`,
  )
  const way = (name: string, attempt: Try): Way => ({
    name,
    attempt,
    times: [],
    won: 0,
    spentMs: 0,
    cpuS: 0,
  })
  return [
    way('a bare INSERT', plainInsert(db)),
    way(
      'a hold of a named car',
      hold(
        db,
        NAMED,
        names.map(({ id }) => id),
      ),
    ),
    way('a hold of any of them', hold(db, ANY)),
  ]
}

/** Half of the attempts name a car, the others take any. */
export async function benchHolds({ holds: attempts, seed }: Options): Promise<void> {
  const random = createRandom(seed)
  await withContendedCars(async (db) => {
    for (const one of await waysOf(db)) await run(one, drawWishes(random, WARMING))
    await select(db, 'ANALYZE')
    const ways = await waysOf(db)
    for (const one of ways) await run(one, drawWishes(random, WARMING))
    const counted = await waysOf(db)
    for (let done = 0; done < attempts / 2; done += TURN) {
      const wishes = drawWishes(random, Math.min(TURN, attempts / 2 - done))
      for (const one of counted) await run(one, wishes)
      const rates = counted.map((one) => rateOf(one).toFixed(0)).join(', ')
      process.stdout.write(`${done + wishes.length} each: ${rates} per s\n`)
    }
    const overlaps = [await countOverlaps(db, 'plain_holds'), await countOverlaps(db, 'holds')]
    await keep(counted, attempts, seed, overlaps)
    if (overlaps.some((count) => count !== 0)) process.exitCode = 1
  })
}

const keep = ([plain, ...ways]: Way[], attempts: number, seed: number, overlaps: number[]) =>
  plain === undefined
    ? Promise.resolve()
    : keepFigures(
        'Holds',
        `\`npm run bench -- holds --holds ${attempts} --seed ${seed}\`: ${CALLERS} connections want ${CARS} cars at random times of
the next year, for one hour to six days; beside bare INSERTs into a table of the same columns, indexes and constraint, with
a durable PostgreSQL and the callers on the same cores, in turns of ${TURN}. Aim: no overlap, and 0.9 of the bare INSERT.`,
        [
          '| | attempts | per s | won | p50 / p99 ms | CPU ms each | to the bare INSERT |',
          '|---|---|---|---|---|---|---|',
          ...[plain, ...ways].map((one) => row(one, plain)),
          '',
          `Overlaps, by comparing every pair: ${overlaps.at(-1)} (among the bare INSERTs ${overlaps[0]}).`,
        ],
      )
