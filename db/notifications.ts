/** Who is to be told what: written down with the event that says so, sent afterwards. */
import type { Cents } from '../domain/money.ts'
import type { NoticeTemplate } from '../domain/notices.ts'
import type { QueuedChargeNotice } from './charge-notices.ts'
import type { QueuedCreditNotice } from './credit-notices.ts'
import { select, type Database, type Tx } from './connection.ts'
import { prepared } from './prepared.ts'
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
  /** For a message about an offer. */
  offer?: { carName: string; until: Date } | null
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

const CONSUME = prepared(
  'INSERT INTO consumed_events (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
)

/** True the first time this consumer meets this event. */
export async function consumeOnce(tx: Tx, consumer: string, eventId: string): Promise<boolean> {
  const rows = await select(tx, CONSUME, [consumer, eventId])
  return rows.length > 0
}

export type NewNotification = {
  eventId: string
  channel: 'email' | 'sms'
  partyId: string | null
  template: NoticeTemplate
  reservationId: string
  detail: { amount?: string; reason?: string; payment?: string }
}
export type QueuedNotification = NewNotification & { id: string; chargeId: null; customerId: null }
/** Of a booking, of a charge, or of a customer's credit. */
export type AnyQueued =
  | QueuedNotification
  | (QueuedChargeNotice & { customerId: null })
  | (QueuedCreditNotice & { chargeId: null })

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
/**
 * Nobody else takes it while one sender is at it, and nobody waits longer when that sender died. A mail server that
 * dawdles at every step (gateways/mail.ts) may take longer: then a second sender says the same again.
 */
const LEASE = "interval '45 seconds'"

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

/**
 * A try that ended without an answer: again after 5 s, then twice as long each time, up to half an hour. After
 * too many (about six hours) it counts as failed, for a person to see.
 */
export async function postponeNotification(db: Database, id: string): Promise<void> {
  await select(
    db,
    `UPDATE notifications SET attempts = attempts + 1,
       next_try_at = now() + least(interval '5 seconds' * power(2, attempts), interval '30 minutes'),
       status = CASE WHEN attempts + 1 >= ${ATTEMPTS} THEN 'failed' ELSE status END WHERE id = $1`,
    [id],
  )
}

/** Takes what is due on this way, oldest first; another sender finds only what is left. */
export async function takeNotifications(
  db: Database,
  channel: NewNotification['channel'],
  limit: number,
): Promise<AnyQueued[]> {
  return select(
    db,
    `WITH taken AS (UPDATE notifications SET next_try_at = now() + ${LEASE}
       WHERE id IN (SELECT id FROM notifications WHERE status = 'queued' AND channel = $1 AND next_try_at <= now()
         ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING *)
     SELECT id, event_id AS "eventId", channel, party_id AS "partyId", template,
       reservation_id AS "reservationId", charge_id AS "chargeId", customer_id AS "customerId",
       detail FROM taken ORDER BY created_at, id`,
    [channel, limit],
  )
}
