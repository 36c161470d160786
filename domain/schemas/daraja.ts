/**
 * What Daraja reports to us, read loosely: items by name in any order, values missing, numbers as strings. Nothing
 * here is believed; these readers only say what the sender claims, and say null where it cannot be read exactly.
 */
import { z } from 'zod'
import { fromDecimal, isWholeShillings, type Cents } from '../money.ts'

export type StkReport = {
  merchantRequestId: string
  checkoutRequestId: string
  /** `0` is paid. Compare as text: some codes are words (`SFC_IC0003`). */
  resultCode: string
  /** Null when absent or not exactly a whole number of shillings. */
  amount: Cents | null
  receipt: string | null
  /** As sent: digits, or masked with stars. Never a key to anything. */
  phone: string | null
}

export type ReversalReport = {
  /** Either id may be empty when Daraja left it out; never both. */
  conversationId: string
  originatorConversationId: string
  resultCode: string
  /** The reversal's own receipt; null when it failed, because Daraja then sends a dummy. */
  transactionId: string | null
}

const LONGEST_ID = 64
const LONGEST_CODE = 40
const LONGEST_PHONE = 100
/** A callback has about five items, a result about ten. */
const MOST_ITEMS = 50

const id = z.string().trim().min(1).max(LONGEST_ID)
const code = z
  .union([z.string().trim().min(1).max(LONGEST_CODE), z.number().int()])
  .transform((value) => String(value))

const item = z.object({ Name: z.string(), Value: z.unknown().optional() })
type Item = z.infer<typeof item>

/** One item or a list of them; what is no item is left out. */
const items = z.unknown().transform((value): Item[] => {
  const list = Array.isArray(value) ? value.slice(0, MOST_ITEMS) : [value]
  return list.flatMap((one) => item.safeParse(one).data ?? [])
})

const stkReport = z.object({
  Body: z.object({
    stkCallback: z.object({
      MerchantRequestID: id,
      CheckoutRequestID: id,
      ResultCode: code,
      CallbackMetadata: z.object({ Item: items.optional() }).nullish().catch(null),
    }),
  }),
})

/** Null when it is not a callback of an STK push. */
export function parseStkCallback(body: unknown): StkReport | null {
  const read = stkReport.safeParse(body)
  if (!read.success) return null
  const { MerchantRequestID, CheckoutRequestID, ResultCode, CallbackMetadata } =
    read.data.Body.stkCallback
  const list = CallbackMetadata?.Item ?? []
  return {
    merchantRequestId: MerchantRequestID,
    checkoutRequestId: CheckoutRequestID,
    resultCode: ResultCode,
    amount: readAmount(valueOf(list, 'Amount')),
    receipt: readReceipt(valueOf(list, 'MpesaReceiptNumber')),
    phone: readPhone(valueOf(list, 'PhoneNumber')),
  }
}

/** A name that occurs with two different values says nothing. */
const valueOf = (list: Item[], name: string): string | null => {
  const values = list
    .filter((one) => one.Name === name)
    .flatMap(({ Value }) =>
      typeof Value === 'string' || typeof Value === 'number' ? String(Value).trim() : [],
    )
  const [first, ...others] = new Set(values)
  return first !== undefined && others.length === 0 ? first : null
}

const readAmount = (text: string | null): Cents | null => {
  const amount = text === null ? null : fromDecimal(text)
  return amount !== null && isWholeShillings(amount) ? amount : null
}

/** Ten capitals and digits today; upper case always, so that one receipt cannot be posted in two spellings. */
const RECEIPT = /^[A-Z0-9]{6,20}$/
const readReceipt = (text: string | null): string | null => {
  const receipt = text?.toUpperCase() ?? ''
  return RECEIPT.test(receipt) ? receipt : null
}

const readPhone = (text: string | null): string | null =>
  text !== null && text.length > 0 && text.length <= LONGEST_PHONE ? text : null

const result = z.object({
  ConversationID: id.catch(''),
  OriginatorConversationID: id.catch(''),
  ResultCode: code,
  TransactionID: z.unknown().optional(),
})
/** Results come wrapped; bodies of queue time-outs were seen bare as well. */
const wrapped = z.object({ Result: result }).transform(({ Result }) => Result)

/** The result of a Reversal, or what its queue time-out sends; null when it is neither. */
export function parseResult(body: unknown): ReversalReport | null {
  const read = z.union([wrapped, result]).safeParse(body)
  if (!read.success) return null
  const { ConversationID, OriginatorConversationID, ResultCode, TransactionID } = read.data
  if (ConversationID === '' && OriginatorConversationID === '') return null
  const receipt = typeof TransactionID === 'string' ? readReceipt(TransactionID.trim()) : null
  return {
    conversationId: ConversationID,
    originatorConversationId: OriginatorConversationID,
    resultCode: ResultCode,
    transactionId: ResultCode === '0' ? receipt : null,
  }
}
