/** Extras, other drivers and a code on the booking form: what was typed, what it means, and what is wrong with it. */
import type { FieldProblem } from '../../domain/errors.ts'
import type { AlongForm, AlongOffer } from '../../domain/booking-form-pages.ts'
import { EXTRA_LIMITS, type ExtraWish } from '../../domain/extras.ts'
import { formatKes, fromDecimal } from '../../domain/money.ts'
import { readCode } from '../../domain/pricing-rules.ts'
import { listExtras } from '../../db/extras.ts'
import { codeProblem, type PriceBook } from '../../db/trip-prices.ts'
import type { ApiDeps } from '../deps.ts'
import type { Asked, Choice } from '../search.ts'

type Fields = Record<string, unknown>

const textIn = (value: unknown, most: number): string =>
  typeof value === 'string' ? value.trim().slice(0, most) : ''

export const readAlong = (fields: Fields): AlongForm => ({
  extras: Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const code = /^extras\[([A-Z0-9-]{2,20})\]$/.exec(name)?.[1]
      return code ? [[code, textIn(value, 9)]] : []
    }),
  ),
  extraDrivers: textIn(fields['extra_drivers'], 9),
  promoCode: textIn(fields['promo_code'], 40),
})

/** Null for what is no whole number up to this. */
const numberIn = (typed: string, most: number): number | null =>
  /^\d{0,2}$/.test(typed) && Number(typed) <= most ? Number(typed) : null

/** What is wished for, as far as it can be read; `problems` has the rest. */
export function wishAlong(form: AlongForm): Asked & { problems: FieldProblem[] } {
  const { quantity, drivers, codes } = EXTRA_LIMITS
  const read = Object.entries(form.extras)
    .slice(0, codes)
    .map(([code, typed]) => ({ code, quantity: numberIn(typed, quantity) }))
  const extraDrivers = numberIn(form.extraDrivers, drivers)
  const upTo = (path: string, most: number) => ({
    path,
    message: `A whole number from 0 to ${most}.`,
  })
  const problems = [
    ...read
      .filter((one) => one.quantity === null)
      .map(({ code }) => upTo(`extras.${code}`, quantity)),
    ...(extraDrivers === null ? [upTo('extra_drivers', drivers)] : []),
  ]
  const extras = read.filter((one): one is ExtraWish => (one.quantity ?? 0) > 0)
  const promoCode = readCode(form.promoCode) || undefined
  return { extras, extraDrivers: extraDrivers ?? 0, promoCode, problems }
}

/** What cannot be had for this trip. */
export async function alongProblems(deps: ApiDeps, choice: Choice): Promise<FieldProblem[]> {
  const { problem } = choice.found
  const wrong = await codeProblem(deps.db, choice.book, choice.category.code)
  return [
    ...(problem ? [{ path: `extras.${problem.code}`, message: problem.message }] : []),
    ...(wrong ? [{ path: 'promo_code', message: wrong }] : []),
  ]
}

/** The price is another one than the form showed, also by what was just added to it: it is shown before anything is held. */
export function changedPrice(seen: string, { quote }: Choice): FieldProblem[] {
  const total = fromDecimal(seen)
  if (total === null || total === quote.total) return []
  const message = `The price has changed from ${formatKes(total)} to ${formatKes(quote.total)} since you saw it. Nothing was booked.`
  return [{ path: '', message }]
}

export async function offerAlong(deps: ApiDeps, { rules }: PriceBook): Promise<AlongOffer> {
  const all = await listExtras(deps.db)
  return {
    extras: all.filter(({ kind }) => kind === 'thing').slice(0, EXTRA_LIMITS.codes),
    driverFee: all.find(({ kind }) => kind === 'extra_driver') ?? null,
    takesCodes: rules.some(({ type }) => type === 'promotional'),
  }
}
