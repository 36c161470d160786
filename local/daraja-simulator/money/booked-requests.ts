import { PAID } from '../results.ts'
import type { Books } from './books.ts'
import type { Outcome, Payout, Request, Reversal } from './entries.ts'
import { payOut } from './movements.ts'

export const addRequest = <T extends Reversal | Payout>(
  { requests }: Books,
  own: Map<string, T>,
  request: T,
): void => {
  own.set(request.conversationId, request)
  requests.set(request.conversationId, request)
  requests.set(request.originatorConversationId, request)
}

export const finishReversal = (books: Books, conversationId: string, outcome: Outcome): void => {
  const reversal = books.reversals.get(conversationId)
  if (reversal?.status !== 'pending') return
  const original = books.byReceipt.get(reversal.transactionReceipt)
  const done = outcome.resultCode === PAID && original !== undefined
  if (done) {
    const { phone, amount, accountReference: reference } = original
    const line = { party: phone, amount, reference, original: original.receipt }
    payOut(books, { ...timesOf(reversal, outcome), ...line, kind: 'reversal', charge: 0 })
    original.reversedBy = outcome.receipt
    reversal.balanceAfter = books.wallets.get(phone) ?? 0
  }
  finishRequest(books, reversal, outcome, done)
}

export const finishPayout = (
  books: Books,
  conversationId: string,
  outcome: Outcome,
  charge: number,
): void => {
  const payout = books.payouts.get(conversationId)
  if (payout?.status !== 'pending') return
  const done = outcome.resultCode === PAID
  if (done) {
    const line = { party: payout.phone, amount: payout.amount, reference: '', original: null }
    payOut(books, { ...timesOf(payout, outcome), ...line, kind: 'payout', charge })
    payout.balanceAfter = books.wallets.get(payout.phone) ?? 0
    payout.accountsAfter = { ...books.accounts }
  }
  finishRequest(books, payout, outcome, done)
}

const timesOf = ({ requestedAt }: Request, { at, receipt }: Outcome) => ({
  at,
  startedAt: requestedAt,
  receipt: receipt ?? '',
})

const finishRequest = (
  { requests }: Books,
  request: Reversal | Payout,
  outcome: Outcome,
  done: boolean,
): void => {
  const { resultCode, resultDesc, receipt, at } = outcome
  Object.assign(request, { resultCode, resultDesc, receipt, finishedAt: at })
  request.status = done ? 'completed' : 'failed'
  if (receipt) requests.set(receipt, request)
}
