/** Seals what was written into the audit, and tells Kafka every few minutes how far. */
import { sealNext, tellHead } from '../db/audit-chain.ts'
import { inTransaction } from '../db/connection.ts'
import { TOPICS } from '../domain/events.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { createKafka } from '../gateways/kafka.ts'
import { createSeal } from '../gateways/sealing.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const AT_ONCE = 1_000
const REST_MS = 2_000
const LONGEST_REST_MS = 30_000
/** What somebody could cut off unseen is what was written since. */
const TOLD_EVERY_MS = 5 * MINUTE_MS

export function startSealing(world: World): Running {
  const { config, db, instance, log } = world
  const seal = createSeal(config.secrets.sealing)
  const { brokers } = config.kafka
  // The relay of the release before does not know the topic, and one event that cannot go keeps all others.
  let isTopicThere = brokers.length === 0
  const prepare = async () => {
    const kafka = createKafka({ ...config.kafka, clientId: `${instance}-seals`, log })
    try {
      await kafka.ensureTopics([TOPICS.audit])
    } finally {
      await kafka.close()
    }
    isTopicThere = true
  }
  return startLoop(world, {
    name: 'audit seals',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const sealed = await inTransaction(db, (tx) => sealNext(tx, seal, AT_ONCE))
      if (sealed === AT_ONCE) return true
      if (!isTopicThere) await prepare()
      await inTransaction(db, (tx) => tellHead(tx, TOLD_EVERY_MS))
      return false
    },
  })
}
