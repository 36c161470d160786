/** Overwrites what is over its time, once a night, and writes down how much of each kind we hold. */
import { connectDatabase } from '../db/connection.ts'
import { keepNoLonger, type Night } from '../db/retention.ts'
import { RETENTION_RULES } from '../db/retention-rules.ts'
import { forgetToldLater, toldSince } from '../db/told-later.ts'
import { taxCutoff } from '../domain/tax-years.ts'
import { DAY_MS, MINUTE_MS } from '../domain/time.ts'
import { startLoop } from './loop.ts'
import { nightOf } from './nightly-audit.ts'
import type { Running, World } from './world.ts'

const LOOK_AGAIN_MS = 10 * MINUTE_MS
const LONGEST_REST_MS = 10 * MINUTE_MS
/** By then each story has read what was told to it. */
const TOLD_MS = DAY_MS
export const SOON_MS = 30 * DAY_MS

export const retentionNight = (day: string, now: Date): Night => ({
  day,
  over: taxCutoff(now),
  soon: taxCutoff(new Date(now.getTime() + SOON_MS)),
})

async function keepAll({ config, log }: World, day: string): Promise<void> {
  // It counts all there is, which takes longer than a statement of people may.
  const db = connectDatabase({
    url: config.database.url,
    pool: 1,
    applicationName: 'gari-retention',
    isUnhurried: true,
  })
  try {
    const night = retentionNight(day, new Date())
    for (const rule of RETENTION_RULES) {
      const rows = await keepNoLonger(db, rule, night)
      if (rows !== null) log.info({ part: rule.table, rows }, 'what is over its time names nobody')
    }
    const now = new Date()
    const since = toldSince(day, now)
    const rows = await forgetToldLater(db, new Date(now.getTime() - TOLD_MS), since)
    if (rows > 0) log.info({ rows }, 'what was told of the forgotten names nobody')
  } finally {
    await db.close()
  }
}

export function startNightlyRetention(world: World): Running {
  let done = ''
  return startLoop(world, {
    name: 'nightly retention',
    restMs: LOOK_AGAIN_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const day = nightOf(new Date())
      if (day === null || day === done) return false
      await keepAll(world, day)
      done = day
      return false
    },
  })
}
