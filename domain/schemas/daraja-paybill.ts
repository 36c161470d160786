/** Money sent by hand to our paybill or till, as Safaricom asks about it (validation) and reports it (confirmation). */
import type { PaybillMessage } from '../daraja.ts'
import {
  plainFields,
  readAmount,
  readReceipt,
  readSigned,
  readText,
  readTime,
} from './daraja-values.ts'

/** Null when it names no receipt: then it is no message about money. */
export function parsePaybillMessage(body: unknown): PaybillMessage | null {
  const fields = plainFields(body)
  const receipt = readReceipt(fields?.get('transid'))
  if (!fields || receipt === null) return null
  const value = (name: string) => readText(fields.get(name))
  const referenceText = value('billrefnumber') ?? ''
  return {
    receipt,
    kind: readKind(value('transactiontype') ?? ''),
    at: readTime(value('transtime')),
    amount: readAmount(value('transamount')),
    shortcode: value('businessshortcode'),
    reference: plainReference(referenceText),
    referenceText,
    invoiceNumber: value('invoicenumber'),
    thirdPartyId: value('thirdpartytransid'),
    phone: value('msisdn'),
    name: readName([value('firstname'), value('middlename'), value('lastname')]),
    balance: readSigned(value('orgaccountbalance')),
  }
}

/** "Buy Goods" in the documentation, "Customer Merchant Payment" in captures. */
const readKind = (text: string): PaybillMessage['kind'] => {
  if (/pay\s*bill/i.test(text)) return 'paybill'
  return /buy\s*goods|merchant/i.test(text) ? 'till' : 'other'
}

/** What a customer typed, without the spaces, dashes and small letters that make no difference. */
const plainReference = (text: string): string | null =>
  text.toUpperCase().replace(/[^A-Z0-9]/g, '') || null

const readName = (names: (string | null)[]): string | null =>
  names.filter((one) => one !== null).join(' ') || null
