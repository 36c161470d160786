/** A rule in words, for whoever looks after prices. */
import { formatKes, type Cents } from './money.ts'
import type { PricingRule, RuleType } from './pricing-rules.ts'
import { changeOf, type Rehearsal } from './rehearsals.ts'
import { MONTHS, nairobiClock, WEEKDAYS } from './time.ts'

export const TYPE_WORDS: Record<RuleType, string> = {
  base: 'Base',
  seasonal: 'Season',
  promotional: 'Code',
  demand: 'Demand',
  loyalty: 'Returning customers',
}

/** 120 is `1.20`. */
export const multiplierText = (percent: number): string =>
  `${Math.floor(percent / 100)}.${String(percent % 100).padStart(2, '0')}`
export const clockText = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')

const signed = (amount: Cents): string => (amount > 0 ? `+${formatKes(amount)}` : formatKes(amount))

/** `+20 %`, `-KSh 500 a day`, `KSh 28,000 a week`. */
export function changeText({ percent, fixed, rates, type }: PricingRule): string {
  const each = type === 'base' || type === 'seasonal' ? ' a day' : ''
  const share = percent > 100 ? `+${percent - 100} %` : `${percent - 100} %`
  const named = [
    [rates?.hourly, 'an hour'],
    [rates?.daily, 'a day'],
    [rates?.weekly, 'a week'],
    [rates?.monthly, 'a month'],
  ] as const
  return [
    percent === 100 ? '' : share,
    fixed === 0 ? '' : `${signed(fixed)}${each}`,
    ...named.map(([rate, unit]) => (rate ? `${formatKes(rate)} ${unit}` : '')),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

const dayText = (day: string): string => {
  const [year = '', month = '', date = ''] = day.split('-')
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`
}

const between = (from: string | null, until: string | null): string => {
  if (from && until) return `${from} to ${until}`
  if (from) return `from ${from}`
  return until ? `until ${until}` : ''
}

/** All that must be true, `always` where nothing is asked. */
export function conditionText(rule: PricingRule): string {
  const { minDays, maxDays, fromMinute, untilMinute } = rule
  const days = between(
    rule.fromDay && dayText(rule.fromDay),
    rule.untilDay && dayText(rule.untilDay),
  )
  const clock = between(
    fromMinute === null ? null : clockText(fromMinute),
    untilMinute === null ? null : clockText(untilMinute),
  )
  const parts = [
    rule.categoryCode ?? '',
    rule.locationCode ?? '',
    days,
    rule.weekdays.map((day) => WEEKDAYS[day]).join(' '),
    clock && `picked up ${clock}`,
    minDays === null ? '' : `from ${minDays} days`,
    maxDays === null ? '' : `up to ${maxDays} days`,
    rule.utilisationFrom === null ? '' : `${rule.utilisationFrom} of 100 cars are out`,
    rule.rentalsFrom === null ? '' : `after ${rule.rentalsFrom} rentals`,
    rule.code === null ? '' : `code ${rule.code}`,
  ]
  return parts.filter((part) => part !== '').join(', ') || 'always'
}

const MONTH_NAMES =
  'January February March April May June July August September October November December'.split(' ')

/** `37 of 412 bookings of October would differ, -KSh 12,400.` */
export function rehearsalText(tried: Rehearsal): string {
  const month = MONTH_NAMES[nairobiClock(tried.since).month - 1] ?? ''
  const { length } = tried.differing
  if (tried.bookings === 0) return `There are no bookings of ${month} to try it on.`
  const all = tried.bookings === 1 ? '1 booking' : `${tried.bookings} bookings`
  if (length === 0) return `None of ${all} of ${month} would differ.`
  return `${length} of ${all} of ${month} would differ, ${signed(changeOf(tried))}.`
}
