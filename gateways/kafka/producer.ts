/** An idempotent producer that is thrown away after every failure. */
import { Partitioners, type Kafka, type Producer } from 'kafkajs'
import type { Log } from '../log.ts'
import type { OutgoingMessage } from './messages.ts'

export type Publisher = {
  publishBatch: (topic: string, messages: OutgoingMessage[]) => Promise<void>
  close(): Promise<void>
}

const ALL_IN_SYNC = -1

/**
 * After a failure nobody knows whether the broker has the batch. An idempotent producer that went on would reuse its
 * sequence numbers for the next batch, and the broker would take another batch for a repeat of the lost one and drop
 * it; or it would answer "out of order" for ever. A new producer can at worst publish something twice.
 */
export function createPublisher(kafka: Kafka, log: Log): Publisher {
  let current: Promise<Producer> | null = null
  let queue: Promise<unknown> = Promise.resolve()

  const connected = (): Promise<Producer> => {
    current ??= connect(kafka).catch((error: unknown) => {
      current = null
      throw error
    })
    return current
  }
  const drop = async (): Promise<void> => {
    const old = current
    current = null
    const producer = await old?.catch(() => null)
    await producer?.disconnect().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'a Kafka producer did not end cleanly')
    })
  }
  const publish = async (topic: string, messages: OutgoingMessage[]): Promise<void> => {
    if (messages.length === 0) return
    const producer = await connected()
    try {
      await producer.send({ topic, messages, acks: ALL_IN_SYNC })
    } catch (error) {
      await drop()
      throw error
    }
  }

  return {
    /** One batch after the other, so that two of one key cannot overtake each other. */
    publishBatch(topic, messages) {
      const turn = queue.then(() => publish(topic, messages))
      queue = turn.catch(() => undefined)
      return turn
    },
    async close() {
      await queue
      await drop()
    },
  }
}

async function connect(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  try {
    await producer.connect()
    return producer
  } catch (error) {
    await producer.disconnect().catch(() => undefined)
    throw error
  }
}
