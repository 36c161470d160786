/**
 * The price of a rental with all that may change it, in this order: rates (hour, day, week, month), then for each day at most one base
 * rule and one season, then demand, loyalty and one code on what that makes, then fees and extras, which no rule changes. Points come last,
 * by `withPoints`. The same facts and rules make the same price, wherever it is reckoned, and in whatever order the rules come.
 */
import { extraPrice, YOUNG_DRIVER_UNDER, type Extra } from './extras.ts'
import type { VehicleCategory } from './fleet.ts'
import { add, subtract, ZERO, type Cents } from './money.ts'
import {
  oneWayLines,
  rentFor,
  toLine,
  toQuote,
  type DayShare,
  type PriceLine,
  type Quote,
  type Rates,
} from './pricing.ts'
import {
  adjusted,
  begunDays,
  dayRules,
  ratesRule,
  wholeRules,
  type PricingRule,
  type RuleFacts,
} from './pricing-rules.ts'

export type TakenExtra = { extra: Extra; quantity: number }

export type Along = {
  extras: readonly TakenExtra[]
  extraDrivers: number
  /** Of whoever drives, at pick-up; null where we do not know it, and the fee is settled there. */
  driverAge: number | null
  /** Which extra is the fee for other drivers and for young ones; null where nothing is asked. */
  driverFee: Extra | null
  youngFee: Extra | null
}

export const NOTHING_ALONG: Along = {
  extras: [],
  extraDrivers: 0,
  driverAge: null,
  driverFee: null,
  youngFee: null,
}

export type QuoteWish = {
  category: Pick<VehicleCategory, 'dailyRate' | 'hourlyRate' | 'deposit'>
  facts: RuleFacts
  oneWayFee: Cents
  along?: Along
}

export const quoteTrip = (wish: QuoteWish, rules: readonly PricingRule[]): Quote => {
  const { category, facts, oneWayFee, along = NOTHING_ALONG } = wish
  const priced = ratesRule(rules, facts)
  const rates = ratesOf(category, priced)
  const rent = rentFor(rates, facts.from, facts.to)
  const named = rent.lines.map((line) => (priced ? { ...line, ...nameOf(priced) } : line))
  const byDay = dayLines(rent.shares, dayRules(rules, facts))
  const rented = [...named, ...byDay]
  const lines = [...rented, ...wholeLines(rented, wholeRules(rules, facts))]
  const days = begunDays(facts.from, facts.to)
  return toQuote(category, rent, [...lines, ...oneWayLines(oneWayFee), ...alongLines(along, days)])
}

const ratesOf = (category: QuoteWish['category'], rule: PricingRule | null): Rates => ({
  deposit: category.deposit,
  dailyRate: rule?.rates?.daily ?? category.dailyRate,
  hourlyRate: rule?.rates?.hourly ?? category.hourlyRate,
  weeklyRate: rule?.rates?.weekly ?? null,
  monthlyRate: rule?.rates?.monthly ?? null,
})

const nameOf = ({ id, name, code }: PricingRule) => ({
  ruleId: id,
  name,
  ...(code === null ? {} : { code }),
})

/** Days that the same rule changes by the same amount are one line. */
function dayLines(shares: DayShare[], rulesOn: (day: Date) => PricingRule[]): PriceLine[] {
  const lines = new Map<string, PriceLine>()
  for (const { at, price } of shares) {
    let now = price
    for (const rule of rulesOn(at)) {
      const after = adjusted(now, rule)
      const change = subtract(after, now)
      now = after
      if (change === 0) continue
      const key = `${rule.type} ${rule.id} ${change}`
      const quantity = (lines.get(key)?.quantity ?? 0) + 1
      lines.set(key, toLine(rule.type, quantity, change, nameOf(rule)))
    }
  }
  return [...lines.values()].toSorted((one, other) => (one.kind < other.kind ? -1 : 1))
}

function wholeLines(rented: PriceLine[], rules: PricingRule[]): PriceLine[] {
  let now = add(ZERO, ...rented.map(({ amount }) => amount))
  return rules.flatMap((rule) => {
    const after = adjusted(now, rule)
    const change = subtract(after, now)
    now = after
    // A code that changes nothing is shown all the same, as it is used up.
    return change === 0 && rule.type !== 'promotional'
      ? []
      : [toLine(rule.type, 1, change, nameOf(rule))]
  })
}

function alongLines(along: Along, days: number): PriceLine[] {
  const priced =
    (kind: 'extra' | 'extra_driver' | 'young_driver') =>
    ({ extra, quantity }: TakenExtra) =>
      toLine(kind, quantity, extraPrice(extra, days), { name: extra.name, code: extra.code })
  const { extras, extraDrivers, driverAge, driverFee, youngFee } = along
  const isYoung = driverAge !== null && driverAge < YOUNG_DRIVER_UNDER
  return [
    ...extras.map(priced('extra')),
    ...(driverFee ? [{ extra: driverFee, quantity: extraDrivers }] : []).map(
      priced('extra_driver'),
    ),
    ...(youngFee && isYoung ? [{ extra: youngFee, quantity: 1 }] : []).map(priced('young_driver')),
  ].filter(({ quantity }) => quantity > 0)
}
