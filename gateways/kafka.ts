/** The event log, behind five methods and a ping, so that another client library is a change of this room only. */
import kafkajs, { type Admin } from 'kafkajs'
import { KEPT_FOREVER } from '../domain/events.ts'
import { createClient, withAdmin, type KafkaOptions } from './kafka/client.ts'
import { deadTopic, type OutgoingMessage } from './kafka/messages.ts'
import { createPublisher } from './kafka/producer.ts'
import type { Log } from './log.ts'
import { readSince, type Reading } from './kafka/reading.ts'
import { startSubscriber, type Subscription } from './kafka/subscriber.ts'

export type { KafkaOptions } from './kafka/client.ts'
export { PoisonMessage, type IncomingMessage, type OutgoingMessage } from './kafka/messages.ts'

export type EventLog = {
  /** Resolves when every in-sync broker has the whole batch. After a rejection some of it may be there. */
  publishBatch(topic: string, messages: OutgoingMessage[]): Promise<void>
  subscribe(subscription: Subscription): Promise<{ close(): Promise<void> }>
  /** All that is there since a moment, for once; resolves when it has been handled. */
  readSince(reading: Reading): Promise<void>
  /** Creates what is missing, each with its dead topic; of the others only those that are kept for good are changed, to be so. */
  ensureTopics(topics: string[]): Promise<void>
  ping(): Promise<boolean>
  close(): Promise<void>
}

const PARTITIONS = 6
/** As the brokers are set up: three copies in a real cluster, one on a laptop. */
const BROKERS_DEFAULT = -1
export function createKafka(options: KafkaOptions): EventLog {
  const { log } = options
  const kafka = createClient(options)
  const publisher = createPublisher(kafka, log)
  const subscriptions = new Set<{ close(): Promise<void> }>()

  return {
    publishBatch: publisher.publishBatch,
    async subscribe(subscription) {
      const started = await startSubscriber({ kafka, publisher, log }, subscription)
      subscriptions.add(started)
      return {
        close: async () => {
          subscriptions.delete(started)
          await started.close()
        },
      }
    },
    readSince: (reading) => readSince(kafka, reading),
    ensureTopics: (topics) =>
      withAdmin(kafka, async (admin) => {
        await createMissing(admin, topics)
        await keepForGood(
          admin,
          topics.filter((topic) => KEPT_FOREVER.includes(topic)),
          log,
        )
      }),
    ping: () =>
      withAdmin(kafka, async (admin) => (await admin.describeCluster()).brokers.length > 0).catch(
        () => false,
      ),
    async close() {
      await Promise.all([...subscriptions].map((one) => one.close()))
      await publisher.close()
    },
  }
}

async function createMissing(admin: Admin, topics: string[]): Promise<void> {
  const existing = new Set(await admin.listTopics())
  const wanted = topics.flatMap((topic) => [
    {
      topic,
      numPartitions: PARTITIONS,
      replicationFactor: BROKERS_DEFAULT,
      configEntries: KEPT_FOREVER.includes(topic) ? [{ name: 'retention.ms', value: '-1' }] : [],
    },
    { topic: deadTopic(topic), numPartitions: 1, replicationFactor: BROKERS_DEFAULT },
  ])
  const missing = wanted.filter(({ topic }) => !existing.has(topic))
  // Another process may create the same ones at the same moment; kafkajs answers false then.
  if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: true })
}

/** Named exports that Node does not find by itself in a module of the older kind. */
const { ConfigResourceTypes, ConfigSource } = kafkajs

const FOREVER = { name: 'retention.ms', value: '-1' }

/** A topic of a release before, or one that somebody made by hand, forgets after a week unless it is told otherwise. */
async function keepForGood(admin: Admin, topics: string[], log: Log): Promise<void> {
  if (topics.length === 0) return
  const type = ConfigResourceTypes.TOPIC
  const asked = topics.map((name) => ({ type, name }))
  const { resources } = await admin.describeConfigs({ resources: asked, includeSynonyms: false })
  for (const { resourceName: name, configEntries } of resources) {
    const set = configEntries.filter((one) => one.configSource === ConfigSource.TOPIC_CONFIG)
    if (set.some((one) => one.configName === FOREVER.name && one.configValue === FOREVER.value))
      continue
    // Kafka's older request replaces everything that was set for the topic, so what was set is said again.
    const others = set
      .filter((one) => one.configName !== FOREVER.name)
      .map((one) => ({ name: one.configName, value: one.configValue }))
    const resource = { type, name, configEntries: [...others, FOREVER] }
    await admin.alterConfigs({ validateOnly: false, resources: [resource] })
    log.info({ topic: name }, 'this topic is kept for good from now on')
  }
}
