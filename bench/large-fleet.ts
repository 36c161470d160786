/**
 * A fleet as nobody in Kenya has it: a million cars at two thousand places, with ten million holds around today. Made once
 * and kept in the cache, because it takes a quarter of an hour; days count from the day it was made.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { loadToolPaths } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { cachedFolder } from '../local/cache.ts'
import { freePort } from '../local/ports.ts'
import { startPostgres, type Postgres } from '../local/postgres.ts'

/** Another number for another fleet, or other tables. */
const KEPT_AS = 'bench-fleet-2'
const PASSWORD = 'bench'
const READY = 'whole'
const SHARED_BUFFERS = '4GB'

export const PLACES = 2_000
const CARS = 1_000_000
const HOLDS_EACH = 10
/** From one drive of a car to its next. */
const DAYS_BETWEEN = 12
/** Drives of a car that are over. */
const OVER = 3
/** The drive that takes every tenth car to the next place. */
const AWAY = 5
export const CATEGORIES = ['ECONOMY', 'SEDAN', 'SUV', '4X4', 'VAN', 'PICKUP']

export const placeCode = (nth: number): string => `P${String(nth).padStart(4, '0')}`

const at = (nth: string) => `'P' || lpad((${nth})::text, 4, '0')`
const carId = (nth: string) => `md5('car' || ${nth})::uuid`
const codes = CATEGORIES.map((one) => `'${one}'`).join(', ')

const STEPS: [string, string][] = [
  [
    'places and categories',
    `INSERT INTO locations (code, name, kind, city, address, phone, latitude, longitude, opening_hours)
     SELECT ${at('n')}, 'Place ' || n, 'downtown', 'Nairobi', 'Street ' || n, '+254700000000', -1.28, 36.82, '[]'
     FROM generate_series(0, ${PLACES - 1}) n;
     INSERT INTO vehicle_categories (code, name, description, body_type, daily_rate_cents, hourly_rate_cents,
       per_km_rate_cents, deposit_cents, seats, luggage, transmission, fuel)
     SELECT code, code, code, code, 500000, 60000, 3000, 1000000, 5, 2, 'automatic', 'petrol'
     FROM unnest(ARRAY[${codes}]) code;`,
  ],
  [
    `${CARS.toLocaleString('en')} cars`,
    `INSERT INTO resources (id, kind) SELECT ${carId('n')}, 'vehicle' FROM generate_series(1, ${CARS}) n;
     INSERT INTO vehicles (id, number, plate, vin, category_code, make, model, year, colour, mileage_km, location_code)
     SELECT ${carId('n')}, 'V' || n, 'K' || n, 'GAR' || lpad(n::text, 14, '0'),
       (ARRAY[${codes}])[1 + n / ${PLACES} % ${CATEGORIES.length}], 'Toyota', 'Axio', 2022, 'white',
       n % 90000, ${at(`n % ${PLACES}`)}
     FROM generate_series(1, ${CARS}) n;`,
  ],
  [
    `${(CARS * HOLDS_EACH).toLocaleString('en')} holds`,
    `ALTER TABLE holds DROP CONSTRAINT holds_never_overlap;
     DROP INDEX holds_owner, holds_lapsing, holds_returns, holds_calendar;
     INSERT INTO holds (resource_id, period, purpose, owner, state, from_location, to_location)
     SELECT ${carId('n')}, tstzrange(start, start + (1 + (n * 7 + k) % 6) * interval '1 day'), 'reservation',
       'reservation:' || md5(n || ':' || k)::uuid, CASE WHEN k < ${OVER} THEN 'ended' ELSE 'confirmed' END,
       ${at(`(n + (moves AND k > ${AWAY})::int) % ${PLACES}`)}, ${at(`(n + (moves AND k >= ${AWAY})::int) % ${PLACES}`)}
     FROM generate_series(1, ${CARS}) n CROSS JOIN generate_series(0, ${HOLDS_EACH - 1}) k
     CROSS JOIN LATERAL (SELECT n % 10 = 0 AS moves, date_trunc('day', now())
       + ((k - ${OVER}) * ${DAYS_BETWEEN} + n % 5) * interval '1 day' + interval '9 hours' AS start) when_it_starts;`,
  ],
  [
    'the places of cars',
    `INSERT INTO car_places (location_code, vehicle_id) SELECT location_code, id FROM vehicles
     UNION SELECT to_location, resource_id FROM holds WHERE to_location <> from_location;`,
  ],
  [
    'the constraint against overlaps',
    `ALTER TABLE holds ADD CONSTRAINT holds_never_overlap EXCLUDE USING gist (resource_id WITH =, period WITH &&)
       WHERE (state IN ('held', 'confirmed', 'active'));`,
  ],
]

/** As the migrations left them, before they were dropped for the filling. */
async function fill(url: string, say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // The rows are right by their making; asking for each whether its place exists would take an hour.
    await client.query(`SET session_replication_role = replica; SET maintenance_work_mem = '2GB'`)
    const { rows: indexes } = await client.query<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE tablename = 'holds'
       AND indexname IN ('holds_owner', 'holds_lapsing', 'holds_returns', 'holds_calendar')`,
    )
    for (const [name, text] of STEPS) {
      say(`making ${name}`)
      await client.query(text)
    }
    say('making the indexes')
    for (const { indexdef } of indexes) await client.query(indexdef)
    await client.query('VACUUM (ANALYZE)')
  } finally {
    await client.end()
  }
}

export type LargeFleet = { url: string; stop: () => Promise<unknown> }

export async function startLargeFleet(say: (line: string) => void): Promise<LargeFleet> {
  const { cache } = loadToolPaths()
  const folder = await cachedFolder(cache, KEPT_AS, READY, async (draft) => {
    say('A fleet of a million cars is made, once: about a quarter of an hour.')
    const server = await start(draft)
    try {
      const url = server.databaseUrl('gari')
      await migrateDatabase(url)
      await fill(url, say)
    } finally {
      await server.stop()
    }
    await writeFile(join(draft, READY), '')
  })
  await prepare(folder)
  const server = await start(folder)
  return { url: server.databaseUrl('gari'), stop: () => server.stop() }
}

/** What is newer than the fleet; and the memory that whoever has such a fleet gives to its database. */
async function prepare(folder: string): Promise<void> {
  const server = await start(folder)
  try {
    await migrateDatabase(server.databaseUrl('gari'))
    const client = new pg.Client({ connectionString: server.databaseUrl('gari') })
    await client.connect()
    await client.query(`ALTER SYSTEM SET shared_buffers = '${SHARED_BUFFERS}'`)
    await client.end()
  } finally {
    // It counts from the next start.
    await server.stop()
  }
}

const start = async (dir: string): Promise<Postgres> =>
  startPostgres({ dir, port: await freePort(), password: PASSWORD })
