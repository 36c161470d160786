/** Comparing our books with what M-Pesa and the bank say: windows, the nature of a line, whose money a line is. */
import type { PaymentPurpose } from './payments.ts'
import type { LedgerEntry } from './ledger.ts'
import { negate, type Cents } from './money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts'

export type RunKind = 'pull' | 'full' | 'statement' | 'bank'
export type RunStatus = 'running' | 'clean' | 'differences' | 'incomplete'
export type LineSource = 'pull' | 'statement' | 'bank'
export type LineDirection = 'in' | 'out'
/** `transfer`: from the M-Pesa account to our bank. */
export type LineNature = 'money' | 'charge' | 'transfer'
export type LineState = 'open' | 'matched' | 'explained'

/** One line of a provider's account, before anybody compared it. */
export type NewLine = {
  source: LineSource
  /** M-Pesa's receipt; for a bank a key made from the line. */
  key: string
  direction: LineDirection
  nature: LineNature
  amount: Cents
  balance: Cents | null
  at: Date
  /** Its place in the file: which of two lines of one second came later. */
  position: number
  party: string | null
  phone: string | null
  reference: string | null
  details: string | null
  raw: object
}

export type FindingKind =
  | 'unknown_money_out'
  | 'unknown_money_in'
  | 'several_candidates'
  | 'not_settled'
  | 'amount_differs'
  | 'told_twice'
  | 'missing_at_provider'
  | 'refund_unreported'
  | 'bank_line'
  | 'deposit_missing'
  | 'transfer_missing'
  | 'card_missing'
  | 'balance_differs'

export type ReconciliationInput = {
  /** A uuid: it stands in the address of the balance's report. */
  runId: string
  kind: RunKind
  actorId: string
  /**
   * Set when it goes on after much that had to be told: what it has read so far, whether that was everything, and the
   * receipts whose payments were told and have not settled.
   */
  goesOn?: { read: number; complete: boolean; told: string[] }
}
export type RunSummary = {
  runId: string
  status: RunStatus
  matched: number
  explained: number
  leftOver: number
}
/** Money whose owner's payment we know: it is told its receipt. */
export type FoundReceipt = {
  receipt: string
  amount: Cents
  source: 'pull' | 'statement' | 'confirmation'
}
/** A line of the bank that names an announced transfer. */
export type BankHandOver = {
  paymentId: string
  lineId: string
  purpose: PaymentPurpose
  ownerId: string
}
export type HandOver = FoundReceipt & {
  paymentId: string
  purpose: PaymentPurpose
  ownerId: string
}

/** Daraja's Pull answers for the last two days. */
export const PULL_REACH_MS = 48 * HOUR_MS
const WINDOW_MS = 6 * HOUR_MS
/** What is written at a window's edge while we read must not fall between two windows. */
const OVERLAP_MS = 10 * MINUTE_MS
/** Younger lines may be ahead of their callback, and younger payments ahead of the provider's list. */
export const YOUNG_MS = 5 * MINUTE_MS
export const EDGE_MS = HOUR_MS

export type PullWindow = { from: string; to: string }
export type PulledPage =
  | { outcome: 'page'; read: number; nextOffset: number }
  | { outcome: 'end'; read: number }
  | { outcome: 'refused'; code: string }
  | { outcome: 'unknown' }

/** Oldest first; together they cover the reach, each beginning before the last one's end. ISO times. */
export const pullWindows = (now: number): PullWindow[] => {
  const windows: PullWindow[] = []
  for (let from = now - PULL_REACH_MS; from < now; from += WINDOW_MS) {
    const begin = Math.max(now - PULL_REACH_MS, from - OVERLAP_MS)
    windows.push({
      from: new Date(begin).toISOString(),
      to: new Date(Math.min(now, from + WINDOW_MS)).toISOString(),
    })
  }
  return windows
}

/** By the words Safaricom uses in "Reason Type" and "Details"; what is neither is money of somebody. */
export const natureOf = (direction: LineDirection, words: string): LineNature => {
  if (direction === 'in') return 'money'
  if (/\b(?:charges?|fees?|tariff)\b/i.test(words)) return 'charge'
  // Between two of our own M-Pesa accounts is no transfer to the bank; a person says what it was.
  const inside = /\b(?:utility|working) account/i.test(words)
  return /settlement|to bank|bank account|organi[sz]ation withdrawal/i.test(words) && !inside
    ? 'transfer'
    : 'money'
}

/** `rsv-26-000123`, `RSV 26000123` and `RSV26000123` are one reference; empty is none. */
export const plainReference = (text: string | null): string | null =>
  (text ?? '').toUpperCase().replaceAll(/[^A-Z0-9]/g, '') || null

/** E.164 without its plus, when the number is neither masked nor hashed. */
export const clearPhone = (text: string | null): string | null => {
  const digits = (text ?? '').replace(/^\+/, '')
  if (/^254\d{9}$/.test(digits)) return digits
  return /^[17]\d{8}$/.test(digits) ? `254${digits}` : null
}

/** A prompt whose outcome we have not heard, or whose receipt we have not. */
export type Candidate = {
  paymentId: string
  purpose: PaymentPurpose
  ownerId: string
  ownerNumber: string
  phone: string | null
  amount: Cents
  promptedAt: Date
}
type Clue = Pick<NewLine, 'amount' | 'at' | 'reference' | 'phone'>
export type Choice =
  | { outcome: 'one'; candidate: Candidate }
  | { outcome: 'several'; candidates: Candidate[] }
  | { outcome: 'none' }

/** Clocks differ by a minute or two; a prompt is answered within minutes, or never. */
const CLOCKS_MS = 2 * MINUTE_MS
const ANSWERED_MS = 15 * MINUTE_MS
export const CANDIDATE_REACH_MS = { before: ANSWERED_MS, after: CLOCKS_MS }

/** Daraja cuts an account reference to twelve signs. */
const sameReference = (ours: string, theirs: string): boolean =>
  ours === theirs || (theirs.length >= 9 && ours.startsWith(theirs))

const fits = (clue: Clue, one: Candidate): boolean => {
  const theirs = plainReference(clue.reference)
  const phone = clearPhone(clue.phone)
  const ours = clearPhone(one.phone)
  const age = clue.at.getTime() - one.promptedAt.getTime()
  return (
    clue.amount === one.amount &&
    age >= -CLOCKS_MS &&
    age <= ANSWERED_MS &&
    theirs !== null &&
    sameReference(plainReference(one.ownerNumber) ?? '', theirs) &&
    (phone === null || ours === null || phone === ours)
  )
}

/** Money goes to a prompt only when exactly one fits by reference, amount, time, and phone where it is told. */
export const chooseCandidate = (clue: Clue, candidates: readonly Candidate[]): Choice => {
  const fitting = candidates.filter((one) => fits(clue, one))
  const [first] = fitting
  if (!first) return { outcome: 'none' }
  return fitting.length === 1
    ? { outcome: 'one', candidate: first }
    : { outcome: 'several', candidates: fitting }
}

/** By then the bank's list shows what was paid in, what was sent, and what the cards brought. */
export const BANK_SHOWS_MS = 3 * DAY_MS

/** The bank's words for what card terminals bring. */
export const CARD_WORDS = '(?:cards?|pos|merchant|terminal|visa|mastercard)'
export const isCardSettlement = (words: string): boolean =>
  new RegExp(String.raw`\b${CARD_WORDS}\b`, 'i').test(words)

/** A settlement may lack the bank's commission, never more than this part of it. */
export const COMMISSION_AT_MOST = 0.05

type ExplainedLine = Pick<NewLine, 'source' | 'key' | 'direction' | 'nature' | 'amount'>
/** Where a line that belongs to nobody's payment may be booked. */
export const EXPLAINING_ACCOUNTS = [
  'mpesa_charges',
  'bank_charges',
  'card_clearing',
  'bank',
  'mpesa_clearing',
  'other_revenue',
  'write_offs',
] as const
export type ExplainingAccount = (typeof EXPLAINING_ACCOUNTS)[number]

/**
 * Safaricom's charge, our own transfer, or what a person found out: the account follows the provider's. Pull and
 * statement tell the same line, so its receipt names the entry.
 */
export const explainedEntry = (
  { source, key, direction, nature, amount }: ExplainedLine,
  account: ExplainingAccount,
  how: { why: string; by: string },
): LedgerEntry => {
  const ours = source === 'bank' ? 'bank' : 'mpesa_clearing'
  const moved = direction === 'in' ? amount : negate(amount)
  return {
    kind: 'explained_line',
    reference: `${ours}:${key}:${direction}:${nature}`,
    description: how.why,
    postedBy: how.by,
    postings: [
      { account: ours, amount: moved },
      { account, amount: negate(moved) },
    ],
  }
}
