import { randomBytes, randomInt } from 'node:crypto'
import { nairobiClock } from '../../domain/time.ts'
import { compactTime, dayFirstTime } from './clock.ts'

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const TOKEN_LETTERS = `${ALPHANUMERIC}abcdefghijklmnopqrstuvwxyz`

const pick = (letters: string, length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('')

const hex = (digits: number): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)

/** `2654-4b64-97ff-b827b542881d3130`: the shape seen since 2024, also for requestId in errors. */
export const newRequestId = (): string =>
  `${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}${pick('0123456789', 4)}`

/** `ws_CO_21112026101531234712345678`: the time, three digits, and the phone's last nine. */
export const newCheckoutRequestId = (at: Date, phone: string): string =>
  `ws_CO_${dayFirstTime(at)}${pick('0123456789', 3)}${phone.slice(-9)}`

/** `AG_20261121_0100101002hi3i67m6ml`. */
export const newConversationId = (at: Date): string =>
  `AG_${compactTime(at).slice(0, 8)}_${pick('0123456789', 10)}${pick(ALPHANUMERIC, 10).toLowerCase()}`

export const newAccessToken = (): string => pick(TOKEN_LETTERS, 28)

const FIRST_YEAR = 2017
const FIRST_LETTER = 'L'.charCodeAt(0)

/**
 * `UKL5ABC12D`: year (L = 2017 … U = 2026), month A to L, day 1 to 9 then A = 10 … V = 31, seven more.
 * The shape is inferred from published receipts; Gari must treat it as opaque.
 */
export const newReceipt = (at: Date): string => `${receiptDay(at)}${pick(ALPHANUMERIC, 7)}`

/** What stands in TransactionID when nothing was moved: `UKL0000000`. */
export const dummyReceipt = (at: Date): string => `${receiptDay(at)}0000000`

const receiptDay = (at: Date): string => {
  const { year, month, day } = nairobiClock(at)
  const yearLetter = String.fromCharCode(FIRST_LETTER + ((year - FIRST_YEAR) % 15))
  return `${yearLetter}${String.fromCharCode(64 + month)}${ALPHANUMERIC[day]}`
}

/** Draws until it meets one that was never given out: receipts and checkout ids are keys. */
export const unused = (draw: () => string, isTaken: (id: string) => boolean): string => {
  for (let id = draw(); ; id = draw()) if (!isTaken(id)) return id
}
