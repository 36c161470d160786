/** Builds what we send about a push, in Daraja's spelling, checked by the strict schemas; null when a value does not fit. */
import { isWholeShillings, toShillings, type Cents } from '../../domain/money.ts'
import { toNairobiIso } from '../../domain/time.ts'
import {
  DESCRIPTION_LENGTH,
  REFERENCE_LENGTH,
  stkPushRequest,
  stkQueryRequest,
  type TransactionType,
} from '../../domain/schemas/daraja-calls.ts'

export type Push = {
  paymentId: string
  /** E.164. */
  phone: string
  amount: Cents
  /** A booking's number; cut to Daraja's 12 letters and digits. */
  reference: string
  /** Shown in the prompt; cut to 13 characters. */
  description: string
  callbackUrl: string
}

export type Merchant = {
  shortcode: string
  passkey: string
  transactionType: TransactionType
  /** Buy Goods pays into a till; the shortcode is then the store's number. */
  till?: string | undefined
  /** Which shortcode pays customers (B2C), where it is another one. */
  payoutShortcode?: string | undefined
  initiator?: string | undefined
  securityCredential?: string | undefined
}

const secondsOf = (at: Date): string => toNairobiIso(at).slice(0, 'YYYY-MM-DDTHH:mm:ss'.length)

/** Timestamp and password belong together: the password holds the same timestamp. */
const signature = ({ shortcode, passkey }: Merchant, at: Date) => {
  const Timestamp = secondsOf(at).replace(/\D/g, '')
  const Password = Buffer.from(`${shortcode}${passkey}${Timestamp}`).toString('base64')
  return { BusinessShortCode: Number(shortcode), Password, Timestamp }
}

/** `2026-11-21 08:00:00`, on Nairobi's clock. */
export const spacedTime = (at: Date): string => secondsOf(at).replace('T', ' ')

/** Not a number when cents remain, which no schema lets pass. */
export const shillingsOf = (amount: Cents): number =>
  isWholeShillings(amount) ? toShillings(amount) : Number.NaN

/** From E.164. */
export const digitsOf = (phone: string): string => phone.replace(/^\+/, '')

export const buildPush = (merchant: Merchant, push: Push, at: Date) => {
  const phone = Number(digitsOf(push.phone))
  const request = {
    ...signature(merchant, at),
    TransactionType: merchant.transactionType,
    Amount: shillingsOf(push.amount),
    PartyA: phone,
    PartyB: Number(merchant.till ?? merchant.shortcode),
    PhoneNumber: phone,
    CallBackURL: push.callbackUrl,
    AccountReference: push.reference.replace(/[^A-Za-z0-9]/g, '').slice(0, REFERENCE_LENGTH),
    TransactionDesc: push.description.slice(0, DESCRIPTION_LENGTH),
  }
  return stkPushRequest.safeParse(request).data ?? null
}

export const buildQuery = (merchant: Merchant, checkoutRequestId: string, at: Date) =>
  stkQueryRequest.safeParse({ ...signature(merchant, at), CheckoutRequestID: checkoutRequestId })
    .data ?? null
