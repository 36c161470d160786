/** What a rental costs. Prices include VAT and are whole shillings, because M-Pesa moves nothing smaller. */
import type { VehicleCategory } from './fleet.ts'
import { POINT_WORTH, worthOf } from './loyalty.ts'
import { add, cents, negate, subtract, times, vatInside, ZERO, type Cents } from './money.ts'
import type { RuleType } from './pricing-rules.ts'
import { DAY_MS, HOUR_MS } from './time.ts'

export const LINE_KINDS = [
  'months',
  'weeks',
  'days',
  'hours',
  'base',
  'seasonal',
  'demand',
  'loyalty',
  'promotional',
  'one_way',
  'extra',
  'extra_driver',
  'young_driver',
  'points',
] as const
export type LineKind = (typeof LINE_KINDS)[number]

export type PriceLine = {
  kind: LineKind
  quantity: number
  unitPrice: Cents
  amount: Cents
  /** Of the rule or extra that it comes from, as it stood then: an old booking stays explained after either is changed. */
  name?: string
  ruleId?: string
  code?: string
}

export type Quote = {
  lines: PriceLine[]
  days: number
  hours: number
  /** Before VAT; net + vat = total. */
  net: Cents
  vat: Cents
  total: Cents
  /** Refundable, taken at pick-up, not part of the total. */
  deposit: Cents
}

export type Rates = Pick<VehicleCategory, 'dailyRate' | 'hourlyRate' | 'deposit'> & {
  /** Of seven days and of thirty; none: not offered. */
  weeklyRate?: Cents | null
  monthlyRate?: Cents | null
}

const HOURS_PER_DAY = 24
const DAYS_PER_WEEK = 7
const DAYS_PER_MONTH = 30

type Units = Record<'months' | 'weeks' | 'days' | 'hours', number>
const NO_UNITS: Units = { months: 0, weeks: 0, days: 0, hours: 0 }

/**
 * Whole days and begun hours. Extra hours cost the hourly rate but never more than another day, so that
 * bringing the car back later can never make the price fall.
 */
const duration = (from: Date, to: Date, rates: Rates) => {
  const ms = to.getTime() - from.getTime()
  const days = Math.floor(ms / DAY_MS)
  const hours = Math.ceil((ms - days * DAY_MS) / HOUR_MS)
  const dearer = hours === HOURS_PER_DAY || times(rates.hourlyRate, hours) >= rates.dailyRate
  return dearer ? { days: days + 1, hours: 0 } : { days, hours }
}

const priceOf = (units: Units, rates: Rates): Cents =>
  add(
    times(rates.monthlyRate ?? ZERO, units.months),
    times(rates.weeklyRate ?? ZERO, units.weeks),
    times(rates.dailyRate, units.days),
    times(rates.hourlyRate, units.hours),
  )

/** Days are never dearer than the week, nor weeks than the month, that they would fill. */
const unitsOf = (days: number, hours: number, rates: Rates): Units => {
  const months = rates.monthlyRate ? Math.floor(days / DAYS_PER_MONTH) : 0
  const rest = days - months * DAYS_PER_MONTH
  const weeks = rates.weeklyRate ? Math.floor(rest / DAYS_PER_WEEK) : 0
  const single: Units = { ...NO_UNITS, days: rest - weeks * DAYS_PER_WEEK, hours }
  const isWeek = rates.weeklyRate && priceOf(single, rates) >= rates.weeklyRate
  const some = isWeek ? { ...NO_UNITS, weeks: weeks + 1 } : { ...single, weeks }
  const isMonth = rates.monthlyRate && priceOf(some, rates) >= rates.monthlyRate
  return isMonth ? { ...NO_UNITS, months: months + 1 } : { ...some, months }
}

export const toLine = (
  kind: LineKind,
  quantity: number,
  unitPrice: Cents,
  more: Pick<PriceLine, 'name' | 'ruleId' | 'code'> = {},
): PriceLine => ({ kind, quantity, unitPrice, amount: times(unitPrice, quantity), ...more })

/** The rental itself: its length, its lines, and what each begun day adds to its price. */
export type Rent = { days: number; hours: number; lines: PriceLine[]; shares: DayShare[] }
export type DayShare = { at: Date; price: Cents }

export const rentFor = (rates: Rates, from: Date, to: Date): Rent => {
  const { days, hours } = duration(from, to, rates)
  const units = unitsOf(days, hours, rates)
  const lines = [
    toLine('months', units.months, rates.monthlyRate ?? ZERO),
    toLine('weeks', units.weeks, rates.weeklyRate ?? ZERO),
    toLine('days', units.days, rates.dailyRate),
    toLine('hours', units.hours, rates.hourlyRate),
  ].filter((one) => one.quantity > 0)
  const until = (day: number) => priceOf(day > days ? units : unitsOf(day, 0, rates), rates)
  const shares = Array.from({ length: days + (hours > 0 ? 1 : 0) }, (_, day) => ({
    at: new Date(from.getTime() + day * DAY_MS),
    price: subtract(until(day + 1), until(day)),
  }))
  return { days, hours, lines, shares }
}

/** Lines with their sum and its VAT. */
export const toQuote = (rates: Rates, rent: Rent, lines: PriceLine[]): Quote => {
  const total = add(ZERO, ...lines.map((one) => one.amount))
  const { days, hours } = rent
  return { lines, days, hours, ...vatInside(total), total, deposit: rates.deposit }
}

export const oneWayLines = (fee: Cents): PriceLine[] =>
  fee > 0 ? [toLine('one_way', 1, cents(fee))] : []

/** The full price of a period for these rates. `oneWayFee` is zero when the car comes back where it left. */
export const quoteRental = (rates: Rates, from: Date, to: Date, oneWayFee: Cents): Quote => {
  const rent = rentFor(rates, from, to)
  return toQuote(rates, rent, [...rent.lines, ...oneWayLines(oneWayFee)])
}

/** The same price, lowered by points. A discount: VAT is due on what is left. */
export const withPoints = (quote: Quote, points: number): Quote => {
  if (points === 0) return quote
  const worth = worthOf(points)
  const total = subtract(quote.total, worth)
  const line = toLine('points', points, negate(POINT_WORTH))
  return { ...quote, lines: [...quote.lines, line], ...vatInside(total), total }
}

/** Of the types of rules, those whose lines are theirs alone. */
export const isRuleLine = (kind: LineKind): kind is RuleType =>
  ['base', 'seasonal', 'demand', 'loyalty', 'promotional'].includes(kind)
