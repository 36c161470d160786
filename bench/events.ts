/** From the commit of an event to its arrival at a reader, at a steady rate, beside Kafka without the outbox. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import { connectDatabase, inTransaction, type Database } from '../db/connection.ts'
import { appendEvents } from '../db/outbox.ts'
import { TOPICS } from '../domain/events.ts'
import { eventually, startStack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { percentile } from './measure.ts'
import type { Options } from './options.ts'

/** How often a few of them are committed together, as bookings do it. */
const TICK_MS = 20
const SECOND_MS = 1_000
/** Cars that they are about; each has its own order. */
const KEYS = 200
const ARRIVED_MS = 30_000
/** The relay looks again after so long without work (workers/outbox.ts). */
const POLL_MS = 40
const TYPE = 'vehicle.released'
const RELEASED = {
  vehicle_id: randomUUID(),
  hold_id: randomUUID(),
  purpose: 'reservation',
  from: new Date().toISOString(),
  to: new Date().toISOString(),
  reason: 'bench',
}

/** What of a CloudEvent is looked at. */
type Told = { time: string; sequence: string }
type Sent = { tag: string; count: number }
type Send = (tag: string, count: number) => Promise<void>
type Lag = { rate: number; p50: number; p99: number; sent: number; arrived: number }
/** `nth` of all that were sent alike. */
type Heard = (tag: string, nth: string, sentAt: number) => void

/** Hears everything about cars from now on. */
async function listen(kafka: Kafka, heard: Heard) {
  const admin = kafka.admin()
  await admin.connect()
  await eventually('the topic is there', async () =>
    (await admin.listTopics()).includes(TOPICS.fleet),
  )
  await admin.disconnect()
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: POLL_MS })
  await consumer.connect()
  await consumer.subscribe({ topics: [TOPICS.fleet], fromBeginning: false })
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
  })
  await consumer.run({
    eachMessage: async ({ message }) => {
      const [tag = ''] = String(message.key).split(':')
      const { time, sequence } = JSON.parse(String(message.value)) as Told
      heard(tag, sequence, Date.parse(time))
    },
  })
  await joined
  return consumer
}

/** Steady: what the clock says should be out by now goes out, however long the last ones took. */
async function sendAt(rate: number, seconds: number, send: Send): Promise<Sent> {
  const tag = randomUUID()
  const began = performance.now()
  const under: Promise<void>[] = []
  let count = 0
  while (count < rate * seconds) {
    const due = Math.min(
      rate * seconds,
      Math.ceil(((performance.now() - began) / SECOND_MS) * rate),
    )
    if (due > count) under.push(send(tag, due - count))
    count = due
    await rest(TICK_MS)
  }
  await Promise.all(under)
  return { tag, count }
}

const keyOf = (tag: string, nth: number) => `${tag}:${nth % KEYS}`

function throughOutbox(db: Database): Send {
  let nth = 0
  return (tag, count) =>
    inTransaction(db, (tx) =>
      appendEvents(
        tx,
        Array.from({ length: count }, () => ({
          type: TYPE,
          key: keyOf(tag, (nth += 1)),
          version: nth,
          data: RELEASED,
        })),
      ),
    )
}

function straight(producer: Producer): Send {
  let nth = 0
  return async (tag, count) => {
    const messages = Array.from({ length: count }, () => {
      const sequence = String((nth += 1))
      const told: Told = { time: new Date().toISOString(), sequence }
      return { key: keyOf(tag, nth), value: JSON.stringify({ ...told, data: RELEASED }) }
    })
    await producer.send({ topic: TOPICS.fleet, messages })
  }
}

const row = (name: string, { rate, p50, p99, sent, arrived }: Lag) =>
  `| ${name} | ${rate} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${sent} | ${arrived} |`

export async function benchEvents({ rates, seconds }: Options): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' }, 'bench-events')
  const db = connectDatabase({ url: stack.databaseUrl, pool: 10, applicationName: 'gari-bench' })
  const kafka = new Kafka({ brokers: [stack.kafka], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  const lags = new Map<string, Map<string, number>>()
  const lagsOf = (tag: string) => {
    const known = lags.get(tag) ?? new Map<string, number>()
    lags.set(tag, known)
    return known
  }
  // An event that comes twice has arrived once.
  const note: Heard = (tag, nth, sentAt) => {
    const known = lagsOf(tag)
    if (!known.has(nth)) known.set(nth, Date.now() - sentAt)
  }
  const closers: (() => Promise<unknown>)[] = [() => stack.stop(), () => db.close()]
  const measure = async (rate: number, send: Send): Promise<Lag> => {
    const { tag, count: sent } = await sendAt(rate, seconds, send)
    const until = performance.now() + ARRIVED_MS
    while (lagsOf(tag).size < sent && performance.now() < until) await rest(TICK_MS)
    const sorted = [...lagsOf(tag).values()].toSorted((one, other) => one - other)
    const arrived = sorted.length
    if (arrived < sent) process.exitCode = 1
    return { rate, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), sent, arrived }
  }
  try {
    const consumer = await listen(kafka, note)
    closers.push(() => consumer.disconnect())
    await producer.connect()
    closers.push(() => producer.disconnect())
    await measure(rates[0] ?? 1, throughOutbox(db))
    const lines: string[] = []
    for (const rate of rates) {
      lines.push(row('Kafka alone', await measure(rate, straight(producer))))
      lines.push(row('through the outbox', await measure(rate, throughOutbox(db))))
    }
    await keepFigures(
      'Events',
      `\`npm run bench -- events --rates ${rates.join(',')} --seconds ${seconds}\`: from the commit to a reader of Kafka; the relay looks every
${POLL_MS} ms. Aim: p99 < 250 ms.`,
      [
        '| | events per s | p50 ms | p99 ms | sent | arrived |',
        '|---|---|---|---|---|---|',
        ...lines,
      ],
    )
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}
