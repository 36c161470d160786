import type { Context } from 'hono'
import { z } from 'zod'
import { invalidField, refuse, subscriberLocked } from '../errors.ts'
import {
  amount,
  callbackUrl,
  digits,
  msisdn,
  password,
  peekField,
  readFields,
  shortCode,
  timestamp,
} from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import type { Scope } from '../moods.ts'
import { checkPassword } from '../passwords.ts'
import type { Simulator } from '../simulator.ts'

const ACCEPTED = 'Success. Request accepted for processing'

/** In the order in which Daraja is thought to look at them; the first wrong one names the error. */
const pushSchema = z.object({
  BusinessShortCode: shortCode,
  Password: password,
  Timestamp: timestamp,
  TransactionType: z.enum(['CustomerPayBillOnline', 'CustomerBuyGoodsOnline']),
  Amount: amount,
  PartyA: msisdn,
  // A till may have more digits than a shortcode.
  PartyB: digits(/^\d{5,8}$/),
  PhoneNumber: msisdn,
  CallBackURL: callbackUrl,
  AccountReference: z
    .string()
    .min(1)
    .max(12)
    .regex(/^[\w .\-/#]+$/),
  TransactionDesc: z.string().max(13).nullish(),
})

export const pushScope = (body: unknown): Scope => ({
  phone: peekField(body, 'PhoneNumber'),
  amount: Number(peekField(body, 'Amount')),
})

/** `POST /mpesa/stkpush/v1/processrequest`: accepted means that the phone will be asked, not paid. */
export const answerStkPush =
  ({ payments, ...parts }: Simulator) =>
  async (c: Context<GateEnv>): Promise<Response> => {
    const read = readFields(pushSchema, c.get('body'), parts.settings)
    if ('wrongField' in read) return refuse(c, invalidField(nameOf(read.wrongField, c)))
    const { fields } = read
    // Without a till the shortcode is a paybill, as the sandbox's is.
    if (fields.TransactionType === 'CustomerBuyGoodsOnline' && !parts.settings.till)
      return refuse(c, invalidField('TransactionType'))
    const refusal = checkPassword(parts, fields)
    if (refusal) return refuse(c, refusal)
    if (payments.isLocked(fields.PhoneNumber)) return refuse(c, subscriberLocked)
    const mood = c.get('mood')
    const { transaction, reported } = payments.request(
      {
        phone: fields.PhoneNumber,
        amount: fields.Amount,
        partyB: fields.PartyB,
        transactionType: fields.TransactionType,
        accountReference: fields.AccountReference,
        callbackUrl: fields.CallBackURL,
      },
      mood,
    )
    if (mood.callbackBeforeAnswer) await reported
    return c.json({
      MerchantRequestID: transaction.merchantRequestId,
      CheckoutRequestID: transaction.checkoutRequestId,
      ResponseCode: '0',
      ResponseDescription: ACCEPTED,
      CustomerMessage: ACCEPTED,
    })
  }

/** Daraja calls a missing AccountReference `Remarks`. */
const nameOf = (field: string, c: Context<GateEnv>): string =>
  field === 'AccountReference' && peekField(c.get('body'), field) === undefined ? 'Remarks' : field
