import type { Context } from 'hono'
import { z } from 'zod'
import { badRequest, invalidField, invalidPayload, refuse } from '../errors.ts'
import { peekField, readFields, shortCode } from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import type { Ledger } from '../money/ledger.ts'
import type { Scope } from '../moods.ts'
import type { Simulator } from '../simulator.ts'
import {
  acknowledge,
  addressFields,
  identifierType,
  operatorFields,
  wantedOf,
} from './initiated.ts'

const statusSchema = z.object({
  ...operatorFields,
  CommandID: z.literal('TransactionStatusQuery'),
  // One of the two; with neither the verdict is 25.
  TransactionID: z.string().max(20).optional(),
  OriginalConversationID: z.string().max(64).optional(),
  PartyA: shortCode,
  IdentifierType: identifierType,
  ...addressFields,
  Occasion: z.string().max(100).optional(),
})

const balanceSchema = z.object({
  ...operatorFields,
  CommandID: z.literal('AccountBalance'),
  PartyA: shortCode,
  IdentifierType: identifierType,
  ...addressFields,
})

/** The phone and amount of what is asked about. */
export const statusScope =
  (ledger: Ledger) =>
  (body: unknown): Scope => {
    const payment = ledger.byReceipt.get(peekField(body, 'TransactionID') ?? '')
    if (payment) return payment
    const request = ledger.requests.get(peekField(body, 'OriginalConversationID') ?? '')
    return request && 'phone' in request ? request : {}
  }

/** `POST /mpesa/transactionstatus/v1/query`: by receipt, or by the id of a payout or a reversal. */
export const answerStatus =
  ({ operator, inquiries, settings }: Simulator) =>
  (c: Context<GateEnv>): Response => {
    if (c.get('body') === undefined) return refuse(c, invalidPayload)
    const read = readFields(statusSchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, badRequest(read.wrongField))
    const { fields } = read
    const wanted = { ...wantedOf(operator, fields.Initiator, fields), amount: 0 }
    const question = {
      receipt: fields.TransactionID,
      conversationId: fields.OriginalConversationID,
    }
    return acknowledge(c, inquiries.askStatus(wanted, question, c.get('mood')))
  }

/** `POST /mpesa/accountbalance/v1/query`. */
export const answerBalance =
  ({ operator, inquiries, settings }: Simulator) =>
  (c: Context<GateEnv>): Response => {
    const read = readFields(balanceSchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const { fields } = read
    const wanted = { ...wantedOf(operator, fields.Initiator, fields), amount: 0 }
    return acknowledge(c, inquiries.askBalance(wanted, c.get('mood')))
  }
