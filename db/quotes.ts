/** Prices that programs were told, about a trip and never about a person. */
import { CURRENCY, toDecimal } from '../domain/money.ts'
import type { Quote } from '../domain/pricing.ts'
import { toNairobiIso } from '../domain/time.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'

export type GivenQuote = {
  id: string
  categoryCode: string
  pickupLocation: string
  returnLocation: string
  pickupAt: Date
  returnAt: Date
  quote: Quote
  createdAt: Date
}

const COLUMNS = `id, category_code AS "categoryCode", pickup_location AS "pickupLocation",
  return_location AS "returnLocation", pickup_at AS "pickupAt", return_at AS "returnAt", quote, created_at AS "createdAt"`

export const findQuote = (on: Database | Tx, id: string): Promise<GivenQuote | null> =>
  selectOne(on, `SELECT ${COLUMNS} FROM quotes WHERE id = $1`, [id])

/** A repeat with the same id tells what was told. */
export async function giveQuote(tx: Tx, given: Omit<GivenQuote, 'createdAt'>): Promise<GivenQuote> {
  const { id, categoryCode, pickupLocation, returnLocation, pickupAt, returnAt, quote } = given
  const made = await select(
    tx,
    `INSERT INTO quotes (id, category_code, pickup_location, return_location, pickup_at, return_at, quote, total_cents)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [
      id,
      categoryCode,
      pickupLocation,
      returnLocation,
      pickupAt,
      returnAt,
      JSON.stringify(quote),
      quote.total,
    ],
  )
  if (made.length > 0) await appendEvents(tx, [quoteGiven(given)])
  return (await findQuote(tx, id)) as GivenQuote
}

const quoteGiven = (given: Omit<GivenQuote, 'createdAt'>) => ({
  type: 'quote.given' as const,
  key: given.id,
  version: 1,
  data: {
    quote_id: given.id,
    category: given.categoryCode,
    pickup_location: given.pickupLocation,
    return_location: given.returnLocation,
    pickup_at: toNairobiIso(given.pickupAt),
    return_at: toNairobiIso(given.returnAt),
    currency: CURRENCY,
    total: toDecimal(given.quote.total),
    rules: [...new Set(given.quote.lines.flatMap(({ ruleId }) => ruleId ?? []))],
  },
})
