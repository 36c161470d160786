/** Pictures of ids and licences go when nobody needs them any more (Data Protection Act 2019, section 39). */
import { IDENTITY_KEPT_DAYS, REFUSED_KEPT_DAYS } from '../domain/identity-documents.ts'
import { DAY_MS } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { inTransaction, select, type Database } from './connection.ts'

const BATCH = 200

const before = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS)

/** One batch with its pictures; true when there may be more. A hold of the law keeps them, and so does a booking that is not over. */
export const forgetOldIdentity = (db: Database, now: Date): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const rows = await select(
      tx,
      `DELETE FROM identity_documents WHERE id IN (
         SELECT d.id FROM identity_documents d
         WHERE ((d.status = 'refused' AND d.decided_at < $2) OR (d.received_at < $1 AND NOT EXISTS (
             SELECT FROM reservations r WHERE r.customer_id = d.user_id
               AND (greatest(r.return_at, r.ended_at) >= $1
                 OR r.status NOT IN ('completed', 'cancelled', 'expired', 'no_show')))))
           AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.user_id = d.user_id AND h.lifted_at IS NULL)
         LIMIT ${BATCH} FOR UPDATE OF d SKIP LOCKED)
       RETURNING id`,
      [before(now, IDENTITY_KEPT_DAYS), before(now, REFUSED_KEPT_DAYS)],
    )
    if (rows.length > 0)
      await appendAudit(tx, {
        actor: 'gari',
        action: 'retention.destroyed',
        entity: 'retention',
        entityId: 'identity_documents',
        after: { rows: rows.length },
      })
    return rows.length === BATCH
  })
