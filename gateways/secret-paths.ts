/** Secret parts of addresses: keyed hashes, so that nothing needs to be stored and none can be guessed. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CallbackKind } from '../domain/callbacks.ts'
import type { MarketingChannel } from '../domain/marketing.ts'

export type SecretPaths = {
  token(...parts: string[]): string
  fits(token: string, ...parts: string[]): boolean
  hash(text: string): Buffer
}

const same = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * 256-bit tokens in hex: Safaricom refuses addresses in which words like `exe`, `cmd` or `sql` occur, and hex
 * spells none of them. The parts are joined by a sign that none of them may hold.
 */
export function createSecretPaths(secret: string): SecretPaths {
  const hash = (text: string) => createHmac('sha256', secret).update(text).digest()
  const token = (...parts: string[]) => hash(parts.join('\n')).toString('hex')
  return { token, fits: (given, ...parts) => same(given, token(...parts)), hash }
}

/** Where Daraja reports; the words Safaricom bans in addresses (mpesa, query, …) do not occur. */
export const createCallbackUrl =
  (publicUrl: string, paths: SecretPaths) =>
  (kind: CallbackKind, subjectId: string): string =>
    `${publicUrl}/callbacks/${kind}/${subjectId}/${paths.token('callback', kind, subjectId)}`

/** Mailed to whoever has an account: to prove the address, or for a new password. */
export const createAccountLink = (publicUrl: string, paths: SecretPaths) => (linkId: string) =>
  `${publicUrl}/account-links/${linkId}/${paths.token('account', linkId)}`

/** What is mailed to whoever opens an account: what makes it, and where to go who has one already. */
export const createRegistrationLinks = (publicUrl: string, paths: SecretPaths) => (id: string) => ({
  open: `${publicUrl}/register/${id}/${paths.token('registration', id)}`,
  signIn: `${publicUrl}/sign-in`,
  reset: `${publicUrl}/forgot-password`,
})

/** By which whoever gets an offer stops them, without signing in; it says nothing of them but an id of ours. */
export const createUnsubscribeLink =
  (publicUrl: string, paths: SecretPaths) =>
  (userId: string, channel: MarketingChannel): string =>
    `${publicUrl}/unsubscribe/${userId}/${channel}/${paths.token('unsubscribe', userId, channel)}`

/** The link by which whoever paid too late chooses what becomes of the money. */
export const createLateLink = (publicUrl: string, paths: SecretPaths) => (paymentId: string) =>
  `${publicUrl}/late/${paymentId}/${paths.token('late', paymentId)}`

/**
 * Where Safaricom asks about money sent by hand and reports it. There is one pair for the whole shortcode, written
 * down with Safaricom once, so the token must not change: nothing but the secret is in it.
 */
export const createPaybillUrls = (publicUrl: string, paths: SecretPaths) => {
  const token = paths.token('callback', 'paybill')
  return {
    validationUrl: `${publicUrl}/callbacks/paybill/check/${token}`,
    confirmationUrl: `${publicUrl}/callbacks/paybill/confirm/${token}`,
  }
}

/** The link by which one party of a booking pays without signing in. */
export const createPayLink =
  (publicUrl: string, paths: SecretPaths) =>
  (reservationId: string, partyId: string): string =>
    `${publicUrl}/pay/${reservationId}/${partyId}/${paths.token('share', reservationId, partyId)}`

/** The same of a charge. */
export const createChargeLink =
  (publicUrl: string, paths: SecretPaths) =>
  (chargeId: string, partyId: string): string =>
    `${publicUrl}/charges/${chargeId}/share/${partyId}/${paths.token('share', chargeId, partyId)}`

/** Where anybody who holds a document can check that it is genuine. */
export const createVerifyUrl =
  (publicUrl: string, paths: SecretPaths) =>
  (number: string): string =>
    `${publicUrl}/documents/verify/${number}/${paths.token('document', number)}`
