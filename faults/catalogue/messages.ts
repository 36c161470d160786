/** Poison: messages that nobody can read, and stories that can never go on. */
import { Client, Connection } from '@temporalio/client'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import type { Fault, Scene } from './fault.ts'

const TOPICS = ['gari.reservations.v1', 'gari.payments.v1']
const MEGABYTE = 1_000_000
/** Two read each topic; the notifier passes by what it tells nobody of, before it looks closely. */
const [BOTH, ONE] = [2, 1]
const POISON = [
  { value: 'not even JSON', setAsideBy: BOTH },
  { value: '{"id":1}', setAsideBy: BOTH },
  {
    value: JSON.stringify({ id: 'x', type: 'gari.reservation.held.v99', subject: 'x', data: {} }),
    setAsideBy: ONE,
  },
  {
    value: JSON.stringify({ id: 'y', type: 'gari.reservation.held.v1', subject: 'y', data: 'no' }),
    setAsideBy: BOTH,
  },
  { value: 'x'.repeat(MEGABYTE - 10_000), setAsideBy: BOTH },
]
const SET_ASIDE = POISON.reduce((sum, { setAsideBy }) => sum + setAsideBy, 0)

async function poison({ house, lasts, until, complain }: Scene): Promise<void> {
  const kafka = new Kafka({ brokers: [house.kafka], logLevel: logLevel.NOTHING })
  const [producer, admin] = [
    kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
    kafka.admin(),
  ]
  await Promise.all([producer.connect(), admin.connect()])
  const aside = async (topic: string) =>
    (await admin.fetchTopicOffsets(`${topic}.dead`)).reduce(
      (sum, { high }) => sum + Number(high),
      0,
    )
  try {
    const before = new Map<string, number>()
    for (const topic of TOPICS) before.set(topic, await aside(topic))
    const messages = POISON.map(({ value }) => ({ key: 'poison', value }))
    for (const topic of TOPICS) await producer.send({ topic, messages })
    await lasts(5)
    for (const topic of TOPICS) {
      const added = async () => (await aside(topic)) - (before.get(topic) ?? 0)
      // Whoever dies between setting aside and saying so does it again: more is no harm.
      await until(
        'all that cannot be read lies aside',
        async () => (await added()) >= SET_ASIDE,
      ).catch(async () => complain(`${await added()} of ${SET_ASIDE} of ${topic} lie aside`))
    }
  } finally {
    await Promise.all([producer.disconnect(), admin.disconnect()])
  }
}

/** Stories whose beginning makes no sense: an own mistake, or somebody with access to Temporal. */
async function poisonStories({ house, lasts }: Scene): Promise<void> {
  const connection = await Connection.connect({ address: house.temporal })
  const { workflow } = new Client({ connection })
  const ids: string[] = []
  try {
    for (const [type, taskQueue] of [
      ['reservation', 'gari-business'],
      ['payment', 'gari-payments'],
      ['noSuchStory', 'gari-business'],
    ] as const) {
      const workflowId = `poison:${type}:${Date.now()}`
      await workflow.start(type, { taskQueue, workflowId, args: [{ nothing: 'useful' }] })
      ids.push(workflowId)
    }
    await lasts(25)
  } finally {
    for (const id of ids)
      await workflow
        .getHandle(id)
        .terminate('poison')
        .catch(() => undefined)
    await connection.close()
  }
}

export const messages: Fault[] = [
  {
    number: 22,
    name: 'Messages on our topics that are no events of ours',
    promise: 'they are set aside with their place; what follows them is heard',
    happen: poison,
  },
  {
    number: 23,
    name: 'Stories that can never go on',
    promise: 'only they stand still; all others go on',
    happen: poisonStories,
  },
]
