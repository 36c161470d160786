/** What is sent about rules of prices, extras and quotes. A price is never theirs to say: only what it follows from. */
import { z } from 'zod'
import { EXTRA_KINDS, EXTRA_LIMITS, type Extra } from '../extras.ts'
import { cents, fromDecimal, negate, type Cents } from '../money.ts'
import { readCode, RULE_LIMITS, RULE_TYPES, type PricingRule } from '../pricing-rules.ts'
import { decimalAmount } from './amounts.ts'
import { ONE_LINE } from './texts.ts'

export const placeCode = z
  .string('Choose from the list.')
  .trim()
  .regex(/^[A-Z0-9-]{2,20}$/i, 'This is not a code of ours.')
  .transform((text) => text.toUpperCase())
const name = (most: number) =>
  z
    .string('Say a name.')
    .trim()
    .min(1, 'Say a name.')
    .max(most, `At most ${most} letters.`)
    .regex(ONE_LINE, 'Write it in one line.')
const day = z.iso.date('Say a day as 2026-11-27.')
const whole = (least: number, most: number) => {
  const message = `A whole number from ${least} to ${most}.`
  return z.int(message).min(least, message).max(most, message)
}

const CLOCK = 'Write the time like 22:00.'
/** Minutes after midnight; `24:00` is the end of the day. */
const clock = z
  .string(CLOCK)
  .regex(/^(?:[01]\d|2[0-4]):[0-5]\d$/, CLOCK)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))
  .pipe(z.number().max(24 * 60, CLOCK))

/** Four places at most: 1.2 or `1.2`. Kept in hundredths. */
const multiplier = z
  .union([z.string(), z.number()], 'Write it like 1.2.')
  .transform((value, context) => {
    const read: number | null = fromDecimal(String(value).trim())
    if (read !== null) return read
    context.addIssue({ code: 'custom', message: 'Write it like 1.2, with two places at most.' })
    return z.NEVER
  })

const signedAmount = z
  .union([z.string(), z.number()], 'Write the amount like 500 or -500.')
  .transform((value, context): Cents => {
    const text = String(value).trim()
    const read = fromDecimal(text.replace(/^-/, ''))
    if (read !== null) return text.startsWith('-') ? negate(read) : read
    context.addIssue({ code: 'custom', message: 'Write the amount like 500 or -500.' })
    return z.NEVER
  })

const promoCode = z
  .string('Say the code.')
  .max(40, 'A code has at most 20 letters and digits.')
  .transform(readCode)
  .pipe(z.string().regex(/^[A-Z0-9]{3,20}$/, 'A code has 3 to 20 letters and digits.'))

const rates = z.strictObject({
  hourly: decimalAmount.nullish(),
  daily: decimalAmount.nullish(),
  weekly: decimalAmount.nullish(),
  monthly: decimalAmount.nullish(),
})

export const pricingRuleRequest = z.strictObject({
  name: name(RULE_LIMITS.nameLength),
  type: z.enum(RULE_TYPES, 'Choose a type.'),
  category: placeCode.nullish(),
  location: placeCode.nullish(),
  from_day: day.nullish(),
  until_day: day.nullish(),
  weekdays: z.array(whole(0, 6)).max(7).optional(),
  from_time: clock.nullish(),
  until_time: clock.nullish(),
  min_days: whole(1, RULE_LIMITS.days).nullish(),
  max_days: whole(1, RULE_LIMITS.days).nullish(),
  multiplier: multiplier.optional(),
  fixed_adjustment: signedAmount.optional(),
  rates: rates.nullish(),
  utilisation_from: whole(1, 100).nullish(),
  rentals_from: whole(1, RULE_LIMITS.rentals).nullish(),
  code: promoCode.nullish(),
  uses: whole(1, RULE_LIMITS.uses).nullish(),
  uses_each: whole(1, RULE_LIMITS.uses).nullish(),
  priority: whole(0, RULE_LIMITS.priority).optional(),
})
export type PricingRuleRequest = z.infer<typeof pricingRuleRequest>

export const toRuleFacts = (asked: PricingRuleRequest): Omit<PricingRule, 'id'> => ({
  name: asked.name,
  type: asked.type,
  categoryCode: asked.category ?? null,
  locationCode: asked.location ?? null,
  fromDay: asked.from_day ?? null,
  untilDay: asked.until_day ?? null,
  weekdays: [...new Set(asked.weekdays ?? [])].toSorted((one, other) => one - other),
  fromMinute: asked.from_time ?? null,
  untilMinute: asked.until_time ?? null,
  minDays: asked.min_days ?? null,
  maxDays: asked.max_days ?? null,
  percent: asked.multiplier ?? 100,
  fixed: asked.fixed_adjustment ?? cents(0),
  rates: asked.rates
    ? {
        hourly: asked.rates.hourly ?? null,
        daily: asked.rates.daily ?? null,
        weekly: asked.rates.weekly ?? null,
        monthly: asked.rates.monthly ?? null,
      }
    : null,
  utilisationFrom: asked.utilisation_from ?? null,
  rentalsFrom: asked.rentals_from ?? null,
  code: asked.code ?? null,
  uses: asked.uses ?? null,
  usesEach: asked.uses_each ?? null,
  priority: asked.priority ?? 0,
})

const rate = decimalAmount.refine((amount) => amount % 100 === 0, 'Whole shillings only.')
const extraFacts = {
  name: name(RULE_LIMITS.nameLength),
  kind: z.enum(EXTRA_KINDS).optional(),
  daily_rate: rate,
  most: rate.nullish(),
  stock: whole(0, EXTRA_LIMITS.stock).nullish(),
  active: z.boolean().optional(),
}
const sound = <S extends typeof extraShape>(schema: S) =>
  schema
    .refine(({ daily_rate: day, most }) => most === null || most === undefined || most >= day, {
      message: 'The most is less than one day costs.',
      path: ['most'],
    })
    .refine(
      ({ kind = 'thing', stock }) => kind === 'thing' || stock === null || stock === undefined,
      {
        message: 'A fee cannot run out.',
        path: ['stock'],
      },
    )
const extraShape = z.strictObject(extraFacts)
export const extraReplacement = sound(extraShape)
export const extraRequest = sound(extraShape.extend({ code: placeCode }))

export const toExtra = (code: string, asked: z.infer<typeof extraReplacement>): Extra => ({
  code,
  name: asked.name,
  kind: asked.kind ?? 'thing',
  dailyRate: asked.daily_rate,
  most: asked.most ?? null,
  stock: asked.stock ?? null,
  active: asked.active ?? true,
})

/** Beside a trip, for a quote and a booking alike. */
export const alongFields = {
  extras: z
    .array(z.strictObject({ code: placeCode, quantity: whole(1, EXTRA_LIMITS.quantity) }))
    .max(EXTRA_LIMITS.codes, `At most ${EXTRA_LIMITS.codes} kinds of extras.`)
    .refine(
      (wishes) => new Set(wishes.map(({ code }) => code)).size === wishes.length,
      'Name each extra once.',
    )
    .optional(),
  extra_drivers: whole(0, EXTRA_LIMITS.drivers).optional(),
  promo_code: promoCode.optional(),
}
