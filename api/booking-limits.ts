/** What keeps one person from taking the whole fleet without paying. Staff book for many, so they are free. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { isStaff } from '../domain/policies.ts'
import type { HoldAnswer } from '../domain/reservations.ts'
import { HOUR_MS } from '../domain/time.ts'
import { claimTry, dropTry } from '../db/booking-tries.ts'
import { inTransaction } from '../db/connection.ts'
import type { ApiDeps } from './deps.ts'
import { limitAll } from './limits.ts'

/** A family, an office or a whole mobile network may share one address. */
const ACCOUNTS_BEHIND_ONE_SOURCE = 4

export async function limitBookings(deps: ApiDeps, actor: Actor, source: string): Promise<void> {
  if (isStaff(actor)) return
  const hits = deps.limits.bookingsPerHour
  const words = 'You have tried to book very often. Wait an hour and try again, or call us.'
  const all = { windowMs: HOUR_MS, words }
  await limitAll(deps, [
    { name: 'bookings', who: actor.userId, hits, ...all },
    { name: 'bookingsFrom', who: source, hits: hits * ACCOUNTS_BEHIND_ONE_SOURCE, ...all },
  ])
}

/**
 * Throws TOO_MANY_OPEN_BOOKINGS where the customer has as many unpaid bookings as they may. A booking under way
 * counts for as long as its hold could last, so that requests sent at once cannot pass together.
 */
export async function withinOpenBookings(
  deps: ApiDeps,
  actor: Actor,
  reservationId: string,
  reserve: () => Promise<HoldAnswer | 'pending'>,
): Promise<HoldAnswer | 'pending'> {
  if (isStaff(actor)) return reserve()
  const most = deps.limits.openBookings
  const lifeMs = deps.policy.holdMs
  const claimed = await inTransaction(deps.db, (tx) =>
    claimTry(tx, { customerId: actor.userId, reservationId, most, lifeMs }),
  )
  if (!claimed) throw tooManyOpen(most)
  const answer = await reserve().catch(async (error: unknown) => {
    await dropTry(deps.db, reservationId)
    throw error
  })
  if (answer !== 'pending' && answer.outcome === 'refused') await dropTry(deps.db, reservationId)
  return answer
}

const tooManyOpen = (most: number) =>
  new BusinessError(
    'TOO_MANY_OPEN_BOOKINGS',
    `You may have ${most} bookings that nothing is paid for yet. Pay for one or cancel one, then book again.`,
    { details: { limit: most } },
  )
