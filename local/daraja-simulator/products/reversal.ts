import type { Context } from 'hono'
import { z } from 'zod'
import { invalidField, refuse } from '../errors.ts'
import { amount, callbackUrl, peekField, readFields, shortCode } from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import type { Ledger } from '../ledger.ts'
import type { Scope } from '../moods.ts'
import type { Reversals } from '../reversals.ts'
import type { Merchant } from '../settings.ts'

const reversalSchema = z.object({
  Initiator: z.string().min(1),
  SecurityCredential: z.base64().min(1),
  CommandID: z.literal('TransactionReversal'),
  TransactionID: z.string().min(1).max(20),
  Amount: amount,
  ReceiverParty: shortCode,
  // Misspelled by Daraja; only this spelling with this value is taken.
  RecieverIdentifierType: z.literal('11'),
  ResultURL: callbackUrl,
  QueueTimeOutURL: callbackUrl,
  Remarks: z.string().min(2).max(100),
})

export const reversalScope =
  (ledger: Ledger) =>
  (body: unknown): Scope =>
    ledger.byReceipt.get(peekField(body, 'TransactionID') ?? '') ?? {}

/** `POST /mpesa/reversal/v1/request`: well-formed is always accepted, even with a wrong credential. */
export const answerReversal =
  (merchant: Merchant, reversals: Reversals) =>
  (c: Context<GateEnv>): Response => {
    const read = readFields(reversalSchema, c.get('body'))
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const { fields } = read
    const reversal = reversals.request(
      {
        transactionReceipt: fields.TransactionID,
        amount: fields.Amount,
        receiverParty: fields.ReceiverParty,
        credentialsValid:
          fields.Initiator === merchant.initiator &&
          fields.SecurityCredential === merchant.securityCredential,
        resultUrl: fields.ResultURL,
        timeoutUrl: fields.QueueTimeOutURL,
      },
      c.get('mood'),
    )
    return c.json({
      OriginatorConversationID: reversal.originatorConversationId,
      ConversationID: reversal.conversationId,
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    })
  }
