/** Tills: a drawer at a place, and its sessions from one counting to the next. */
import type { LedgerEntry } from './ledger.ts'
import { cents, negate, shillings, type Cents } from './money.ts'
import { DENOMINATIONS, type Denomination } from './tenders.ts'

/** How many of each note and coin were counted. */
export type Counts = Partial<Record<Denomination, number>>

export const countedTotal = (counts: Counts): Cents =>
  cents(DENOMINATIONS.reduce((sum, value) => sum + shillings(value) * (counts[value] ?? 0), 0))

/** Why counted and expected cash differ. `from_bank`: coins and notes that were fetched for the float. */
export const DIFFERENCE_REASONS = {
  miscounted: 'Counted wrongly before',
  wrong_change: 'Wrong change was given',
  missing: 'Missing, cause not known',
  found: 'Too much, cause not known',
  from_bank: 'Fetched from the bank as a float',
} as const
export type DifferenceReason = keyof typeof DIFFERENCE_REASONS

export type Difference = { reason: DifferenceReason | null; note: string | null }

export type Till = {
  id: string
  place: string
  placeName: string
  name: string
  active: boolean
  /** What the last session left in it, or what should be in it now. */
  inside: Cents
  openSession: { id: string; clerkId: string; clerkName: string; openedAt: Date } | null
}

export type TillSession = {
  id: string
  tillId: string
  tillName: string
  placeName: string
  clerkId: string
  clerkName: string
  openedAt: Date
  left: Cents
  float: Cents
  floatReason: DifferenceReason | null
  floatNote: string | null
  closedAt: Date | null
  closedBy: string | null
  counts: Counts | null
  counted: Cents | null
  expected: Cents
  difference: Cents | null
  differenceReason: DifferenceReason | null
  differenceNote: string | null
}

export type TillMovement = { at: Date; what: string; reference: string; amount: Cents }

const inTill = (subject: string, amount: Cents) => ({
  account: 'cash_tills' as const,
  amount,
  subject,
})

/** What the last session left is this session's from now on. */
export const handOverEntry = (sessionId: string, fromId: string, amount: Cents): LedgerEntry => ({
  kind: 'till_opened',
  reference: sessionId,
  description: 'Cash left in the till by the session before',
  postings: [inTill(sessionId, amount), inTill(fromId, negate(amount))],
})

/** More (positive) or less cash than the books say. A float that was fetched from the bank is no difference. */
export const differenceEntry = (
  kind: 'till_float' | 'till_closed',
  sessionId: string,
  difference: Cents,
  reason: DifferenceReason,
): LedgerEntry => ({
  kind,
  reference: sessionId,
  description: DIFFERENCE_REASONS[reason],
  postings: [
    inTill(sessionId, difference),
    { account: reason === 'from_bank' ? 'bank' : 'cash_differences', amount: negate(difference) },
  ],
})

export const bankDepositEntry = (
  depositId: string,
  sessionId: string,
  amount: Cents,
): LedgerEntry => ({
  kind: 'till_deposit',
  reference: depositId,
  description: 'Paid in to the bank',
  postings: [{ account: 'bank', amount }, inTill(sessionId, negate(amount))],
})
