/**
 * A prompt that may still be paid is watched: reports first, then questions further and further apart, until the
 * books say settled or refused, or a person does.
 */
import { condition, patched } from '@temporalio/workflow'
import { PROMPT_LIFE_MS, type SettleDecision } from '../domain/payments.ts'
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import type { Parking } from './parking.ts'
import { ask, describe, readReports, type PaymentState } from './payment-hearing.ts'
import { askAboutReceipt } from './payment-proof.ts'
import { hasNews, readReceipts } from './payment-receipts.ts'
import { books } from './proxies.ts'

/** First question after 20 s, then further apart; slow sweep once no prompt can be alive. */
const QUERY_DELAYS_MS = [20_000, 15_000, 20_000, 30_000, 45_000]
const SLOW_QUERY_MS = 10 * MINUTE_MS
/** After two days nobody expects an answer from Safaricom any more, and a person looks. */
const WATCH_LIMIT_MS = 48 * HOUR_MS

/** Answers what the books say in the end; undecided never. */
export async function watch(state: PaymentState, parking: Parking): Promise<SettleDecision> {
  for (;;) {
    await condition(() => hasNews(state), nextQueryDelay(state))
    const decision = await look(state, parking)
    if (decision.outcome !== 'undecided') return decision
    await lapse(state, parking)
    if (decision.disputed && patched('ask-about-the-receipt')) {
      const proved = await askAboutReceipt(state, parking)
      if (proved.outcome !== 'undecided') return proved
      if (!proved.disputed) continue
    }
    if (Date.now() - state.askedAt > WATCH_LIMIT_MS || decision.disputed)
      return explain(state, parking)
  }
}

const look = (state: PaymentState, parking: Parking): Promise<SettleDecision> => {
  if (state.receipts.length > 0) return readReceipts(state, parking)
  return state.reports.length > 0 ? readReports(state, parking) : ask(state, parking)
}

/** Nobody can tell, so a person does; a report that comes meanwhile, or another question, may still do it first. */
async function explain(state: PaymentState, parking: Parking): Promise<SettleDecision> {
  const { paymentId } = state.input
  let asked = true
  for (;;) {
    const found = await parking.attempt(
      'settle a payment nobody can explain',
      async () => {
        const decision = asked ? null : await look(state, parking)
        if (decision && decision.outcome !== 'undecided') return decision
        asked = false
        throw new Error('M-Pesa’s report and our request disagree, or no answer ever came')
      },
      () => hasNews(state),
    )
    if (found.by === 'step') return found.value
    const decision = await parking.insist('record how it was resolved', () =>
      books.resolvePayment(paymentId, found.resolution),
    )
    if (decision.outcome !== 'undecided') return decision
  }
}

const nextQueryDelay = (state: PaymentState): number => {
  if (state.lapsed || !state.checkoutRequestId) {
    const left = state.askedAt + PROMPT_LIFE_MS - Date.now()
    return left > 0 ? left : SLOW_QUERY_MS
  }
  return QUERY_DELAYS_MS[state.queries] ?? QUERY_DELAYS_MS.at(-1) ?? SLOW_QUERY_MS
}

/** No prompt can be alive any more: the phone is free for another, but this one stays watched. */
async function lapse(state: PaymentState, parking: Parking): Promise<void> {
  if (state.lapsed || Date.now() - state.askedAt < PROMPT_LIFE_MS) return
  state.lapsed = true
  await parking.insist('record that the prompt has lapsed', () =>
    books.recordUnknown(state.input.paymentId, 'no answer within the life of a prompt'),
  )
  describe(state, 'M-Pesa has not told us the outcome; asking every ten minutes')
}
