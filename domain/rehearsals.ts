/** What a rule would have made of bookings that were made before there was one. */
import type { VehicleCategory } from './fleet.ts'
import { add, subtract, ZERO, type Cents } from './money.ts'
import type { PricingRule, RuleFacts } from './pricing-rules.ts'
import { quoteTrip } from './quoting.ts'
import { nairobiClock, startOfDay, DAY_MS } from './time.ts'

export type PastBooking = {
  id: string
  number: string
  category: Pick<VehicleCategory, 'dailyRate' | 'hourlyRate' | 'deposit'>
  facts: RuleFacts
  oneWayFee: Cents
}

export type Rehearsed = {
  id: string
  number: string
  categoryCode: string
  from: Date
  to: Date
  before: Cents
  after: Cents
}

export type Rehearsal = {
  since: Date
  until: Date
  bookings: number
  /** What they cost by the rules that are live, and with the rule that is tried. */
  before: Cents
  after: Cents
  /** The greatest change first. */
  differing: Rehearsed[]
  /** There were more bookings than are tried. */
  isCut: boolean
}

export const MOST_REHEARSED = 5_000

/** The calendar month before this one, in Nairobi. */
export const lastMonth = (now: Date): { since: Date; until: Date } => {
  const startOfMonth = (at: Date) =>
    new Date(startOfDay(at).getTime() - (nairobiClock(at).day - 1) * DAY_MS)
  const until = startOfMonth(now)
  return { since: startOfMonth(new Date(until.getTime() - 1)), until }
}

/**
 * Its days are left out of account, as they are to come: each booking is looked at as if it lay in them. Of a code it is taken that
 * everybody had typed it, so that nobody is surprised by what it may cost at most.
 */
export const asIfThen = (rule: PricingRule): PricingRule => ({
  ...rule,
  fromDay: null,
  untilDay: null,
})

type Try = {
  bookings: readonly PastBooking[]
  live: readonly PricingRule[]
  tried: PricingRule
  /** The rule whose place it would take. */
  replaces: string | null
  month: { since: Date; until: Date }
}

export function rehearse({ bookings, live, tried, replaces, month }: Try): Rehearsal {
  const rule = asIfThen(tried)
  const rules = [...live.filter(({ id }) => id !== replaces), rule]
  const rows = bookings.slice(0, MOST_REHEARSED).map((one): Rehearsed => {
    const { facts } = one
    const then = rule.code === null ? facts : { ...facts, promoCode: rule.code }
    return {
      id: one.id,
      number: one.number,
      categoryCode: facts.categoryCode,
      from: facts.from,
      to: facts.to,
      before: quoteTrip(one, live).total,
      after: quoteTrip({ ...one, facts: then }, rules).total,
    }
  })
  const size = ({ before, after }: Rehearsed) => Math.abs(after - before)
  return {
    ...month,
    bookings: rows.length,
    before: add(ZERO, ...rows.map(({ before }) => before)),
    after: add(ZERO, ...rows.map(({ after }) => after)),
    differing: rows
      .filter((row) => size(row) > 0)
      .toSorted((one, other) => size(other) - size(one) || (one.number < other.number ? -1 : 1)),
    isCut: bookings.length > MOST_REHEARSED,
  }
}

export const changeOf = ({ before, after }: Pick<Rehearsal, 'before' | 'after'>): Cents =>
  subtract(after, before)
