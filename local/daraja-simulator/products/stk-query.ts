import type { Context } from 'hono'
import { z } from 'zod'
import { hiccup, invalidField, noSuchTransaction, refuse, stillProcessing } from '../errors.ts'
import { password, peekField, readFields, shortCode, timestamp } from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import type { Ledger } from '../money/ledger.ts'
import type { Scope } from '../moods.ts'
import { checkPassword } from '../passwords.ts'
import type { Simulator } from '../simulator.ts'

const querySchema = z.object({
  BusinessShortCode: shortCode,
  Password: password,
  Timestamp: timestamp,
  CheckoutRequestID: z.string().min(1).max(64),
})

export const queryScope =
  (ledger: Ledger) =>
  (body: unknown): Scope =>
    ledger.transactions.get(peekField(body, 'CheckoutRequestID') ?? '') ?? {}

/** `POST /mpesa/stkpushquery/v1/query`: a verdict without receipt or amount, or one of two "not yet"s. */
export const answerStkQuery =
  (parts: Simulator) =>
  (c: Context<GateEnv>): Response => {
    const read = readFields(querySchema, c.get('body'), parts.settings)
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const refusal = checkPassword(parts, read.fields)
    if (refusal) return refuse(c, refusal)
    const mood = c.get('mood')
    if (mood.queryHiccup) return refuse(c, hiccup)
    const transaction = parts.ledger.transactions.get(read.fields.CheckoutRequestID)
    if (!transaction) {
      const dialect = mood.queryUnknown ?? parts.settings.queryUnknown
      return refuse(
        c,
        dialect === 'missing' ? noSuchTransaction : invalidField('CheckoutRequestID'),
      )
    }
    const pending = transaction.status === 'pending'
    if (pending && (mood.queryPending ?? parts.settings.queryPending) === 'error')
      return refuse(c, stillProcessing)
    return c.json({
      ResponseCode: '0',
      // Daraja's own spelling.
      ResponseDescription: 'The service request has been accepted successsfully',
      MerchantRequestID: transaction.merchantRequestId,
      CheckoutRequestID: transaction.checkoutRequestId,
      ResultCode: pending ? '4999' : String(transaction.resultCode),
      ResultDesc: pending ? 'The transaction is still under processing' : transaction.resultDesc,
    })
  }
