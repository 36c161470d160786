import { openJournal } from '../shell/journal.ts'
import { applyEntry, emptyBooks, type Books } from './books.ts'
import type { Entry } from './entries.ts'

/** The simulator's own truth about money: on disk before anybody is told. */
export type Ledger = Books & {
  record: (entry: Entry) => void
  close: () => void
  isReceiptTaken: (receipt: string) => boolean
  /** What independent checkers compare Gari's books with. */
  report: () => LedgerReport
}

export type LedgerReport = {
  transactions: {
    checkoutRequestId: string
    receipt: string | null
    phone: string
    amount: number
    accountReference: string
    status: string
    resultCode: number | string | null
    at: string
    finishedAt: string | null
    reversedBy: string | null
  }[]
  reversals: {
    conversationId: string
    receipt: string | null
    transactionReceipt: string
    amount: number
    status: string
    resultCode: number | string | null
    at: string
  }[]
  /** Phones plus merchant equal what was opened with, at every moment. */
  balances: { merchant: number; phones: Record<string, number>; opened: number }
}

export const openLedger = (file: string): Ledger => {
  const { entries, journal } = openJournal<Entry>(file)
  const books = emptyBooks()
  const receipts = new Set<string>()
  const apply = (entry: Entry) => {
    applyEntry(books, entry)
    if ('receipt' in entry && entry.receipt) receipts.add(entry.receipt)
  }
  entries.forEach(apply)
  let closed = false
  return {
    ...books,
    record: (entry) => {
      // A delivery may end after the stop. Its line is lost as a kill would have lost it.
      if (closed) return
      journal.append(entry)
      apply(entry)
    },
    close: () => {
      if (!closed) journal.close()
      closed = true
    },
    isReceiptTaken: (receipt) => receipts.has(receipt),
    report: () => reportOf(books),
  }
}

const reportOf = (books: Books): LedgerReport => ({
  transactions: [...books.transactions.values()].map((one) => ({
    checkoutRequestId: one.checkoutRequestId,
    receipt: one.receipt,
    phone: one.phone,
    amount: one.amount,
    accountReference: one.accountReference,
    status: one.status,
    resultCode: one.resultCode,
    at: one.requestedAt,
    finishedAt: one.finishedAt,
    reversedBy: one.reversedBy,
  })),
  reversals: [...books.reversals.values()].map((one) => ({
    conversationId: one.conversationId,
    receipt: one.receipt,
    transactionReceipt: one.transactionReceipt,
    amount: one.amount,
    status: one.status,
    resultCode: one.resultCode,
    at: one.requestedAt,
  })),
  balances: {
    merchant: books.totals.merchant,
    phones: Object.fromEntries(books.wallets),
    opened: books.totals.opened,
  },
})
