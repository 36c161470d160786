import type { Settings } from './settings.ts'

export type Rules = Pick<Settings, 'strict' | 'bannedWords'>

/** In production these sent as texts were taken, and the prompt never came: they must be JSON numbers. */
const NUMBERS = new Set([
  'BusinessShortCode',
  'Amount',
  'PartyA',
  'PartyB',
  'PhoneNumber',
  'ReceiverParty',
  'Msisdn',
])
/** The portal's own samples disagree about these. */
const EITHER = new Set(['ShortCode', 'OffSetValue'])
const BANNED = /m-?pesa|safaricom|exec?|cmd|sql|query/i

/** The first field that a lenient Daraja takes and a strict one would not, or null. */
export const strictProblem = (
  body: object,
  known: string[],
  { strict, bannedWords }: Rules,
): string | null => {
  for (const [name, value] of Object.entries(body)) {
    if (strict && !known.includes(name)) return name
    if (strict && !fitsType(name, value)) return name
    if ((strict || bannedWords) && isBanned(name, value)) return name
  }
  return null
}

const fitsType = (name: string, value: unknown): boolean =>
  EITHER.has(name) || typeof value === (NUMBERS.has(name) ? 'number' : 'string')

const isBanned = (name: string, value: unknown): boolean =>
  /URL$/i.test(name) && typeof value === 'string' && BANNED.test(value)
