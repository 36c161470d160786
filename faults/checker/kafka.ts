/** Everything on every topic of Gari, from the first message to the last of this moment. */
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs'
import type { Search } from './secrets.ts'

export type HeardEvent = {
  topic: string
  partition: number
  offset: number
  /** Null where the message is not one of Gari's: what others put there. */
  eventId: string | null
  key: string
  version: number
  type: string
  /** All that it says, where anything in it looks like what no event may say; otherwise empty. */
  suspect: string
}

const OURS = /^gari\.[a-z]+\.v\d+$/
/** Without a message. */
const SILENT_MS = 30_000

export async function readEvents(address: string, search: Search): Promise<HeardEvent[]> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, clientId: 'checker' })
  const ends = await readEnds(kafka)
  if (ends.size === 0) return []
  const heard: HeardEvent[] = []
  const consumer = kafka.consumer({ groupId: `checker-${randomUUID()}` })
  try {
    await consumer.connect()
    const topics = [...new Set([...ends.keys()].map((place) => place.split('/')[0] ?? ''))]
    await consumer.subscribe({ topics, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('Kafka did not tell all')), SILENT_MS)
      const look = (place: string, offset: number) => {
        late.refresh()
        if (offset >= (ends.get(place) ?? 0) - 1) ends.delete(place)
        if (ends.size > 0) return
        clearTimeout(late)
        resolve()
      }
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            heard.push({
              ...toEvent(topic, partition, message),
              suspect: suspectIn(message, search),
            })
            look(`${topic}/${partition}`, Number(message.offset))
          },
        })
        .catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
  return heard
}

const withAdmin = async <T>(
  kafka: Kafka,
  work: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
) => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

const READERS = /^gari-/

/** What Gari's own readers have not taken yet, for people; a reader who was cut off comes back after half a minute or more. */
export const readBacklog = (address: string): Promise<string[]> => {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, clientId: 'checker' })
  return withAdmin(kafka, async (admin) => {
    const ends = await endsOf(admin)
    const behind: string[] = []
    for (const { groupId } of (await admin.listGroups()).groups) {
      if (!READERS.test(groupId)) continue
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId }))
        for (const { partition, offset } of partitions) {
          const left = (ends.get(`${topic}/${partition}`) ?? 0) - Math.max(0, Number(offset))
          if (left > 0)
            behind.push(`${groupId} has ${left} events of ${topic}/${partition} to read`)
        }
    }
    return behind
  })
}

/** The next offset of each partition that has any message. */
const readEnds = (kafka: Kafka): Promise<Map<string, number>> => withAdmin(kafka, endsOf)

async function endsOf(admin: ReturnType<Kafka['admin']>): Promise<Map<string, number>> {
  const ends = new Map<string, number>()
  for (const topic of (await admin.listTopics()).filter((name) => OURS.test(name)))
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high))
  return ends
}

function suspectIn({ key, value, headers }: KafkaMessage, search: Search): string {
  const text = `${String(key ?? '')} ${String(value ?? '')} ${JSON.stringify(readable(headers))}`
  return search(text).length > 0 ? text : ''
}

const readable = (headers: KafkaMessage['headers'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

type Told = Omit<HeardEvent, 'suspect'>
function toEvent(topic: string, partition: number, message: KafkaMessage): Told {
  const place = { topic, partition, offset: Number(message.offset), key: String(message.key ?? '') }
  const stranger = { ...place, eventId: null, version: 0, type: '' }
  try {
    const body = JSON.parse(String(message.value)) as Record<string, string>
    const { id, type, sequence, source } = body
    if (source !== 'gari' || !id || !type) return stranger
    return { ...place, eventId: id, version: Number(sequence), type }
  } catch {
    return stranger
  }
}
