/**
 * Invoices without a person: billed when a booking is confirmed, receipts when money comes, credit notes when it goes
 * back. What was heard is written down in one transaction; stories and e-mails follow from rows, so a crash in
 * between repeats a step and loses none.
 */
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { z } from 'zod'
import { billConfirmed } from '../db/billing.ts'
import { inTransaction, type Tx } from '../db/connection.ts'
import { creditRefund } from '../db/credit-notes.ts'
import { recountInvoices } from '../db/invoices.ts'
import { lockInvoicesOf } from '../db/invoice-rows.ts'
import { listToStart, markStarted, type Waiting } from '../db/invoice-sweeps.ts'
import { consumeOnce } from '../db/notifications.ts'
import { issueReceipt } from '../db/receipts.ts'
import { TOPICS } from '../domain/events.ts'
import { creditNoteWorkflowId, invoiceWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import { PoisonMessage, type EventLog } from '../gateways/kafka.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const CONSUMER = 'invoicing'
const REST_MS = 1_000
const LONGEST_REST_MS = 30_000
const BATCH = 20

const envelope = z.object({
  id: z.uuid(),
  type: z.string(),
  subject: z.string(),
  data: z.object({ owner_id: z.string().optional() }),
})
type Heard = z.infer<typeof envelope>

const readEvent = (value: string): Heard => {
  try {
    return envelope.parse(JSON.parse(value))
  } catch {
    throw new PoisonMessage('not an event of ours')
  }
}

/** What each event makes us write; the others are passed by. */
const DEEDS: Record<string, (tx: Tx, event: Heard, now: Date) => Promise<void>> = {
  'gari.reservation.confirmed.v1': (tx, { subject, id }) => billConfirmed(tx, subject, id),
  'gari.payment.succeeded.v1': (tx, { subject }, now) => issueReceipt(tx, subject, now),
  'gari.payment.refunded.v1': (tx, { subject }, now) => creditRefund(tx, subject, now),
}

/** Written down once; whoever waits for money is woken each time, because a repeat may follow a lost signal. */
export async function hearForInvoices(
  { db }: Pick<World, 'db'>,
  value: string,
  wake: (invoiceId: string) => Promise<void>,
): Promise<void> {
  const event = readEvent(value)
  const deed = DEEDS[event.type]
  if (!deed) return
  const now = new Date()
  const ownerId = event.data.owner_id ?? event.subject
  const touched = await inTransaction(db, async (tx) => {
    if (await consumeOnce(tx, CONSUMER, event.id)) {
      await deed(tx, event, now)
      await recountInvoices(tx, ownerId, now)
    }
    return lockInvoicesOf(tx, ownerId)
  })
  for (const { id, number } of touched) if (number) await wake(id)
}

const wakeBy = (client: Client) => async (id: string) => {
  try {
    await client.workflow.getHandle(invoiceWorkflowId(id)).signal('invoiceMoved')
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}

const STORIES = {
  invoice: (id: string) => ({
    type: 'invoice',
    workflowId: invoiceWorkflowId(id),
    args: [{ invoiceId: id }],
  }),
  credit_note: (id: string) => ({
    type: 'creditNote',
    workflowId: creditNoteWorkflowId(id),
    args: [{ creditNoteId: id }],
  }),
} as const

/** One that was started before counts as started. */
async function startOne(client: Client, { id, kind }: Waiting): Promise<void> {
  const { type, ...story } = STORIES[kind](id)
  try {
    await client.workflow.start(type, {
      ...story,
      taskQueue: TASK_QUEUES.business,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

export const startInvoiceSweep = (world: World, client: Client): Running =>
  startLoop(world, {
    name: 'invoices',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const waiting = await listToStart(world.db, BATCH)
      for (const one of waiting) {
        await startOne(client, one)
        await markStarted(world.db, one)
      }
      return waiting.length === BATCH
    },
  })

export function startInvoicing(world: World, kafka: EventLog, client: Client): Running {
  let subscription: { close(): Promise<void> } | null = null
  const subscribe = startLoop(world, {
    name: CONSUMER,
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      if (subscription) return false
      await kafka.ensureTopics(Object.values(TOPICS))
      subscription = await kafka.subscribe({
        groupId: `gari-${CONSUMER}`,
        topics: [TOPICS.reservations, TOPICS.payments],
        onMessage: async ({ value }) => hearForInvoices(world, value, wakeBy(client)),
      })
      return false
    },
  })
  return {
    ...subscribe,
    stop: async () => {
      await subscribe.stop()
      await subscription?.close()
    },
  }
}
