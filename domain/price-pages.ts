/** What the pages of prices show. */
import type { FieldProblem } from './errors.ts'
import type { PricingRule } from './pricing-rules.ts'
import type { Rehearsal } from './rehearsals.ts'

export type ShownRule = PricingRule & { closedAt: Date | null; used: number }

export type PricesPage = {
  rules: ShownRule[]
  /** Whether closed ones are shown, too. */
  closed: boolean
  next: string | null
  mayCreate: boolean
  now: Date
}

export const RULE_FIELDS = [
  'name',
  'type',
  'category',
  'location',
  'from_day',
  'until_day',
  'from_time',
  'until_time',
  'min_days',
  'max_days',
  'multiplier',
  'fixed_adjustment',
  'rates.hourly',
  'rates.daily',
  'rates.weekly',
  'rates.monthly',
  'utilisation_from',
  'rentals_from',
  'code',
  'uses',
  'uses_each',
  'priority',
] as const
export type RuleField = (typeof RULE_FIELDS)[number]
/** As typed, always kept. */
export type RuleForm = Record<RuleField, string> & { weekdays: number[] }

export type Option = { value: string; text: string }

export type PriceRulePage = {
  /** Null for a new one. */
  rule: ShownRule | null
  form: RuleForm
  categories: Option[]
  places: Option[]
  /** After it was tried. */
  rehearsal: Rehearsal | null
  /** Live rules that want the same days and are told apart by their ids alone. */
  rivals: string[]
  maySave: boolean
  mayClose: boolean
  problems: FieldProblem[]
  now: Date
}
