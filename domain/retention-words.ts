/** The register of retention.ts in the words of whoever it is about, English and Swahili. */
import type { Words } from './exports.ts'
import type { Basis, Period } from './data-kinds.ts'

export const BASIS_WORDS: Record<Basis, Words> = {
  contract: ['to do what you booked', 'ili kutimiza ulichohifadhi'],
  law: ['the law asks for it', 'sheria inaitaka'],
  security: ['to keep you and us safe', 'kwa usalama wako na wetu'],
  consent: ['you allowed it', 'uliruhusu'],
}

/** `{n}` is the number of days. */
export const PERIOD_WORDS: Record<Period['kind'], Words> = {
  open: ['while your account is open', 'akaunti yako ikiwa wazi'],
  days: ['{n} days', 'siku {n}'],
  tax: ['five years after the end of its year', 'miaka mitano baada ya mwaka wake kuisha'],
  books: ['as long as our books', 'muda wote wa vitabu vyetu'],
}

export const wordsOf = ([en, sw]: Words, language: 'en' | 'sw'): string =>
  language === 'sw' ? sw : en

export const basisText = (basis: Basis, language: 'en' | 'sw'): string =>
  wordsOf(BASIS_WORDS[basis], language)

export const periodText = (period: Period, language: 'en' | 'sw'): string =>
  wordsOf(PERIOD_WORDS[period.kind], language).replace(
    '{n}',
    period.kind === 'days' ? String(period.days) : '',
  )
