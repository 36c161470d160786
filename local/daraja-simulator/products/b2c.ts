import type { Context } from 'hono'
import { z } from 'zod'
import { duplicateConversation, invalidField, refuse } from '../errors.ts'
import {
  anyAmount,
  digits,
  peekField,
  readFields,
  securityCredential,
  shortCode,
} from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import type { Scope } from '../moods.ts'
import type { Simulator } from '../simulator.ts'
import type { Rules } from '../strict.ts'
import { acknowledge, addressFields, wantedOf } from './initiated.ts'

const v1Schema = z.object({
  // Only here it is not called Initiator.
  InitiatorName: z.string().min(1),
  SecurityCredential: securityCredential,
  CommandID: z.enum(['SalaryPayment', 'BusinessPayment', 'PromotionPayment']),
  Amount: anyAmount,
  PartyA: shortCode,
  PartyB: digits(/^\d{9,15}$/),
  ...addressFields,
  // Daraja's own spelling.
  Occassion: z.string().max(100).optional(),
})

const v3Schema = z.object({
  OriginatorConversationID: z.string().min(1).max(64),
  ...v1Schema.shape,
})

const readV1 = (body: unknown, rules: Rules) => {
  const read = readFields(v1Schema, body, rules)
  return 'wrongField' in read
    ? read
    : { fields: { ...read.fields, OriginatorConversationID: undefined } }
}

export const payoutScope = (body: unknown): Scope => ({
  phone: peekField(body, 'PartyB'),
  amount: Number(peekField(body, 'Amount')),
})

/** `POST /mpesa/b2c/v3/paymentrequest`, whose id of ours makes it safe to send twice; v1 has none. */
export const answerB2c =
  ({ operator, payouts, settings }: Simulator, version: 'v1' | 'v3') =>
  (c: Context<GateEnv>): Response => {
    const body = c.get('body')
    const read = version === 'v3' ? readFields(v3Schema, body, settings) : readV1(body, settings)
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const { fields } = read
    const id = fields.OriginatorConversationID
    if (id !== undefined && payouts.isKnown(id)) return refuse(c, duplicateConversation)
    const wanted = {
      ...wantedOf(operator, fields.InitiatorName, fields),
      originatorConversationId: id,
      amount: fields.Amount,
      phone: fields.PartyB,
      shortCode: fields.PartyA,
      commandId: fields.CommandID,
      remarks: fields.Remarks,
    }
    return acknowledge(c, payouts.request(wanted, c.get('mood')))
  }
