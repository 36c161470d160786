/** What we send to Daraja about a push (strict: a wrong field is found here, not by Safaricom), and its answers (loose). */
import { z } from 'zod'
import { MAXIMUM_PUSH, MINIMUM_PUSH } from '../payments.ts'
import { toShillings } from '../money.ts'

export const shortCode = z.number().int().min(10_000).max(9_999_999)
/** `YYYYMMDDHHmmss` in Nairobi. */
const timestamp = z.string().regex(/^20\d{12}$/)
const password = z.base64().min(1)
/** 2547… and 2541… as a JSON number: as a string Safaricom accepts it in production and the phone never rings. */
export const msisdn = z
  .number()
  .int()
  .refine((value) => /^254[17]\d{8}$/.test(String(value)))
const pushAmount = z.number().int().min(toShillings(MINIMUM_PUSH)).max(toShillings(MAXIMUM_PUSH))
export const ourUrl = z.url({ protocol: /^https?$/ }).regex(/^\S+$/)

export const REFERENCE_LENGTH = 12
export const DESCRIPTION_LENGTH = 13

export const stkPushRequest = z.strictObject({
  BusinessShortCode: shortCode,
  Password: password,
  Timestamp: timestamp,
  TransactionType: z.enum(['CustomerPayBillOnline', 'CustomerBuyGoodsOnline']),
  Amount: pushAmount,
  PartyA: msisdn,
  PartyB: shortCode,
  PhoneNumber: msisdn,
  CallBackURL: ourUrl,
  AccountReference: z.string().regex(new RegExp(`^[A-Za-z0-9]{1,${REFERENCE_LENGTH}}$`)),
  TransactionDesc: z.string().min(1).max(DESCRIPTION_LENGTH),
})
export type StkPushRequest = z.infer<typeof stkPushRequest>
export type TransactionType = StkPushRequest['TransactionType']

/** Exactly these four fields. */
export const stkQueryRequest = z.strictObject({
  BusinessShortCode: shortCode,
  Password: password,
  Timestamp: timestamp,
  CheckoutRequestID: z.string().min(1).max(64),
})

export const id = z.string().min(1).max(64)
export const text = z.union([z.string(), z.number()]).transform((value) => String(value).trim())

export const tokenAnswer = z.object({
  access_token: z.string().min(1).max(2_000),
  /** Seconds; a string on the wire, a number in the documentation. */
  expires_in: z.coerce.number().positive(),
})

export const stkPushAnswer = z.object({
  ResponseCode: text,
  MerchantRequestID: id,
  CheckoutRequestID: id,
})

export const stkQueryAnswer = z.object({
  ResponseCode: text,
  CheckoutRequestID: id,
  ResultCode: text,
})

/** Daraja's own refusals. */
export const errorEnvelope = z.object({
  errorCode: z.string().min(1),
  errorMessage: z.string().nullish(),
})

/** The gateway in front of Daraja (Apigee); the third kind, the firewall's, is HTML or nothing at all. */
export const gatewayFault = z.object({
  fault: z.object({
    faultstring: z.string().nullish(),
    detail: z.object({ errorcode: z.string().min(1) }),
  }),
})
