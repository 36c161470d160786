/** One id for one receipt: the payment that the money becomes, its story, and the subject of its reports. */
import { createHash } from 'node:crypto'

/** RFC 9562, appendix C: a name space of our own for names of version 5. */
const RECEIPTS = '7b0d2f9e-2c56-4d0b-9f3e-1d8f7a52c0ab'
const VERSION = 0x50
const VARIANT = 0x80

/** Version 5: the same name has the same id for ever and everywhere. */
function nameId(name: string): string {
  const space = Buffer.from(RECEIPTS.replaceAll('-', ''), 'hex')
  const bytes = createHash('sha1').update(space).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | VERSION
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | VARIANT
  const hex = bytes.toString('hex')
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex)
}

/** The payment that money with this receipt becomes when it was sent by hand. */
export const paymentIdOfReceipt = (receipt: string): string => nameId(receipt.toUpperCase())

/** What names no receipt is kept as well, each body under an id of its own. */
export const idOfUnreadable = (body: string): string => nameId(`body\n${body}`)
