import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { newRequestId } from './ids.ts'

/** A refusal in Daraja's own words: the HTTP status, its code, and the text beside it. */
export type Refusal = { status: ContentfulStatusCode; errorCode: string; errorMessage: string }

const refusal = (
  status: ContentfulStatusCode,
  errorCode: string,
  errorMessage: string,
): Refusal => ({ status, errorCode, errorMessage })

export const invalidField = (field: string) =>
  refusal(400, '400.002.02', `Bad Request - Invalid ${field}`)
export const invalidToken = refusal(404, '404.001.03', 'Invalid Access Token')
export const resourceNotFound = refusal(404, '404.001.01', 'Resource not found')
export const wrongMethod = (method: string) =>
  refusal(405, '405.001', `${method} Method Not Allowed`)
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
export const busy = refusal(500, '500.003.02', 'System is busy. Please try again in few minutes.')

export const refuse = (c: Context, { status, errorCode, errorMessage }: Refusal): Response =>
  c.json({ requestId: newRequestId(), errorCode, errorMessage }, status)

const incident = (title: string) =>
  `<html><head><title>${title}</title></head><body><iframe id="main-iframe" src="about:blank">` +
  `Request unsuccessful. Incapsula incident ID: ${newRequestId()}</iframe></body></html>`

/** The two gateways in front of Daraja answer in their own ways; none of them is Daraja's envelope. */
export const gatewayAnswers = {
  outage: (c: Context) => c.html(incident('Service Unavailable'), 503),
  'html-403': (c: Context) => c.html(incident('Forbidden'), 403),
  'spike-arrest': (c: Context) =>
    c.json(
      {
        fault: {
          faultstring: 'Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5}',
          detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
        },
      },
      429,
    ),
  garbage: (c: Context) => c.body('{"ResponseCode":"0","Resp', 200),
  busy: (c: Context) => refuse(c, busy),
  'token-expired': (c: Context) => refuse(c, invalidToken),
}
