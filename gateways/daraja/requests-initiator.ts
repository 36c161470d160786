/**
 * Builds what our operator sends, in Daraja's spelling, checked by the strict schemas. Null when a value does not fit,
 * and also when this installation has no operator ("initiator"), so that such calls are not set up.
 */
import type { MpesaAccount } from '../../domain/daraja.ts'
import type { Cents } from '../../domain/money.ts'
import {
  balanceRequest,
  payoutRequest,
  REMARKS_LENGTH,
  reversalRequest,
  statusRequest,
} from '../../domain/schemas/daraja-initiator-calls.ts'
import { digitsOf, shillingsOf, type Merchant } from './requests.ts'

/** Where Daraja reports the result, or that the call waited too long in its queue. */
type ReportTo = { resultUrl: string; timeoutUrl: string }

export type Reversal = ReportTo & { receipt: string; amount: Cents; remarks: string }

export type Payout = ReportTo & {
  /** Ours, and Daraja's key: the same id is never paid twice. Letters, digits and dashes, 64 at most. */
  payoutId: string
  /** E.164. */
  phone: string
  /** Whole shillings, 10 to 250,000. */
  amount: Cents
  remarks: string
  occasion?: string | undefined
}

/** `conversationId` is the OriginatorConversationID of the transaction asked about: for a payout our own id. */
export type StatusQuestion = ReportTo & { remarks: string; account?: MpesaAccount | undefined } & (
    { receipt: string } | { conversationId: string }
  )

export type BalanceQuestion = ReportTo & { remarks: string; account?: MpesaAccount | undefined }

const operatorOf = ({ initiator, securityCredential }: Merchant) => ({
  Initiator: initiator,
  SecurityCredential: securityCredential,
})
const reportTo = ({ resultUrl, timeoutUrl }: ReportTo) => ({
  ResultURL: resultUrl,
  QueueTimeOutURL: timeoutUrl,
})
const partyOf = ({ shortcode, payoutShortcode }: Merchant, account: MpesaAccount = 'paybill') =>
  Number(account === 'payout' ? (payoutShortcode ?? shortcode) : shortcode)
const cut = (text: string) => text.slice(0, REMARKS_LENGTH)

export const buildReversal = (merchant: Merchant, reversal: Reversal) =>
  reversalRequest.safeParse({
    ...operatorOf(merchant),
    CommandID: 'TransactionReversal',
    TransactionID: reversal.receipt,
    Amount: shillingsOf(reversal.amount),
    ReceiverParty: Number(merchant.shortcode),
    RecieverIdentifierType: '11',
    ...reportTo(reversal),
    Remarks: cut(reversal.remarks),
  }).data ?? null

export const buildPayout = (merchant: Merchant, payout: Payout) =>
  payoutRequest.safeParse({
    OriginatorConversationID: payout.payoutId,
    InitiatorName: merchant.initiator,
    SecurityCredential: merchant.securityCredential,
    CommandID: 'BusinessPayment',
    Amount: shillingsOf(payout.amount),
    PartyA: partyOf(merchant, 'payout'),
    PartyB: Number(digitsOf(payout.phone)),
    Remarks: cut(payout.remarks),
    ...reportTo(payout),
    ...(payout.occasion ? { Occassion: cut(payout.occasion) } : {}),
  }).data ?? null

export const buildStatus = (merchant: Merchant, question: StatusQuestion) =>
  statusRequest.safeParse({
    ...operatorOf(merchant),
    CommandID: 'TransactionStatusQuery',
    ...('receipt' in question
      ? { TransactionID: question.receipt }
      : { OriginalConversationID: question.conversationId }),
    PartyA: partyOf(merchant, question.account),
    IdentifierType: '4',
    ...reportTo(question),
    Remarks: cut(question.remarks),
    Occasion: cut(question.remarks),
  }).data ?? null

export const buildBalance = (merchant: Merchant, question: BalanceQuestion) =>
  balanceRequest.safeParse({
    ...operatorOf(merchant),
    CommandID: 'AccountBalance',
    PartyA: partyOf(merchant, question.account),
    IdentifierType: '4',
    Remarks: cut(question.remarks),
    ...reportTo(question),
  }).data ?? null
