import { PAID } from '../results.ts'
import { addRequest, finishPayout, finishReversal } from './booked-requests.ts'
import type {
  C2bUrls,
  Entry,
  HandPayment,
  Outcome,
  Payout,
  Reversal,
  Transaction,
} from './entries.ts'
import { emptyMoney, setWallet, takeFrom, transfer, type Money } from './movements.ts'

export type Books = Money & {
  transactions: Map<string, Transaction>
  handPayments: Map<string, HandPayment>
  reversals: Map<string, Reversal>
  payouts: Map<string, Payout>
  /** Reversals and payouts by any id they have: Daraja's, the merchant's, and at the end their receipt. */
  requests: Map<string, Reversal | Payout>
  /** Payments of both kinds that brought money. */
  byReceipt: Map<string, Transaction | HandPayment>
  /** Pushes, answered or not, and payments by hand; oldest first. */
  byPhone: Map<string, (Transaction | HandPayment)[]>
  registrations: { c2bUrls: C2bUrls | null; pullShortCode: string | null }
}

export const emptyBooks = (): Books => ({
  ...emptyMoney(),
  transactions: new Map(),
  handPayments: new Map(),
  reversals: new Map(),
  payouts: new Map(),
  requests: new Map(),
  byReceipt: new Map(),
  byPhone: new Map(),
  registrations: { c2bUrls: null, pullShortCode: null },
})

/** One entry moves everything it touches, so a line in the file is all of a change or nothing of it. */
export const applyEntry = (books: Books, entry: Entry): void => {
  switch (entry.kind) {
    case 'wallet':
      return setWallet(books, entry.phone, entry.balance)
    case 'push': {
      const transaction = { ...entry.transaction }
      books.transactions.set(transaction.checkoutRequestId, transaction)
      return addToPhone(books, transaction)
    }
    case 'result':
      return finishTransaction(books, entry.checkoutRequestId, entry)
    case 'hand-payment':
      return addHandPayment(books, { ...entry.payment })
    case 'reversal':
      return addRequest(books, books.reversals, { ...entry.reversal })
    case 'reversal-result':
      return finishReversal(books, entry.conversationId, entry)
    case 'payout':
      return addRequest(books, books.payouts, { ...entry.payout })
    case 'payout-result':
      return finishPayout(books, entry.conversationId, entry, entry.charge)
    case 'transfer':
      return transfer(books, entry)
    case 'c2b-urls':
      books.registrations.c2bUrls = entry.urls
      return
    case 'pull':
      books.registrations.pullShortCode = entry.shortCode
      return
    case 'reported':
      return markReported(books, entry)
  }
}

const addToPhone = ({ byPhone }: Books, payment: Transaction | HandPayment): void => {
  const earlier = byPhone.get(payment.phone)
  if (earlier) earlier.push(payment)
  else byPhone.set(payment.phone, [payment])
}

const finishTransaction = (books: Books, checkoutRequestId: string, outcome: Outcome): void => {
  const transaction = books.transactions.get(checkoutRequestId)
  if (!transaction || transaction.status === 'paid') return
  const { resultCode, resultDesc, receipt, at } = outcome
  const paid = resultCode === PAID
  Object.assign(transaction, { resultCode, resultDesc, receipt, finishedAt: at, reported: false })
  transaction.status = paid ? 'paid' : 'failed'
  if (paid) {
    takeFrom(books, transaction, 'stk')
    if (receipt) books.byReceipt.set(receipt, transaction)
  }
  transaction.balanceAfter = books.wallets.get(transaction.phone) ?? 0
}

const addHandPayment = (books: Books, payment: HandPayment): void => {
  takeFrom(books, payment, 'paybill')
  payment.balanceAfter = books.wallets.get(payment.phone) ?? 0
  books.handPayments.set(payment.receipt, payment)
  books.byReceipt.set(payment.receipt, payment)
  addToPhone(books, payment)
}

const markReported = (books: Books, { id, how }: { id: string; how: string }): void => {
  const { transactions, handPayments, reversals, payouts } = books
  const byHand = handPayments.get(id)
  if (byHand) byHand.told = how
  const reported = transactions.get(id) ?? byHand ?? reversals.get(id) ?? payouts.get(id)
  if (reported) reported.reported = true
}
