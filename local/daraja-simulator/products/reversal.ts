import type { Context } from 'hono'
import { z } from 'zod'
import { invalidField, refuse } from '../errors.ts'
import { anyAmount, peekField, readFields, shortCode } from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import type { Ledger } from '../money/ledger.ts'
import type { Scope } from '../moods.ts'
import type { Simulator } from '../simulator.ts'
import { acknowledge, addressFields, operatorFields, wantedOf } from './initiated.ts'

const reversalSchema = z.object({
  ...operatorFields,
  CommandID: z.literal('TransactionReversal'),
  TransactionID: z.string().min(1).max(20),
  Amount: anyAmount,
  ReceiverParty: shortCode,
  // Misspelled by Daraja; only this spelling with this value is taken.
  RecieverIdentifierType: z.literal('11'),
  ...addressFields,
  Occasion: z.string().max(100).optional(),
})

export const reversalScope =
  (ledger: Ledger) =>
  (body: unknown): Scope =>
    ledger.byReceipt.get(peekField(body, 'TransactionID') ?? '') ?? {}

/** `POST /mpesa/reversal/v1/request`. */
export const answerReversal =
  ({ operator, reversals, settings }: Simulator) =>
  (c: Context<GateEnv>): Response => {
    const read = readFields(reversalSchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const { fields } = read
    const wanted = {
      ...wantedOf(operator, fields.Initiator, fields),
      amount: fields.Amount,
      transactionReceipt: fields.TransactionID,
      receiverParty: fields.ReceiverParty,
    }
    return acknowledge(c, reversals.request(wanted, c.get('mood')))
  }
