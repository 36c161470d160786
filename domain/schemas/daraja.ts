/**
 * What Daraja reports about a push, read loosely: items by name in any order, values missing, numbers as strings.
 * Nothing here is believed; these readers only say what the sender claims, and say null where it cannot be read
 * exactly.
 */
import { z } from 'zod'
import type { InitiatorReport } from '../daraja.ts'
import { isWholeShillings, type Cents } from '../money.ts'
import { readReport } from './daraja-reports.ts'
import { code, id, readAmount, readItems, readReceipt, valueOf } from './daraja-values.ts'

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

export type ReversalReport = InitiatorReport

const stkReport = z.object({
  Body: z.object({
    stkCallback: z.object({
      MerchantRequestID: id,
      CheckoutRequestID: id,
      ResultCode: code,
      CallbackMetadata: z.object({ Item: z.unknown().optional() }).nullish().catch(null),
    }),
  }),
})

/** Null when it is not a callback of an STK push. */
export function parseStkCallback(body: unknown): StkReport | null {
  const read = stkReport.safeParse(body)
  if (!read.success) return null
  const { MerchantRequestID, CheckoutRequestID, ResultCode, CallbackMetadata } =
    read.data.Body.stkCallback
  const items = readItems(CallbackMetadata?.Item, 'Name')
  return {
    merchantRequestId: MerchantRequestID,
    checkoutRequestId: CheckoutRequestID,
    resultCode: ResultCode,
    amount: readWhole(valueOf(items, 'Amount')),
    receipt: readReceipt(valueOf(items, 'MpesaReceiptNumber')),
    phone: readPhone(valueOf(items, 'PhoneNumber')),
  }
}

const readWhole = (text: string | null): Cents | null => {
  const amount = readAmount(text)
  return amount !== null && isWholeShillings(amount) ? amount : null
}

const LONGEST_PHONE = 100
const readPhone = (text: string | null): string | null =>
  text !== null && text.length <= LONGEST_PHONE ? text : null

/** The result of a Reversal, or what its queue time-out sends; null when it is neither. */
export const parseResult = (body: unknown): ReversalReport | null =>
  readReport(body)?.report ?? null
