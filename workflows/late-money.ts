/**
 * Money that came after the end of what it was for, or after we had taken it for refused.
 *
 * It first makes sure that the money is really there (a report alone proves nothing once the payment was
 * refused), then finds it a home: the booking if it is still open, the same car or category held again if it is
 * still free, or back to the customer. The customer is told either way.
 */
import {
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { reservationWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { PushState } from '../domain/payments.ts'
import type { ReservationInput } from '../domain/reservations.ts'
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'
import { books, questions } from './proxies.ts'
import { startRefund } from './refunds.ts'
import { paymentSettled } from './reservation-messages.ts'
import type { reservation } from './reservation.ts'

export type LateMoneyInput = { paymentId: string; messageId: string | null }
export type LateMoneyOutcome = { outcome: 'counted' | 'rebooked' | 'refunding' | 'no_money' }

const ASK_AGAIN_MS = 2 * MINUTE_MS
const ASK_FOR_MS = 24 * HOUR_MS
const RESUME_WAIT_MS = 2_000
const RESUME_TRIES = 30

export async function lateMoney(input: LateMoneyInput): Promise<LateMoneyOutcome> {
  const parking = createParking()
  const settled = await makeSure(input, parking)
  if (!settled) return { outcome: 'no_money' }
  return findHome(input.paymentId, parking)
}

/** True when the books hold the money as settled. */
async function makeSure(input: LateMoneyInput, parking: Parking): Promise<boolean> {
  const { paymentId, messageId } = input
  const standing = await parking.insist('read the payment', () => books.readDecision(paymentId))
  if (standing.outcome === 'settled') {
    if (messageId) await books.settleFromMessage(paymentId, messageId)
    return !standing.ownerOpen
  }
  if (!messageId) return false
  setCurrentDetails('A report came for a payment that had ended; asking M-Pesa whether it is true')
  const answer = await parking.attempt('verify the late report', () => verify(paymentId))
  if (answer.by === 'hand' || answer.value.outcome !== 'paid') return false
  const decision = await parking.insist('settle the late payment', () =>
    books.settleFromMessage(paymentId, messageId),
  )
  return decision.outcome === 'settled'
}

/** Asks until the answer is definite. */
async function verify(paymentId: string): Promise<PushState> {
  const checkoutRequestId = await books.findCheckoutRequestId(paymentId)
  if (!checkoutRequestId) throw new Error('this payment has no checkout request id to ask about')
  const until = Date.now() + ASK_FOR_MS
  while (Date.now() < until) {
    const answer = await questions
      .queryStkPush(checkoutRequestId)
      .catch((): PushState => ({ outcome: 'unknown', why: 'no answer' }))
    if (answer.outcome === 'paid' || answer.outcome === 'refused') return answer
    await condition(() => false, ASK_AGAIN_MS)
  }
  throw new Error('M-Pesa has not said in a day whether this was paid')
}

async function findHome(paymentId: string, parking: Parking): Promise<LateMoneyOutcome> {
  for (;;) {
    const home = await parking.insist('find a home for late money', () =>
      books.reclaimReservation(paymentId),
    )
    if (home.outcome === 'open') {
      if (await tellOwner(home.reservationId, paymentId)) return { outcome: 'counted' }
      // It closed between our look and our word: look again, now it is closed.
      await condition(() => false, MINUTE_MS)
      continue
    }
    if (home.outcome === 'reclaimed') {
      await parking.insist('resume the booking', () => resume(home.input))
      return { outcome: 'rebooked' }
    }
    await startRefund(paymentId, 'the money came too late', 'late-money')
    return { outcome: 'refunding' }
  }
}

async function tellOwner(reservationId: string, paymentId: string): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(reservationWorkflowId(reservationId)).signal(paymentSettled, {
      paymentId,
    })
    return true
  } catch {
    return false
  }
}

/** The earlier run may still be closing; its end frees the id. */
async function resume(input: ReservationInput): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await startChild<typeof reservation>('reservation', {
        workflowId: reservationWorkflowId(input.reservationId),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        taskQueue: TASK_QUEUES.business,
        args: [{ ...input, resumed: true }],
        staticSummary: 'Booked again: the money came late and the car was free',
      })
      return
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || tries === RESUME_TRIES)
        throw error
      await condition(() => false, RESUME_WAIT_MS)
    }
  }
}
