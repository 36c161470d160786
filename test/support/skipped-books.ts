/** The real books on a real database, in a world whose clock the test skips; only Safaricom is played. */
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client'
import { createBookActivities } from '../../activities/index.ts'
import {
  lateMoneyWorkflowId,
  paymentWorkflowId,
  reservationWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import type { PushState } from '../../domain/payments.ts'
import { DEFAULT_POLICY, type ReservationInput } from '../../domain/reservations.ts'
import { lateReport, type lateMoney } from '../../workflows/late-money.ts'
import { paymentReported } from '../../workflows/payment-messages.ts'
import { awaitHold, requestPayment } from '../../workflows/reservation-messages.ts'
import type { reservation } from '../../workflows/reservation.ts'
import type { Booking, Prompted } from './builders.ts'
import { buildCallback, buildMessage, nextPhone } from './builders.ts'
import type { TestDatabase } from './database.ts'
import type { WorkflowEnvironment } from './workflow-environment.ts'

export type SkippedBooks = ReturnType<typeof createSkippedBooks>

export function createSkippedBooks(world: WorkflowEnvironment, db: TestDatabase) {
  const { client } = world.env
  /** What M-Pesa says when it is asked, by checkout request id; it knows nothing of the others. */
  const answers = new Map<string, PushState>()
  let clock = new Date()
  const books = createBookActivities({ db, now: () => clock, policy: DEFAULT_POLICY })
  const atTheirTime = Object.entries(books).map(([name, step]) => [
    name,
    async (...args: unknown[]) => {
      clock = new Date(await world.env.currentTimeMs())
      return (step as (...all: unknown[]) => unknown)(...args)
    },
  ])
  const accepted = { outcome: 'accepted', conversationId: 'AG_1', originatorConversationId: 'o-1' }
  const activities = {
    ...(Object.fromEntries(atTheirTime) as typeof books),
    requestStkPush: async ({ paymentId }: { paymentId: string }) => ({
      outcome: 'accepted',
      ...promptIds(paymentId),
    }),
    queryStkPush: async (id: string): Promise<PushState> =>
      answers.get(id) ?? { outcome: 'unknown', why: 'as tested' },
    requestReversal: async () => accepted,
    requestTransactionStatus: async () => accepted,
  }

  async function hold(input: ReservationInput): Promise<Booking> {
    const held = await client.workflow.executeUpdateWithStart(awaitHold, {
      startWorkflowOperation: new WithStartWorkflowOperation<typeof reservation>('reservation', {
        workflowId: reservationWorkflowId(input.reservationId),
        taskQueue: TASK_QUEUES.business,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    })
    if (held.outcome !== 'held') throw new Error(held.code)
    return { input, held }
  }

  /** Everything that the booking costs, asked for on a phone. */
  async function ask({ input, held }: Booking): Promise<Prompted> {
    const { reservationId: ownerId, customerId } = input
    const paymentId = randomUUID()
    const partyId = held.parties[0]?.id ?? ''
    const wish = { paymentId, partyId, phone: nextPhone(), amount: held.total, actorId: customerId }
    const handle = client.workflow.getHandle<typeof reservation>(reservationWorkflowId(ownerId))
    await handle.executeUpdate(requestPayment, { args: [wish] })
    const owner = { purpose: 'reservation', ownerId, ownerNumber: held.number, customerId } as const
    return { ...wish, ...owner, ...promptIds(paymentId) }
  }

  /** The customer has paid: M-Pesa says so when asked, and reports it as Daraja's door hears it. */
  async function pay(prompt: Prompted): Promise<void> {
    const { paymentId } = prompt
    answers.set(prompt.checkoutRequestId, { outcome: 'paid' })
    const { messageId } = await buildMessage(db, paymentId, buildCallback(prompt))
    const story = client.workflow.getHandle(paymentWorkflowId(paymentId))
    await story.signal(paymentReported, { messageId }).catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error
      return startLate(paymentId, messageId)
    })
  }

  const startLate = (paymentId: string, messageId: string) =>
    client.workflow.signalWithStart<typeof lateMoney, [{ messageId: string }]>('lateMoney', {
      workflowId: lateMoneyWorkflowId(paymentId),
      taskQueue: TASK_QUEUES.payments,
      args: [{ paymentId }],
      signal: lateReport,
      signalArgs: [{ messageId }],
    })

  return { activities, answers, hold, ask, pay }
}

const promptIds = (paymentId: string) => ({
  merchantRequestId: `m-${paymentId}`,
  checkoutRequestId: `ws_CO_${paymentId}`,
})
