/** A consumer that loses nothing: a message is done when its handler says so, or when it lies in the dead topic. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Consumer, EachMessagePayload, Kafka } from 'kafkajs'
import type { Log } from '../log.ts'
import {
  deadTopic,
  PoisonMessage,
  readHeaders,
  toDeadLetter,
  type IncomingMessage,
} from './messages.ts'
import type { Publisher } from './producer.ts'

export type Subscription = {
  groupId: string
  topics: string[]
  /** Rejecting with PoisonMessage sets the message aside; with anything else, it is tried again until it works. */
  onMessage: (message: IncomingMessage) => Promise<void>
}

type World = { kafka: Kafka; publisher: Publisher; log: Log }

/** Whoever is cut off comes back under another name, and waits so long for the one it had. */
const SESSION_MS = 15_000
const HEARTBEAT_MS = 3_000
/** How long the broker holds an empty answer back, and so how long an idle subscriber takes to end. */
const LONGEST_FETCH_MS = 500
const PARTITIONS_AT_ONCE = 3
const COMMIT_MS = 1_000
const FIRST_REST_MS = 200
/** Below the session's end, because heartbeats are sent between rests only. */
const LONGEST_REST_MS = 5_000
const RESTART_MS = 5_000

export async function startSubscriber(
  world: World,
  subscription: Subscription,
): Promise<{ close(): Promise<void> }> {
  const ending = new AbortController()
  let consumer = await start(world, subscription, ending.signal, restart)

  /** kafkajs comes back by itself from errors it knows; after others it has stopped for good. */
  function restart(): void {
    pause(RESTART_MS, undefined, { signal: ending.signal, ref: false })
      .then(() => start(world, subscription, ending.signal, restart))
      .then(
        (fresh) => {
          consumer = fresh
          return ending.signal.aborted ? fresh.disconnect() : undefined
        },
        (error: unknown) => {
          if (ending.signal.aborted) return
          world.log.warn({ groupId: subscription.groupId, error: String(error) }, 'still no Kafka')
          restart()
        },
      )
      .catch((error: unknown) => world.log.warn({ error: String(error) }, 'a consumer did not end'))
  }

  return {
    async close() {
      ending.abort()
      await consumer.disconnect()
    },
  }
}

async function start(
  { kafka, publisher, log }: World,
  { groupId, topics, onMessage }: Subscription,
  ending: AbortSignal,
  onCrash: () => void,
): Promise<Consumer> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: LONGEST_FETCH_MS,
    allowAutoTopicCreation: false,
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    log.warn(
      { groupId, error: String(payload.error), restart: payload.restart },
      'consumer crashed',
    )
    if (!payload.restart && !ending.aborted) onCrash()
  })
  try {
    await consumer.connect()
    // A group that was never seen begins with the oldest event, so that none is missed.
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      autoCommitInterval: COMMIT_MS,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachMessage: (payload) => insist({ publisher, log, onMessage, ending }, payload),
    })
    return consumer
  } catch (error) {
    await consumer.disconnect().catch(() => undefined)
    throw error
  }
}

type Handling = {
  publisher: Publisher
  log: Log
  onMessage: Subscription['onMessage']
  ending: AbortSignal
}

/** The partition waits for this message: its order is worth more than its speed. */
async function insist(handling: Handling, payload: EachMessagePayload): Promise<void> {
  const { log, ending } = handling
  const { topic, partition, message } = payload
  for (let restMs = FIRST_REST_MS; ; restMs = Math.min(restMs * 2, LONGEST_REST_MS)) {
    try {
      return await handle(handling, payload)
    } catch (error) {
      const where = { topic, partition, offset: message.offset }
      log.warn({ ...where, error: String(error), restMs }, 'an event waits to be handled')
      // Thrown at the end too: the offset must not be committed.
      if (ending.aborted) throw error
      await pause(restMs, undefined, { signal: ending })
      await payload.heartbeat()
    }
  }
}

async function handle(handling: Handling, payload: EachMessagePayload): Promise<void> {
  const { publisher, log, onMessage } = handling
  const { topic, partition, message } = payload
  const incoming: IncomingMessage = {
    topic,
    partition,
    offset: message.offset,
    key: message.key?.toString('utf8') ?? '',
    value: message.value?.toString('utf8') ?? '',
    headers: readHeaders(message.headers),
  }
  try {
    await onMessage(incoming)
  } catch (error) {
    if (!(error instanceof PoisonMessage)) throw error
    await publisher.publishBatch(deadTopic(topic), [toDeadLetter(incoming, error.message)])
    const where = { topic, partition, offset: message.offset }
    log.error({ ...where, reason: error.message }, 'an event was set aside')
  }
}
