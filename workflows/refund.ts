/**
 * One payment goes back, in full, by Daraja's Reversal.
 *
 * requested -> sent -> settled | refused. The request runs once: a time-out means it may have been executed, so
 * we wait for the result and never ask again by ourselves. `refundReported` (signal) brings the result; whatever
 * cannot go on parks for finance, with the customer's money still on our books as owed.
 */
import {
  allHandlersFinished,
  condition,
  defineSignal,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow'
import { formatKes, type Cents } from '../domain/money.ts'
import type { RefundDecision, RefundInput, ReversalAnswer } from '../domain/payments.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'
import { books, onceOnly } from './proxies.ts'

/** A signal: Daraja's result is a fact. It carries the id of the stored message. */
export const refundReported = defineSignal<[{ messageId: string }]>('refundReported')

/** Daraja's first result may take a minute and a half; after this somebody looks. */
const RESULT_WAIT_MS = 30 * MINUTE_MS

export type RefundOutcome = { outcome: 'refunded' | 'by_hand' }
type Ready = { receipt: string; amount: Cents; ownerNumber: string }

export async function refund(input: RefundInput): Promise<RefundOutcome> {
  const reports: string[] = []
  setHandler(refundReported, ({ messageId }) => {
    reports.push(messageId)
  })
  const parking = createParking()
  const outcome = await run(input, reports, parking)
  await condition(allHandlersFinished)
  return outcome
}

async function run(
  input: RefundInput,
  reports: string[],
  parking: Parking,
): Promise<RefundOutcome> {
  const plan = await parking.attempt('prepare the refund', async () => {
    const opened = await books.openRefund(input)
    if (opened.outcome === 'blocked') throw new Error(opened.why)
    return opened
  })
  if (plan.by === 'hand') return byHand(input, parking)
  if (plan.value.outcome === 'done') return { outcome: 'refunded' }

  await send(input, plan.value, parking)
  const result = await parking.attempt('hear how the refund ended', () =>
    hearResult(input, reports, parking),
  )
  return result.by === 'hand' ? byHand(input, parking) : { outcome: 'refunded' }
}

/** Sent once. A definite no parks, and may then be tried again, because nothing was executed. */
async function send(input: RefundInput, plan: Ready, parking: Parking): Promise<void> {
  setCurrentDetails(`Sending ${formatKes(plan.amount)} back for ${plan.ownerNumber}`)
  await parking.attempt('send the refund', async () => {
    const answer = await reverse(input.refundId, plan)
    if (answer.outcome === 'refused') throw new Error(`M-Pesa refused the reversal: ${answer.code}`)
    await books.recordRefundSent(input.refundId, answer)
  })
  setCurrentDetails(`Sent ${formatKes(plan.amount)} back; waiting for M-Pesa’s result`)
}

async function reverse(refundId: string, plan: Ready): Promise<ReversalAnswer> {
  try {
    return await onceOnly.requestReversal({ refundId, ...plan })
  } catch {
    return { outcome: 'unknown', why: 'the answer to our request was lost' }
  }
}

async function hearResult(input: RefundInput, reports: string[], parking: Parking): Promise<void> {
  for (;;) {
    const heard = await condition(() => reports.length > 0, RESULT_WAIT_MS)
    if (!heard) throw new Error('M-Pesa has not reported the result of the reversal')
    const messageId = reports.shift() as string
    const decision: RefundDecision = await parking.insist('read the result', () =>
      books.decideRefundFromMessage(input.refundId, messageId),
    )
    if (decision.outcome === 'settled') return
    if (decision.outcome === 'refused')
      throw new Error(`M-Pesa refused the refund: ${decision.code}`)
  }
}

async function byHand(input: RefundInput, parking: Parking): Promise<RefundOutcome> {
  await parking.insist('record the refund made by hand', () =>
    books.settleRefundByHand(input.refundId),
  )
  return { outcome: 'by_hand' }
}
