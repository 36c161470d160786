import type { Entry, Outcome, Reversal, Transaction } from './entries.ts'
import { PAID } from './results.ts'

export type Books = {
  transactions: Map<string, Transaction>
  byReceipt: Map<string, Transaction>
  byPhone: Map<string, Transaction[]>
  reversals: Map<string, Reversal>
  /** Whole shillings by phone. */
  wallets: Map<string, number>
  totals: { merchant: number; opened: number }
}

export const emptyBooks = (): Books => ({
  transactions: new Map(),
  byReceipt: new Map(),
  byPhone: new Map(),
  reversals: new Map(),
  wallets: new Map(),
  totals: { merchant: 0, opened: 0 },
})

/** One entry moves everything it touches, so a line in the file is all of a change or nothing of it. */
export const applyEntry = (books: Books, entry: Entry): void => {
  switch (entry.kind) {
    case 'wallet':
      books.totals.opened += entry.balance - (books.wallets.get(entry.phone) ?? 0)
      books.wallets.set(entry.phone, entry.balance)
      return
    case 'push':
      return addTransaction(books, { ...entry.transaction })
    case 'result':
      return finishTransaction(books, entry)
    case 'reversal':
      books.reversals.set(entry.reversal.conversationId, { ...entry.reversal })
      return
    case 'reversal-result':
      return finishReversal(books, entry)
    case 'reported': {
      const reported = books.transactions.get(entry.id) ?? books.reversals.get(entry.id)
      if (reported) reported.reported = true
    }
  }
}

const addTransaction = (books: Books, transaction: Transaction): void => {
  books.transactions.set(transaction.checkoutRequestId, transaction)
  const earlier = books.byPhone.get(transaction.phone)
  if (earlier) earlier.push(transaction)
  else books.byPhone.set(transaction.phone, [transaction])
}

const finishTransaction = (
  books: Books,
  {
    checkoutRequestId,
    resultCode,
    resultDesc,
    receipt,
    at,
  }: Outcome & { checkoutRequestId: string },
): void => {
  const transaction = books.transactions.get(checkoutRequestId)
  if (!transaction || transaction.status === 'paid') return
  const paid = resultCode === PAID
  if (paid) {
    move(books, transaction.phone, -transaction.amount)
    if (receipt) books.byReceipt.set(receipt, transaction)
  }
  Object.assign(transaction, {
    status: paid ? 'paid' : 'failed',
    resultCode,
    resultDesc,
    receipt,
    finishedAt: at,
    balanceAfter: books.wallets.get(transaction.phone) ?? 0,
    reported: false,
  })
}

const finishReversal = (
  books: Books,
  { conversationId, resultCode, resultDesc, receipt, at }: Outcome & { conversationId: string },
): void => {
  const reversal = books.reversals.get(conversationId)
  if (!reversal || reversal.status !== 'pending') return
  const original = books.byReceipt.get(reversal.transactionReceipt)
  const done = resultCode === PAID && original !== undefined
  if (done) {
    move(books, original.phone, original.amount)
    original.reversedBy = receipt
    reversal.balanceAfter = books.wallets.get(original.phone) ?? 0
  }
  const status = done ? 'completed' : 'failed'
  Object.assign(reversal, { status, resultCode, resultDesc, receipt, finishedAt: at })
}

/** What a phone gains the merchant loses, and the other way round. */
const move = (books: Books, phone: string, amount: number): void => {
  books.wallets.set(phone, (books.wallets.get(phone) ?? 0) + amount)
  books.totals.merchant -= amount
}
