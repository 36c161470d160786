/** The ledger of loyalty points. Each entry comes with its line in the audit, and counts once, however often its step is tried. */
import { BusinessError } from '../domain/errors.ts'
import {
  LOYALTY_RULE,
  MOST_ADJUSTED,
  pointsFor,
  pointsOver,
  pointsProblem,
  POINTS_LAST_MONTHS,
  type EntryKind,
} from '../domain/loyalty.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { readLots } from './loyalty-reads.ts'
import { isOnePerson } from './one-person.ts'
import { originNow } from './origin.ts'
import { toCents, toCount } from './values.ts'

type Entry = {
  customerId: string
  kind: EntryKind
  points: number
  source: string
  reservationId?: string
  shortPoints?: number
  reason?: string
  actorId?: string
}

/** True when it was new. Somebody who has no account as a customer has no points. */
async function append(tx: Tx, entry: Entry): Promise<boolean> {
  const { customerId, kind, points, source, reservationId = null, shortPoints = 0 } = entry
  const lasts = kind === 'earned' || (kind === 'adjusted' && points > 0)
  const rows = await select(
    tx,
    `WITH changed AS (
       INSERT INTO loyalty_entries (customer_id, kind, points, short_points, source, reservation_id, rule, reason, made_by, expires_at)
       SELECT user_id, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 month' FROM customers WHERE user_id = $1
       ON CONFLICT (kind, source) DO NOTHING RETURNING *)
     INSERT INTO audit_entries (actor, action, entity, entity_id, after, why, origin)
     SELECT made_by, 'loyalty.' || kind, 'user', customer_id::text,
       jsonb_build_object('points', points, 'source', source, 'rule', rule), reason, $11 FROM changed RETURNING entity_id`,
    [
      customerId,
      kind,
      points,
      shortPoints,
      source,
      reservationId,
      LOYALTY_RULE,
      entry.reason ?? null,
      entry.actorId ?? 'gari',
      lasts ? POINTS_LAST_MONTHS : null,
      originNow(),
    ],
  )
  return rows.length > 0
}

/** Holds the balance until the transaction ends, so that nothing is spent twice. Null: no customer. */
async function lockBalance(tx: Tx, customerId: string): Promise<number | null> {
  const row = await selectOne<{ points: number }>(
    tx,
    'SELECT loyalty_points AS points FROM customers WHERE user_id = $1 FOR NO KEY UPDATE',
    [customerId],
  )
  return row?.points ?? null
}

/** What came for this booking and has not gone back. */
async function keptFor(tx: Tx, reservationId: string): Promise<Cents> {
  const row = await selectOne<{ kept: string }>(
    tx,
    `SELECT coalesce(sum(least(applied_cents, amount_cents - refunded_cents)), 0) AS kept FROM payments
     WHERE owner_id = $1 AND counted AND purpose = 'reservation'`,
    [reservationId],
  )
  return toCents(row?.kept ?? 0)
}

type Booking = { id: string; customerId: string }

/** The rental is over: what was paid and kept earns. */
export async function earnPoints(tx: Tx, { id, customerId }: Booking): Promise<void> {
  const points = pointsFor(await keptFor(tx, id))
  if (points === 0) return
  await append(tx, { customerId, kind: 'earned', points, source: id, reservationId: id })
}

type Earned = { customerId: string; earned: string; takenBack: string }

/** Money went back after the rental: so do the points that it earned, as far as they are still there. */
export async function takeBackEarned(
  tx: Tx,
  { reservationId, refundId }: { reservationId: string; refundId: string },
): Promise<void> {
  const found = await selectOne<Earned>(
    tx,
    `SELECT customer_id AS "customerId", coalesce(sum(points) FILTER (WHERE kind = 'earned'), 0) AS earned,
       coalesce(sum(short_points - points) FILTER (WHERE kind = 'reversed'), 0) AS "takenBack"
     FROM loyalty_entries WHERE reservation_id = $1 AND kind IN ('earned', 'reversed') GROUP BY customer_id`,
    [reservationId],
  )
  if (!found) return
  const { customerId } = found
  const balance = (await lockBalance(tx, customerId)) ?? 0
  const kept = pointsFor(await keptFor(tx, reservationId))
  const due = toCount(found.earned) - toCount(found.takenBack) - kept
  if (due <= 0) return
  const taken = Math.min(balance, due)
  const about = { customerId, source: refundId, reservationId, shortPoints: due - taken }
  await append(tx, { ...about, kind: 'reversed', points: 0 - taken })
}

/** Why these points do not lower this price; null when they do. Their balance stands still from here on. */
export async function whyNotSpend(
  tx: Tx,
  { customerId, points }: { customerId: string; points: number },
  total: Cents,
): Promise<string | null> {
  return pointsProblem(points, (await lockBalance(tx, customerId)) ?? 0, total)
}

type Spent = { customerId: string; reservationId: string; points: number; actorId: string }

export async function spendPoints(tx: Tx, spent: Spent): Promise<void> {
  const { reservationId, points, ...whose } = spent
  const entry = { ...whose, reservationId, source: reservationId, points: 0 - points }
  if (await append(tx, { ...entry, kind: 'spent' })) return
  throw new Error(`the points of ${reservationId} were spent before, or nobody has them`)
}

const spentOn = (tx: Tx, reservationId: string) =>
  selectOne<{ customerId: string; points: number }>(
    tx,
    `SELECT customer_id AS "customerId", 0 - points AS points FROM loyalty_entries WHERE kind = 'spent' AND source = $1`,
    [reservationId],
  )

export const hasSpentPoints = async (tx: Tx, reservationId: string): Promise<boolean> =>
  (await spentOn(tx, reservationId)) !== null

/** The booking came to nothing: its points come back, once. They keep the day on which they run out. */
export async function returnPoints(tx: Tx, reservationId: string): Promise<void> {
  const spent = await spentOn(tx, reservationId)
  if (!spent) return
  await append(tx, { ...spent, kind: 'returned', source: reservationId, reservationId })
}

type Adjustment = {
  id: string
  customerId: string
  points: number
  reason: string
  actorId: string
}

const refuse = (message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'points', message }] })

/** By a person of the house; throws where it is too much, or more than there is. A repeat changes nothing. */
export async function adjustPoints(tx: Tx, adjustment: Adjustment): Promise<void> {
  const { id, customerId, points, reason, actorId } = adjustment
  const balance = await lockBalance(tx, customerId)
  if (balance === null) throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  const done = await selectOne(
    tx,
    "SELECT id FROM loyalty_entries WHERE kind = 'adjusted' AND source = $1",
    [id],
  )
  if (done) return
  if (await isOnePerson(tx, actorId, customerId))
    throw new BusinessError('SECOND_PERSON', 'Somebody else gives and takes your points.')
  if (balance + points < 0) throw refuse(`They have ${balance} points.`)
  const row = await selectOne<{ moved: string }>(
    tx,
    `SELECT coalesce(sum(abs(points)), 0) AS moved FROM loyalty_entries
     WHERE customer_id = $1 AND kind = 'adjusted' AND created_at > now() - interval '1 day'`,
    [customerId],
  )
  const left = MOST_ADJUSTED - toCount(row?.moved ?? 0)
  if (Math.abs(points) > left)
    throw refuse(
      `Within a day at most ${MOST_ADJUSTED} points are moved by hand: ${left} are left.`,
    )
  await append(tx, { customerId, kind: 'adjusted', points, source: id, reason, actorId })
}

/** What is over its time goes; answers how many points. */
export async function expirePoints(
  tx: Tx,
  { customerId, day }: { customerId: string; day: string },
  now: Date,
): Promise<number> {
  if (!(await lockBalance(tx, customerId))) return 0
  const { lots, used } = await readLots(tx, customerId)
  const over = pointsOver(lots, used, now)
  if (over === 0) return 0
  const entry = { customerId, kind: 'expired' as const, source: `${customerId}:${day}` }
  return (await append(tx, { ...entry, points: 0 - over })) ? over : 0
}

/** Whoever is forgotten leaves a ledger that adds up to nothing. */
export async function forgetPoints(tx: Tx, customerId: string): Promise<void> {
  const balance = await lockBalance(tx, customerId)
  if (!balance) return
  await append(tx, { customerId, kind: 'erased', points: 0 - balance, source: customerId })
}
