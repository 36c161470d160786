import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Extra } from '../../domain/extras.ts'
import { add, cents, shillings, ZERO } from '../../domain/money.ts'
import { quoteRental } from '../../domain/pricing.ts'
import { adjusted, areRivals, readCode, type PricingRule } from '../../domain/pricing-rules.ts'
import { NOTHING_ALONG, quoteTrip } from '../../domain/quoting.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'

const CATEGORY = {
  dailyRate: shillings(5_000),
  hourlyRate: shillings(700),
  deposit: shillings(15_000),
}
/** A Tuesday, 10:00 in Nairobi. */
const START = new Date('2026-12-01T07:00:00Z')

let made = 0
const build = (rule: Partial<PricingRule>): PricingRule => ({
  id: `rule-${String((made += 1)).padStart(3, '0')}`,
  name: 'A rule',
  type: 'seasonal',
  categoryCode: null,
  locationCode: null,
  fromDay: null,
  untilDay: null,
  weekdays: [],
  fromMinute: null,
  untilMinute: null,
  minDays: null,
  maxDays: null,
  percent: 100,
  fixed: ZERO,
  rates: null,
  utilisationFrom: null,
  rentalsFrom: null,
  code: null,
  uses: null,
  usesEach: null,
  priority: 0,
  ...rule,
})

type Facts = Parameters<typeof quoteTrip>[0]['facts']
const factsFor = (ms: number, more: Partial<Facts> = {}): Facts => {
  const from = more.from ?? START
  return {
    categoryCode: 'SUV',
    pickupLocation: 'NBO-JKIA',
    from,
    to: new Date(from.getTime() + ms),
    bookedAt: new Date('2026-11-20T09:00:00Z'),
    utilisation: 0,
    rentals: 0,
    promoCode: null,
    ...more,
  }
}
const price = (ms: number, rules: PricingRule[], more: Partial<Facts> = {}, fee = ZERO) =>
  quoteTrip({ category: CATEGORY, facts: factsFor(ms, more), oneWayFee: fee }, rules)
const shown = (...of: Parameters<typeof price>) =>
  price(...of).lines.map(({ kind, quantity, amount }) => [kind, quantity, amount / 100])

const length = fc.integer({ min: 2 * HOUR_MS, max: 90 * DAY_MS })
const days = fc.integer({ min: 0, max: 60 }).map((n) => new Date(START.getTime() + n * DAY_MS))
const isoDay = days.map((at) => at.toISOString().slice(0, 10))
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const rates = fc
  .record({ daily: fc.integer({ min: 100, max: 20_000 }), weeks: fc.integer({ min: 1, max: 7 }) })
  .map(({ daily, weeks }) => ({
    hourly: shillings(Math.ceil(daily / 5)),
    daily: shillings(daily),
    weekly: shillings(daily * weeks),
    monthly: shillings(daily * weeks * 4),
  }))
const anyRule = fc
  .record({
    id: fc.uuid(),
    type: fc.constantFrom('base', 'seasonal', 'promotional', 'demand', 'loyalty' as const),
    fromDay: maybe(isoDay),
    untilDay: maybe(isoDay),
    weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 })),
    percent: fc.integer({ min: 10, max: 500 }),
    fixed: fc.integer({ min: -5_000, max: 5_000 }).map(shillings),
    utilisationFrom: maybe(fc.integer({ min: 0, max: 100 })),
    rentalsFrom: maybe(fc.integer({ min: 0, max: 9 })),
    priority: fc.integer({ min: 0, max: 2 }),
    rates: maybe(rates),
  })
  .map((one) =>
    build({
      ...one,
      rates: one.type === 'base' ? one.rates : null,
      code: one.type === 'promotional' ? 'KARIBU' : null,
    }),
  )
const someRules = fc.uniqueArray(anyRule, { maxLength: 12, selector: ({ id }) => id })
const someFacts = fc.record({
  utilisation: fc.integer({ min: 0, max: 100 }),
  rentals: fc.integer({ min: 0, max: 12 }),
  promoCode: fc.constantFrom(null, 'KARIBU'),
})

describe('what rules make of a price, whatever they are', () => {
  it('is what it was where there are none', () => {
    fc.assert(
      fc.property(length, fc.integer({ min: 0, max: 9_000 }).map(shillings), (ms, fee) => {
        const plain = quoteRental(CATEGORY, START, new Date(START.getTime() + ms), fee)
        expect(price(ms, [], {}, fee)).toEqual(plain)
      }),
    )
  })

  it('is never zero or less, in whole shillings, the sum of its lines, each of which is its units', () => {
    fc.assert(
      fc.property(length, someRules, someFacts, (ms, rules, facts) => {
        const one = price(ms, rules, facts)
        expect(one.total).toBeGreaterThan(0)
        expect(one.total % 100).toBe(0)
        expect(add(ZERO, ...one.lines.map(({ amount }) => amount))).toBe(one.total)
        for (const line of one.lines) expect(line.amount).toBe(line.unitPrice * line.quantity)
        expect(one.net + one.vat).toBe(one.total)
      }),
    )
  })

  it('never falls when the car comes back later, as long as no rule asks how long', () => {
    fc.assert(
      fc.property(length, length, someRules, someFacts, (left, right, rules, facts) => {
        const [shorter, longer] = [Math.min(left, right), Math.max(left, right)]
        const [less, more] = [price(shorter, rules, facts), price(longer, rules, facts)]
        expect(more.total).toBeGreaterThanOrEqual(less.total)
      }),
    )
  })

  it('does not depend on the order in which they were written', () => {
    const shuffled = someRules.chain((rules) =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
    )
    fc.assert(
      fc.property(length, shuffled, someFacts, (ms, [rules, others], facts) => {
        expect(price(ms, others, facts)).toEqual(price(ms, rules, facts))
      }),
    )
  })

  it('does not depend on it either where two are told apart by nothing but their ids', () => {
    const twins = [build({ percent: 150 }), build({ percent: 80 })]
    expect(price(DAY_MS, twins)).toEqual(price(DAY_MS, twins.toReversed()))
  })

  it('falls by at most nine tenths by any one of them', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 }).map(shillings)
    fc.assert(
      fc.property(amount, anyRule, (before, rule) => {
        expect(adjusted(before, rule) * 10).toBeGreaterThanOrEqual(before)
      }),
    )
  })
})

describe('rates', () => {
  const weekly = build({
    type: 'base',
    rates: { hourly: null, daily: null, weekly: shillings(28_000), monthly: shillings(90_000) },
  })

  it('never ask more for days than for the week or month that they would fill', () => {
    expect(shown(5 * DAY_MS, [weekly])).toEqual([['days', 5, 25_000]])
    expect(shown(6 * DAY_MS, [weekly])).toEqual([['weeks', 1, 28_000]])
    expect(shown(9 * DAY_MS, [weekly])).toEqual([
      ['weeks', 1, 28_000],
      ['days', 2, 10_000],
    ])
    expect(shown(27 * DAY_MS, [weekly])).toEqual([['months', 1, 90_000]])
    expect(shown(31 * DAY_MS, [weekly])).toEqual([
      ['months', 1, 90_000],
      ['days', 1, 5_000],
    ])
  })

  it('count a month as thirty days, in February of a leap year too', () => {
    const from = new Date('2028-02-01T07:00:00Z')
    expect(price(30 * DAY_MS, [weekly], { from }).total).toBe(shillings(90_000))
    expect(price(29 * DAY_MS, [weekly], { from }).total).toBe(shillings(90_000))
  })

  it('are named after the rule that they come from', () => {
    expect(price(DAY_MS, [weekly]).lines).toEqual([
      expect.objectContaining({ kind: 'days', ruleId: weekly.id, name: 'A rule' }),
    ])
  })
})

describe('seasons', () => {
  const season = (rule: Partial<PricingRule>) =>
    build({ fromDay: '2026-12-03', untilDay: '2026-12-04', percent: 120, ...rule })

  it('change only the days that lie in them', () => {
    expect(shown(4 * DAY_MS, [season({})])).toEqual([
      ['days', 4, 20_000],
      ['seasonal', 2, 2_000],
    ])
  })

  it('have 29 February as their last day where there is one', () => {
    const rule = season({ fromDay: '2028-02-28', untilDay: '2028-02-29' })
    const from = new Date('2028-02-27T07:00:00Z')
    expect(shown(4 * DAY_MS, [rule], { from })[1]).toEqual(['seasonal', 2, 2_000])
  })

  it('begin at midnight in Nairobi', () => {
    const from = new Date('2026-12-02T20:59:00Z')
    expect(shown(DAY_MS, [season({})], { from })).toHaveLength(1)
    const next = new Date('2026-12-02T21:00:00Z')
    expect(shown(DAY_MS, [season({})], { from: next })).toHaveLength(2)
  })

  it('do not add up where they overlap: priority decides, then the one that asks for more', () => {
    const wide = season({ percent: 200, fromDay: '2026-12-01', untilDay: '2026-12-31' })
    const near = season({ percent: 110, categoryCode: 'SUV' })
    expect(shown(DAY_MS, [wide, near], { from: new Date('2026-12-03T07:00:00Z') })[1]?.[2]).toBe(
      500,
    )
    const first = { ...wide, priority: 5 }
    expect(shown(DAY_MS, [first, near], { from: new Date('2026-12-03T07:00:00Z') })[1]?.[2]).toBe(
      5_000,
    )
    expect(areRivals(season({}), season({ fromDay: '2026-12-04', untilDay: null }))).toBe(true)
    expect(areRivals(season({}), season({ fromDay: '2026-12-05', untilDay: null }))).toBe(false)
    expect(areRivals(season({}), season({ priority: 1 }))).toBe(false)
  })
})

describe('other conditions', () => {
  it('are weekdays, the clock over midnight, place, category and length', () => {
    const weekend = build({ type: 'base', weekdays: [5, 6], percent: 80 })
    expect(shown(7 * DAY_MS, [weekend])[1]).toEqual(['base', 2, -2_000])
    const night = build({
      type: 'base',
      fromMinute: 22 * 60,
      untilMinute: 6 * 60,
      fixed: shillings(300),
    })
    expect(shown(DAY_MS, [night])).toHaveLength(1)
    const late = { from: new Date('2026-12-01T20:00:00Z') }
    expect(shown(DAY_MS, [night], late)[1]).toEqual(['base', 1, 300])
    for (const [rule, count] of [
      [{ locationCode: 'NBO-JKIA' }, 2],
      [{ locationCode: 'MBA-CBD' }, 1],
      [{ categoryCode: 'VAN' }, 1],
      [{ minDays: 2 }, 2],
      [{ minDays: 3 }, 1],
      [{ maxDays: 1 }, 1],
    ] as const) {
      expect(shown(2 * DAY_MS, [build({ ...rule, percent: 150 })])).toHaveLength(count)
    }
  })

  it('are how many cars are out, how often somebody came, and one code, in this order', () => {
    const busy = build({ type: 'demand', utilisationFrom: 80, percent: 150 })
    const full = build({ type: 'demand', utilisationFrom: 95, percent: 200 })
    const loyal = build({ type: 'loyalty', rentalsFrom: 3, percent: 90 })
    const promo = build({
      type: 'promotional',
      code: 'KARIBU',
      fixed: shillings(-500),
      untilDay: '2026-11-30',
    })
    const rules = [promo, loyal, full, busy]
    expect(shown(DAY_MS, rules)).toEqual([['days', 1, 5_000]])
    const facts = { utilisation: 90, rentals: 3, promoCode: 'KARIBU' }
    expect(shown(DAY_MS, rules, facts)).toEqual([
      ['days', 1, 5_000],
      ['demand', 1, 2_500],
      ['loyalty', 1, -750],
      ['promotional', 1, -500],
    ])
    expect(shown(DAY_MS, rules, { utilisation: 95 })[1]).toEqual(['demand', 1, 5_000])
    const late = { ...facts, bookedAt: new Date('2026-11-30T21:00:00Z') }
    expect(shown(DAY_MS, rules, late)).toHaveLength(3)
    expect(readCode(' kari bu ')).toBe('KARIBU')
  })
})

describe('what comes along', () => {
  const extra = (more: Partial<Extra>): Extra => ({
    code: 'SEAT',
    name: 'Child seat',
    kind: 'thing',
    dailyRate: shillings(300),
    most: shillings(1_500),
    stock: 4,
    active: true,
    ...more,
  })
  const along = {
    ...NOTHING_ALONG,
    extras: [{ extra: extra({}), quantity: 2 }],
    extraDrivers: 1,
    driverFee: extra({ code: 'DRIVER', kind: 'extra_driver', most: null }),
    youngFee: extra({
      code: 'YOUNG',
      kind: 'young_driver',
      dailyRate: shillings(1_000),
      most: null,
    }),
  }
  const lines = (ms: number, driverAge: number | null) =>
    quoteTrip(
      {
        category: CATEGORY,
        facts: factsFor(ms),
        oneWayFee: shillings(2_000),
        along: { ...along, driverAge },
      },
      [build({ percent: 200 })],
    ).lines.map(({ kind, amount }) => [kind, amount / 100])

  it('costs by begun days up to its most, and no rule changes it', () => {
    expect(lines(2 * DAY_MS + 1, null).slice(-3)).toEqual([
      ['one_way', 2_000],
      ['extra', 1_800],
      ['extra_driver', 900],
    ])
    expect(lines(9 * DAY_MS, null).slice(-2)[0]).toEqual(['extra', 3_000])
  })

  it('is a fee for whoever is known to be young', () => {
    expect(lines(2 * DAY_MS, 24).at(-1)).toEqual(['young_driver', 2_000])
    expect(lines(2 * DAY_MS, 25).at(-1)?.[0]).toBe('extra_driver')
  })

  it('holds no price that is not a whole number of cents', () => {
    expect(() => cents(adjusted(shillings(333), build({ percent: 133 })))).not.toThrow()
  })
})
