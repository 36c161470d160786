/** Ratings of customers: what was decided about one, by the rule or by a colleague, and what somebody asks a person to look at. */
import type { CreditFacts, CreditReason, Reckoned } from './credit-rule.ts'
import type { RiskLevel } from './customers.ts'

export type Rating = {
  id: string
  level: RiskLevel
  score: number
  rule: string
  facts: CreditFacts
  reasons: CreditReason[]
  /** By a colleague, against or beside the rule; its score is the rule’s. */
  byHand: boolean
  /** In a colleague’s words; the customer reads them. */
  why: string | null
  /** When the rule decides again. */
  expiresAt: Date | null
  setAt: Date
}

/** What somebody asked a person to look at, and what they were told. */
export type RatingReview = {
  id: string
  words: string
  askedAt: Date
  answer: string | null
  answeredAt: Date | null
}

export const RATING_LIMITS = {
  whyLength: 200,
  wordsLength: 1_000,
  /** What a colleague decides is looked at again within a year. */
  longestDays: 366,
} as const

export const isInForce = (
  { byHand, expiresAt }: Pick<Rating, 'byHand' | 'expiresAt'>,
  now: Date,
): boolean => byHand && expiresAt !== null && expiresAt > now

type Stood = Pick<Rating, 'score' | 'level' | 'rule' | 'reasons' | 'byHand'>

const moves = (reasons: readonly CreditReason[]): string =>
  reasons.map(({ code, points }) => `${code} ${points}`).join()

/** Whether the rule says something else than what stands: how often something happened counts only where it moves points. */
export const differs = (stood: Stood | null, reckoned: Reckoned): boolean =>
  !stood ||
  stood.byHand ||
  stood.score !== reckoned.score ||
  stood.level !== reckoned.level ||
  stood.rule !== reckoned.rule ||
  moves(stood.reasons) !== moves(reckoned.reasons)
