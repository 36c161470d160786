/** The two languages of the customer's pages: one catalogue, typed keys, never a mixed page. */
import { accountTexts } from './texts/accounts.ts'
import { bookingTexts } from './texts/bookings.ts'
import { extrasTexts } from './texts/extras.ts'
import { identityTexts } from './texts/identity.ts'
import { lateTexts } from './texts/late.ts'
import { lettingInTexts } from './texts/letting-in.ts'
import { creditTexts } from './texts/credit.ts'
import { documentTexts } from './texts/documents.ts'
import { chargeTexts } from './texts/charges.ts'
import { addressTexts } from './texts/addresses.ts'
import { choicesTexts } from './texts/choices.ts'
import { payTexts } from './texts/pay.ts'
import { searchTexts } from './texts/search.ts'
import { hoursInSwahili, inSwahili } from './texts/sentence-patterns.ts'
import { rentalTexts } from './texts/rentals.ts'
import { secondFactorTexts } from './texts/second-factor.ts'
import { pointsTexts } from './texts/points.ts'
import { ratingTexts } from './texts/ratings.ts'
import { privacyTexts } from './texts/privacy.ts'
import { detailsTexts } from './texts/details.ts'
import { securityTexts } from './texts/security.ts'
import { shellTexts } from './texts/shell.ts'

export type Language = 'en' | 'sw'
/** English and Swahili. `{name}` is filled in; `one|many` is chosen by the value `n`. */
export type Text = readonly [en: string, sw: string]

const TEXTS = {
  ...shellTexts,
  ...searchTexts,
  ...payTexts,
  ...lateTexts,
  ...bookingTexts,
  ...accountTexts,
  ...creditTexts,
  ...documentTexts,
  ...chargeTexts,
  ...secondFactorTexts,
  ...pointsTexts,
  ...ratingTexts,
  ...privacyTexts,
  ...detailsTexts,
  ...choicesTexts,
  ...addressTexts,
  ...identityTexts,
  ...extrasTexts,
  ...securityTexts,
  ...lettingInTexts,
  ...rentalTexts,
}
export type TextKey = keyof typeof TEXTS
type Values = Record<string, string | number>

export type Say = {
  (key: TextKey, values?: Values): string
  readonly language: Language
}

const chosen = (text: string, values: Values): string => {
  const [one = '', many] = text.split('|')
  return many === undefined || values['n'] === 1 ? one : many
}

const fill = (text: string, values: Values): string =>
  chosen(text, values).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))

const voice = (language: Language): Say => {
  const index = language === 'sw' ? 1 : 0
  return Object.assign((key: TextKey, values: Values = {}) => fill(TEXTS[key][index], values), {
    language,
  })
}

const VOICES: Record<Language, Say> = { en: voice('en'), sw: voice('sw') }
export const speak = (language: Language): Say => VOICES[language]

/** A sentence that the rules wrote in English, in the reader's language. */
export const sentenceIn = (language: Language, english: string): string =>
  language === 'sw' ? inSwahili(english) : english

/** `07:00 to 20:00`, `all day` or `closed`. */
export const hoursIn = (language: Language, english: string): string =>
  language === 'sw' ? hoursInSwahili(english) : english
