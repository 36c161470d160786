/**
 * Loyalty points: what earns them, what they are worth, and when they run out. Each entry of the ledger names the rule by which it was
 * reckoned, so that an old one can be explained after the rule has changed.
 */
import { shillings, times, type Cents } from './money.ts'

/**
 * v1: one point for each whole KSh 100 that was paid for a rental that is over, and kept. Deposits, charges beside the rental, and money
 * that went back earn nothing; what points paid for was never paid, and earns nothing either. Whoever booked earns for all who paid.
 */
export const LOYALTY_RULE = 'v1'
const PAID_PER_POINT = shillings(100)
/** Less than this earns nothing. */
export const POINTS_FROM_CENTS = PAID_PER_POINT
export const POINT_WORTH = shillings(1)
/** The oldest are spent first, and whatever is left of them after so many months runs out. */
export const POINTS_LAST_MONTHS = 24
export const LEAST_SPENT = 50
/** Of a price at most this part, so that every booking is paid for with money too. */
const PRICE_PARTS = 2

/** What a person of the house may give or take within a day of one customer's, whoever they are together. */
export const MOST_ADJUSTED = 5_000
export const ADJUSTMENT_REASON_LENGTH = 200

export const ENTRY_KINDS = [
  'earned',
  'reversed',
  'spent',
  'returned',
  'expired',
  'adjusted',
  'erased',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export const pointsFor = (kept: Cents): number => Math.max(0, Math.floor(kept / PAID_PER_POINT))
export const worthOf = (points: number): Cents => times(POINT_WORTH, points)
export const mostPointsOn = (total: Cents): number =>
  Math.floor(total / (PRICE_PARTS * POINT_WORTH))

/** Why so many points cannot be spent on this price; null when they can. */
export const pointsProblem = (points: number, balance: number, total: Cents): string | null => {
  if (points < LEAST_SPENT) return `Use at least ${LEAST_SPENT} points.`
  if (points > balance) return `You have ${balance} points.`
  const most = mostPointsOn(total)
  return points > most ? `Points pay at most half of a price: here ${most} points.` : null
}

/** Points that came at one time, and the day on which what is left of them runs out. */
export type Lot = { points: number; expiresAt: Date }

/** What is left of each lot when the oldest are used first. `used`: all that has gone for good. */
export const lotsLeft = (lots: readonly Lot[], used: number): Lot[] => {
  let rest = Math.max(0, used)
  return lots
    .toSorted((one, other) => one.expiresAt.getTime() - other.expiresAt.getTime())
    .map(({ points, expiresAt }) => {
      const taken = Math.min(points, rest)
      rest -= taken
      return { points: points - taken, expiresAt }
    })
    .filter(({ points }) => points > 0)
}

/** How many of them are over their time. */
export const pointsOver = (lots: readonly Lot[], used: number, now: Date): number =>
  lotsLeft(lots, used)
    .filter(({ expiresAt }) => expiresAt <= now)
    .reduce((sum, { points }) => sum + points, 0)

export type LoyaltyEntry = {
  id: string
  kind: EntryKind
  points: number
  /** Of the booking that it is about; null where it is about none. */
  ownerNumber: string | null
  /** What could not be taken back, because it had been spent. */
  shortPoints: number
  rule: string
  reason: string | null
  expiresAt: Date | null
  createdAt: Date
}

export type LoyaltyAccount = { balance: number; lots: Lot[] }
