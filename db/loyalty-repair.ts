/**
 * Points beside a release that knows none of them. Its workers end bookings and rentals without an entry, and hold cars without lowering the
 * price: so nobody spends points while one may be at work, and each night what it left out is made up for.
 */
import { POINTS_FROM_CENTS } from '../domain/loyalty.ts'
import { DAY_MS } from '../domain/time.ts'
import { inTransaction, select, selectOne, type Database } from './connection.ts'
import { earnPoints, returnPoints } from './loyalty.ts'
import { isReadOpen, stopWritingOpen } from './older-release.ts'
import { lockReservation } from './reservation-rows.ts'

const TABLE = 'loyalty_entries'
/** So long a release from before may have been at work; rentals that were over in that time before the first points earn as well. */
const LOOK_BACK_MS = 14 * DAY_MS
const BATCH = 200

/** True as long as a worker might hold a car without lowering its price. */
export async function arePointsPaused(db: Database): Promise<boolean> {
  const row = await selectOne<{ paused: boolean }>(db, `SELECT ${isReadOpen(TABLE)} AS paused`)
  return row?.paused ?? false
}

/** No worker of such a release is left. */
export const resumePoints = (db: Database): Promise<void> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, TABLE)
  })

/** Bookings that ended without what their end does to points. Whoever was forgotten has none any more. */
const findLeftOut = (db: Database, now: Date) =>
  select<{ id: string }>(
    db,
    `SELECT r.id FROM reservations r WHERE r.ended_at > $1 AND CASE
       WHEN r.status IN ('cancelled', 'expired') THEN ${has('spent')} AND NOT ${has('returned')}
       WHEN r.status = 'completed' THEN NOT ${has('earned')} AND (
         SELECT sum(least(p.applied_cents, p.amount_cents - p.refunded_cents)) FROM payments p
         WHERE p.owner_id = r.id AND p.counted AND p.purpose = 'reservation') >= $2 END
     AND EXISTS (SELECT FROM customers c JOIN users u ON u.id = c.user_id WHERE c.user_id = r.customer_id AND u.status <> 'deleted')
     AND NOT EXISTS (SELECT FROM loyalty_entries e WHERE e.kind = 'erased' AND e.source = r.customer_id::text)
     ORDER BY r.ended_at LIMIT ${BATCH}`,
    [new Date(now.getTime() - LOOK_BACK_MS), POINTS_FROM_CENTS],
  )
const has = (kind: string): string =>
  `EXISTS (SELECT FROM loyalty_entries e WHERE e.kind = '${kind}' AND e.source = r.id::text)`

/** One booking a transaction; answers how many. An entry counts once, so that this may be done by several at the same time. */
export async function repairPoints(db: Database, now: Date): Promise<number> {
  const leftOut = await findLeftOut(db, now)
  for (const { id } of leftOut)
    await inTransaction(db, async (tx) => {
      const row = await lockReservation(tx, id)
      if (row?.status === 'completed') await earnPoints(tx, row)
      if (row?.status === 'cancelled' || row?.status === 'expired') await returnPoints(tx, id)
    })
  return leftOut.length
}
