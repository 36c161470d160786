/**
 * Invoices without a person: billed when a booking is confirmed or a charge is paid, receipts when money comes, credit
 * notes when it goes back. What was heard is written down in one transaction; stories and e-mails follow from rows, so a crash in
 * between repeats a step and loses none.
 */
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { listToStart, markStarted, type Waiting } from '../db/invoice-sweeps.ts'
import { TOPICS } from '../domain/events.ts'
import { creditNoteWorkflowId, invoiceWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { EventLog } from '../gateways/kafka.ts'
import { CONSUMER, hearForInvoices } from './invoice-events.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const REST_MS = 1_000
const LONGEST_REST_MS = 30_000
const BATCH = 20

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
        topics: [TOPICS.reservations, TOPICS.charges, TOPICS.payments, TOPICS.refunds],
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
