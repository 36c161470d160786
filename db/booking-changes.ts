/** Who changed what of one booking: itself, its money, its charges and refunds, its offers, plans and invoices. */
import type { BookingChange } from '../domain/booking-changes.ts'
import { ACTOR_NAME } from './audit-reads.ts'
import { select, type Database } from './connection.ts'

const OWNED = `
  WITH owner AS (SELECT $1::uuid AS id UNION ALL SELECT id FROM charges WHERE reservation_id = $1),
  paid AS (SELECT id, receipt FROM payments WHERE owner_id IN (SELECT id FROM owner)),
  subject (entity, id) AS (
    SELECT 'reservation', $1::text
    UNION ALL SELECT 'charge', id::text FROM owner WHERE id <> $1
    UNION ALL SELECT 'payment', id::text FROM paid
    UNION ALL SELECT 'receipt', receipt FROM paid WHERE receipt IS NOT NULL
    UNION ALL SELECT 'refund', id::text FROM refunds WHERE payment_id IN (SELECT id FROM paid)
    UNION ALL SELECT 'late_offer', id::text FROM late_offers WHERE reservation_id = $1
    UNION ALL SELECT 'plan', id::text FROM payment_plans WHERE owner_id IN (SELECT id FROM owner)
    UNION ALL SELECT 'invoice', id::text FROM invoices WHERE owner_id IN (SELECT id FROM owner))`

/** The newest first. */
export const listBookingChanges = (
  db: Database,
  reservationId: string,
  limit: number,
): Promise<BookingChange[]> =>
  select<BookingChange>(
    db,
    `${OWNED}
     SELECT a.id, a.at, a.actor, ${ACTOR_NAME} AS "actorName", a.action, a.before, a.after, a.why, a.origin
     FROM subject s JOIN audit_entries a ON a.entity = s.entity AND a.entity_id = s.id
     ORDER BY a.id DESC LIMIT $2`,
    [reservationId, limit],
  )
