import type { ResultCode } from './results.ts'

type Status = 'pending' | 'paid' | 'failed'

/** A push and what became of it. A failed one can still turn paid (the money came late), never back. */
export type Transaction = {
  checkoutRequestId: string
  merchantRequestId: string
  phone: string
  amount: number
  partyB: string
  accountReference: string
  callbackUrl: string
  requestedAt: string
  status: Status
  resultCode: ResultCode | null
  resultDesc: string | null
  receipt: string | null
  finishedAt: string | null
  /** The payer's balance after it, for M-Pesa's message. */
  balanceAfter: number | null
  reversedBy: string | null
  /** Whether the callback was sent, or dropped on purpose: after a crash, only the others are sent. */
  reported: boolean
}

export type Reversal = {
  conversationId: string
  originatorConversationId: string
  transactionReceipt: string
  amount: number
  receiverParty: string
  credentialsValid: boolean
  resultUrl: string
  timeoutUrl: string
  requestedAt: string
  status: 'pending' | 'completed' | 'failed'
  resultCode: ResultCode | null
  resultDesc: string | null
  receipt: string | null
  finishedAt: string | null
  balanceAfter: number | null
  reported: boolean
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
  | { kind: 'reversal'; reversal: Reversal }
  | ({ kind: 'reversal-result'; conversationId: string } & Outcome)
  | { kind: 'reported'; id: string; how: string; at: string }
