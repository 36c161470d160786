/** What a payment hears: Daraja's stored reports, and the answers to its questions. The books decide what it means. */
import { patched, setCurrentDetails } from '@temporalio/workflow'
import { formatKes } from '../domain/money.ts'
import type { PaymentInput, PromptAnswer, PushState, SettleDecision } from '../domain/payments.ts'
import type { FoundReceipt } from '../domain/reconciliation.ts'
import type { Parking } from './parking.ts'
import { books, questions } from './proxies.ts'

export type PaymentState = {
  input: PaymentInput
  /** When the prompt was asked for; its life is counted from here. */
  askedAt: number
  prompt: PromptAnswer | null
  checkoutRequestId: string | null
  reports: string[]
  /** What reconciliation found in M-Pesa's list. */
  receipts: FoundReceipt[]
  /** How often M-Pesa was asked. */
  queries: number
  /** The prompt can no longer be on the phone. */
  lapsed: boolean
  waitingFor: string
}

export const describe = (state: PaymentState, waitingFor: string) => {
  state.waitingFor = waitingFor
  setCurrentDetails(
    `${formatKes(state.input.amount)} for ${state.input.ownerNumber}: ${waitingFor}`,
  )
}

/** All stored reports are read, so that a success behind a refusal still wins. */
export async function readReports(state: PaymentState, parking: Parking): Promise<SettleDecision> {
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
        best = decision.disputed ? await askAboutDispute(state, parking, decision) : decision
    }
  }
  return best
}

/**
 * Where the answer to our push was lost there is no id to ask about. It stays disputed then, so that M-Pesa is asked
 * about the receipt instead; else the money would wait two days for a person.
 */
async function askAboutDispute(
  state: PaymentState,
  parking: Parking,
  disputed: SettleDecision,
): Promise<SettleDecision> {
  if (state.checkoutRequestId === null && patched('disputed-without-an-id')) return disputed
  return ask(state, parking)
}

/** Asks M-Pesa how the push went. Whatever is no answer leaves it undecided. */
export async function ask(state: PaymentState, parking: Parking): Promise<SettleDecision> {
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
