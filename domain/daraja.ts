/**
 * What Safaricom answers to the calls beside a push, and what it reports about them later. An acceptance only
 * means that a report will come; "unknown" means that the call may have been executed.
 */
import { shillings, type Cents } from './money.ts'
import type { ReasonClass } from './payments.ts'

/** Safaricom's limits for one payout to a customer (Daraja documentation, 2026). */
export const MINIMUM_PAYOUT = shillings(10)
export const MAXIMUM_PAYOUT = shillings(250_000)

/** Whose money is meant: the paybill's (or store's), or that of the shortcode which pays out. */
export type MpesaAccount = 'paybill' | 'payout'

export type Accepted = {
  outcome: 'accepted'
  conversationId: string
  originatorConversationId: string
}
/** Certainly not executed. The code is Daraja's own, for the people who mend it; `UNREACHABLE` when nobody took it. */
export type Refused = { outcome: 'refused'; code: string; class: ReasonClass }
export type Unknown = { outcome: 'unknown'; why: string }

/** Of a reversal, a transaction status and an account balance. */
export type InitiatorAnswer = Accepted | Refused | Unknown

/** `duplicate`: Daraja took this very payout before, so it is on its way or done; never a refusal. */
export type PayoutAnswer = InitiatorAnswer | { outcome: 'duplicate' }

/** `already`: somebody registered addresses before, perhaps others than these. */
export type RegisterAnswer = { outcome: 'registered' } | { outcome: 'already' } | Refused | Unknown

export type PullLine = {
  receipt: string
  /** Daraja's `Z` may really mean Nairobi's clock; `atText` is what it wrote. */
  at: Date
  atText: string
  amount: Cents
  /** Plain, masked or hashed: never a key to anything. */
  phone: string | null
  sender: string | null
  /** Daraja's transaction type: `c2b-pay-bill-debit`. */
  kind: string | null
  /** What the customer typed as account number. */
  reference: string | null
  raw: Readonly<Record<string, unknown>>
}

export type PullPage = {
  outcome: 'page'
  lines: PullLine[]
  /** Rows without a receipt, a time or an amount that can be read: for people, never to be dropped. */
  unreadable: unknown[]
  nextOffset: number
}
export type PullAnswer = PullPage | { outcome: 'none' } | Refused | Unknown

/** Either id may be empty when Daraja left it out; never both. */
export type Conversation = { conversationId: string; originatorConversationId: string }

export type InitiatorReport = Conversation & {
  /** `0` is success. Compare as text: some codes are words (`R000001`). */
  resultCode: string
  /** The receipt of the call itself; null when it failed, because Daraja then sends a dummy. */
  transactionId: string | null
}

export type ReversalResult = InitiatorReport & {
  amount: Cents | null
  /** The payment that was sent back. */
  originalReceipt: string | null
  completedAt: Date | null
  charge: Cents | null
  /** What is left on the account that paid. */
  funds: Cents | null
  creditParty: string | null
  debitParty: string | null
}

export type PayoutResult = InitiatorReport & {
  receipt: string | null
  amount: Cents | null
  /** `2547… - NAME`. */
  receiver: string | null
  receiverIsRegistered: boolean | null
  completedAt: Date | null
  utilityFunds: Cents | null
  workingFunds: Cents | null
}

/** `Other`: a word that nobody has documented, so nothing may be concluded from it. */
export type TransactionState =
  'Completed' | 'Cancelled' | 'Declined' | 'Expired' | 'Initiated' | 'Authorized' | 'Other'

/** What became of another transaction; the ids on top are those of the question. */
export type StatusResult = InitiatorReport & {
  receipt: string | null
  status: TransactionState | null
  amount: Cents | null
  /** `600992 - GARI LTD`; Daraja sends the same key more than once, so all are kept in order. */
  debitParty: string[]
  creditParty: string[]
  /** The ids of the transaction that was asked about. */
  original: { conversationId: string | null; originatorConversationId: string | null }
  initiatedAt: Date | null
  finalisedAt: Date | null
  reasonType: string | null
}

export type BalanceResult = InitiatorReport & {
  /** Available money by Safaricom's name of the account (`Utility Account`); may be negative. */
  accounts: Readonly<Record<string, Cents>>
  completedAt: Date | null
}

/** Money that a customer sent by hand, or asks to send (validation); the same body for both. */
export type PaybillMessage = {
  receipt: string
  kind: 'paybill' | 'till' | 'other'
  at: Date | null
  amount: Cents | null
  shortcode: string | null
  /** Capitals and digits only, so that `rsv-26-000123` and `RSV 26 000123` are one; null when nothing is left. */
  reference: string | null
  referenceText: string
  invoiceNumber: string | null
  /** What our validation gave Safaricom to send back. */
  thirdPartyId: string | null
  /** Masked, hashed or plain, by version and year: never a key to anything. */
  phone: string | null
  name: string | null
  /** Our balance after the payment; missing at validation. */
  balance: Cents | null
}
