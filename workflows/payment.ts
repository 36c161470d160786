/**
 * One payment by M-Pesa prompt.
 *
 * requested -> prompted -> settled | refused, or unknown and watched. The row in the books decides; this story
 * asks Safaricom and records what it hears.
 * - `paymentReported` (signal, from Daraja's door): a report was stored. A fact, so it cannot be refused.
 * - the clock: no report for a while, so we query. Every error of a query means "unknown", never "failed".
 * - operations: `resolveManually` when nobody can tell.
 * It outlives its owner (the reservation): money that settles after the owner's end goes to `lateMoney`.
 */
import {
  allHandlersFinished,
  condition,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
} from '@temporalio/workflow'
import { lateMoneyWorkflowId } from '../domain/ids.ts'
import { formatKes } from '../domain/money.ts'
import {
  PROMPT_LIFE_MS,
  type PaymentInput,
  type PaymentResult,
  type PromptAnswer,
  type PushAnswer,
  type PushState,
  type SettleDecision,
} from '../domain/payments.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import type { lateMoney } from './late-money.ts'
import { createParking, type Parking } from './parking.ts'
import { awaitPrompt, paymentReported, paymentStatus } from './payment-messages.ts'
import { books, onceOnly, questions } from './proxies.ts'

/** First question after 20 s, then further apart; slow sweep once no prompt can be alive. */
const QUERY_DELAYS_MS = [20_000, 15_000, 20_000, 30_000, 45_000]
const SLOW_QUERY_MS = 10 * MINUTE_MS
/** After two days nobody expects an answer from Safaricom any more, and a person looks. */
const WATCH_LIMIT_MS = 48 * HOUR_MS

type State = {
  input: PaymentInput
  startedAt: number
  prompt: PromptAnswer | null
  checkoutRequestId: string | null
  reports: string[]
  queries: number
  lapsed: boolean
  waitingFor: string
}

const describe = (state: State, waitingFor: string) => {
  state.waitingFor = waitingFor
  setCurrentDetails(
    `${formatKes(state.input.amount)} for ${state.input.ownerNumber}: ${waitingFor}`,
  )
}

function registerHandlers(state: State): void {
  setHandler(paymentReported, ({ messageId }) => {
    state.reports.push(messageId)
  })
  setHandler(awaitPrompt, async () => {
    await condition(() => state.prompt !== null)
    return state.prompt as PromptAnswer
  })
  setHandler(paymentStatus, () => state.waitingFor)
}

export async function payment(input: PaymentInput): Promise<PaymentResult> {
  const state: State = {
    input,
    startedAt: Date.now(),
    prompt: null,
    checkoutRequestId: null,
    reports: [],
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

async function run(state: State, parking: Parking): Promise<PaymentResult> {
  const { paymentId } = state.input
  const opened = await parking.insist('write the payment down', () =>
    books.openPayment(state.input),
  )
  if (opened.outcome === 'refused') return refused(state, opened.reason)

  describe(state, 'asking M-Pesa to send the prompt')
  const push = await askForPush(state.input)
  if (push.outcome === 'refused' && state.reports.length === 0) {
    await parking.insist('record the refusal', () => books.refusePayment(paymentId, push.reason))
    return refused(state, push.reason)
  }
  await recordPush(state, parking, push)
  return finish(state, parking, await watch(state, parking))
}

/** One attempt, ever. Whatever hides its outcome (time-out, lost worker) means: it may have been sent. */
async function askForPush(input: PaymentInput): Promise<PushAnswer> {
  try {
    return await onceOnly.requestStkPush(input)
  } catch {
    return { outcome: 'unknown', why: 'the answer to our request was lost' }
  }
}

async function recordPush(state: State, parking: Parking, push: PushAnswer): Promise<void> {
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

/** Reports first, then questions further and further apart, until the books say settled or refused. */
async function watch(state: State, parking: Parking): Promise<SettleDecision> {
  for (;;) {
    await condition(() => state.reports.length > 0, nextQueryDelay(state))
    const decision =
      state.reports.length > 0 ? await readReports(state, parking) : await ask(state, parking)
    if (decision.outcome !== 'undecided') return decision
    await lapse(state, parking)
    if (Date.now() - state.startedAt > WATCH_LIMIT_MS || decision.disputed) {
      await parking.attempt('settle a payment nobody can explain', () => {
        throw new Error('M-Pesa’s report and our request disagree, or no answer ever came')
      })
      return readRow(state, parking)
    }
  }
}

const nextQueryDelay = (state: State): number => {
  if (state.lapsed || !state.checkoutRequestId) {
    const left = state.startedAt + PROMPT_LIFE_MS - Date.now()
    return left > 0 ? left : SLOW_QUERY_MS
  }
  return QUERY_DELAYS_MS[state.queries] ?? QUERY_DELAYS_MS.at(-1) ?? SLOW_QUERY_MS
}

/** All stored reports are read, so that a success behind a refusal still wins. */
async function readReports(state: State, parking: Parking): Promise<SettleDecision> {
  let best: SettleDecision = { outcome: 'undecided', checkoutRequestId: state.checkoutRequestId }
  for (let messageId = state.reports.shift(); messageId; messageId = state.reports.shift()) {
    const id = messageId
    const decision = await parking.insist('read Daraja’s report', () =>
      books.settleFromMessage(state.input.paymentId, id),
    )
    if (best.outcome !== 'settled' && decision.outcome !== 'undecided') best = decision
    if (decision.outcome === 'undecided') {
      state.checkoutRequestId ??= decision.checkoutRequestId
      if (best.outcome === 'undecided')
        best = decision.disputed ? await ask(state, parking) : decision
    }
  }
  return best
}

async function ask(state: State, parking: Parking): Promise<SettleDecision> {
  const id = state.checkoutRequestId
  if (!id) return { outcome: 'undecided', checkoutRequestId: null }
  state.queries += 1
  const answer = await query(id)
  if (answer.outcome === 'pending' || answer.outcome === 'unknown') {
    return { outcome: 'undecided', checkoutRequestId: id }
  }
  return parking.insist('record the answer to our question', () =>
    books.settleFromQuery(state.input.paymentId, answer),
  )
}

async function query(checkoutRequestId: string): Promise<PushState> {
  try {
    return await questions.queryStkPush(checkoutRequestId)
  } catch {
    return { outcome: 'unknown', why: 'M-Pesa did not answer our question' }
  }
}

/** No prompt can be alive any more: the phone is free for another, but this one stays watched. */
async function lapse(state: State, parking: Parking): Promise<void> {
  if (state.lapsed || Date.now() - state.startedAt < PROMPT_LIFE_MS) return
  state.lapsed = true
  await parking.insist('record that the prompt has lapsed', () =>
    books.recordUnknown(state.input.paymentId, 'no answer within the life of a prompt'),
  )
  describe(state, 'M-Pesa has not told us the outcome; asking every ten minutes')
}

/** After a resolution by hand the row says how it ended. */
async function readRow(state: State, parking: Parking): Promise<SettleDecision> {
  return parking.insist('read how it was resolved', () => books.readDecision(state.input.paymentId))
}

function refused(state: State, reason: { code: string; class: 'U' | 'W' | 'N' }): PaymentResult {
  state.prompt ??= { outcome: 'refused', reason }
  describe(state, `refused: ${reasonSentence(reason.code)}`)
  return { outcome: 'refused', paymentId: state.input.paymentId, reason }
}

async function finish(
  state: State,
  parking: Parking,
  decided: SettleDecision,
): Promise<PaymentResult> {
  const { paymentId } = state.input
  const later = state.reports.length > 0 ? await readReports(state, parking) : decided
  const decision = later.outcome === 'settled' ? later : decided
  if (decision.outcome === 'refused') return refused(state, decision.reason)
  if (decision.outcome === 'undecided') return { outcome: 'unknown', paymentId }
  describe(state, 'paid')
  if (!decision.ownerOpen) await handOverToLateMoney(paymentId)
  return { outcome: 'settled', paymentId, amount: decision.amount, ownerOpen: decision.ownerOpen }
}

async function handOverToLateMoney(paymentId: string): Promise<void> {
  await startChild<typeof lateMoney>('lateMoney', {
    workflowId: lateMoneyWorkflowId(paymentId),
    parentClosePolicy: ParentClosePolicy.ABANDON,
    args: [{ paymentId, messageId: null }],
    staticSummary: 'Money that came after the end of what it was for',
  })
}
