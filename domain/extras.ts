/** What is hired along with a car, and what other drivers cost. */
import { cents, times, type Cents } from './money.ts'

/** `fee`: not a thing that runs out, but a price that belongs to a driver. */
export const EXTRA_KINDS = ['thing', 'extra_driver', 'young_driver'] as const
export type ExtraKind = (typeof EXTRA_KINDS)[number]

export type Extra = {
  code: string
  name: string
  kind: ExtraKind
  dailyRate: Cents
  /** For one of them over a whole rental; null: as many days as it takes. */
  most: Cents | null
  /** How many there are of it; null where it cannot run out. */
  stock: number | null
  active: boolean
}

export type ExtraWish = { code: string; quantity: number }

export const EXTRA_LIMITS = { codes: 10, quantity: 9, drivers: 4, stock: 10_000 } as const

/** Younger drivers cost a fee, where we know how old they are; otherwise it is settled at pick-up. */
export const YOUNG_DRIVER_UNDER = 25

/** Of one of it, for all begun days. */
export const extraPrice = ({ dailyRate, most }: Extra, days: number): Cents =>
  cents(Math.min(times(dailyRate, days), most ?? Infinity))

/** The same wish twice is one wish for both; in one order, so that two bookings lock alike. */
export const mergeWishes = (wishes: readonly ExtraWish[]): ExtraWish[] => {
  const sums = new Map<string, number>()
  for (const { code, quantity } of wishes) sums.set(code, (sums.get(code) ?? 0) + quantity)
  return [...sums]
    .filter(([, quantity]) => quantity > 0)
    .map(([code, quantity]) => ({ code, quantity }))
    .toSorted((one, other) => (one.code < other.code ? -1 : 1))
}
