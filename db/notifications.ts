/** Who is to be told what: written down with the event that says so, sent afterwards. */
import type { Cents } from '../domain/money.ts'
import type { NoticeTemplate } from '../domain/notices.ts'
import { select, type Database, type Tx } from './connection.ts'
import { findReservation, type ReservationDetail } from './reservation-reads.ts'

export type NotificationFacts = {
  reservation: ReservationDetail
  customer: { name: string; email: string | null; phone: string | null; language: 'en' | 'sw' }
  parties: {
    id: string
    name: string
    phone: string
    share: Cents
    paid: Cents
    declined: boolean
  }[]
}

/** Everything a message may say; names and phones are read here, never carried by events. */
export async function findNotificationFacts(
  on: Database | Tx,
  reservationId: string,
): Promise<NotificationFacts | null> {
  const reservation = await findReservation(on, reservationId)
  return (
    reservation && {
      reservation,
      customer: {
        name: reservation.customerName,
        email: reservation.customerEmail,
        phone: reservation.customerPhone,
        language: reservation.customerLanguage,
      },
      parties: reservation.parties,
    }
  )
}

/** True the first time this consumer meets this event. */
export async function consumeOnce(tx: Tx, consumer: string, eventId: string): Promise<boolean> {
  const rows = await select(
    tx,
    'INSERT INTO consumed_events (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
    [consumer, eventId],
  )
  return rows.length > 0
}

export type NewNotification = {
  eventId: string
  channel: 'email' | 'sms'
  partyId: string | null
  template: NoticeTemplate
  reservationId: string
  detail: { amount?: string; reason?: string }
}
export type QueuedNotification = NewNotification & { id: string }

/** Once for each event, way and person; answers the ids of those not written before. */
export async function queueNotifications(tx: Tx, notices: NewNotification[]): Promise<string[]> {
  const rows = await select<{ id: string }>(
    tx,
    `INSERT INTO notifications (event_id, channel, party_id, template, reservation_id, detail)
     SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::jsonb[])
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      notices.map(({ eventId }) => eventId),
      notices.map(({ channel }) => channel),
      notices.map(({ partyId }) => partyId),
      notices.map(({ template }) => template),
      notices.map(({ reservationId }) => reservationId),
      notices.map(({ detail }) => JSON.stringify(detail)),
    ],
  )
  return rows.map(({ id }) => id)
}

const ATTEMPTS = 20

export async function markNotification(
  db: Database,
  id: string,
  status: 'sent' | 'failed',
): Promise<void> {
  await select(
    db,
    `UPDATE notifications SET status = $2, attempts = attempts + 1,
       sent_at = CASE WHEN $2 = 'sent' THEN now() END WHERE id = $1`,
    [id, status],
  )
}

/** A try that ended without an answer; after too many it counts as failed, for a person to see. */
export async function countAttempt(db: Database, id: string): Promise<void> {
  await select(
    db,
    `UPDATE notifications SET attempts = attempts + 1,
       status = CASE WHEN attempts + 1 >= ${ATTEMPTS} THEN 'failed' ELSE status END WHERE id = $1`,
    [id],
  )
}

/** Oldest first. */
export const unsent = (db: Database, limit: number): Promise<QueuedNotification[]> =>
  select(
    db,
    `SELECT id, event_id AS "eventId", channel, party_id AS "partyId", template,
       reservation_id AS "reservationId", detail
     FROM notifications WHERE status = 'queued' ORDER BY created_at LIMIT $1`,
    [limit],
  )
