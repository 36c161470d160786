/** What the brokers keep, and for how long. */
import kafkajs from 'kafkajs'
import { createClient, withAdmin, type KafkaOptions } from './client.ts'

/** Null: without an end. */
export type TopicKeeping = {
  topic: string
  retentionMs: number | null
  retentionBytes: number | null
  cleanup: string
}

const ENDLESS = -1

/** Of those that exist. Rejects where a broker cannot be reached, or reached as it was asked for. */
export function readTopics(options: KafkaOptions, wanted: string[]): Promise<TopicKeeping[]> {
  return withAdmin(createClient(options), async (admin) => {
    const existing = new Set(await admin.listTopics())
    const topics = wanted.filter((topic) => existing.has(topic))
    if (topics.length === 0) return []
    const names = ['retention.ms', 'retention.bytes', 'cleanup.policy']
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: names,
      })),
    })
    return resources.map(({ resourceName, configEntries }) => {
      const of = (name: string) =>
        configEntries.find(({ configName }) => configName === name)?.configValue
      const limit = (name: string) => {
        const value = Number(of(name) ?? ENDLESS)
        return value === ENDLESS ? null : value
      }
      return {
        topic: resourceName,
        retentionMs: limit('retention.ms'),
        retentionBytes: limit('retention.bytes'),
        cleanup: of('cleanup.policy') ?? '',
      }
    })
  })
}
