/** Rules of prices, extras and quotes as programs see them. */
import { z } from '@hono/zod-openapi'
import { EXTRA_KINDS } from '../domain/extras.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import { RULE_TYPES, type RuleRates } from '../domain/pricing-rules.ts'
import { changeOf, type Rehearsal } from '../domain/rehearsals.ts'
import { clockText, multiplierText } from '../domain/rule-words.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ExtraRecord } from '../db/extras.ts'
import type { RuleRecord } from '../db/pricing-rules.ts'
import type { GivenQuote } from '../db/quotes.ts'
import { priceBody, toPrice } from './fleet-bodies.ts'

const money = z.string().openapi({ example: '4500.00' })
const signed = z.string().openapi({ example: '-500.00' })
const day = z.string().nullable().openapi({ format: 'date', example: '2026-12-20' })
const clock = z.string().nullable().openapi({ example: '22:00' })
const rate = money.nullable()

export const ruleBody = z
  .object({
    id: z.string(),
    name: z.string().openapi({ example: 'Christmas' }),
    type: z.enum(RULE_TYPES),
    category: z.string().nullable(),
    location: z.string().nullable(),
    from_day: day,
    until_day: day,
    weekdays: z.array(z.int()).openapi({ description: '0 = Monday; empty: every day' }),
    from_time: clock,
    until_time: clock,
    min_days: z.int().nullable(),
    max_days: z.int().nullable(),
    multiplier: z.string().openapi({ example: '1.20' }),
    fixed_adjustment: signed,
    rates: z.object({ hourly: rate, daily: rate, weekly: rate, monthly: rate }).nullable(),
    utilisation_from: z.int().nullable(),
    rentals_from: z.int().nullable(),
    code: z.string().nullable().openapi({ example: 'KARIBU' }),
    uses: z.int().nullable(),
    uses_each: z.int().nullable(),
    used: z.int().openapi({ description: 'Of its code, by bookings that stand' }),
    priority: z.int(),
    currency: z.string(),
    replaces: z.string().nullable().openapi({ description: 'The rule whose place it took' }),
    closed_at: z.string().nullable().openapi({ description: 'Null while it is live' }),
    created_at: z.string(),
  })
  .openapi('PricingRule')

const orNull = (amount: Cents | null) => (amount === null ? null : toDecimal(amount))
const toRates = ({ hourly, daily, weekly, monthly }: RuleRates) => ({
  hourly: orNull(hourly),
  daily: orNull(daily),
  weekly: orNull(weekly),
  monthly: orNull(monthly),
})

export const toRuleBody = (rule: RuleRecord): z.infer<typeof ruleBody> => ({
  id: rule.id,
  name: rule.name,
  type: rule.type,
  category: rule.categoryCode,
  location: rule.locationCode,
  from_day: rule.fromDay,
  until_day: rule.untilDay,
  weekdays: rule.weekdays,
  from_time: rule.fromMinute === null ? null : clockText(rule.fromMinute),
  until_time: rule.untilMinute === null ? null : clockText(rule.untilMinute),
  min_days: rule.minDays,
  max_days: rule.maxDays,
  multiplier: multiplierText(rule.percent),
  fixed_adjustment: toDecimal(rule.fixed),
  rates: rule.rates && toRates(rule.rates),
  utilisation_from: rule.utilisationFrom,
  rentals_from: rule.rentalsFrom,
  code: rule.code,
  uses: rule.uses,
  uses_each: rule.usesEach,
  used: rule.used,
  priority: rule.priority,
  currency: CURRENCY,
  replaces: rule.replaces,
  closed_at: rule.closedAt && toNairobiIso(rule.closedAt),
  created_at: toNairobiIso(rule.createdAt),
})

const MOST_SHOWN = 100

export const trialBody = z
  .object({
    since: z.string(),
    until: z.string(),
    bookings: z.int().openapi({ description: 'That were made in that time and stand' }),
    differing: z.int(),
    is_cut: z.boolean().openapi({ description: 'There were more than are tried at once' }),
    currency: z.string(),
    before: money,
    after: money,
    change: signed,
    items: z
      .array(
        z.object({
          reservation_id: z.string(),
          number: z.string(),
          category: z.string(),
          before: money,
          after: money,
          change: signed,
        }),
      )
      .openapi({ description: `The greatest change first, ${MOST_SHOWN} at most` }),
  })
  .openapi('PricingTrial')

export const toTrialBody = (tried: Rehearsal): z.infer<typeof trialBody> => ({
  since: toNairobiIso(tried.since),
  until: toNairobiIso(tried.until),
  bookings: tried.bookings,
  differing: tried.differing.length,
  is_cut: tried.isCut,
  currency: CURRENCY,
  before: toDecimal(tried.before),
  after: toDecimal(tried.after),
  change: toDecimal(changeOf(tried)),
  items: tried.differing.slice(0, MOST_SHOWN).map((row) => ({
    reservation_id: row.id,
    number: row.number,
    category: row.categoryCode,
    before: toDecimal(row.before),
    after: toDecimal(row.after),
    change: toDecimal(changeOf(row)),
  })),
})

export const extraBody = z
  .object({
    code: z.string().openapi({ example: 'CHILD-SEAT' }),
    name: z.string().openapi({ example: 'Child seat' }),
    kind: z.enum(EXTRA_KINDS),
    currency: z.string(),
    daily_rate: money,
    most: money.nullable().openapi({ description: 'For one of it over a whole rental' }),
    stock: z.int().nullable().openapi({ description: 'Null where it cannot run out' }),
    active: z.boolean(),
    version: z.int(),
  })
  .openapi('Extra')

export const toExtraBody = (extra: ExtraRecord): z.infer<typeof extraBody> => ({
  code: extra.code,
  name: extra.name,
  kind: extra.kind,
  currency: CURRENCY,
  daily_rate: toDecimal(extra.dailyRate),
  most: orNull(extra.most),
  stock: extra.stock,
  active: extra.active,
  version: extra.version,
})

export const quoteBody = z
  .object({
    id: z.string(),
    category: z.string(),
    pickup_location: z.string(),
    return_location: z.string(),
    pickup_at: z.string(),
    return_at: z.string(),
    price: priceBody,
    created_at: z.string(),
  })
  .openapi('Quote')

export const toQuoteBody = (given: GivenQuote): z.infer<typeof quoteBody> => ({
  id: given.id,
  category: given.categoryCode,
  pickup_location: given.pickupLocation,
  return_location: given.returnLocation,
  pickup_at: toNairobiIso(given.pickupAt),
  return_at: toNairobiIso(given.returnAt),
  price: toPrice(given.quote),
  created_at: toNairobiIso(given.createdAt),
})
