import type { ResultCode } from '../results.ts'
import type { Books } from './books.ts'
import type { HandPayment, Payout, Reversal, Transaction } from './entries.ts'
import type { Movement } from './movements.ts'

/** What independent checkers compare Gari's books with. Amounts in whole shillings, times in UTC. */
export type LedgerReport = {
  transactions: {
    checkoutRequestId: string
    receipt: string | null
    phone: string
    amount: number
    accountReference: string
    status: string
    resultCode: ResultCode | null
    at: string
    finishedAt: string | null
    reversedBy: string | null
  }[]
  handPayments: {
    receipt: string
    phone: string
    amount: number
    accountReference: string
    at: string
    reversedBy: string | null
    /** How telling the merchant ended: an HTTP status, `unreachable` or `timeout`. Null: not told yet. */
    told: string | null
  }[]
  reversals: (RequestReport & { transactionReceipt: string })[]
  payouts: (RequestReport & { originatorConversationId: string; phone: string })[]
  /** Every shilling that came to the paybill or left it, oldest first. */
  movements: Movement[]
  /** Phones, merchant and charges together equal what was opened with, at every moment. */
  balances: {
    /** Utility and working together. */
    merchant: number
    utility: number
    working: number
    chargesPaid: number
    phones: Record<string, number>
    opened: number
  }
}

type RequestReport = {
  conversationId: string
  receipt: string | null
  amount: number
  status: string
  resultCode: ResultCode | null
  at: string
}

export const reportOf = (books: Books): LedgerReport => ({
  transactions: [...books.transactions.values()].map(reportTransaction),
  handPayments: [...books.handPayments.values()].map(reportHandPayment),
  reversals: [...books.reversals.values()].map((one) => ({
    ...reportRequest(one),
    transactionReceipt: one.transactionReceipt,
  })),
  payouts: [...books.payouts.values()].map((one) => ({
    ...reportRequest(one),
    originatorConversationId: one.originatorConversationId,
    phone: one.phone,
  })),
  movements: books.movements,
  balances: {
    merchant: books.accounts.utility + books.accounts.working,
    ...books.accounts,
    phones: Object.fromEntries(books.wallets),
    opened: books.totals.opened,
  },
})

const reportTransaction = (one: Transaction) => ({
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
})

const reportHandPayment = (one: HandPayment) => ({
  receipt: one.receipt,
  phone: one.phone,
  amount: one.amount,
  accountReference: one.accountReference,
  at: one.finishedAt ?? one.requestedAt,
  reversedBy: one.reversedBy,
  told: one.told ?? null,
})

const reportRequest = (one: Reversal | Payout): RequestReport => ({
  conversationId: one.conversationId,
  receipt: one.receipt,
  amount: one.amount,
  status: one.status,
  resultCode: one.resultCode,
  at: one.requestedAt,
})
