/**
 * The rule looks at every customer once a night, and writes only where it has something new to say. What one process has done another
 * finds done; one that was stopped begins again.
 */
import { inTransaction } from '../db/connection.ts'
import { readStandingsAfter } from '../db/rating-facts.ts'
import { isDue, rateByRule } from '../db/ratings.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { startLoop } from './loop.ts'
import { nightOf } from './nightly-audit.ts'
import type { Running, World } from './world.ts'

const BATCH = 500
const LOOK_AGAIN_MS = 10 * MINUTE_MS
const LONGEST_REST_MS = 10 * MINUTE_MS
/** Before every id. */
export const NOBODY_YET = '00000000-0000-0000-0000-000000000000'

type Needs = Pick<World, 'db'> & { log: Pick<World['log'], 'info'> }

/** Answers whom it came to, null when all were looked at. One customer a transaction, so that nobody waits for the others. */
export async function rateBatch(
  { db, log }: Needs,
  after: string,
  now: Date,
  limit = BATCH,
): Promise<string | null> {
  const standings = await readStandingsAfter(db, { after, limit, now })
  let set = 0
  for (const standing of standings) {
    if (!isDue(standing, now)) continue
    const isNew = await inTransaction(db, (tx) => rateByRule(tx, standing.customerId, now))
    if (isNew) set += 1
  }
  if (set > 0) log.info({ looked: standings.length, set }, 'customers were rated')
  return standings.length === limit ? (standings.at(-1)?.customerId ?? null) : null
}

export function startNightlyRatings(world: World): Running {
  let night = ''
  let after: string | null = null
  return startLoop(world, {
    name: 'nightly ratings',
    restMs: LOOK_AGAIN_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const now = new Date()
      const day = nightOf(now)
      if (day === null) return false
      if (day !== night) [night, after] = [day, NOBODY_YET]
      if (after === null) return false
      after = await rateBatch(world, after, now)
      return after !== null
    },
  })
}
