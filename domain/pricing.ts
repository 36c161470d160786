/** What a rental costs. Prices include VAT and are whole shillings, because M-Pesa moves nothing smaller. */
import type { VehicleCategory } from './fleet.ts'
import { POINT_WORTH, worthOf } from './loyalty.ts'
import { add, negate, subtract, times, vatInside, ZERO, type Cents } from './money.ts'
import { DAY_MS, HOUR_MS } from './time.ts'

export type PriceLine = {
  kind: 'days' | 'hours' | 'one_way' | 'points'
  quantity: number
  unitPrice: Cents
  amount: Cents
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

type Rates = Pick<VehicleCategory, 'dailyRate' | 'hourlyRate' | 'deposit'>

const HOURS_PER_DAY = 24

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

/** The full price of a period for these rates. `oneWayFee` is zero when the car comes back where it left. */
export const quoteRental = (rates: Rates, from: Date, to: Date, oneWayFee: Cents): Quote => {
  const { days, hours } = duration(from, to, rates)
  const line = (kind: PriceLine['kind'], quantity: number, unitPrice: Cents): PriceLine => ({
    kind,
    quantity,
    unitPrice,
    amount: times(unitPrice, quantity),
  })
  const lines = [
    line('days', days, rates.dailyRate),
    line('hours', hours, rates.hourlyRate),
    line('one_way', oneWayFee > 0 ? 1 : 0, oneWayFee),
  ].filter((one) => one.quantity > 0)
  const total = add(ZERO, ...lines.map((one) => one.amount))
  return { lines, days, hours, ...vatInside(total), total, deposit: rates.deposit }
}

/** The same price, lowered by points. A discount: VAT is due on what is left. */
export const withPoints = (quote: Quote, points: number): Quote => {
  if (points === 0) return quote
  const worth = worthOf(points)
  const total = subtract(quote.total, worth)
  const unitPrice = negate(POINT_WORTH)
  const line = { kind: 'points' as const, quantity: points, unitPrice, amount: negate(worth) }
  return { ...quote, lines: [...quote.lines, line], ...vatInside(total), total }
}
