/**
 * What a trip costs now, for the search, the form, a quote and the booking alike. Without rules and extras this is one statement more than
 * the rates; what rules look at is read only where a rule that is live looks at it.
 */
import { mergeWishes, type ExtraWish } from '../domain/extras.ts'
import type { VehicleCategory } from '../domain/fleet.ts'
import type { Cents } from '../domain/money.ts'
import type { Quote } from '../domain/pricing.ts'
import { readCode, wholeRules, type PricingRule, type RuleFacts } from '../domain/pricing-rules.ts'
import { NOTHING_ALONG, quoteTrip, type Along } from '../domain/quoting.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { countOut, listExtras, lockExtras, type ExtraRecord } from './extras.ts'
import { readLiveRules, USES } from './pricing-rules.ts'

export type PriceAsk = {
  pickupLocation: string
  from: Date
  to: Date
  bookedAt: Date
  /** Null where nobody is known: then there is no price for returning customers. */
  customerId: string | null
  promoCode?: string | null | undefined
}

/** All that prices of this trip follow from, besides the category. */
export type PriceBook = PriceAsk & {
  rules: PricingRule[]
  rentals: number
  /** Of a hundred cars, by category. */
  utilisation: ReadonlyMap<string, number>
}

export async function readPriceBook(on: Database | Tx, ask: PriceAsk): Promise<PriceBook> {
  const rules = await readLiveRules(on)
  const has = (type: PricingRule['type']) => rules.some((rule) => rule.type === type)
  const { customerId } = ask
  return {
    ...ask,
    rules,
    rentals: customerId && has('loyalty') ? await countRentals(on, customerId) : 0,
    utilisation: has('demand') ? await readUtilisation(on, ask) : new Map(),
  }
}

const countRentals = async (on: Database | Tx, customerId: string): Promise<number> => {
  const row = await selectOne<{ rentals: number }>(
    on,
    "SELECT count(*)::int AS rentals FROM reservations WHERE customer_id = $1 AND status = 'completed'",
    [customerId],
  )
  return row?.rentals ?? 0
}

/** Of the cars that belong there, how many are out at the moment of pick-up. The length of a trip has no say, so a longer one is not cheaper. */
async function readUtilisation(on: Database | Tx, { pickupLocation, from }: PriceAsk) {
  const rows = await select<{ code: string; percent: number }>(
    on,
    `SELECT v.category_code AS code, (100 * count(h.id) / count(*))::int AS percent FROM vehicles v
     LEFT JOIN holds h ON h.resource_id = v.id AND h.period @> $2::timestamptz AND h.state IN ('held', 'confirmed', 'active')
     WHERE v.active AND v.status IN ('available', 'rented') AND v.location_code = $1 GROUP BY 1`,
    [pickupLocation, from],
  )
  return new Map(rows.map(({ code, percent }) => [code, percent]))
}

const factsOf = (book: PriceBook, categoryCode: string): RuleFacts => ({
  categoryCode,
  pickupLocation: book.pickupLocation,
  from: book.from,
  to: book.to,
  bookedAt: book.bookedAt,
  utilisation: book.utilisation.get(categoryCode) ?? 0,
  rentals: book.rentals,
  promoCode: book.promoCode ? readCode(book.promoCode) : null,
})

type Priced = Pick<VehicleCategory, 'code' | 'dailyRate' | 'hourlyRate' | 'deposit'>

export const quoteFrom = (
  book: PriceBook,
  category: Priced,
  oneWayFee: Cents,
  along: Along = NOTHING_ALONG,
): Quote =>
  quoteTrip({ category, facts: factsOf(book, category.code), oneWayFee, along }, book.rules)

/** The rule of the code that was given; null where none fits. */
export const ruleOfCode = (book: PriceBook, categoryCode: string): PricingRule | null =>
  wholeRules(book.rules, factsOf(book, categoryCode)).find(({ type }) => type === 'promotional') ??
  null

export const WRONG_CODE = 'This code is not good for this trip. Leave it out, or look at it again.'
export const USED_UP = 'This code has been used as often as it can be.'
const USED_BY_YOU = 'You have used this code as often as you can.'

/**
 * Why this code does not lower this price; null when it does, or none is given. In a transaction that takes it: under the rule's lock,
 * so that the last use is taken by one.
 */
export async function codeProblem(
  on: Database | Tx,
  book: PriceBook,
  categoryCode: string,
): Promise<string | null> {
  if (!book.promoCode) return null
  const rule = ruleOfCode(book, categoryCode)
  if (!rule) return WRONG_CODE
  if (rule.uses === null && rule.usesEach === null) return null
  const row = await selectOne<{ all: number; own: number }>(
    on,
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE r.customer_id = $2)::int AS own ${USES} AND u.code = $1`,
    [rule.code, book.customerId],
  )
  if (rule.uses !== null && (row?.all ?? 0) >= rule.uses) return USED_UP
  return rule.usesEach !== null && (row?.own ?? 0) >= rule.usesEach ? USED_BY_YOU : null
}

/** Null when it was closed meanwhile. */
export const lockRule = (tx: Tx, { id }: PricingRule): Promise<{ id: string } | null> =>
  selectOne(
    tx,
    'SELECT id FROM pricing_rules WHERE id = $1 AND closed_at IS NULL FOR NO KEY UPDATE',
    [id],
  )

type CodeUse = { reservationId: string; rule: PricingRule }

export const useCode = (tx: Tx, { reservationId, rule }: CodeUse) =>
  select(
    tx,
    'INSERT INTO promo_uses (reservation_id, rule_id, code) VALUES ($1, $2, $3) RETURNING rule_id',
    [reservationId, rule.id, rule.code],
  )

/** What is wished for along with the car, as a customer says it. */
export type AlongWish = {
  extras?: readonly ExtraWish[] | undefined
  extraDrivers?: number | undefined
}
export type ExtraProblem = { code: string; message: string }
export type FoundAlong = { along: Along; wishes: ExtraWish[]; problem: ExtraProblem | null }

export const NOTHING_WISHED: FoundAlong = { along: NOTHING_ALONG, wishes: [], problem: null }

/** Asks nothing where nothing is wished for. `take`: they are about to be booked, so nobody else may take them. */
export async function findAlong(
  on: Database | Tx,
  wish: AlongWish,
  span: { from: Date; to: Date },
  take?: Tx,
): Promise<FoundAlong> {
  const wishes = mergeWishes(wish.extras ?? [])
  const extraDrivers = wish.extraDrivers ?? 0
  if (wishes.length === 0 && extraDrivers === 0) return NOTHING_WISHED
  const codes = wishes.map(({ code }) => code)
  const locked = take ? await lockExtras(take, codes) : []
  const offered = await listExtras(on)
  const known = take ? locked : offered
  const out = await countOut(on, codes, span)
  const found = wishes.map(({ code, quantity }) => ({
    code,
    extra: known.find((one) => one.code === code && one.kind === 'thing'),
    quantity,
    out: out.get(code) ?? 0,
  }))
  const extras = found.flatMap(({ extra, quantity }) => (extra ? [{ extra, quantity }] : []))
  const driverFee = offered.find(({ kind }) => kind === 'extra_driver') ?? null
  return {
    along: { ...NOTHING_ALONG, extras, extraDrivers, driverFee },
    wishes,
    problem: found.map(problemOf).find((problem) => problem !== null) ?? null,
  }
}

type Found = { code: string; extra: ExtraRecord | undefined; quantity: number; out: number }

const problemOf = ({ code, extra, quantity, out }: Found): ExtraProblem | null => {
  if (!extra) return { code, message: 'We have no such extra.' }
  if (extra.stock === null) return null
  const left = Math.max(0, extra.stock - out)
  if (quantity <= left) return null
  const message =
    left === 0
      ? `${extra.name}: all are taken for this time.`
      : `${extra.name}: only ${left} left for this time.`
  return { code, message }
}

/** Whether something went along with it that others may have by now. */
export const hadAlong = async (tx: Tx, reservationId: string): Promise<boolean> =>
  (await selectOne(
    tx,
    `SELECT 1 AS had WHERE EXISTS (SELECT FROM promo_uses WHERE reservation_id = $1)
       OR EXISTS (SELECT FROM reservation_extras WHERE reservation_id = $1)`,
    [reservationId],
  )) !== null
