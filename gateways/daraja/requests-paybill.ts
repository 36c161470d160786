/** Builds the registrations and Pull, in Daraja's spelling; null when a value does not fit. */
import { HOUR_MS } from '../../domain/time.ts'
import {
  pullRequest,
  registerPullRequest,
  registerUrlsRequest,
} from '../../domain/schemas/daraja-paybill-calls.ts'
import { digitsOf, spacedTime, type Merchant } from './requests.ts'

export type PaybillUrls = {
  validationUrl: string
  confirmationUrl: string
  /** What becomes of a customer's payment while our validation cannot be reached. */
  onUnreachable: 'Completed' | 'Cancelled'
}

export type PullRegistration = {
  /** E.164: a number of ours, which Safaricom writes down with the registration. */
  nominatedPhone: string
  callbackUrl: string
}

export type PullWindow = {
  from: Date
  /** Later than `from`, by 48 hours at most. */
  to: Date
  /** How many rows of this window we have already. */
  offset: number
}

const LONGEST_WINDOW_MS = 48 * HOUR_MS

export const buildRegisterUrls = ({ shortcode }: Merchant, urls: PaybillUrls) =>
  registerUrlsRequest.safeParse({
    ShortCode: shortcode,
    ResponseType: urls.onUnreachable,
    ConfirmationURL: urls.confirmationUrl,
    ValidationURL: urls.validationUrl,
  }).data ?? null

export const buildRegisterPull = ({ shortcode }: Merchant, registration: PullRegistration) =>
  registerPullRequest.safeParse({
    ShortCode: shortcode,
    RequestType: 'Pull',
    NominatedNumber: digitsOf(registration.nominatedPhone),
    CallBackURL: registration.callbackUrl,
  }).data ?? null

export function buildPull({ shortcode }: Merchant, { from, to, offset }: PullWindow) {
  const lengthMs = to.getTime() - from.getTime()
  // Also for a date that is none, whose time is not a number.
  if (!(lengthMs > 0 && lengthMs <= LONGEST_WINDOW_MS)) return null
  const request = {
    ShortCode: shortcode,
    StartDate: spacedTime(from),
    EndDate: spacedTime(to),
    OffSetValue: String(offset),
  }
  return pullRequest.safeParse(request).data ?? null
}
