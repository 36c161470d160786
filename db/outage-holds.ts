/** Holds do not run out while nobody can pay. */
import { AFTER_OUTAGE_MS, LONGEST_OUTAGE_HOLD_MS } from '../domain/outages.ts'
import { isPayable } from '../domain/reservations.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import type { Tx } from './connection.ts'
import { extendHold } from './holds.ts'
import { readOutage } from './outages.ts'
import { changeReservation, lockReservation } from './reservation-rows.ts'

/**
 * At the deadline of a booking: a new one (ISO) while M-Pesa is away or has just come back, never past the pick-up nor
 * a day after M-Pesa went away. Null when the deadline stands.
 */
export async function extendForOutage(tx: Tx, id: string, now: Date): Promise<string | null> {
  const row = await lockReservation(tx, id)
  if (!row || !isPayable(row.status)) return null
  const outage = await readOutage(tx)
  if (!outage) return null
  const back = outage.endedAt ?? now
  const longest = outage.beganAt.getTime() + LONGEST_OUTAGE_HOLD_MS
  const wanted = back.getTime() + AFTER_OUTAGE_MS
  const until = new Date(Math.min(wanted, row.pickupAt.getTime(), longest))
  if (until <= now || until <= row.holdExpiresAt) return null
  if (!(await extendHold(tx, row.holdId, until))) return null
  await changeReservation(tx, id, 'hold_expires_at = $2', [until])
  await appendAudit(tx, {
    actor: 'gari',
    action: 'reservation.extended',
    entity: 'reservation',
    entityId: id,
    before: { until: toNairobiIso(row.holdExpiresAt) },
    after: { until: toNairobiIso(until) },
    why: 'M-Pesa was away',
  })
  return until.toISOString()
}
