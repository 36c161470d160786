import type { Context } from 'hono'
import { z } from 'zod'
import { badRequest, invalidPayload, refuse, resourceNotFound, urlsRegistered } from '../errors.ts'
import {
  anyAmount,
  callbackUrl,
  digits,
  msisdn,
  peekField,
  readFields,
  shortCode,
} from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import { newRequestId } from '../ids.ts'
import type { Scope } from '../moods.ts'
import { wrongVersion } from '../product-refusals.ts'
import type { Simulator } from '../simulator.ts'

type Version = 'v1' | 'v2'

const registerSchema = z.object({
  ShortCode: shortCode,
  // Exactly so; `completed` is refused.
  ResponseType: z.enum(['Completed', 'Cancelled']),
  ConfirmationURL: callbackUrl,
  ValidationURL: callbackUrl,
})

const simulateSchema = z.object({
  ShortCode: digits(/^\d{5,8}$/),
  CommandID: z.enum(['CustomerPayBillOnline', 'CustomerBuyGoodsOnline']),
  Amount: anyAmount,
  Msisdn: msisdn,
  BillRefNumber: z.string().max(20).nullish(),
})

export const handScope = (body: unknown): Scope => ({
  phone: peekField(body, 'Msisdn'),
  amount: Number(peekField(body, 'Amount')),
})

/** `POST /mpesa/c2b/v2/registerurl`: where the merchant is asked and told about payments by hand. */
export const answerRegisterUrl =
  ({ merchant, settings, ledger, clock }: Simulator, version: Version) =>
  (c: Context<GateEnv>): Response => {
    if (!isOurVersion(settings.c2bVersion, version)) return refuse(c, wrongVersion)
    if (c.get('body') === undefined) return refuse(c, invalidPayload)
    const read = readFields(registerSchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, badRequest(read.wrongField))
    const { ShortCode, ResponseType, ConfirmationURL, ValidationURL } = read.fields
    if (ShortCode !== merchant.shortCode) return refuse(c, badRequest('ShortCode'))
    if (settings.c2bMode === 'production' && ledger.registrations.c2bUrls)
      return refuse(c, urlsRegistered)
    const urls = {
      shortCode: ShortCode,
      version,
      responseType: ResponseType,
      confirmationUrl: ConfirmationURL,
      validationUrl: ValidationURL,
    }
    ledger.record({ kind: 'c2b-urls', urls, at: clock.now().toISOString() })
    return c.json(accepted('Success', settings.c2bResponseCode))
  }

/** `POST /mpesa/c2b/v2/simulate`: a payment by hand for those who have no phone; sandbox only. */
export const answerSimulate =
  ({ settings, paybill }: Simulator, version: Version) =>
  (c: Context<GateEnv>): Response => {
    if (settings.c2bMode === 'production') return refuse(c, resourceNotFound)
    if (!isOurVersion(settings.c2bVersion, version)) return refuse(c, wrongVersion)
    if (c.get('body') === undefined) return refuse(c, invalidPayload)
    const read = readFields(simulateSchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, badRequest(read.wrongField))
    const { fields } = read
    const wanted = {
      phone: fields.Msisdn,
      amount: fields.Amount,
      shortCode: fields.ShortCode,
      accountReference: fields.BillRefNumber ?? '',
      transactionType: TYPES[fields.CommandID],
    }
    void paybill.pay(wanted, c.get('mood'))
    return c.json(accepted('Accept the service request successfully.', settings.c2bResponseCode))
  }

const TYPES = { CustomerPayBillOnline: 'Pay Bill', CustomerBuyGoodsOnline: 'Buy Goods' } as const

const isOurVersion = (ours: 'both' | Version, version: Version): boolean =>
  ours === 'both' || ours === version

/** The key is misspelled by Daraja, and the code comes in three ways. */
const accepted = (ResponseDescription: string, code: '0' | '00000000' | 'missing') => ({
  OriginatorCoversationID: newRequestId(),
  ...(code === 'missing' ? {} : { ResponseCode: code }),
  ResponseDescription,
})
