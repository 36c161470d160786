/**
 * A crowd that wants the same fifty cars, through HTTP: nobody gets what somebody else has, whoever is told "held" has it,
 * and nobody is refused a car that was free.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { connectDatabase, select, selectOne, type Database } from '../db/connection.ts'
import { createRandom, type Random } from '../faults/random.ts'
import { createCustomer, inDays, type Answer } from '../test/support/customer.ts'
import { startStack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { countOverlaps } from './holds.ts'
import { percentile } from './measure.ts'
import type { Options } from './options.ts'

const CARS = 50
const CALLERS = 40
const PLACE = 'NBO-JKIA'
const CATEGORY = 'ECONOMY'
const FIRST_DAY = 2
const DAYS = 10
const LONGEST_DAYS = 4
const LOOK_AGAIN_MS = 50

/** Customers are limited to keep one of them from holding everything; here a few speak for the crowd. */
const UNLIMITED = {
  OPEN_BOOKINGS: '10000',
  BOOKINGS_PER_HOUR: '1000000',
  REQUESTS_PER_MINUTE: '1000000',
  SHARED_LIMITS_FACTOR: '100000',
  HOLD_MINUTES: '1000',
  LOG_LEVEL: 'warn',
}

type Wish = { pickup_at: string; return_at: string }
type Heard = { held: string[]; refused: Wish[]; busy: number; odd: string[]; times: number[] }

const drawWish = (random: Random): Wish => {
  const first = FIRST_DAY + random.pick(DAYS)
  return {
    pickup_at: `${inDays(first).slice(0, 10)}T12:00:00+03:00`,
    return_at: `${inDays(first + 1 + random.pick(LONGEST_DAYS)).slice(0, 10)}T12:00:00+03:00`,
  }
}

/** Exactly fifty, all alike and all at one place. */
const keepFifty = (db: Database) =>
  select(
    db,
    `UPDATE vehicles SET active = nth <= $1, category_code = $2, location_code = $3
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM vehicles) counted
     WHERE counted.id = vehicles.id RETURNING vehicles.id`,
    [CARS, CATEGORY, PLACE],
  )

const BUSY = new Set([202, 429, 503])

/** Until there is an answer that stays: under way and busy are asked again with the same key, as a good client does. */
async function ask(reserve: (key: string) => Promise<Answer>, heard: Heard): Promise<Answer> {
  const key = randomUUID()
  for (;;) {
    const answer = await reserve(key)
    if (!BUSY.has(answer.status)) return answer
    heard.busy += 1
    await rest(LOOK_AGAIN_MS)
  }
}

function note(heard: Heard, { status, body }: Answer, wish: Wish): void {
  if (status === 201) heard.held.push(String(body['id']))
  else if (status === 409 && body['code'] === 'VEHICLE_UNAVAILABLE') heard.refused.push(wish)
  else heard.odd.push(`${status} ${JSON.stringify(body).slice(0, 200)}`)
}

/**
 * Holds only came, none went: what is free at the end was free when it was refused. The statement is its own, not the one
 * that refused; all drives are from this place and back, so nothing else can be in the way.
 */
export async function countRefusedThoughFree(db: Database, refused: Wish[]): Promise<number> {
  const row = await selectOne<{ n: number }>(
    db,
    `SELECT coalesce(sum(times), 0)::int AS n FROM (
       SELECT pickup, back, count(*) AS times
       FROM unnest($1::timestamptz[], $2::timestamptz[]) AS one (pickup, back) GROUP BY 1, 2) wish
     WHERE EXISTS (SELECT 1 FROM vehicles v WHERE v.active AND NOT EXISTS (
       SELECT 1 FROM holds h WHERE h.resource_id = v.id AND h.state IN ('held', 'confirmed', 'active')
         AND h.period && tstzrange(wish.pickup, wish.back)))`,
    [refused.map((one) => one.pickup_at), refused.map((one) => one.return_at)],
  )
  return row?.n ?? -1
}

export async function benchCrowd({ attempts, seed }: Options): Promise<void> {
  const stack = await startStack(UNLIMITED, 'bench-crowd')
  const db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-bench' })
  const random = createRandom(seed)
  const heard: Heard = { held: [], refused: [], busy: 0, odd: [], times: [] }
  try {
    await keepFifty(db)
    let left = attempts
    const began = performance.now()
    const caller = async (nth: number) => {
      const customer = await createCustomer(stack)
      while (left > 0) {
        left -= 1
        const wish = drawWish(random)
        const parties = [{ name: 'Bench', phone: `07${String(10_000_000 + nth)}` }]
        const places = { pickup_location: PLACE, return_location: PLACE }
        const start = performance.now()
        const whole = { category: CATEGORY, ...places, ...wish, parties }
        note(heard, await ask((key) => customer.reserve(whole, key), heard), wish)
        heard.times.push(performance.now() - start)
      }
    }
    await Promise.all(Array.from({ length: CALLERS }, (_, nth) => caller(nth)))
    const seconds = (performance.now() - began) / 1_000
    const kept = await selectOne<{ n: number }>(
      db,
      `SELECT count(*)::int AS n FROM reservations r JOIN holds h ON h.id = r.hold_id
       WHERE r.id = ANY($1::uuid[]) AND r.status = 'pending' AND h.state = 'held'`,
      [heard.held],
    )
    const found = {
      overlaps: await countOverlaps(db, 'holds'),
      lost: heard.held.length - (kept?.n ?? 0),
      refusedThoughFree: await countRefusedThoughFree(db, heard.refused),
    }
    await keep(heard, { attempts, seed, seconds }, found)
    const isFine = Object.values(found).every((count) => count === 0)
    if (!isFine || heard.odd.length > 0) process.exitCode = 1
  } finally {
    await db.close()
    await stack.stop()
  }
}

type Run = { attempts: number; seed: number; seconds: number }
type Found = { overlaps: number; lost: number; refusedThoughFree: number }

function keep(heard: Heard, { attempts, seed, seconds }: Run, found: Found): Promise<void> {
  const sorted = heard.times.toSorted((one, other) => one - other)
  return keepFigures(
    'Crowd',
    `\`npm run bench -- crowd --attempts ${attempts} --seed ${seed}\`: ${CALLERS} customers want ${CARS} cars of one place for one to
${LONGEST_DAYS} of the next ${DAYS} days, by \`POST /reservations\`, with everything that answers on the same cores.`,
    [
      '| attempts | held | refused | other answers | asked again (under way, busy) | per s | p50 / p99 ms |',
      '|---|---|---|---|---|---|---|',
      `| ${attempts} | ${heard.held.length} | ${heard.refused.length} | ${heard.odd.length} | ${heard.busy} | ${(attempts / seconds).toFixed(0)} | ${percentile(sorted, 0.5).toFixed(0)} / ${percentile(sorted, 0.99).toFixed(0)} |`,
      '',
      `Overlaps, by comparing every pair: ${found.overlaps}. Told "held" and not in the books: ${found.lost}. Refused a car that was
free: ${found.refusedThoughFree}.`,
      ...[...new Set(heard.odd)].slice(0, 5),
    ],
  )
}
