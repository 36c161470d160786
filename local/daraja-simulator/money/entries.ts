import type { ResultCode } from '../results.ts'

/** What a customer's payment is to everybody who does not care how it was made. */
export type PaidIn = {
  phone: string
  amount: number
  accountReference: string
  requestedAt: string
  receipt: string | null
  finishedAt: string | null
  /** The payer's balance after it, for M-Pesa's message. */
  balanceAfter: number | null
  reversedBy: string | null
}

/** A push and what became of it. A failed one can still turn paid (the money came late), never back. */
export type Transaction = PaidIn & {
  checkoutRequestId: string
  merchantRequestId: string
  partyB: string
  /** Lines of earlier versions lack it; they were all for the paybill. */
  transactionType?: 'CustomerPayBillOnline' | 'CustomerBuyGoodsOnline'
  callbackUrl: string
  status: 'pending' | 'paid' | 'failed'
  resultCode: ResultCode | null
  resultDesc: string | null
  /** Whether the callback was sent, or dropped on purpose: after a crash, only the others are sent. */
  reported: boolean
}

/** A payment that the customer started on the phone. It stands here only when the money has moved. */
export type HandPayment = PaidIn & {
  receipt: string
  shortCode: string
  transactionType: 'Pay Bill' | 'Buy Goods'
  /** What the merchant said at validation and wants to hear again. */
  thirdPartyId: string
  reported: boolean
  /** How telling the merchant ended, once it has. */
  told?: string
}

/** A request of the API operator: taken at once, judged later, told to one of two addresses. */
export type Request = {
  conversationId: string
  originatorConversationId: string
  amount: number
  /** 0, 2001 or 8006. Lines of earlier versions lack it. */
  operatorCode?: ResultCode
  resultUrl: string
  timeoutUrl: string
  requestedAt: string
  status: 'pending' | 'completed' | 'failed'
  resultCode: ResultCode | null
  resultDesc: string | null
  receipt: string | null
  finishedAt: string | null
  /** The customer's. */
  balanceAfter: number | null
  reported: boolean
}

export type Reversal = Request & { transactionReceipt: string; receiverParty: string }

export type Payout = Request & {
  phone: string
  shortCode: string
  commandId: string
  remarks: string
  /** Of the paybill, right after it, for the result. */
  accountsAfter: Accounts | null
}

/** Whole shillings. Charges paid are Safaricom's, counted here because the result names them. */
export type Accounts = { utility: number; working: number; chargesPaid: number }
export type Place = 'utility' | 'working' | 'bank'

export type C2bUrls = {
  shortCode: string
  version: 'v1' | 'v2'
  responseType: 'Completed' | 'Cancelled'
  confirmationUrl: string
  validationUrl: string
}

export type Outcome = {
  resultCode: ResultCode
  resultDesc: string
  receipt: string | null
  at: string
}

export type Entry =
  | { kind: 'wallet'; phone: string; balance: number; at: string }
  | { kind: 'push'; transaction: Transaction }
  | ({ kind: 'result'; checkoutRequestId: string } & Outcome)
  | { kind: 'hand-payment'; payment: HandPayment }
  | { kind: 'reversal'; reversal: Reversal }
  | ({ kind: 'reversal-result'; conversationId: string } & Outcome)
  | { kind: 'payout'; payout: Payout }
  | ({ kind: 'payout-result'; conversationId: string; charge: number } & Outcome)
  | { kind: 'transfer'; receipt: string; from: Place; to: Place; amount: number; at: string }
  | { kind: 'c2b-urls'; urls: C2bUrls | null; at: string }
  | { kind: 'pull'; shortCode: string | null; at: string }
  | { kind: 'reported'; id: string; how: string; at: string }
