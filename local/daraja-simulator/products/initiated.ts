import type { Context } from 'hono'
import { z } from 'zod'
import type { Wanted } from '../asked.ts'
import { callbackUrl, remarks, securityCredential } from '../fields.ts'
import type { Request } from '../money/entries.ts'
import type { Operator } from '../operator.ts'

/** Fields that every request of the API operator ends with. */
export const addressFields = {
  ResultURL: callbackUrl,
  QueueTimeOutURL: callbackUrl,
  Remarks: remarks,
}

export const operatorFields = {
  Initiator: z.string().min(1),
  SecurityCredential: securityCredential,
}

/** Shortcode 4, till 2, phone 1; always a text. */
export const identifierType = z.enum(['1', '2', '4'])

type Sent = {
  SecurityCredential: string
  ResultURL: string
  QueueTimeOutURL: string
}

export const wantedOf = (
  operator: Operator,
  initiator: string,
  sent: Sent,
): Omit<Wanted, 'amount'> => ({
  operatorCode: operator.judge(initiator, sent.SecurityCredential),
  resultUrl: sent.ResultURL,
  timeoutUrl: sent.QueueTimeOutURL,
})

/** Well-formed is always accepted, even with a wrong credential. */
export const acknowledge = (c: Context, request: Request): Response =>
  c.json({
    OriginatorConversationID: request.originatorConversationId,
    ConversationID: request.conversationId,
    ResponseCode: '0',
    ResponseDescription: 'Accept the service request successfully.',
  })
