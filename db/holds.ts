/**
 * One calendar for everything that can be taken. The exclusion constraint is the truth; SKIP LOCKED only
 * chooses which car to try. A free car is never refused because a neighbour holds its lock for a moment.
 */
import { RepeatTransaction, select, selectOne, type Tx } from './connection.ts'
import { isFree, isLapsed, mayStandAt } from './free-cars.ts'
import { appendEvents } from './outbox.ts'
import { prepared } from './prepared.ts'
import { takeQuickly } from './quick-holds.ts'
import { vehicleEvent } from './reservation-rows.ts'
import { toCount } from './values.ts'

export type HoldWish = {
  vehicleId: string | null
  categoryCode: string
  pickupLocation: string
  returnLocation: string
  from: Date
  to: Date
  /** The workflow that owns the hold. */
  owner: string
  expiresAt: Date
  purpose: string
}

export type HeldCar = {
  holdId: string
  vehicle: { id: string; plate: string; make: string; model: string }
  /** The vehicle's event version after this hold. */
  version: number
}

/** $1 category, $2 pick-up, $3 return, $4 from, $5 to. */
const FREE = `${isFree({ pickup: '$2', back: '$3', from: '$4', to: '$5' })} AND v.category_code = $1`

/** $6 cars that have been tried, $7 the car where one is named. Those with few kilometres first. */
const choosing = (car: string) => {
  const text = `SELECT v.id FROM vehicles v WHERE ${FREE} AND ${car} AND v.id <> ALL($6::uuid[])
    ORDER BY v.mileage_km, v.id LIMIT 1 FOR NO KEY UPDATE`
  return { unlocked: prepared(`${text} SKIP LOCKED`), any: prepared(text) }
}

const CHOOSE_ANY = choosing(mayStandAt('$2'))
const CHOOSE_NAMED = choosing('v.id = $7')

const bindOf = (wish: HoldWish) => [
  wish.categoryCode,
  wish.pickupLocation,
  wish.returnLocation,
  wish.from,
  wish.to,
]

/** Chooses without waiting first; when all free ones are locked, waits for one of them. */
async function choose(tx: Tx, wish: HoldWish, tried: string[]): Promise<string | null> {
  const bind = [...bindOf(wish), tried, ...(wish.vehicleId ? [wish.vehicleId] : [])]
  const texts = wish.vehicleId ? CHOOSE_NAMED : CHOOSE_ANY
  const unlocked = await selectOne<{ id: string }>(tx, texts.unlocked, bind)
  if (unlocked) return unlocked.id
  return (await selectOne<{ id: string }>(tx, texts.any, bind))?.id ?? null
}

const INSERT = prepared(
  `INSERT INTO holds (resource_id, period, purpose, owner, state, expires_at, from_location, to_location)
   SELECT v.id, tstzrange($4, $5), $7, $8, 'held', $9, $2, $3 FROM vehicles v WHERE ${FREE} AND v.id = $6
   ON CONFLICT DO NOTHING RETURNING id`,
)

/** A fresh statement sees what was committed while we waited for the lock; the constraint sees the rest. */
async function insertHold(tx: Tx, wish: HoldWish, vehicleId: string): Promise<string | null> {
  const bind = [...bindOf(wish), vehicleId, wish.purpose, wish.owner, wish.expiresAt]
  return (await selectOne<{ id: string }>(tx, INSERT, bind))?.id ?? null
}

/** The wish's car, or one of its category, whose calendar is blocked by a hold that should be over. */
const CHOOSE_LAPSED = `SELECT v.id FROM vehicles v WHERE v.active AND v.category_code = $1
  AND ($2::uuid IS NULL OR v.id = $2) AND v.id <> ALL($5::uuid[])
  AND EXISTS (SELECT 1 FROM holds h WHERE h.resource_id = v.id AND ${isLapsed('$3', '$4')})
  ORDER BY v.id LIMIT 1 FOR NO KEY UPDATE`

/** Ends what has lapsed on this car. The caller holds its lock. */
async function endLapsed(tx: Tx, wish: HoldWish, vehicleId: string): Promise<void> {
  const ended = await select<{ id: string }>(
    tx,
    `SELECT id FROM holds h WHERE resource_id = $1 AND ${isLapsed('$2', '$3')} ORDER BY id`,
    [vehicleId, wish.from, wish.to],
  )
  for (const { id } of ended) {
    const released = await releaseHold(tx, id, 'expired')
    if (!released) continue
    await appendEvents(tx, [
      vehicleEvent('vehicle.released', { ...released, holdId: id }, 'lapsed'),
    ])
  }
}

type Taken = { holdId: string; id: string }

/**
 * Tries one car after the other and gives each lock back before it waits for the next one: whoever holds at
 * most one car's lock while waiting can be part of no circle.
 */
async function tryEach(
  tx: Tx,
  wish: HoldWish,
  next: (tried: string[]) => Promise<string | null>,
  prepare: (id: string) => Promise<void> = async () => {},
): Promise<Taken | null> {
  const tried: string[] = []
  for (;;) {
    await select(tx, 'SAVEPOINT one_car')
    const id = await next(tried)
    if (!id) return null
    await prepare(id)
    const holdId = await insertHold(tx, wish, id)
    if (holdId) return { holdId, id }
    await select(tx, 'ROLLBACK TO SAVEPOINT one_car')
    tried.push(id)
  }
}

const tryFree = (tx: Tx, wish: HoldWish) => tryEach(tx, wish, (tried) => choose(tx, wish, tried))

const tryLapsed = (tx: Tx, wish: HoldWish) => {
  const { categoryCode, vehicleId, from, to } = wish
  const next = async (tried: string[]) =>
    (await selectOne<{ id: string }>(tx, CHOOSE_LAPSED, [categoryCode, vehicleId, from, to, tried]))
      ?.id ?? null
  return tryEach(tx, wish, next, (id) => endLapsed(tx, wish, id))
}

/** Holds the wished car, or any of the category; null when none is free. */
export async function holdVehicle(tx: Tx, wish: HoldWish): Promise<HeldCar | null> {
  const first = await takeQuickly(tx, wish)
  if (first.outcome === 'held') return first.car
  if (first.outcome === 'none') return null
  if (first.outcome === 'contended') return holdWaiting(tx, wish)
  const again = await takeQuickly(tx, wish)
  if (again.outcome === 'held') return again.car
  // Nobody goes on with the lock of a car that is not theirs: who waits with one may be part of a circle.
  throw new RepeatTransaction('another hold was quicker')
}

/** One car after the other, each with patience for whoever has its lock. */
async function holdWaiting(tx: Tx, wish: HoldWish): Promise<HeldCar | null> {
  const taken = (await tryFree(tx, wish)) ?? (await tryLapsed(tx, wish))
  if (!taken) return null
  const row = await selectOne<HeldCar['vehicle'] & { version: string }>(
    tx,
    `UPDATE vehicles SET event_version = event_version + 1 WHERE id = $1
     RETURNING id, plate, make, model, event_version AS version`,
    [taken.id],
  )
  if (!row) return null
  const { version, ...vehicle } = row
  return { holdId: taken.holdId, vehicle, version: toCount(version) }
}

/** False when the hold has ended meanwhile: then the money is late money. */
export async function confirmHold(tx: Tx, holdId: string): Promise<boolean> {
  const rows = await select(
    tx,
    `UPDATE holds SET state = 'confirmed', expires_at = NULL
     WHERE id = $1 AND state IN ('held', 'confirmed') RETURNING id`,
    [holdId],
  )
  return rows.length > 0
}

export async function extendHold(tx: Tx, holdId: string, expiresAt: Date): Promise<boolean> {
  const rows = await select(
    tx,
    `UPDATE holds SET expires_at = $2 WHERE id = $1 AND state = 'held' RETURNING id`,
    [holdId, expiresAt],
  )
  return rows.length > 0
}

export type Released = { vehicleId: string; version: number; from: Date; to: Date; purpose: string }

/** Null when it had ended before. */
export async function releaseHold(
  tx: Tx,
  holdId: string,
  state: 'released' | 'expired' | 'ended',
): Promise<Released | null> {
  // The car before its hold, as everywhere.
  await select(
    tx,
    `SELECT v.id FROM vehicles v JOIN holds h ON h.resource_id = v.id WHERE h.id = $1
     FOR NO KEY UPDATE OF v`,
    [holdId],
  )
  const row = await selectOne<Omit<Released, 'version'>>(
    tx,
    `UPDATE holds SET state = $2, expires_at = NULL
     WHERE id = $1 AND state IN ('held', 'confirmed', 'active')
     RETURNING resource_id AS "vehicleId", lower(period) AS "from", upper(period) AS "to", purpose`,
    [holdId, state],
  )
  if (!row) return null
  const bumped = await selectOne<{ version: string }>(
    tx,
    `UPDATE vehicles SET event_version = event_version + 1 WHERE id = $1
     RETURNING event_version AS version`,
    [row.vehicleId],
  )
  return { ...row, version: toCount(bumped?.version ?? 0) }
}
