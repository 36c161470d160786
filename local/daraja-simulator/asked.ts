import { newConversationId, newRequestId } from './ids.ts'
import type { Request } from './money/entries.ts'
import type { ResultCode } from './results.ts'

/** What every request of the API operator brings along. */
export type Wanted = {
  amount: number
  operatorCode: ResultCode
  resultUrl: string
  timeoutUrl: string
  /** Given by the merchant in B2C v3, else drawn by Daraja. */
  originatorConversationId?: string | undefined
}

/** A request that was just accepted. */
export const acceptRequest = (wanted: Wanted, at: Date): Request => ({
  amount: wanted.amount,
  operatorCode: wanted.operatorCode,
  resultUrl: wanted.resultUrl,
  timeoutUrl: wanted.timeoutUrl,
  conversationId: newConversationId(at),
  originatorConversationId: wanted.originatorConversationId ?? newRequestId(),
  requestedAt: at.toISOString(),
  status: 'pending',
  resultCode: null,
  resultDesc: null,
  receipt: null,
  finishedAt: null,
  balanceAfter: null,
  reported: false,
})
