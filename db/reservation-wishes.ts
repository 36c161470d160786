/** What somebody wishes for a booking beside the car, in their own words. */
import { BusinessError } from '../domain/errors.ts'
import { isHolding } from '../domain/reservations.ts'
import { appendAudit } from './audit.ts'
import type { Tx } from './connection.ts'
import { changeReservation, lockReservation } from './reservation-rows.ts'

type Wishes = { id: string; text: string | null; actorId: string }

/** The words stay out of the audit: people write phones into them. Throws RESERVATION_CLOSED where it is over. */
export async function writeWishes(tx: Tx, { id, text, actorId }: Wishes): Promise<void> {
  const row = await lockReservation(tx, id)
  if (!row) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  if (!isHolding(row.status))
    throw new BusinessError('RESERVATION_CLOSED', 'This booking has already ended.')
  await changeReservation(tx, id, 'special_requests = $2, updated_by = $3', [text, actorId])
  await appendAudit(tx, {
    actor: actorId,
    action: 'reservation.wishes_changed',
    entity: 'reservation',
    entityId: id,
  })
}
