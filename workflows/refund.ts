/**
 * Money that goes back: a payment or a part of it, a receipt that belongs to nobody, a customer's credit.
 *
 * requested -> (awaiting_approval -> approved | declined) -> sent -> settled | refused -> next way | case.
 * - the asker: `awaitRefund` hears at once whether it can be. A second person: `approveRefund`, `declineRefund`.
 * - M-Pesa: `refundReported` brings results and answers. A definite no of a reversal is followed by a payout; unknown
 *   is asked about until it is certain, and nothing else is tried meanwhile.
 * - the desk: `settleAtDesk` for cash. Finance: `namePhone` for what is stuck, to which a second person must agree by
 *   `approveRefund` or `declineRefund`; `retryStep` or `resolveManually` for what is parked,
 *   which is a case as long as it lasts. The customer's money stays on our books as owed until it is back.
 */
import { allHandlersFinished, condition, patched, setHandler } from '@temporalio/workflow'
import {
  payoutOrHand,
  WITHIN_OUR_BOOKS,
  type RefundAnswer,
  type RefundInput,
  type RefundPlan,
} from '../domain/refunds.ts'
import type { ManualResolution } from '../domain/payments.ts'
import { isOurOwnTrouble, refusalWords } from '../domain/refund-refusals.ts'
import { createParking } from './parking.ts'
import { books } from './proxies.ts'
import { awaitSecondPerson, createApproval, giveLeftoverBack } from './refund-approval.ts'
import {
  lookNow,
  awaitRefund,
  refundReported,
  refundStatus,
  settleAtDesk,
  type CashPaid,
} from './refund-messages.ts'
import { createNaming, registerNaming, takeUpPhone } from './refund-phone.ts'
import { createOldRefund } from './refund-of-old.ts'
import { lookLater, orCase, type RefundState } from './refund-case.ts'
import {
  readReports,
  sendUntilCertain,
  underWay,
  type Ready,
  type Sending,
} from './refund-sending.ts'
import { turnDown } from './refusing.ts'

export type RefundOutcome = { outcome: 'refunded' | 'by_hand' | 'declined' | 'refused' }

export async function refund(input: RefundInput): Promise<RefundOutcome> {
  const parking = createParking()
  if (!patched('refunds-of-every-kind')) {
    const old = createOldRefund(input, parking)
    setHandler(refundReported, ({ messageId }) => old.hear(messageId))
    const outcome = await old.run()
    await condition(allHandlersFinished)
    return outcome
  }
  const naming = createNaming()
  const state: RefundState = {
    input,
    parking,
    approval: createApproval(input, naming),
    naming,
    answer: null,
    reports: [],
    wishes: { lookNow: false },
    sending: null,
    cash: null,
    cashCounts: false,
    renamed: false,
    looks: 0,
    askAgain: false,
  }
  registerHandlers(state)
  const outcome = await run(state)
  state.answer ??= { outcome: 'opened', status: 'settled', amount: null }
  // Whoever still waits to hear of cash hears that it does not count.
  state.cash = null
  await condition(allHandlersFinished)
  return outcome
}

function registerHandlers(state: RefundState): void {
  setHandler(refundReported, ({ messageId }) => {
    state.reports.push(messageId)
  })
  setHandler(lookNow, () => {
    state.wishes.lookNow = true
  })
  setHandler(awaitRefund, async () => {
    await condition(() => state.answer !== null)
    return state.answer as RefundAnswer
  })
  setHandler(refundStatus, () => state.sending?.waitingFor ?? 'waiting for a decision')
  setHandler(settleAtDesk, (cash) => countCash(state, cash), {
    validator: (_cash: CashPaid) => {
      if (state.sending?.method !== 'cash' || state.cash) turnDown('No cash is waited for here.')
    },
  })
  registerNaming({
    naming: state.naming,
    refundId: state.input.refundId,
    parking: state.parking,
    target: () => state.sending,
    tryAgain: () => {
      state.renamed = true
    },
  })
}

async function run(state: RefundState): Promise<RefundOutcome> {
  const { input, parking } = state
  const opened = await parking.attempt(
    'prepare the refund',
    () => orCase(state, () => prepare(state)),
    () => state.askAgain || state.wishes.lookNow,
  )
  if (opened.by === 'hand') return byHand(state, opened.resolution)
  const plan = opened.value
  if (plan.outcome === 'done') return { outcome: 'refunded' }
  if (plan.outcome === 'refused') {
    state.answer = plan
    return { outcome: 'refused' }
  }
  const status = plan.awaitsApproval ? 'awaiting_approval' : 'approved'
  state.answer = { outcome: 'opened', status, amount: plan.amount }
  if (plan.awaitsApproval && !(await awaitSecondPerson(state.approval))) {
    await giveLeftoverBack(input.refundId, parking)
    return { outcome: 'declined' }
  }
  return carryOut(state, plan)
}

async function prepare(state: RefundState): Promise<Exclude<RefundPlan, { outcome: 'blocked' }>> {
  state.askAgain = false
  const { wishes } = state
  const wasTold = wishes.lookNow
  // Told while it looks, it looks once more.
  wishes.lookNow = false
  const plan = await books.openRefund(state.input)
  if (plan.outcome !== 'blocked') {
    // What it was told is about the money on its way, then.
    wishes.lookNow ||= wasTold
    return plan
  }
  void lookLater(state)
  throw new Error(plan.why)
}

async function carryOut(state: RefundState, plan: Ready): Promise<RefundOutcome> {
  const { input, parking, reports, wishes } = state
  const { method, phone } = plan
  const idle = { refusal: null, waitingFor: 'the money is set aside', ...underWay(input, plan) }
  const sending: Sending = { input, parking, plan, method, phone, reports, wishes, ...idle }
  state.sending = sending
  const back = await parking.attempt(
    'give the money back',
    () => orCase(state, () => giveBack(state, sending)),
    () =>
      state.renamed ||
      state.naming.agreed !== null ||
      state.askAgain ||
      (sending.flight !== null && reports.length > 0),
  )
  return back.by === 'hand' ? byHand(state, back.resolution) : { outcome: 'refunded' }
}

/** Throws when a person must look. Tried again, it first reads what came meanwhile, then goes on where it was. */
async function giveBack(state: RefundState, sending: Sending): Promise<void> {
  await takeUpPhone(state.naming, sending)
  Object.assign(state, { renamed: false, askAgain: false })
  const { refundId } = state.input
  if (sending.method === 'cash') return payCash(state, sending)
  if (sending.method === 'credit' || sending.method === 'account') {
    const how = { reason: WITHIN_OUR_BOOKS[sending.method], actorId: 'gari' }
    return state.parking.insist('write it back', () => books.settleRefundByHand(refundId, how))
  }
  if (sending.method === 'by_hand') throw new Error('pay it back by hand and write down how')
  if (sending.method === 'payout' && !sending.phone) throw new Error('name the phone to pay it to')
  if ((await sendUntilCertain(sending)) === 'settled') return
  const { refusal } = sending
  if (sending.method === 'payout') throw new Error(refusalWords(refusal ?? ''))
  return afterReversal(state, sending, refusal ?? '')
}

/**
 * M-Pesa certainly did not take the payment back, so it is paid out, where that is possible and would not be refused
 * for the same reason: each try with a wrong password brings our operator closer to being locked.
 */
async function afterReversal(state: RefundState, sending: Sending, refusal: string): Promise<void> {
  const isOurs = isOurOwnTrouble(refusal) && patched('our-own-trouble-is-a-case')
  if (isOurs) throw new Error(refusalWords(refusal))
  if (payoutOrHand(sending.plan.amount) === 'by_hand')
    throw new Error(`${refusalWords(refusal)} M-Pesa cannot pay this amount out either.`)
  sending.method = 'payout'
  sending.attempt = 0
  await state.parking.insist('pay it out instead', () =>
    books.switchToPayout(state.input.refundId, null),
  )
  return giveBack(state, sending)
}

/** Whoever has handed the money over hears whether it is in the books. */
async function countCash(state: RefundState, cash: CashPaid): Promise<void> {
  state.cash = cash
  if (!patched('the-desk-hears-whether-it-counts')) return
  await condition(() => state.cashCounts || state.cash !== cash)
  if (!state.cashCounts)
    turnDown(
      'This is not written down: your till is closed, or the money is not yours to hand over.',
    )
}

async function payCash(state: RefundState, sending: Sending): Promise<void> {
  sending.waitingFor = 'waiting for the desk to pay it out in cash'
  await condition(() => state.cash !== null || state.renamed)
  const { cash } = state
  if (!cash) return giveBack(state, sending)
  state.cashCounts = await books.settleRefundInCash(state.input.refundId, cash)
  if (state.cashCounts) return
  // The till was closed meanwhile: whoever paid it out says so again from an open one.
  state.cash = null
  return payCash(state, sending)
}

/** A result that came before the person's word is read first: the money may be back already. */
async function byHand(state: RefundState, how: ManualResolution): Promise<RefundOutcome> {
  if (state.sending && (await readReports(state.sending)) === 'settled')
    return { outcome: 'refunded' }
  for (let word = how; ;) {
    const said = word
    const written = await state.parking.attempt('record the refund made by hand', () =>
      books.settleRefundByHand(state.input.refundId, said),
    )
    if (written.by === 'step') return { outcome: 'by_hand' }
    // What was said first cannot be, a receipt that another refund has, for instance: the newest word counts.
    word = written.resolution
  }
}
