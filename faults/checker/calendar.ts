/** No car is promised to two, and no hold outlives what it is for. */
import { word, words } from './words.ts'
import { plantSql, type Rule, type World } from './world.ts'

const TAKEN = words('holds.state', 'held', 'confirmed', 'active')
const HELD = word('holds.state', 'held')
const KEPT_FOR = words('holds.state', 'confirmed', 'active')
const CONFIRMED = word('reservations.status', 'confirmed')
const CANCELLED = word('reservations.status', 'cancelled')

/** By a join, not by the constraint that is to prevent it. */
const OVERLAPS = `SELECT a.id || ' and ' || b.id AS id FROM holds a JOIN holds b
  ON a.resource_id = b.resource_id AND a.id < b.id AND a.period && b.period
  WHERE a.state IN ${TAKEN} AND b.state IN ${TAKEN}`

const CONFIRMED_WITHOUT_CAR = `SELECT r.id FROM reservations r WHERE r.status = ${CONFIRMED} AND NOT EXISTS (
  SELECT 1 FROM holds h WHERE h.id = r.hold_id AND h.state IN ${KEPT_FOR}
    AND h.resource_id = r.vehicle_id AND h.period @> tstzrange(r.pickup_at, r.return_at))`

const ENDED_WITH_CAR = `SELECT r.id FROM reservations r JOIN holds h ON h.id = r.hold_id
  WHERE r.status IN ${words('reservations.status', 'cancelled', 'expired')} AND h.state IN ${TAKEN}`

/** A hold whose life is over, or that lasts, has somebody who will end it: its booking, or the offer it is kept for. */
async function forgottenHolds({ sql, stories }: World): Promise<string[]> {
  const holds = await sql<{ id: string; owner: string }>(
    `SELECT h.id, coalesce('late-money:' || o.payment_id, h.owner) AS owner FROM holds h
     LEFT JOIN late_offers o ON o.hold_id = h.id AND o.status = ${word('late_offers.status', 'open')}
     WHERE h.state IN ${words('holds.state', 'held', 'confirmed')}`,
  )
  return holds
    .filter(({ owner }) => stories.get(owner)?.status !== 'RUNNING')
    .map(
      ({ id, owner }) => `${id} of ${owner}, which is ${stories.get(owner)?.status ?? 'unknown'}`,
    )
}

const HOLD_GRACE = '90 seconds'
const OUTLIVED = `SELECT h.id FROM holds h WHERE h.state = ${HELD} AND h.expires_at < now() - interval '${HOLD_GRACE}'
  AND NOT EXISTS (SELECT 1 FROM payments p WHERE 'reservation:' || p.owner_id = h.owner
    AND p.status IN ${words('payments.status', 'requested', 'prompted', 'unknown', 'unexplained')})`

const ids =
  (text: string) =>
  async ({ sql }: World) =>
    (await sql<{ id: string }>(text)).map(({ id }) => id)

const DOUBLE = `INSERT INTO holds (id, resource_id, period, purpose, owner, state)
  SELECT gen_random_uuid(), resource_id, period, purpose, owner, state FROM holds
    WHERE state = ${word('holds.state', 'confirmed')} LIMIT 1`
const LET_GO = `UPDATE holds SET state = ${word('holds.state', 'released')} WHERE id =
  (SELECT hold_id FROM reservations WHERE status = ${CONFIRMED} LIMIT 1)`
const KEPT = `UPDATE holds SET state = ${word('holds.state', 'confirmed')} WHERE id =
  (SELECT hold_id FROM reservations WHERE status = ${CANCELLED} LIMIT 1)`
const FORGOTTEN = `UPDATE holds SET expires_at = now() - interval '1 hour' WHERE state = ${HELD}`

const withoutStories = (world: World): World => ({ ...world, stories: new Map() })

export const calendarRules: Rule[] = [
  {
    name: 'no car is held twice at one time',
    kind: 'doubled',
    broken: ids(OVERLAPS),
    plant: plantSql('holds', DOUBLE),
  },
  {
    name: 'a confirmed booking has its car',
    kind: 'lost',
    broken: ids(CONFIRMED_WITHOUT_CAR),
    plant: plantSql('holds', LET_GO),
  },
  {
    name: 'a booking that ended holds no car',
    kind: 'wrong',
    broken: ids(ENDED_WITH_CAR),
    plant: plantSql('holds', KEPT),
  },
  {
    name: 'every hold has a running story',
    kind: 'wrong',
    broken: forgottenHolds,
    plant: withoutStories,
  },
  {
    name: 'no hold outlives its time',
    kind: 'wrong',
    broken: ids(OUTLIVED),
    plant: plantSql('holds', FORGOTTEN),
  },
]
