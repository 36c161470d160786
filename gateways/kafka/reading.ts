/** Everything on some topics from one moment to now, read once and by nobody's group. */
import { randomUUID } from 'node:crypto'
import type { Admin, Consumer, EachMessagePayload, Kafka } from 'kafkajs'
import { readHeaders, type IncomingMessage } from './messages.ts'

export type Reading = {
  topics: string[]
  since: Date
  /** One after the other within a partition. A rejection ends the reading. */
  onMessage: (message: IncomingMessage) => Promise<void>
}

/** Without a message; a broker that is busy may take a while for the first. */
const SILENT_MS = 30_000

type Place = { topic: string; partition: number; from: string; to: string }

/** Resolves when all that was there at its beginning has been handled. */
export async function readSince(kafka: Kafka, reading: Reading): Promise<void> {
  const groupId = `gari-reading-${randomUUID()}`
  const admin = kafka.admin()
  await admin.connect()
  try {
    const places = await placesOf(admin, reading)
    if (places.length === 0) return
    const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false })
    try {
      await readAll(consumer, places, reading)
    } finally {
      await consumer.disconnect()
      await admin.deleteGroups([groupId]).catch(() => undefined)
    }
  } finally {
    await admin.disconnect()
  }
}

async function placesOf(admin: Admin, { topics, since }: Reading): Promise<Place[]> {
  const existing = new Set(await admin.listTopics())
  const places: Place[] = []
  for (const topic of topics.filter((name) => existing.has(name))) {
    const begins = await admin.fetchTopicOffsetsByTimestamp(topic, since.getTime())
    const from = new Map(begins.map(({ partition, offset }) => [partition, offset]))
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      const begin = from.get(partition) ?? high
      if (BigInt(begin) < BigInt(high)) places.push({ topic, partition, from: begin, to: high })
    }
  }
  return places
}

async function readAll(consumer: Consumer, places: Place[], { onMessage }: Reading): Promise<void> {
  const left = new Map(places.map((place) => [`${place.topic}/${place.partition}`, place]))
  await consumer.connect()
  await consumer.subscribe({ topics: [...new Set(places.map(({ topic }) => topic))] })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Kafka did not tell everything')), SILENT_MS)
    const handle = async (payload: EachMessagePayload) => {
      late.refresh()
      const key = `${payload.topic}/${payload.partition}`
      const place = left.get(key)
      const at = BigInt(payload.message.offset)
      if (!place || at < BigInt(place.from) || at >= BigInt(place.to)) return
      try {
        await onMessage(toIncoming(payload))
      } catch (error) {
        clearTimeout(late)
        reject(error instanceof Error ? error : new Error(String(error)))
        return
      }
      if (at < BigInt(place.to) - 1n) return
      left.delete(key)
      if (left.size > 0) return
      clearTimeout(late)
      resolve()
    }
    consumer.run({ autoCommit: false, eachMessage: handle }).catch(reject)
    for (const { topic, partition, from } of places)
      consumer.seek({ topic, partition, offset: from })
  })
}

const toIncoming = ({ topic, partition, message }: EachMessagePayload): IncomingMessage => ({
  topic,
  partition,
  offset: message.offset,
  key: message.key?.toString('utf8') ?? '',
  value: message.value?.toString('utf8') ?? '',
  headers: readHeaders(message.headers),
})
