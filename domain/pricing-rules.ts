/**
 * Rules that change what a rental costs, and which of them apply. No rule refers to another, so there are no cycles; where several want
 * the same place, `ahead` says which one gets it, so the order in which they were written down means nothing.
 */
import { cents, type Cents } from './money.ts'
import { DAY_MS, nairobiClock, toFormTime } from './time.ts'

export const RULE_TYPES = ['base', 'seasonal', 'promotional', 'demand', 'loyalty'] as const
export type RuleType = (typeof RULE_TYPES)[number]

export const RULE_LIMITS = {
  nameLength: 60,
  /** Of the price; 100 leaves it as it is. */
  leastPercent: 10,
  mostPercent: 500,
  /** Either way: for each day of a base or seasonal rule, otherwise once. */
  fixed: 10_000_000,
  days: 365,
  priority: 1_000,
  uses: 1_000_000,
  leastRate: 10_000,
  mostRate: 1_000_000_000,
  rentals: 1_000,
  /** That are live at a time. */
  live: 200,
} as const

/** What a base rule asks in place of the category's own rates; null where that unit is not offered, or stays as it is. */
export type RuleRates = {
  hourly: Cents | null
  daily: Cents | null
  weekly: Cents | null
  monthly: Cents | null
}

export type PricingRule = {
  id: string
  name: string
  type: RuleType
  /** Null: every one. */
  categoryCode: string | null
  /** Where the car is picked up; null: anywhere. */
  locationCode: string | null
  /**
   * `2026-12-20`, both days included; null: open. A rental's own days for base and seasonal rules that change a day, the day of booking
   * for promotional ones, otherwise the day of pick-up.
   */
  fromDay: string | null
  untilDay: string | null
  /** 0 = Monday; empty: every day. Of the same day as the dates. */
  weekdays: number[]
  /** Minutes after midnight in Nairobi between which the car is picked up, the second excluded. */
  fromMinute: number | null
  untilMinute: number | null
  minDays: number | null
  maxDays: number | null
  percent: number
  fixed: Cents
  rates: RuleRates | null
  /** Demand: applies when so many of a hundred cars of the category are out at the place when this one is picked up. */
  utilisationFrom: number | null
  /** Loyalty: after so many rentals that are over. */
  rentalsFrom: number | null
  /** Promotional: what the customer types. */
  code: string | null
  /** In all, and for each customer; null: as often as they like. */
  uses: number | null
  usesEach: number | null
  priority: number
}

/** What a rule may look at, besides the rental's times. */
export type RuleFacts = {
  categoryCode: string
  pickupLocation: string
  from: Date
  to: Date
  bookedAt: Date
  /** Of a hundred cars. */
  utilisation: number
  /** That are over. */
  rentals: number
  promoCode: string | null
}

/** Begun days: 24 hours each, from the minute of pick-up. So neither months nor leap years have a say in it. */
export const begunDays = (from: Date, to: Date): number =>
  Math.max(1, Math.ceil((to.getTime() - from.getTime()) / DAY_MS))

/** `2026-11-27`, in Nairobi. */
export const dayOf = (at: Date): string => toFormTime(at).slice(0, 10)

const conditions = (rule: PricingRule): number =>
  [
    rule.categoryCode,
    rule.locationCode,
    rule.fromDay ?? rule.untilDay,
    rule.weekdays.length > 0 || null,
    rule.fromMinute ?? rule.untilMinute,
    rule.minDays,
    rule.maxDays,
    rule.utilisationFrom,
    rule.rentalsFrom,
  ].filter((one) => one !== null).length

/** How much is asked of a fact of the same kind: of two such steps the higher one is nearer. */
const step = ({ utilisationFrom, rentalsFrom }: PricingRule): number =>
  (utilisationFrom ?? 0) + (rentalsFrom ?? 0)

/** Higher priority, then more conditions, then the higher step, then the id. */
export const ahead = (one: PricingRule, other: PricingRule): number =>
  other.priority - one.priority ||
  conditions(other) - conditions(one) ||
  step(other) - step(one) ||
  (one.id < other.id ? -1 : 1)

const covers = (rule: PricingRule, at: Date): boolean => {
  const day = dayOf(at)
  if (rule.fromDay !== null && day < rule.fromDay) return false
  if (rule.untilDay !== null && day > rule.untilDay) return false
  return rule.weekdays.length === 0 || rule.weekdays.includes(nairobiClock(at).weekday)
}

/** A span that ends before it begins goes over midnight. */
const isWithinClock = ({ fromMinute, untilMinute }: PricingRule, at: Date): boolean => {
  const { hour, minute } = nairobiClock(at)
  const now = hour * 60 + minute
  const [from, until] = [fromMinute ?? 0, untilMinute ?? 24 * 60]
  return from < until ? now >= from && now < until : now >= from || now < until
}

/** All but the day, which differs from type to type. */
const fits = (rule: PricingRule, facts: RuleFacts): boolean => {
  const days = begunDays(facts.from, facts.to)
  return (
    (rule.categoryCode === null || rule.categoryCode === facts.categoryCode) &&
    (rule.locationCode === null || rule.locationCode === facts.pickupLocation) &&
    days >= (rule.minDays ?? 0) &&
    days <= (rule.maxDays ?? Infinity) &&
    isWithinClock(rule, facts.from)
  )
}

const first = (rules: PricingRule[]): PricingRule | null => rules.toSorted(ahead)[0] ?? null

/** Rates for the whole rental, by the day of pick-up. */
export const ratesRule = (rules: readonly PricingRule[], facts: RuleFacts): PricingRule | null =>
  first(
    rules.filter(
      (rule) => rule.type === 'base' && rule.rates && fits(rule, facts) && covers(rule, facts.from),
    ),
  )

/** What changes the price of one day of it: at most one base rule, and at most one season. */
export const dayRules = (
  rules: readonly PricingRule[],
  facts: RuleFacts,
): ((day: Date) => PricingRule[]) => {
  const fitting = rules.filter((rule) => !rule.rates && fits(rule, facts))
  const [base, seasonal] = [
    fitting.filter(({ type }) => type === 'base'),
    fitting.filter(({ type }) => type === 'seasonal'),
  ]
  return (day) =>
    [base, seasonal]
      .map((some) => first(some.filter((rule) => covers(rule, day))))
      .filter((rule) => rule !== null)
}

/** Codes are told on posters and read aloud: small letters and blanks mean nothing. */
export const readCode = (typed: string): string => typed.replaceAll(/\s/g, '').toUpperCase()

/** What changes the price once, in this order: demand, loyalty, one code. */
export const wholeRules = (rules: readonly PricingRule[], facts: RuleFacts): PricingRule[] => {
  const fitting = rules.filter((rule) => fits(rule, facts))
  const at = (day: Date) => (rule: PricingRule) => covers(rule, day)
  const demand = fitting.filter(
    ({ type, utilisationFrom }) => type === 'demand' && facts.utilisation >= (utilisationFrom ?? 0),
  )
  const loyalty = fitting.filter(
    ({ type, rentalsFrom }) => type === 'loyalty' && facts.rentals >= (rentalsFrom ?? 0),
  )
  const promo = fitting.filter(
    ({ type, code }) =>
      type === 'promotional' && facts.promoCode !== null && code === facts.promoCode,
  )
  return [
    first(demand.filter(at(facts.from))),
    first(loyalty.filter(at(facts.from))),
    first(promo.filter(at(facts.bookedAt))),
  ].filter((rule) => rule !== null)
}

/** Seasons that want the same day and are told apart by neither priority nor conditions: their ids would decide. */
export const areRivals = (one: PricingRule, other: PricingRule): boolean =>
  one.id !== other.id &&
  one.type === other.type &&
  (one.rates === null) === (other.rates === null) &&
  one.priority === other.priority &&
  meet(one.categoryCode, other.categoryCode) &&
  meet(one.locationCode, other.locationCode) &&
  one.code === other.code &&
  (one.fromDay ?? '') <= (other.untilDay ?? '9') &&
  (other.fromDay ?? '') <= (one.untilDay ?? '9') &&
  (one.weekdays.length === 0 ||
    other.weekdays.length === 0 ||
    one.weekdays.some((day) => other.weekdays.includes(day)))

const meet = (one: string | null, other: string | null) =>
  one === null || other === null || one === other

const SHILLING = 100
const NO_LESS_THAN = 10

/**
 * A price after a rule: the multiplier, rounded half up to whole shillings, then the fixed part. No single rule takes more than nine
 * tenths off, so a price is never zero, and a higher price before is never a lower one after.
 */
export const adjusted = (price: Cents, { percent, fixed }: PricingRule): Cents => {
  const whole = Math.floor((price * percent + 50 * SHILLING) / (100 * SHILLING)) * SHILLING
  const least = Math.ceil(price / NO_LESS_THAN / SHILLING) * SHILLING
  return cents(Math.max(whole + fixed, least))
}
