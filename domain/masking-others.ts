/** What belongs to somebody else, masked in what one person is given: phones and e-mails, wherever they stand in what people typed. */
import { maskEmail } from './customers.ts'
import { maskPersonal } from './masking.ts'
import { maskPhone } from './payments.ts'

/** By which they are known themselves. */
export type OwnContacts = { phone: string | null; email: string | null }

/** Nine digits behind a country code or a nought, however they are grouped; also alone, as providers write them. */
const PHONE = /(?<![\w-])(?:\+?254[ -]?|0)?[17]\d{2}[ -]?\d{3}[ -]?\d{3}(?!\w|-\w)/g
const EMAIL = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.[a-z]{2,}/gi

const COUNTRY = '+254'
const SUBSCRIBER_DIGITS = 9
const plain = (phone: string): string =>
  COUNTRY + phone.replaceAll(/\D/g, '').slice(-SUBSCRIBER_DIGITS)

export const phoneForOwner = (own: OwnContacts, phone: string): string =>
  own.phone !== null && plain(phone) === plain(own.phone) ? phone : maskPhone(phone)

export const emailForOwner = (own: OwnContacts, email: string): string =>
  own.email !== null && email.toLowerCase() === own.email.toLowerCase() ? email : maskEmail(email)

export const wordsForOwner = (own: OwnContacts, text: string): string =>
  text
    .replaceAll(EMAIL, (email) => emailForOwner(own, email))
    .replaceAll(PHONE, (phone) =>
      phoneForOwner(own, phone) === phone ? phone : maskPhone(plain(phone)),
    )

/** Of what a provider told, names are cut as well: it says nobody's but the payer's, who may be another. */
export const toldForOwner = (own: OwnContacts, told: unknown): unknown => {
  const masked = JSON.stringify(maskPersonal(told) ?? null)
  return JSON.parse(masked.replaceAll(EMAIL, (email) => emailForOwner(own, email))) as unknown
}
