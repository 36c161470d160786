/** A reservation's way to "confirmed": count money, remind. One transaction each, safe to repeat. */
import { subtract, type Cents } from '../domain/money.ts'
import {
  isPayable,
  partPaidDeadline,
  type CollectingPolicy,
  type ReservationProgress,
} from '../domain/reservations.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { confirmHold, extendHold } from './holds.ts'
import { appendEvents } from './outbox.ts'
import { appliedTo } from './payment-owners.ts'
import {
  changeReservation,
  lockReservation,
  reservationEvent,
  type ReservationRow,
} from './reservation-rows.ts'

const progressOf = (row: ReservationRow): ReservationProgress => ({
  status: row.status,
  total: row.total,
  paid: row.paid,
  balance: subtract(row.total, row.paid),
  holdExpiresAt: row.holdExpiresAt.toISOString(),
})

/** Adds up what is settled and moves the booking on. Without new money, and after its end, nothing changes. */
export async function progressReservation(
  tx: Tx,
  id: string,
  policy: CollectingPolicy,
  now: Date,
): Promise<ReservationProgress> {
  const row = await lockReservation(tx, id)
  if (!row) throw new Error(`reservation ${id} does not exist`)
  const paid = await appliedTo(tx, id)
  if (!isPayable(row.status) || paid === row.paid) return progressOf(row)
  return progressOf(await countPaid(tx, row, paid, policy, now))
}

/** Shared with late money, which counts the same way. The caller holds the lock. */
export async function countPaid(
  tx: Tx,
  row: ReservationRow,
  paid: Cents,
  policy: CollectingPolicy,
  now: Date,
): Promise<ReservationRow> {
  const full = paid >= row.total
  // From the first money on: a shilling now and then must not keep a car for ever.
  const isFirst = row.status === 'pending'
  const deadline = isFirst ? partPaidDeadline(row.pickupAt, now, policy) : row.holdExpiresAt
  const stands = full
    ? await confirmHold(tx, row.holdId)
    : await extendHold(tx, row.holdId, deadline)
  // Somebody ended the hold while our workers were away: the deadline is now, and the money goes back.
  if (!stands) {
    const lost = 'paid_cents = $2, hold_expires_at = $3'
    const left = await changeReservation(tx, row.id, lost, [paid, now])
    await appendAudit(tx, {
      actor: 'gari',
      action: 'reservation.hold_lost',
      entity: 'reservation',
      entityId: row.id,
      before: { paid: row.paid },
      after: { paid },
    })
    return left
  }
  const changed = await changeReservation(
    tx,
    row.id,
    `paid_cents = $2, status = $3, hold_expires_at = $4,
     confirmed_at = CASE WHEN $3 = 'confirmed' THEN $5 ELSE confirmed_at END`,
    [paid, full ? 'confirmed' : 'processing', deadline, now],
  )
  const action = full ? 'reservation.confirmed' : 'reservation.processing'
  await appendEvents(tx, [reservationEvent(action, changed)])
  await appendAudit(tx, {
    actor: 'gari',
    action,
    entity: 'reservation',
    entityId: row.id,
    before: { status: row.status, paid: row.paid },
    after: { status: changed.status, paid: changed.paid },
  })
  return changed
}

export async function remindReservation(tx: Tx, id: string): Promise<void> {
  const row = await lockReservation(tx, id)
  if (!row || row.remindedAt || !isPayable(row.status)) return
  const changed = await changeReservation(tx, id, 'reminded_at = now()', [])
  await appendEvents(tx, [reservationEvent('reservation.reminded', changed)])
  await appendAudit(tx, {
    actor: 'gari',
    action: 'reservation.reminded',
    entity: 'reservation',
    entityId: id,
  })
}

type Decline = { reservationId: string; partyId: string }

/** Once for each party; whether that was the last one who might have paid. */
export async function declineShare(
  tx: Tx,
  { reservationId, partyId }: Decline,
): Promise<{ allDeclined: boolean }> {
  await lockReservation(tx, reservationId)
  const declined = await select(
    tx,
    `UPDATE reservation_parties SET declined_at = now()
     WHERE reservation_id = $1 AND id = $2 AND declined_at IS NULL RETURNING id`,
    [reservationId, partyId],
  )
  if (declined.length > 0) {
    const action = 'reservation.share_declined'
    const entity = { entity: 'reservation', entityId: reservationId }
    await appendAudit(tx, { actor: 'party', action, ...entity, after: { party_id: partyId } })
  }
  const row = await selectOne<{ all: boolean }>(
    tx,
    'SELECT bool_and(declined_at IS NOT NULL) AS all FROM reservation_parties WHERE reservation_id = $1',
    [reservationId],
  )
  return { allDeclined: row?.all ?? false }
}
