/** Everything the api room says to workflows, with a deadline on each, and refusals as business errors. */
import {
  WithStartWorkflowOperation,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client'
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  lateMoneyWorkflowId,
  paymentWorkflowId,
  reservationWorkflowId,
  TASK_QUEUES,
} from '../domain/ids.ts'
import type { OfferAnswer, OfferChoice } from '../domain/late-offers.ts'
import type { ManualResolution, PromptAnswer } from '../domain/payments.ts'
import type {
  Cancellation,
  HoldAnswer,
  PaymentRequest,
  ReservationEnd,
  ReservationInput,
} from '../domain/reservations.ts'
import type { TenderRequest } from '../domain/tenders.ts'
import { confirmTransfer, withdrawTransfer } from '../workflows/desk-messages.ts'
import { chooseOffer } from '../workflows/late-offers.ts'
import type { RefundAnswer, RefundInput } from '../domain/refunds.ts'
import { awaitPrompt } from '../workflows/payment-messages.ts'
import type { payment } from '../workflows/payment.ts'
import type { ReconciliationInput } from '../domain/reconciliation.ts'
import { startReconciliation } from './reconciliation-messages.ts'
import { createParkedMessages } from './parked-workflows.ts'
import { away, isAlreadyStarted, translate, withDeadline } from './temporal-answers.ts'
import {
  awaitHold,
  cancelReservation,
  declineShare,
  receivePayment,
  requestPayment,
} from '../workflows/reservation-messages.ts'
import { createChargeWorkflows, type ChargeWorkflows } from './charge-messages.ts'
import { createRentalWorkflows, type RentalWorkflows } from './rental-messages.ts'
import type { reservation } from '../workflows/reservation.ts'
import type { CashPaid, NamedPhone, RefundSay } from '../workflows/refund-messages.ts'
import { createRefundMessages } from './refund-messages.ts'
import { BUSINESS_STATUS, CUSTOMER_ID } from '../workflows/search-attributes.ts'

/** Past this the page says "we are on it" and looks again with the same id. */
export const ANSWER_MS = 5_000
const PROMPT_MS = 8_000
const LOOK_MS = 1_000

export type Workflows = {
  charges: ChargeWorkflows
  rentals: RentalWorkflows
  /** Starts the reservation (or meets the one with this id) and waits for held or refused. */
  reserve(input: ReservationInput): Promise<HoldAnswer | 'pending' | 'already_ended'>
  requestPayment(reservationId: string, request: PaymentRequest): Promise<void>
  /** Cash, a card slip, a transfer, a company's account, credit; `awaitPrompt` tells whether it was taken. */
  receivePayment(reservationId: string, request: TenderRequest): Promise<void>
  confirmTransfer(paymentId: string, seen: { reference: string; actorId: string }): Promise<void>
  withdrawTransfer(paymentId: string, why: { reason: string; actorId: string }): Promise<void>
  /** The payment's first answer; null when it takes longer than a person should wait. */
  awaitPrompt(paymentId: string): Promise<PromptAnswer | null>
  cancelReservation(reservationId: string, wish: Cancellation): Promise<ReservationEnd>
  declineShare(reservationId: string, partyId: string): Promise<void>
  /** Of another car for money that came too late; the payment is the one whose story holds the offer. */
  chooseOffer(paymentId: string, choice: OfferChoice): Promise<OfferAnswer>
  /** Starts the refund (or meets the one with this id) and waits to hear whether it can be. */
  requestRefund(input: RefundInput): Promise<RefundAnswer>
  decideRefund(refundId: string, word: 'approve' | 'decline', say: RefundSay): Promise<void>
  nameRefundPhone(refundId: string, named: NamedPhone): Promise<void>
  payRefundInCash(refundId: string, paid: CashPaid): Promise<void>
  /** Starts the comparison, or meets the one with this id. */
  reconcile(input: ReconciliationInput): Promise<void>
  retryStep(workflowId: string): Promise<void>
  resolveManually(workflowId: string, how: ManualResolution): Promise<void>
  listParked(limit: number): Promise<{ workflowId: string; runId: string; since: Date }[]>
}

async function reserve(
  client: Client,
  input: ReservationInput,
): Promise<HoldAnswer | 'pending' | 'already_ended'> {
  const operation = new WithStartWorkflowOperation<typeof reservation>('reservation', {
    workflowId: reservationWorkflowId(input.reservationId),
    taskQueue: TASK_QUEUES.business,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    // One that was ended by hand, or after a restore, may be asked for again under its key.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: 'A booking, from the hold to the return',
    typedSearchAttributes: new TypedSearchAttributes([
      { key: CUSTOMER_ID, value: input.customerId },
      { key: BUSINESS_STATUS, value: 'pending' },
    ]),
  })
  try {
    return await client.withDeadline(Date.now() + ANSWER_MS, () =>
      client.workflow.executeUpdateWithStart(awaitHold, {
        startWorkflowOperation: operation,
        updateId: `hold:${input.reservationId}`,
      }),
    )
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return slowOrAway(client, input)
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_ended'
    if (isAlreadyStarted(error)) return 'already_ended'
    return translate(error)
  }
}

/** No answer in time: "we are on it" only when Temporal knows of the booking; otherwise it never heard of it. */
async function slowOrAway(client: Client, input: ReservationInput): Promise<'pending'> {
  const handle = client.workflow.getHandle(reservationWorkflowId(input.reservationId))
  try {
    await client.withDeadline(Date.now() + LOOK_MS, () => handle.describe())
    return 'pending'
  } catch {
    throw away()
  }
}

/**
 * A payment that our own books refuse may end before it hears the question; then its result says why. Whatever
 * else went wrong, the row tells how it stands, and nobody should wait longer.
 */
async function endedPrompt(client: Client, paymentId: string): Promise<PromptAnswer | null> {
  const handle = client.workflow.getHandle<typeof payment>(paymentWorkflowId(paymentId))
  try {
    return await client.withDeadline(Date.now() + LOOK_MS, async () => {
      const { status } = await handle.describe()
      if (status.name !== 'COMPLETED') return null
      const result = await handle.result()
      return result.outcome === 'refused' ? { outcome: 'refused', reason: result.reason } : null
    })
  } catch {
    return null
  }
}

export function createWorkflows(client: Client): Workflows {
  const booking = (id: string) => client.workflow.getHandle(reservationWorkflowId(id))
  const paymentOf = (id: string) => client.workflow.getHandle(paymentWorkflowId(id))
  return {
    charges: createChargeWorkflows(client, (call) => withDeadline(client, ANSWER_MS, call)),
    rentals: createRentalWorkflows(client, (call) => withDeadline(client, ANSWER_MS, call)),
    reserve: (input) => reserve(client, input),
    requestPayment: async (id, request) => {
      await withDeadline(client, ANSWER_MS, () =>
        booking(id).executeUpdate(requestPayment, {
          args: [request],
          updateId: `pay:${request.paymentId}`,
        }),
      )
    },
    receivePayment: async (id, request) => {
      await withDeadline(client, ANSWER_MS, () =>
        booking(id).executeUpdate(receivePayment, {
          args: [request],
          updateId: `receive:${request.paymentId}`,
        }),
      )
    },
    confirmTransfer: async (id, seen) => {
      await withDeadline(client, ANSWER_MS, () =>
        paymentOf(id).executeUpdate(confirmTransfer, { args: [seen] }),
      )
    },
    withdrawTransfer: async (id, why) => {
      await withDeadline(client, ANSWER_MS, () =>
        paymentOf(id).executeUpdate(withdrawTransfer, { args: [why] }),
      )
    },
    awaitPrompt: async (paymentId) => {
      const handle = client.workflow.getHandle(paymentWorkflowId(paymentId))
      try {
        return await client.withDeadline(Date.now() + PROMPT_MS, () =>
          handle.executeUpdate(awaitPrompt, { updateId: `prompt:${paymentId}` }),
        )
      } catch {
        return endedPrompt(client, paymentId)
      }
    },
    cancelReservation: (id, wish) =>
      withDeadline(client, ANSWER_MS, () =>
        booking(id).executeUpdate(cancelReservation, { args: [wish] }),
      ),
    declineShare: (id, partyId) =>
      withDeadline(client, ANSWER_MS, () =>
        booking(id).executeUpdate(declineShare, { args: [{ partyId }] }),
      ),
    chooseOffer: (paymentId, choice) =>
      withDeadline(client, ANSWER_MS, () =>
        client.workflow
          .getHandle(lateMoneyWorkflowId(paymentId))
          .executeUpdate(chooseOffer, { args: [choice] }),
      ),
    ...createRefundMessages(client, (call) => withDeadline(client, ANSWER_MS, call)),
    reconcile: (input) => withDeadline(client, ANSWER_MS, () => startReconciliation(client, input)),
    ...createParkedMessages(client, (call) => withDeadline(client, ANSWER_MS, call)),
  }
}
