import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { newRequestId } from './ids.ts'

/** A refusal in Daraja's own words: the HTTP status, its code, and the text beside it. */
export type Refusal = { status: ContentfulStatusCode; errorCode: string; errorMessage: string }

export const refusal = (
  status: ContentfulStatusCode,
  errorCode: string,
  errorMessage: string,
): Refusal => ({ status, errorCode, errorMessage })

export const invalidField = (field: string) =>
  refusal(400, '400.002.02', `Bad Request - Invalid ${field}`)
/** C2B and Transaction Status word it in another family. */
export const badRequest = (field: string) =>
  refusal(400, '400.003.02', `Bad Request - Invalid ${field}`)
export const invalidPayload = refusal(400, '400.002.05', 'Invalid Request Payload')
export const resourceNotFound = refusal(404, '404.001.01', 'Resource not found')
export const duplicateConversation = refusal(
  500,
  '500.002.1001',
  'Duplicate OriginatorConversationID.',
)
export const urlsRegistered = refusal(500, '500.003.1001', 'Urls are already registered.')
export const unknownPullCode = refusal(400, '400.001', 'Invalid ShortCode')
export const noTransactions = refusal(500, '500.001', 'No transactions found')
export const invalidAuthentication = refusal(400, '400.008.01', 'Invalid Authentication passed')
export const invalidGrant = refusal(400, '400.008.02', 'Invalid grant type passed')
export const wrongCredentials = refusal(500, '500.001.1001', 'Wrong credentials')
export const unknownMerchant = refusal(500, '500.001.1001', 'Merchant does not exist')
export const subscriberLocked = refusal(
  500,
  '500.001.1001',
  'Unable to lock subscriber, a transaction is already in process for the current subscriber',
)
export const stillProcessing = refusal(500, '500.001.1001', 'The transaction is being processed')
export const noSuchTransaction = refusal(500, '500.001.1001', 'The transaction does not Exist')
export const hiccup = refusal(500, '500.001.1001', '')
export const refuse = (c: Context, { status, errorCode, errorMessage }: Refusal): Response =>
  c.json({ requestId: newRequestId(), errorCode, errorMessage }, status)
