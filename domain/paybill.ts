/** Money that somebody sends to our paybill by hand: what they typed as the account, and what becomes of it. */
import { shillings, type Cents } from './money.ts'
import { PROMPT_LIFE_MS, type PaymentPurpose } from './payments.ts'
import { HOUR_MS, MINUTE_MS } from './time.ts'

/** What people put before a number; bare digits mean a booking. */
const PREFIXES = {
  RSV: 'RSV',
  RESERVATION: 'RSV',
  RES: 'RSV',
  BOOKING: 'RSV',
  CHG: 'CHG',
  CHARGE: 'CHG',
} as const
const WORDS = Object.keys(PREFIXES) as (keyof typeof PREFIXES)[]

/** Numbers are padded to this many digits, so fewer of them may have lost their zeros. */
const SEQUENCE_DIGITS = 6
/** A booking of last winter may still be paid; of earlier years nobody remembers the number alone. */
const YEARS_BACK = 2
const LONGEST_REFERENCE = 20

/** Signs that are read as digits when they stand among digits. */
const LOOKS_LIKE: Record<string, string> = { O: '0', I: '1', L: '1' }

/**
 * The numbers that somebody may have meant (`rsv26 000-123`, `26-123`, `RSV 123`), in the way they are written
 * down; none when it cannot be a number of ours. `year` is the full year in Nairobi.
 */
export function numbersMeant(typed: string, year: number): string[] {
  const plain = typed
    .slice(0, 2 * LONGEST_REFERENCE)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
  const word = WORDS.find((one) => plain.startsWith(one))
  const rest = plain.slice(word?.length ?? 0).replaceAll(/[OIL]/g, (sign) => LOOKS_LIKE[sign] ?? '')
  if (!/^\d{1,12}$/.test(rest)) return []
  const prefix = word ? PREFIXES[word] : 'RSV'
  const found = [...withYear(rest, year), ...withoutYear(rest, year, word !== undefined)]
  return [...new Set(found.map((digits) => `${prefix}-${digits}`))]
}

const written = (year: string, sequence: string): string[] => {
  const plain = sequence.replace(/^0+/, '')
  return plain === '' ? [] : [`${year}-${plain.padStart(SEQUENCE_DIGITS, '0')}`]
}

const recentYears = (year: number): string[] =>
  Array.from({ length: YEARS_BACK + 1 }, (_, back) => String((year - back) % 100).padStart(2, '0'))

const withYear = (digits: string, year: number): string[] => {
  const [named, sequence] = [digits.slice(0, 2), digits.slice(2)]
  return recentYears(year).includes(named) ? written(named, sequence) : []
}

/** Only when it is clearly a number of ours: after its prefix, or with all its digits. */
const withoutYear = (digits: string, year: number, prefixed: boolean): string[] =>
  digits.length === SEQUENCE_DIGITS || (prefixed && digits.length < SEQUENCE_DIGITS)
    ? recentYears(year).flatMap((one) => written(one, digits))
    : []

/** What Safaricom is told before it takes a customer's money by hand. */
export const VERDICTS = {
  accepted: { ResultCode: '0', ResultDesc: 'Accepted' },
  unknownAccount: { ResultCode: 'C2B00012', ResultDesc: 'Rejected' },
  wrongAmount: { ResultCode: 'C2B00013', ResultDesc: 'Rejected' },
} as const
export type Verdict = keyof typeof VERDICTS

/** A prompt and a report of the same money are never further apart than this, clocks included. */
const CLOCK_SLACK_MS = MINUTE_MS
export const PROMPT_WINDOW_MS = PROMPT_LIFE_MS + CLOCK_SLACK_MS
/** How long a prompt that may have brought this money keeps it waiting; then the money counts as that prompt's. */
export const PROMPT_WAIT_MS = 15 * MINUTE_MS
/** Money without an owner for a day is somebody's case. */
export const ESCALATE_AFTER_MS = 24 * HOUR_MS
/** The story looks again exactly then, by another clock than the one that wrote down since when it waits. */
export const isForgotten = (since: Date, now: Date): boolean =>
  now.getTime() - since.getTime() >= ESCALATE_AFTER_MS - CLOCK_SLACK_MS

/** What money that came by itself is to count for. */
export type MoneyTarget = { purpose: PaymentPurpose; ownerId: string }

/** Where a payment by hand stands after one look at the books. */
export type PaybillStanding =
  /** It belongs to this payment, which may be an M-Pesa prompt that told us first. */
  | { standing: 'settled'; paymentId: string; ownerOpen: boolean; told: SettledOwner }
  /** It may be the money of a prompt whose outcome is not known yet. */
  | { standing: 'waiting'; receipt: string; amount: Cents }
  | { standing: 'unmatched'; receipt: string; amount: Cents }
  | { standing: 'returned' }
  | { standing: 'unreadable'; why: string }

/** Whose story hears of it; null when nothing changed for anybody. */
export type SettledOwner = (MoneyTarget & { number: string }) | null

export type Allocation = {
  target: MoneyTarget
  actorId: string
  why: string
}
export type MoneyReturn = { actorId: string; why: string }

/** What a payment that was allocated by hand has become. */
export type AllocatedMoney = { paymentId: string; applied: Cents; credited: Cents }
export type AllocationAnswer =
  | ({ outcome: 'allocated'; told: SettledOwner } & AllocatedMoney)
  | {
      outcome: 'refused'
      /** `SECOND_PERSON`: it is written down, and waits for another person to say the same. */
      code: 'MONEY_TAKEN' | 'NOT_FOUND' | 'RESERVATION_CLOSED' | 'SECOND_PERSON'
      why: string
    }
/** What somebody asked for and another person has to say as well. */
export type WaitingAllocation = {
  target: MoneyTarget
  askedBy: string
  askedByName: string
  why: string
}

/** Above this one person alone makes no money anybody's credit. */
export const DEFAULT_CREDIT_ALONE = shillings(1_000)

/**
 * Whether the number that M-Pesa shows may be this phone: masked, hashed or plain. Null when it tells nothing.
 * `hash` is the SHA-256 of the phone's digits.
 */
export function phoneAgrees(shown: string | null, phone: string, hash: string): boolean | null {
  if (!shown || !/\d/.test(shown)) return null
  if (/^[0-9a-f]{64}$/i.test(shown)) return shown.toLowerCase() === hash
  const [head = '', ...tail] = shown.replace(/^\+?(?:254|0)/, '254').split(/[^0-9]+/)
  const digits = phone.replace('+', '')
  if (tail.length === 0) return digits.endsWith(head)
  return digits.startsWith(head) && digits.endsWith(tail.at(-1) ?? '')
}
