/** Against a real broker of its own. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadToolPaths } from '../../config.ts'
import { TOPICS } from '../../domain/events.ts'
import type { Engine } from '../../local/engine.ts'
import { startKafka } from '../../local/kafka.ts'
import { freePort } from '../../local/ports.ts'
import {
  createKafka,
  PoisonMessage,
  type EventLog,
  type IncomingMessage,
} from '../../gateways/kafka.ts'
import { createLog } from '../../gateways/log.ts'

const log = createLog({ level: 'silent', name: 'test' })
const build = (to: string[]) => createKafka({ brokers: to, clientId: 'gari-test', log })

/** Resolves when so many messages came. */
const collector = (count: number) => {
  const heard: IncomingMessage[] = []
  let done: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    done = resolve
  })
  const take = (message: IncomingMessage) => {
    heard.push(message)
    if (heard.length === count) done()
  }
  return { heard, all, take }
}

let broker: Engine
let brokers: string[]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gari-test-kafka-'))
  const [port, controllerPort] = [await freePort(), await freePort()]
  broker = await startKafka({ dir: folder, port, controllerPort, cache: loadToolPaths().cache })
  brokers = [broker.address]
})
afterAll(async () => {
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('the event log', () => {
  const topic = `test.${randomUUID()}`
  let events: EventLog
  beforeAll(() => {
    events = build(brokers)
  })
  afterAll(() => events.close())

  test('keeps the order of each key, with headers, for a group that comes later', async () => {
    await events.ensureTopics([topic])
    await events.ensureTopics([topic])
    expect(await events.ping()).toBe(true)
    const batch = Array.from({ length: 60 }, (_, nth) => ({
      key: `key-${nth % 3}`,
      value: String(nth),
      headers: { id: `e-${nth}` },
    }))
    await Promise.all([
      events.publishBatch(topic, batch.slice(0, 30)),
      events.publishBatch(topic, batch.slice(30)),
      events.publishBatch(topic, []),
    ])
    const { heard, all, take } = collector(60)
    const subscription = await events.subscribe({
      groupId: `${topic}.order`,
      topics: [topic],
      onMessage: async (message) => take(message),
    })
    await all
    await subscription.close()
    for (const key of ['key-0', 'key-1', 'key-2']) {
      const values = heard.filter((one) => one.key === key).map(({ value }) => Number(value))
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(values).toHaveLength(20)
    }
    expect(heard[0]?.headers['id']).toBe(`e-${heard[0]?.value}`)
  })

  test('sets a poison message aside and goes on; tries others again until they work', async () => {
    const poisoned = `${topic}.poison`
    await events.ensureTopics([poisoned])
    const values = ['one', 'poison', 'stubborn', 'last']
    await events.publishBatch(
      poisoned,
      values.map((value) => ({ key: 'same', value, headers: { id: value } })),
    )
    let refusals = 2
    const { heard, all, take } = collector(3)
    const live = await events.subscribe({
      groupId: `${poisoned}.live`,
      topics: [poisoned],
      onMessage: async (message) => {
        if (message.value === 'poison') throw new PoisonMessage('not an event of ours')
        if (message.value === 'stubborn' && refusals-- > 0) throw new Error('the database is away')
        take(message)
      },
    })
    await all
    await live.close()
    expect(heard.map(({ value }) => value)).toEqual(['one', 'stubborn', 'last'])

    const dead = collector(1)
    const reading = await events.subscribe({
      groupId: `${poisoned}.dead`,
      topics: [`${poisoned}.dead`],
      onMessage: async (message) => dead.take(message),
    })
    await dead.all
    await reading.close()
    expect(dead.heard[0]).toMatchObject({
      key: 'same',
      value: 'poison',
      headers: {
        id: 'poison',
        'dead-reason': 'not an event of ours',
        'dead-topic': poisoned,
        'dead-offset': '1',
      },
    })
  })

  test('reads everything since a moment, for nobody’s group', async () => {
    const read = `${topic}.read`
    await events.ensureTopics([read])
    const message = (value: string) => ({ key: value, value, headers: {} })
    await events.publishBatch(read, ['one', 'two', 'three'].map(message))
    const since = async (moment: Date) => {
      const heard: string[] = []
      await events.readSince({
        topics: [read, `${read}.absent`],
        since: moment,
        onMessage: async ({ value }) => void heard.push(value),
      })
      return heard.sort()
    }
    expect(await since(new Date(0))).toEqual(['one', 'three', 'two'])
    expect(await since(new Date(Date.now() + 60_000))).toEqual([])
    const refuse = { topics: [read], since: new Date(0), onMessage: () => Promise.reject('no') }
    await expect(events.readSince(refuse)).rejects.toThrow('no')
  })

  test('hears a message again when its handler was still failing at the end', async () => {
    const again = `${topic}.again`
    await events.ensureTopics([again])
    await events.publishBatch(again, [{ key: 'k', value: 'v', headers: {} }])
    const failed = collector(1)
    const first = await events.subscribe({
      groupId: again,
      topics: [again],
      onMessage: async (message) => {
        failed.take(message)
        throw new Error('the database is away')
      },
    })
    await failed.all
    await first.close()
    const { heard, all, take } = collector(1)
    const second = await events.subscribe({
      groupId: again,
      topics: [again],
      onMessage: async (message) => take(message),
    })
    await all
    await second.close()
    expect(heard[0]?.value).toBe('v')
  })

  test('keeps for good what is to be kept, also where it was there before, and what else was set', async () => {
    const { Kafka, ConfigResourceTypes, logLevel } = await import('kafkajs')
    const admin = new Kafka({
      brokers,
      clientId: 'gari-test-admin',
      logLevel: logLevel.NOTHING,
    }).admin()
    await admin.connect()
    const settingsOf = async (name: string) => {
      const configNames = ['retention.ms', 'segment.ms']
      const asked = { type: ConfigResourceTypes.TOPIC, name, configNames }
      const { resources } = await admin.describeConfigs({
        resources: [asked],
        includeSynonyms: false,
      })
      const entries = resources[0]?.configEntries ?? []
      return Object.fromEntries(entries.map((one) => [one.configName, one.configValue]))
    }
    const set = [
      { name: 'retention.ms', value: '3600000' },
      { name: 'segment.ms', value: '1234567' },
    ]
    const [other] = [`${topic}.other`]
    await admin.createTopics({
      topics: [TOPICS.audit, other].map((name) => ({ topic: name, configEntries: set })),
      waitForLeaders: true,
    })
    await events.ensureTopics([TOPICS.audit, other])
    await events.ensureTopics([TOPICS.audit, other])
    expect(await settingsOf(TOPICS.audit)).toEqual({
      'retention.ms': '-1',
      'segment.ms': '1234567',
    })
    expect(await settingsOf(other)).toEqual({ 'retention.ms': '3600000', 'segment.ms': '1234567' })
    await admin.disconnect()
  })

  test('refuses a topic that nobody created, and publishes the next batch all the same', async () => {
    const missing = events.publishBatch(`${topic}.nowhere`, [{ key: 'k', value: 'v', headers: {} }])
    await expect(missing).rejects.toThrow()
    await expect(
      events.publishBatch(topic, [{ key: 'k', value: 'v', headers: {} }]),
    ).resolves.toBeUndefined()
  })
})

test('without a broker a batch is refused, and ping says no', async () => {
  const nowhere = build(['127.0.0.1:1'])
  expect(await nowhere.ping()).toBe(false)
  await expect(nowhere.publishBatch('t', [{ key: 'k', value: 'v', headers: {} }])).rejects.toThrow()
  await nowhere.close()
})
