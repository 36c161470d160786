/** Holding a car in one statement, where nobody is in the way. */
import { selectOne, type Tx } from './connection.ts'
import { isFree, isLapsed, mayStandAt } from './free-cars.ts'
import type { HeldCar, HoldWish } from './holds.ts'
import { prepared } from './prepared.ts'
import { toCount } from './values.ts'

/** $1 category, $2 pick-up, $3 return, $4 from, $5 to. */
const FREE = `v.category_code = $1 AND ${isFree({ pickup: '$2', back: '$3', from: '$4', to: '$5' })}`

/**
 * Cars are looked at one by one, those with few kilometres first, up to the first that is free and that nobody else has
 * locked. Whoever holds or releases a car counts its version up, so what was committed since this statement began shows in
 * the version of the locked row, and then nothing is held: the constraint knows about overlaps, but not where a car stands.
 */
const take = (candidate: string) =>
  prepared(`
  WITH candidates AS MATERIALIZED (
    SELECT v.id FROM vehicles v WHERE v.active AND v.category_code = $1 AND ${candidate}
    ORDER BY v.mileage_km, v.id),
  free AS MATERIALIZED (
    SELECT candidates.id FROM candidates CROSS JOIN LATERAL (
      SELECT FROM vehicles v WHERE v.id = candidates.id AND ${FREE} OFFSET 0) car),
  chosen AS (
    SELECT car.id, car.event_version FROM free CROSS JOIN LATERAL (
      SELECT v.id, v.event_version FROM vehicles v WHERE v.id = free.id AND ${FREE}
      FOR NO KEY UPDATE SKIP LOCKED) car
    LIMIT 1),
  taken AS (
    INSERT INTO holds (resource_id, period, purpose, owner, state, expires_at, from_location, to_location)
    SELECT v.id, tstzrange($4, $5), $6, $7, 'held', $8, $2, $3
    FROM chosen JOIN vehicles v ON v.id = chosen.id AND v.event_version = chosen.event_version
    ON CONFLICT DO NOTHING RETURNING id, resource_id),
  counted AS (
    UPDATE vehicles v SET event_version = v.event_version + 1 FROM taken WHERE v.id = taken.resource_id
    RETURNING taken.id AS "holdId", v.id, v.plate, v.make, v.model, v.event_version AS version)
  SELECT 'held' AS outcome, counted.* FROM counted
  UNION ALL
  SELECT CASE WHEN EXISTS (SELECT FROM chosen) THEN 'changed' ELSE 'contended' END, NULL, NULL, NULL, NULL, NULL, NULL
  WHERE NOT EXISTS (SELECT FROM counted) AND (
    EXISTS (SELECT FROM free)
    OR EXISTS (SELECT FROM holds h JOIN vehicles v ON v.id = h.resource_id
      WHERE v.active AND v.category_code = $1 AND ${isLapsed('$4', '$5')}))`)

const TAKE_ANY = take(mayStandAt('$2'))
const TAKE_NAMED = take('v.id = $9')

type Row = HeldCar['vehicle'] & { outcome: string; holdId: string; version: string }

export type QuickHold =
  | { outcome: 'held'; car: HeldCar }
  /** Certain at this moment. */
  | { outcome: 'none' }
  /** There may be one, but somebody has its lock, or a hold that should be over is in the way. */
  | { outcome: 'contended' }
  /** The car chosen was changed in this moment. We have its lock, and another look sees it as it is. */
  | { outcome: 'changed' }

/** Never waits for anybody. */
export async function takeQuickly(tx: Tx, wish: HoldWish): Promise<QuickHold> {
  const { vehicleId, categoryCode, pickupLocation, returnLocation, from, to } = wish
  const trip = [categoryCode, pickupLocation, returnLocation, from, to]
  const bind = [...trip, wish.purpose, wish.owner, wish.expiresAt]
  const row = vehicleId
    ? await selectOne<Row>(tx, TAKE_NAMED, [...bind, vehicleId])
    : await selectOne<Row>(tx, TAKE_ANY, bind)
  if (!row) return { outcome: 'none' }
  if (row.outcome !== 'held')
    return { outcome: row.outcome === 'changed' ? 'changed' : 'contended' }
  const { holdId, version, id, plate, make, model } = row
  return {
    outcome: 'held',
    car: { holdId, vehicle: { id, plate, make, model }, version: toCount(version) },
  }
}
