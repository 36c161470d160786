/** What is wrong with a rule before it goes live, for the API and the page alike. */
import type { FieldProblem } from './errors.ts'
import { times, type Cents } from './money.ts'
import { RULE_LIMITS, type PricingRule, type RuleRates } from './pricing-rules.ts'

type Facts = Omit<PricingRule, 'id'>
type Check = [wrong: boolean, path: string, message: string]

const { leastPercent, mostPercent } = RULE_LIMITS

/** `today` in Nairobi. Each field with the first thing that is wrong with it. */
export function ruleProblems(rule: Facts, today: string): FieldProblem[] {
  const checks = [...typeChecks(rule), ...spanChecks(rule, today), ...sizeChecks(rule)]
  const wrong = checks.filter(([isWrong]) => isWrong)
  return wrong
    .filter(([, path], nth) => wrong.findIndex((one) => one[1] === path) === nth)
    .map(([, path, message]) => ({ path, message }))
}

const typeChecks = (rule: Facts): Check[] => {
  const { type, code, utilisationFrom, rentalsFrom, rates } = rule
  return [
    [type === 'promotional' && !code, 'code', 'Say the code that customers type.'],
    [type !== 'promotional' && code !== null, 'code', 'Only a promotional rule has a code.'],
    [
      type !== 'promotional' && (rule.uses ?? rule.usesEach) !== null,
      'uses',
      'Only a code is used so many times.',
    ],
    [
      type === 'demand' && !utilisationFrom,
      'utilisation_from',
      'Say how many of a hundred cars must be out.',
    ],
    [
      type !== 'demand' && utilisationFrom !== null,
      'utilisation_from',
      'Only a demand rule looks at cars that are out.',
    ],
    [type === 'loyalty' && !rentalsFrom, 'rentals_from', 'Say after how many rentals.'],
    [
      type !== 'loyalty' && rentalsFrom !== null,
      'rentals_from',
      'Only a loyalty rule looks at past rentals.',
    ],
    [type !== 'base' && rates !== null, 'rates', 'Only a base rule has rates.'],
    [
      type === 'seasonal' && rule.fromDay === null && rule.untilDay === null,
      'from_day',
      'Say when the season begins or ends.',
    ],
  ]
}

const spanChecks = (rule: Facts, today: string): Check[] => {
  const { fromDay, untilDay, fromMinute, untilMinute, minDays, maxDays } = rule
  return [
    [
      untilDay !== null && untilDay < today,
      'until_day',
      'These days are over. A rule is for days to come.',
    ],
    [
      fromDay !== null && untilDay !== null && untilDay < fromDay,
      'until_day',
      'The last day is before the first.',
    ],
    [
      (fromMinute === null) !== (untilMinute === null),
      'until_time',
      'Say both, from when and until when, or neither.',
    ],
    [
      fromMinute !== null && fromMinute === untilMinute,
      'until_time',
      'The end is the beginning. Leave both out for the whole day.',
    ],
    [
      minDays !== null && maxDays !== null && maxDays < minDays,
      'max_days',
      'The most days are fewer than the fewest.',
    ],
  ]
}

const sizeChecks = (rule: Facts): Check[] => {
  const { percent, fixed, rates } = rule
  const isPlain = percent === 100 && fixed === 0
  return [
    [
      percent < leastPercent || percent > mostPercent,
      'multiplier',
      `Between ${leastPercent / 100} and ${mostPercent / 100}: 1.2 is a fifth more, 0.9 a tenth less.`,
    ],
    [
      Math.abs(fixed) > RULE_LIMITS.fixed,
      'fixed_adjustment',
      'At most 100,000 shillings either way.',
    ],
    [fixed % 100 !== 0, 'fixed_adjustment', 'Whole shillings only.'],
    [isPlain && rates === null, 'multiplier', 'This rule would change nothing.'],
    [
      !isPlain && rates !== null,
      'multiplier',
      'A rule gives rates or changes them. Make two rules of it.',
    ],
    ...(rates ? rateChecks(rates) : []),
  ]
}

/** A longer unit is never dearer than the shorter ones that it holds, nor cheaper than one of them. */
const rateChecks = (rates: RuleRates): Check[] => {
  const { hourly, daily, weekly, monthly } = rates
  const given = [hourly, daily, weekly, monthly].filter((rate) => rate !== null)
  const fits = (short: Cents | null, long: Cents | null, most: number) =>
    short === null || long === null || (long >= short && long <= times(short, most))
  return [
    [given.length === 0, 'rates', 'Say at least one rate.'],
    [
      given.some(
        (rate) => rate % 100 !== 0 || rate < RULE_LIMITS.leastRate || rate > RULE_LIMITS.mostRate,
      ),
      'rates',
      'Rates are whole shillings, at least 100.',
    ],
    [!fits(hourly, daily, 24), 'rates', 'A day costs at least an hour and at most 24.'],
    [!fits(daily, weekly, 7), 'rates', 'A week costs at least a day and at most seven.'],
    [!fits(weekly, monthly, 5), 'rates', 'A month costs at least a week and at most five.'],
    [!fits(daily, monthly, 30), 'rates', 'A month of 30 days costs at most 30 days.'],
  ]
}
