/**
 * How far we may rely on a customer, as a score out of 100 and a level, reckoned from nothing but what Gari itself holds. Each rating
 * names the rule by which it was reckoned, so that an old one can be explained after the rule has changed.
 */
import type { RiskLevel } from './customers.ts'

/**
 * v1: everybody begins with 60. Rentals that went well, years with us and proven contacts and papers raise it; damage, what was not paid by
 * its day and what was called off after it was paid lower it. Each counts up to a limit, so that no single thing decides alone, and only
 * what happened within the last 24 months counts.
 */
export const CREDIT_RULE = 'v1'
export const COUNTED_MONTHS = 24
export const MOST_SCORE = 100
const START = 60

/** Whole numbers, none below zero. */
export type CreditFacts = {
  /** Rentals that are over. */
  rentals: number
  /** Whole years since the account was opened. */
  years: number
  /** 1 where it is so. */
  phone: number
  email: number
  /** The licence, and an id or a passport, were looked at by one of us and accepted. */
  papers: number
  /** Charges for damage, but for those that were taken back. */
  damage: number
  /** Charges that were not paid by their day. */
  unpaid: number
  /** Invoices of bookings, the company’s apart, that were paid after their day or are still open after it. */
  late: number
  /** Bookings that ran out of time because nobody paid. */
  expired: number
  /** Bookings that the customer called off after they were paid. */
  cancelled: number
}
export type CreditFact = keyof CreditFacts

/** Points for each, and how many of them count at most. */
const WEIGHTS: Record<CreditFact, { points: number; most: number }> = {
  rentals: { points: 2, most: 10 },
  years: { points: 2, most: 5 },
  phone: { points: 3, most: 1 },
  email: { points: 2, most: 1 },
  papers: { points: 5, most: 1 },
  damage: { points: -8, most: 4 },
  unpaid: { points: -12, most: 4 },
  late: { points: -6, most: 4 },
  expired: { points: -1, most: 5 },
  cancelled: { points: -1, most: 5 },
}
export const CREDIT_FACTS = Object.keys(WEIGHTS) as CreditFact[]

/** Below the first it is high, below the second medium. */
export const HIGH_BELOW = 30
export const MEDIUM_BELOW = 50

/** What it was for, how many, and the points that it gave or took. */
export type CreditReason = { code: 'start' | CreditFact; count: number; points: number }

export type Reckoned = {
  score: number
  level: RiskLevel
  rule: string
  reasons: CreditReason[]
}

export const levelOf = (score: number): RiskLevel => {
  if (score < HIGH_BELOW) return 'high'
  return score < MEDIUM_BELOW ? 'medium' : 'low'
}

/** Same facts, same score; what neither gave nor took points is no reason. */
export function reckonCredit(facts: CreditFacts): Reckoned {
  const moved = CREDIT_FACTS.map((code) => {
    const { points, most } = WEIGHTS[code]
    return { code, count: facts[code], points: points * Math.min(facts[code], most) }
  })
  const reasons: CreditReason[] = [
    { code: 'start', count: 1, points: START },
    ...moved.filter(({ points }) => points !== 0),
  ]
  const sum = reasons.reduce((total, { points }) => total + points, 0)
  const score = Math.min(MOST_SCORE, Math.max(0, sum))
  return { score, level: levelOf(score), rule: CREDIT_RULE, reasons }
}
