/** Reports of M-Pesa that were handed on shortly before a restored moment. */
import type { MessageKind } from '../domain/callbacks.ts'
import { select, type Database } from './connection.ts'

export type DeliveredReport = {
  id: string
  kind: MessageKind
  subjectId: string
  /** What the books concluded from it; null when nobody has read it. */
  outcome: string | null
}

export const listDelivered = (db: Database, since: Date): Promise<DeliveredReport[]> =>
  select(
    db,
    `SELECT id, kind, subject_id AS "subjectId", outcome FROM provider_messages
     WHERE received_at > $1 AND delivered_at IS NOT NULL ORDER BY received_at, id`,
    [since],
  )

/** In the order in which they came, as the door has stored them. */
export const deliverAgain = (db: Database, ids: readonly string[]) =>
  select(
    db,
    `UPDATE provider_messages SET delivered_at = NULL, tries = 0, try_at = received_at
     WHERE id = ANY($1) RETURNING id`,
    [ids],
  )
