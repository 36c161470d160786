/**
 * What Daraja reports about the calls of our operator, read as loosely as callbacks: wrapped or bare, parameters as
 * one object or a list, values missing, keys repeated, numbers as text.
 */
import { z } from 'zod'
import type { Conversation, InitiatorReport } from '../daraja.ts'
import { code, id, readItems, readReceipt, type Items } from './daraja-values.ts'

export const SUCCESS = '0'

const conversation = z.object({
  ConversationID: id.catch(''),
  OriginatorConversationID: id.catch(''),
})
const result = conversation.extend({
  ResultCode: code,
  TransactionID: z.unknown().optional(),
  ResultParameters: z.object({ ResultParameter: z.unknown().optional() }).nullish().catch(null),
})
const envelope = z.object({ Result: z.object() })
/** Results come wrapped; bodies of queue time-outs were seen bare as well. */
const unwrap = (body: unknown): unknown =>
  envelope.safeParse(body).success ? (body as { Result: unknown }).Result : body

const namesNobody = (ids: z.infer<typeof conversation>): boolean =>
  ids.ConversationID === '' && ids.OriginatorConversationID === ''

/** What all results have in common, and the items in which they differ; null when it is none. */
export function readReport(body: unknown): { report: InitiatorReport; items: Items } | null {
  const one = result.safeParse(unwrap(body)).data
  if (!one || namesNobody(one)) return null
  const report = {
    conversationId: one.ConversationID,
    originatorConversationId: one.OriginatorConversationID,
    resultCode: one.ResultCode,
    transactionId: one.ResultCode === SUCCESS ? readReceipt(one.TransactionID) : null,
  }
  return { report, items: readItems(one.ResultParameters?.ResultParameter, 'Key') }
}

/** Which call waited too long in Safaricom's queue; its result may still come. */
export const parseQueueTimeout = (body: unknown): Conversation | null => {
  const ids = conversation.safeParse(unwrap(body)).data
  return ids && !namesNobody(ids)
    ? { conversationId: ids.ConversationID, originatorConversationId: ids.OriginatorConversationID }
    : null
}
