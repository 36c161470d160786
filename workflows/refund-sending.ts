/**
 * One refund's way through M-Pesa: sent once, then heard of or asked about until it is certain what became of it.
 * Only a definite no opens another way or another attempt. Unknown never does, however long it lasts.
 */
import { ActivityFailure, condition, patched, setCurrentDetails, sleep } from '@temporalio/workflow'
import type { PayoutAnswer } from '../domain/daraja.ts'
import { formatKes } from '../domain/money.ts'
import type { ReversalAnswer } from '../domain/payments.ts'
import { passesByItself } from '../domain/refund-refusals.ts'
import {
  ASK_AGAIN_AT_MOST_MS,
  ASK_AGAIN_MS,
  attemptOf,
  CASE_AFTER_MS,
  NEVER_ARRIVED_MS,
  payoutKey,
  RESULT_WAIT_MS,
  SEND_AGAIN_MS,
  type RefundInput,
  type RefundMethod,
  type RefundPlan,
} from '../domain/refunds.ts'
import type { Parking } from './parking.ts'
import { books, onceOnly, questions, wasNeverStarted } from './proxies.ts'

export type Ready = Extract<RefundPlan, { outcome: 'ready' }>

/** What is under way at M-Pesa right now; null when certainly nothing is. */
export type Flight = {
  sentAt: number
  /** Daraja answered that it took our request. */
  acknowledged: boolean
  /** By which Transaction Status knows it; null when the answer to a reversal was lost. */
  conversationId: string | null
}

export type Sending = {
  input: RefundInput
  parking: Parking
  plan: Ready
  method: RefundMethod
  phone: string | null
  reports: string[]
  /** What somebody outside wants of it; granted once. */
  wishes: { lookNow: boolean }
  attempt: number
  flight: Flight | null
  /** M-Pesa's last definite no. */
  refusal: string | null
  waitingFor: string
}

export type SendOutcome = 'settled' | 'refused'

/**
 * Nothing, as a rule. Where the story was put back to its beginning (an operator's reset, a backup of Temporal's) the books are
 * ahead: what they call sent is waited for, and not sent again.
 */
export function underWay(
  { refundId }: RefundInput,
  { sent }: Ready,
): Pick<Sending, 'attempt' | 'flight'> {
  if (!sent) return { attempt: 0, flight: null }
  const { conversationId } = sent
  const flight = { sentAt: Date.now(), acknowledged: conversationId !== null, conversationId }
  return { attempt: attemptOf(refundId, conversationId), flight }
}

const say = (state: Sending, what: string): void => {
  state.waitingFor = what
  setCurrentDetails(`${formatKes(state.plan.amount)} for ${state.plan.ownerNumber}: ${what}`)
}

/** Answers a definite outcome; throws when a person must look, and called again goes on where it was. */
export async function sendUntilCertain(state: Sending): Promise<SendOutcome> {
  const earlier = await readReports(state)
  if (earlier === 'settled' || earlier === 'refused') return earlier
  return state.flight ? waitUntilCertain(state, state.flight) : sendUntilTaken(state)
}

/**
 * M-Pesa that is away for everybody took nothing, so the request is sent again, with growing rests, for a day. A payout
 * under the same key: should the first have been taken after all, M-Pesa calls the next a duplicate and pays once.
 */
async function sendUntilTaken(state: Sending): Promise<SendOutcome> {
  const since = Date.now()
  for (let rest = SEND_AGAIN_MS; ; rest = Math.min(rest * 2, ASK_AGAIN_AT_MOST_MS)) {
    // The way that is really sent has the key, whatever becomes of the refund while the answer is waited for.
    const { method } = state
    const answer = await send(state)
    if (answer.outcome !== 'refused')
      return waitUntilCertain(state, await noteSent(state, answer, method))
    const late = await readReports(state)
    if (late === 'settled') return late
    const isYoung = Date.now() - since < NEVER_ARRIVED_MS
    if (!passesByItself(answer.code) || !isYoung || !patched('refunds-wait-for-mpesa'))
      return refused(state, answer.code)
    const isCareful = patched('nobody-took-it-keeps-its-key')
    if (isCareful) state.attempt -= 1
    say(state, 'M-Pesa cannot be reached; it is sent as soon as it can be')
    await sleep(rest)
    if (isCareful && (await readReports(state)) === 'settled') return 'settled'
  }
}

async function refused(state: Sending, code: string): Promise<'refused'> {
  state.refusal = code
  await state.parking.insist('record the refusal', () =>
    books.refuseRefund(state.input.refundId, code),
  )
  return 'refused'
}

async function send(state: Sending): Promise<ReversalAnswer | PayoutAnswer> {
  state.attempt += 1
  say(state, 'sending it')
  try {
    return await (state.method === 'reversal' ? reverse(state) : payOut(state))
  } catch (error) {
    if (error instanceof ActivityFailure && wasNeverStarted(error)) {
      state.attempt -= 1
      throw new Error('no worker took the request in time, so nothing was sent', { cause: error })
    }
    return { outcome: 'unknown', why: 'the answer to our request was lost' }
  }
}

const reverse = ({ input: { refundId }, plan }: Sending) => {
  const { receipt, amount, ownerNumber } = plan
  return onceOnly.requestReversal({ refundId, receipt, amount, ownerNumber })
}

const payOut = ({ input: { refundId }, plan, phone, attempt }: Sending) =>
  onceOnly.requestPayout({
    payoutId: payoutKey(refundId, attempt),
    subjectId: refundId,
    phone: phone ?? '',
    amount: plan.amount,
    remarks: `Refund ${plan.ownerNumber}`,
  })

type Sent = Exclude<ReversalAnswer | PayoutAnswer, { outcome: 'refused' }>

async function noteSent(state: Sending, answer: Sent, method: RefundMethod): Promise<Flight> {
  const { refundId } = state.input
  const accepted = answer.outcome === 'accepted'
  const own = method === 'payout' ? payoutKey(refundId, state.attempt) : null
  const flight: Flight = {
    sentAt: Date.now(),
    acknowledged: accepted || answer.outcome === 'duplicate',
    conversationId: own ?? (accepted ? answer.originatorConversationId : null),
  }
  state.flight = flight
  const known = accepted ? answer : ({ outcome: 'unknown', why: 'not answered' } as const)
  await state.parking.insist('record that the refund was sent', () =>
    books.recordRefundSent(refundId, known, own),
  )
  return flight
}

/** Waits for the result, then asks with growing rests. After days it parks; called again it goes on asking. */
async function waitUntilCertain(state: Sending, flight: Flight): Promise<SendOutcome> {
  say(state, 'waiting for M-Pesa’s result')
  const heard = await listen(state, RESULT_WAIT_MS)
  if (heard === 'settled' || heard === 'refused') return heard
  for (let rest = ASK_AGAIN_MS; ; rest = Math.min(rest * 2, ASK_AGAIN_AT_MOST_MS)) {
    const age = Date.now() - flight.sentAt
    state.wishes.lookNow = false
    await ask(state, flight)
    const answer = await listen(state, rest, flight)
    if (answer === 'missing') return neverArrived(state)
    if (answer !== 'undecided') return answer
    if (age > CASE_AFTER_MS) throw new Error('M-Pesa has not said for days what became of it')
  }
}

/** The question moves nothing; its answer comes like any other report. */
async function ask({ input: { refundId }, plan, method }: Sending, flight: Flight) {
  if (!flight.conversationId) return
  const { conversationId } = flight
  const question = {
    kind: 'refund-status' as const,
    subjectId: refundId,
    remarks: `Refund ${plan.ownerNumber}`,
    conversationId,
    // Asked of another shortcode than the one that paid, M-Pesa would know nothing of it.
    account: method === 'payout' ? ('payout' as const) : ('paybill' as const),
  }
  // A question that fails says nothing about the money; the next one comes.
  await questions.requestTransactionStatus(question).catch(() => undefined)
}

/**
 * M-Pesa took no notice of it for a whole day: surely it never arrived. What follows is for a person to say. It was no
 * definite no, so a payout keeps its key: had it arrived after all, the next one would be a duplicate.
 */
function neverArrived(state: Sending): never {
  state.flight = null
  if (patched('never-arrived-keeps-its-key')) state.attempt -= 1
  throw new Error('M-Pesa does not know this refund a day after it was sent; it may be sent again')
}

type Heard = SendOutcome | 'undecided' | 'missing'

async function listen(state: Sending, forMs: number, flight?: Flight): Promise<Heard> {
  const until = Date.now() + forMs
  for (;;) {
    const isCalled = () => state.reports.length > 0 || state.wishes.lookNow
    const called = await condition(isCalled, Math.max(1, until - Date.now()))
    if (!called) return flight && lapsed(flight) ? 'missing' : 'undecided'
    const read = await readReports(state, flight)
    if (read !== 'undecided' || state.wishes.lookNow) return read
  }
}

/** Of a reversal whose answer was lost nobody can ask; after a day without a result a person looks. */
const lapsed = (flight: Flight): boolean =>
  !flight.conversationId && !flight.acknowledged && isOld(flight)
const isOld = ({ sentAt }: Flight) => Date.now() - sentAt >= NEVER_ARRIVED_MS

/** In the order they came; a refusal ends this attempt, whatever older questions may still answer. */
export async function readReports(state: Sending, flight?: Flight): Promise<Heard> {
  const { input, parking, reports } = state
  for (let id = reports.shift(); id; id = reports.shift()) {
    const messageId = id
    const decision = await parking.insist('read the result', () =>
      books.decideRefundFromMessage(input.refundId, messageId),
    )
    if (decision.outcome === 'settled') return 'settled'
    if (decision.outcome === 'refused' && state.flight) {
      Object.assign(state, { flight: null, refusal: decision.code })
      return 'refused'
    }
    const gone = decision.outcome === 'missing' && flight && !flight.acknowledged && isOld(flight)
    if (gone) return 'missing'
  }
  return 'undecided'
}
