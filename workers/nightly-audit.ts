/** Checks the audit once a night, when few people are at work. */
import { claimCheck, finishCheck } from '../db/audit-checks.ts'
import { connectDatabase, inTransaction } from '../db/connection.ts'
import { MINUTE_MS, toNairobiIso } from '../domain/time.ts'
import { wasChanged } from '../domain/audit-chain.ts'
import { createKafka } from '../gateways/kafka.ts'
import { createSeal } from '../gateways/sealing.ts'
import { checkAudit } from './checking-audit.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

/** In Nairobi, by the clock; until noon, so that a night without workers is made up for in the morning. */
const FROM_HOUR = 2
const TO_HOUR = 12
const LOOK_AGAIN_MS = 10 * MINUTE_MS
const LONGEST_REST_MS = 10 * MINUTE_MS

/** The night that a check at this moment is for, or null by day. */
export function nightOf(now: Date): string | null {
  const local = toNairobiIso(now)
  const hour = Number(local.slice(11, 13))
  return hour >= FROM_HOUR && hour < TO_HOUR ? local.slice(0, 10) : null
}

async function check(world: World, day: string): Promise<void> {
  const { config, log } = world
  // It reads all there is, which takes longer than a statement of people may.
  const db = connectDatabase({
    url: config.database.url,
    pool: 1,
    applicationName: 'gari-audit',
    isUnhurried: true,
  })
  const { brokers } = config.kafka
  const kafka =
    brokers.length > 0
      ? createKafka({ ...config.kafka, clientId: `${world.instance}-audit`, log })
      : null
  try {
    const done = await checkAudit({ db, kafka, seal: createSeal(config.secrets.sealing) })
    await inTransaction(db, (tx) => finishCheck(tx, day, done))
    const told = { links: done.links, published: done.published, flaws: done.flaws.length }
    const first = done.flaws[0]
    if (wasChanged(done)) log.error({ ...told, first }, 'the audit was changed')
    else if (first) log.error({ ...told, first }, 'entries of the audit are not sealed')
    else log.info(told, 'the audit is as it was written')
  } finally {
    await kafka?.close()
    await db.close()
  }
}

export const startNightlyAudit = (world: World): Running =>
  startLoop(world, {
    name: 'nightly audit check',
    restMs: LOOK_AGAIN_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const day = nightOf(new Date())
      if (day !== null && (await inTransaction(world.db, (tx) => claimCheck(tx, day))))
        await check(world, day)
      return false
    },
  })
