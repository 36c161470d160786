/**
 * What must be true after every fault, checked without any code of the product: plain statements over what it left
 * behind, beside the simulator's own ledger and Kafka.
 */
import { expect } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { select, type Database } from '../../db/connection.ts'
import { TOPICS } from '../../domain/events.ts'
import { eventually, type Stack } from '../support/stack.ts'

/** How long a part may need until it is up and has caught up. */
export const RECOVERY_MS = 60_000

type Transaction = { checkoutRequestId: string; phone: string; amount: number; status: string }
const transactions = async (stack: Stack) => {
  const answer = await fetch(`${stack.simulator}/_control/ledger`)
  return ((await answer.json()) as { transactions: Transaction[] }).transactions
}
export const pushesTo = async (stack: Stack, phone: string) =>
  (await transactions(stack)).filter((one) => one.phone === phone)

export const isWhole = async (stack: Stack) => {
  const answer = await fetch(`${stack.baseUrl}/api/v1/status`).catch(() => null)
  if (!answer?.ok) return false
  const { parts } = (await answer.json()) as { parts: { health: string }[] }
  return parts.every(({ health }) => health === 'up')
}

/** Waits until all is up and said, then compares the books with the simulator's. */
export async function expectOneStory(stack: Stack, db: Database): Promise<void> {
  await eventually('every part is up again', () => isWhole(stack), RECOVERY_MS)
  await eventually(
    'the outbox is empty',
    async () => (await select(db, 'SELECT 1 FROM outbox')).length === 0,
    RECOVERY_MS,
  )
  const overlaps = `SELECT 1 FROM holds a JOIN holds b
    ON a.resource_id = b.resource_id AND a.id < b.id AND a.period && b.period
    WHERE a.state IN ('held', 'confirmed', 'active') AND b.state IN ('held', 'confirmed', 'active')`
  expect(await select(db, overlaps)).toEqual([])
  const unbalanced =
    'SELECT entry_id FROM ledger_postings GROUP BY entry_id HAVING sum(amount_cents) <> 0'
  expect(await select(db, unbalanced)).toEqual([])
  const ours = await select<{ id: string; cents: string; entries: string }>(
    db,
    `SELECT p.checkout_request_id AS id, p.amount_cents AS cents,
       (SELECT count(*) FROM ledger_entries e WHERE e.kind = 'payment' AND e.reference = p.id::text) AS entries
     FROM payments p WHERE p.status IN ('settled', 'refunding', 'refunded')`,
  )
  const theirs = (await transactions(stack)).filter(({ status }) => status === 'paid')
  const sorted = (list: string[]) => list.toSorted()
  expect(sorted(ours.map(({ id, cents, entries }) => `${id} ${cents} ${entries}`))).toEqual(
    sorted(theirs.map((one) => `${one.checkoutRequestId} ${one.amount * 100} 1`)),
  )
}

/** The distinct event types of one booking, in the order of Kafka. */
export async function heardOf(stack: Stack, id: string, last: string): Promise<string[]> {
  const kafka = new Kafka({ brokers: [stack.kafka], logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}` })
  const heard: string[] = []
  await consumer.connect()
  const subscription = { topics: [TOPICS.reservations], fromBeginning: true }
  await eventually(
    'Kafka hosts the topic again',
    () =>
      consumer.subscribe(subscription).then(
        () => true,
        () => false,
      ),
    RECOVERY_MS,
  )
  await consumer.run({
    eachMessage: async ({ message }) => {
      const event = JSON.parse(message.value?.toString() ?? '{}') as {
        subject: string
        type: string
      }
      if (event.subject === id) heard.push(event.type)
    },
  })
  await eventually('the last event is there', async () => heard.includes(last), RECOVERY_MS)
  await consumer.disconnect()
  return [...new Set(heard)]
}
