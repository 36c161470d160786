/** What our operator ("initiator") sends to Daraja, strictly, and the acknowledgement that all of it is answered with. */
import { z } from 'zod'
import { MAXIMUM_PAYOUT, MINIMUM_PAYOUT } from '../daraja.ts'
import { toShillings } from '../money.ts'
import { id, msisdn, ourUrl, shortCode, text } from './daraja-calls.ts'

export const REMARKS_LENGTH = 100

const remarks = z.string().min(2).max(REMARKS_LENGTH)
const receipt = z.string().regex(/^[A-Z0-9]{6,20}$/)
/** `4` is a shortcode, as paybills and stores are; `1` would be a phone and `2` a till. */
const shortcodeIdentifier = z.literal('4')

const operator = { Initiator: z.string().min(1), SecurityCredential: z.base64().min(1) }
const reportTo = { ResultURL: ourUrl, QueueTimeOutURL: ourUrl }

export const reversalRequest = z.strictObject({
  ...operator,
  CommandID: z.literal('TransactionReversal'),
  TransactionID: receipt,
  Amount: z.number().int().min(1),
  ReceiverParty: shortCode,
  /** Misspelt by Safaricom; only this spelling is taken. */
  RecieverIdentifierType: z.literal('11'),
  ...reportTo,
  Remarks: remarks,
})

export const payoutRequest = z.strictObject({
  /** Ours: the same again is refused as a duplicate, never paid twice. */
  OriginatorConversationID: z.string().regex(/^[\w-]{1,64}$/),
  InitiatorName: operator.Initiator,
  SecurityCredential: operator.SecurityCredential,
  CommandID: z.literal('BusinessPayment'),
  Amount: z.number().int().min(toShillings(MINIMUM_PAYOUT)).max(toShillings(MAXIMUM_PAYOUT)),
  PartyA: shortCode,
  PartyB: msisdn,
  Remarks: remarks,
  ...reportTo,
  /** Misspelt by Safaricom, in this call only. */
  Occassion: z.string().min(1).max(REMARKS_LENGTH).optional(),
})

const statusFields = {
  ...operator,
  CommandID: z.literal('TransactionStatusQuery'),
  PartyA: shortCode,
  IdentifierType: shortcodeIdentifier,
  ...reportTo,
  Remarks: remarks,
  Occasion: z.string().min(1).max(REMARKS_LENGTH),
}

/** By the receipt, or by the OriginatorConversationID of the transaction that is asked about; not by both. */
export const statusRequest = z.union([
  z.strictObject({ ...statusFields, TransactionID: receipt }),
  z.strictObject({ ...statusFields, OriginalConversationID: id }),
])

/** Without an occasion. */
export const balanceRequest = z.strictObject({
  ...operator,
  CommandID: z.literal('AccountBalance'),
  PartyA: shortCode,
  IdentifierType: shortcodeIdentifier,
  Remarks: remarks,
  ...reportTo,
})

export const initiatorAck = z.object({
  ResponseCode: text,
  ConversationID: id,
  OriginatorConversationID: id,
})
