/** Bookings under way: from the request until its reservation stands, or it was refused. */
import { select, WITHOUT_WAITING, type Database, type Tx } from './connection.ts'

type Try = { customerId: string; reservationId: string; most: number; lifeMs: number }

/**
 * False when the customer has `most` others open already: bookings with nothing paid, and tries of the last
 * `lifeMs` that are no booking yet. The lock lets two requests of one customer count one after the other. An
 * unpaid booking lives for minutes, so only those of the last day are looked through.
 */
export async function claimTry(tx: Tx, one: Try): Promise<boolean> {
  const { customerId, reservationId, most, lifeMs } = one
  await select(tx, "SELECT pg_advisory_xact_lock(hashtextextended('booking:' || $1, 0))", [
    customerId,
  ])
  const claimed = await select(
    tx,
    `INSERT INTO booking_tries (reservation_id, customer_id)
     SELECT $1::uuid, $2::uuid FROM ${WITHOUT_WAITING} WHERE $3 > (
       SELECT count(*) FROM (
         SELECT r.id FROM reservations r WHERE r.customer_id = $2
           AND r.created_at > now() - interval '1 day' AND r.status = 'pending' AND r.paid_cents = 0
         UNION ALL
         SELECT t.reservation_id FROM booking_tries t WHERE t.customer_id = $2
           AND t.at > now() - make_interval(secs => $4)
           AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.id = t.reservation_id)
       ) AS open WHERE open.id <> $1)
     ON CONFLICT (reservation_id) DO UPDATE SET at = now() RETURNING reservation_id`,
    [reservationId, customerId, most, lifeMs / 1000],
  )
  return claimed.length > 0
}

/** It was refused, so it stands in nobody's way. */
export async function dropTry(db: Database, reservationId: string): Promise<void> {
  await select(db, 'DELETE FROM booking_tries WHERE reservation_id = $1', [reservationId])
}
