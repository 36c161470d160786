/**
 * A refund that began before there were parts, payouts and second persons: one payment goes back, in full, by
 * Daraja's Reversal. Kept until the last of them has ended.
 *
 * requested -> sent -> settled. Each request is sent once: a time-out means it may have been executed, so we wait
 * for the result and never ask again by ourselves. Only a definite no (nothing was executed) lets a person send
 * it again. `refundReported` (signal) brings the result, also while parked; whatever cannot go on parks for
 * finance, with the customer's money still on our books as owed.
 */
import { ActivityFailure, condition, setCurrentDetails } from '@temporalio/workflow'
import { formatKes, type Cents } from '../domain/money.ts'
import type { ManualResolution, ReversalAnswer } from '../domain/payments.ts'
import type { RefundDecision, RefundInput } from '../domain/refunds.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { Parking } from './parking.ts'
import { books, onceOnly, wasNeverStarted } from './proxies.ts'

/** Daraja's first result may take a minute and a half; after this somebody looks. */
const RESULT_WAIT_MS = 30 * MINUTE_MS

type RefundOutcome = { outcome: 'refunded' | 'by_hand' }
type Ready = { receipt: string; amount: Cents; ownerNumber: string }
type State = { input: RefundInput; parking: Parking; reports: string[]; sent: boolean }

export function createOldRefund(input: RefundInput, parking: Parking) {
  const state: State = { input, parking, reports: [], sent: false }
  return {
    hear: (messageId: string) => {
      state.reports.push(messageId)
    },
    run: () => run(state),
  }
}

async function run(state: State): Promise<RefundOutcome> {
  const { input, parking } = state
  const plan = await parking.attempt('prepare the refund', async () => {
    const opened = await books.openRefund(input)
    if ('why' in opened) throw new Error(opened.why)
    return opened
  })
  if (plan.by === 'hand') return byHand(state, plan.resolution)
  const ready = plan.value
  if (ready.outcome === 'done') return { outcome: 'refunded' }

  const back = await parking.attempt(
    'give the money back',
    () => giveBack(state, ready),
    () => state.sent && state.reports.length > 0,
  )
  return back.by === 'hand' ? byHand(state, back.resolution) : { outcome: 'refunded' }
}

/** Throws when a person must look. Tried again, it first reads what came meanwhile, then goes on where it was. */
async function giveBack(state: State, plan: Ready): Promise<void> {
  if ((await readReports(state)) === 'settled') return
  if (!state.sent) await send(state, plan)
  const until = Date.now() + RESULT_WAIT_MS
  for (;;) {
    const heard = await condition(() => state.reports.length > 0, Math.max(1, until - Date.now()))
    if (!heard) throw new Error('M-Pesa has not reported the result of the reversal')
    if ((await readReports(state)) === 'settled') return
  }
}

/** A definite no throws, and may then be sent again, because nothing was executed. */
async function send(state: State, plan: Ready): Promise<void> {
  const { refundId } = state.input
  setCurrentDetails(`Sending ${formatKes(plan.amount)} back for ${plan.ownerNumber}`)
  const answer = await reverse(refundId, plan)
  if (answer.outcome === 'refused') throw new Error(`M-Pesa refused the reversal: ${answer.code}`)
  state.sent = true
  await state.parking.insist('record that the refund was sent', () =>
    books.recordRefundSent(refundId, answer),
  )
  setCurrentDetails(`Sent ${formatKes(plan.amount)} back; waiting for M-Pesa’s result`)
}

async function reverse(refundId: string, plan: Ready): Promise<ReversalAnswer> {
  try {
    return await onceOnly.requestReversal({ refundId, ...plan })
  } catch (error) {
    if (error instanceof ActivityFailure && wasNeverStarted(error))
      throw new Error('no worker took the request in time, so nothing was sent', { cause: error })
    return { outcome: 'unknown', why: 'the answer to our request was lost' }
  }
}

/** Throws on a definite no, after which the reversal may be sent once more. */
async function readReports(state: State): Promise<'settled' | 'undecided'> {
  const { input, parking, reports } = state
  for (let id = reports.shift(); id; id = reports.shift()) {
    const messageId = id
    const decision: RefundDecision = await parking.insist('read the result', () =>
      books.decideRefundFromMessage(input.refundId, messageId),
    )
    if (decision.outcome === 'settled') return 'settled'
    if (decision.outcome === 'refused') {
      state.sent = false
      throw new Error(`M-Pesa refused the refund: ${decision.code}`)
    }
  }
  return 'undecided'
}

/** A result that came before the person's word is read first: the money may be back already. */
async function byHand(state: State, how: ManualResolution): Promise<RefundOutcome> {
  const read = await readReports(state).catch(() => 'undecided' as const)
  if (read === 'settled') return { outcome: 'refunded' }
  await state.parking.insist('record the refund made by hand', () =>
    books.settleRefundByHand(state.input.refundId, how),
  )
  return { outcome: 'by_hand' }
}
