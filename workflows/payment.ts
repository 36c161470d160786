/**
 * One payment by M-Pesa prompt.
 *
 * requested -> prompted -> settled | refused, or unknown and watched. The row in the books decides; this story
 * asks Safaricom and records what it hears.
 * - `paymentReported` (signal, from Daraja's door): a report was stored. A fact, so it cannot be refused.
 * - the clock: no report for a while, so we query. Every error of a query means "unknown", never "failed".
 * - operations: `retryStep` asks again, `resolveManually` says how it was: with a receipt paid, without unpaid.
 * What rings no phone (cash, a card, credit) is told in `desk-payment.ts`.
 * It outlives its owner (the reservation): money that settles after the owner's end goes to `lateMoney`.
 */
import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import { ownerWorkflowId } from '../domain/ids.ts'
import {
  type PaymentInput,
  type PaymentResult,
  type PromptAnswer,
  type PushAnswer,
  type SettleDecision,
} from '../domain/payments.ts'
import { reasonFor, reasonSentence } from '../domain/payment-results.ts'
import type { TenderInput } from '../domain/tenders.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { deskPayment } from './desk-payment.ts'
import { createParking, type Parking } from './parking.ts'
import { awaitPrompt, paymentReported, paymentStatus } from './payment-messages.ts'
import { pushWhenReachable } from './payment-queue.ts'
import { hearReceipts } from './payment-receipts.ts'
import { describe, readReports, type PaymentState } from './payment-hearing.ts'
import { watch } from './payment-watch.ts'
import { books, onceOnly, wasNeverStarted } from './proxies.ts'
import { startLateMoney, tellOwner } from './telling-owners.ts'

/**
 * Whoever asked for the prompt surely waits this long for our result. Later, a booking may have ended and begun again,
 * and only a signal reaches the new run.
 */
const OWNER_WAITS_MS = MINUTE_MS

function registerHandlers(state: PaymentState): void {
  setHandler(paymentReported, ({ messageId }) => {
    state.reports.push(messageId)
  })
  hearReceipts(state)
  setHandler(awaitPrompt, async () => {
    await condition(() => state.prompt !== null)
    return state.prompt as PromptAnswer
  })
  setHandler(paymentStatus, () => state.waitingFor)
}

export async function payment(input: PaymentInput | TenderInput): Promise<PaymentResult> {
  if ('tender' in input) return deskPayment(input)
  const state: PaymentState = {
    input,
    askedAt: Date.now(),
    prompt: null,
    checkoutRequestId: null,
    reports: [],
    receipts: [],
    queries: 0,
    lapsed: false,
    waitingFor: 'writing it down',
  }
  registerHandlers(state)
  const parking = createParking()

  const result = await run(state, parking)
  await condition(allHandlersFinished)
  return result
}

async function run(state: PaymentState, parking: Parking): Promise<PaymentResult> {
  const { paymentId } = state.input
  const opened = await parking.insist('write the payment down', () =>
    books.openPayment(state.input),
  )
  if (opened.outcome === 'refused') return refused(state, opened.reason)
  if (opened.sent) return goOn(state, parking, opened.sent.checkoutRequestId)

  describe(state, 'asking M-Pesa to send the prompt')
  const push = await pushWhenReachable(state, parking, () => askForPush(state.input))
  state.askedAt = Date.now()
  if (push.outcome === 'refused' && state.reports.length === 0) {
    await parking.insist('record the refusal', () => books.refusePayment(paymentId, push.reason))
    return refused(state, push.reason)
  }
  await recordPush(state, parking, push)
  return finish(state, parking, await watch(state, parking))
}

/**
 * The story was put back to its beginning (an operator's reset, a backup of Temporal's) and the books are ahead: the phone has
 * been asked, so it is not asked again.
 */
async function goOn(
  state: PaymentState,
  parking: Parking,
  checkoutRequestId: string | null,
): Promise<PaymentResult> {
  state.checkoutRequestId = checkoutRequestId
  state.prompt = { outcome: 'prompted', checkoutRequestId }
  describe(state, 'looking what became of the request that was sent before')
  const { input } = state
  const known = await parking.insist('read how it stands', () =>
    books.readDecision(input.paymentId),
  )
  const decided = known.outcome === 'undecided' ? await watch(state, parking) : known
  // Whoever asked our earlier life may not hear what this one answers.
  if (decided.outcome === 'settled' && decided.ownerOpen) await tellOwner(input)
  return finish(state, parking, decided)
}

/** One attempt, ever. Whatever hides its outcome (time-out, lost worker) means: it may have been sent. */
async function askForPush(input: PaymentInput): Promise<PushAnswer> {
  try {
    return await onceOnly.requestStkPush(input)
  } catch (error) {
    return error instanceof ActivityFailure && wasNeverStarted(error)
      ? { outcome: 'refused', reason: reasonFor('NOT_SENT') }
      : { outcome: 'unknown', why: 'the answer to our request was lost' }
  }
}

async function recordPush(state: PaymentState, parking: Parking, push: PushAnswer): Promise<void> {
  const { paymentId } = state.input
  if (push.outcome === 'accepted') {
    state.checkoutRequestId = push.checkoutRequestId
    await parking.insist('record the prompt', () => books.recordPrompt(paymentId, push))
    describe(state, 'waiting for the PIN on the phone')
  } else if (push.outcome === 'unknown') {
    await parking.insist('record the unknown', () => books.recordUnknown(paymentId, push.why))
    describe(state, `waiting for a report, because ${push.why}`)
  }
  state.prompt = { outcome: 'prompted', checkoutRequestId: state.checkoutRequestId }
}

function refused(
  state: PaymentState,
  reason: { code: string; class: 'U' | 'W' | 'N' },
): PaymentResult {
  state.prompt ??= { outcome: 'refused', reason }
  describe(state, `refused: ${reasonSentence(reason.code)}`)
  return { outcome: 'refused', paymentId: state.input.paymentId, reason }
}

async function finish(
  state: PaymentState,
  parking: Parking,
  decided: SettleDecision,
): Promise<PaymentResult> {
  const { paymentId } = state.input
  const later = state.reports.length > 0 ? await readReports(state, parking) : decided
  const decision = later.outcome === 'settled' ? later : decided
  if (decision.outcome === 'refused') return refused(state, decision.reason)
  if (decision.outcome === 'undecided') return { outcome: 'unknown', paymentId }
  describe(state, 'paid')
  if (!decision.ownerOpen) await startLateMoney(paymentId, state.input.ownerNumber)
  else if (Date.now() - state.askedAt > OWNER_WAITS_MS || isAskedByAnother(state.input))
    await tellOwner(state.input)
  if (state.reports.length > 0) await readReports(state, parking)
  return { outcome: 'settled', paymentId, amount: decision.amount, ownerOpen: decision.ownerOpen }
}

/** A plan asks for its owner's money, and may have been stopped while the prompt was on the phone. */
const isAskedByAnother = ({ purpose, ownerId }: PaymentInput): boolean =>
  workflowInfo().parent?.workflowId !== ownerWorkflowId(purpose, ownerId) &&
  patched('owner-is-told')
