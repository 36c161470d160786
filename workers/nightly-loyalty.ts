/** Points that are over their time go, each night, and what an older release left out comes. What one process has done another finds done. */
import { inTransaction } from '../db/connection.ts'
import { expirePoints } from '../db/loyalty.ts'
import { findExpiring } from '../db/loyalty-reads.ts'
import { repairPoints } from '../db/loyalty-repair.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { startLoop } from './loop.ts'
import { nightOf } from './nightly-audit.ts'
import type { Running, World } from './world.ts'

const BATCH = 200
const LOOK_AGAIN_MS = 10 * MINUTE_MS
const LONGEST_REST_MS = 10 * MINUTE_MS

/** One customer a transaction, so that nobody who books waits for the others. True when there may be more. */
export async function expireBatch(
  { db, log }: Pick<World, 'db'> & { log: Pick<World['log'], 'info'> },
  day: string,
  now: Date,
): Promise<boolean> {
  const customers = await findExpiring(db, now, BATCH)
  let gone = 0
  for (const customerId of customers)
    gone += await inTransaction(db, (tx) => expirePoints(tx, { customerId, day }, now))
  if (customers.length > 0)
    log.info({ customers: customers.length, points: gone }, 'points ran out')
  return customers.length === BATCH && gone > 0
}

async function repair({ db, log }: World, now: Date): Promise<void> {
  const bookings = await repairPoints(db, now)
  if (bookings > 0) log.info({ bookings }, 'points that an older release left out')
}

export function startNightlyLoyalty(world: World): Running {
  return startLoop(world, {
    name: 'nightly loyalty',
    restMs: LOOK_AGAIN_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const now = new Date()
      const day = nightOf(now)
      if (day === null) return false
      await repair(world, now)
      return expireBatch(world, day, now)
    },
  })
}
