/** Cancelling a booking, over REST and on pages. */
import { BusinessError } from '../domain/errors.ts'
import type { Actor } from '../domain/accounts.ts'
import { mayCancelReservation } from '../domain/policies.ts'
import type { Cancellation } from '../domain/reservations.ts'
import type { ReservationDetail } from '../db/reservation-reads.ts'
import { findVisible } from './booking.ts'
import type { ApiDeps } from './deps.ts'

/** `refusal` tells who may not, what to do instead. */
export type CancelWish = { note: string; refusal: string; reason?: 'desk' }

const LONGEST_NOTE = 500

/**
 * Whoever heard no answer asks again, and may find done what they asked for: a booking that is cancelled is no refusal.
 * One that ended in another way is.
 */
export async function cancelBooking(
  deps: ApiDeps,
  actor: Actor,
  booking: ReservationDetail,
  { note, refusal, reason }: CancelWish,
): Promise<void> {
  if (!mayCancelReservation(actor, booking)) throw new BusinessError('FORBIDDEN', refusal)
  const own: Cancellation['reason'] = booking.customerId === actor.userId ? 'customer' : 'desk'
  const wish = {
    reason: reason ?? own,
    actorId: actor.userId,
    note: note.trim().slice(0, LONGEST_NOTE) || null,
  }
  try {
    await deps.workflows.cancelReservation(booking.id, wish)
  } catch (error) {
    const isClosed = error instanceof BusinessError && error.code === 'RESERVATION_CLOSED'
    if (!isClosed || (await findVisible(deps, actor, booking.id)).status !== 'cancelled')
      throw error
  }
}
