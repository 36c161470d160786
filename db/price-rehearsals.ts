/** Bookings of last month, for trying a rule on them. */
import {
  lastMonth,
  MOST_REHEARSED,
  rehearse,
  type PastBooking,
  type Rehearsal,
} from '../domain/rehearsals.ts'
import type { PricingRule } from '../domain/pricing-rules.ts'
import { select, type Database } from './connection.ts'
import { readLiveRules } from './pricing-rules.ts'
import { toCents } from './values.ts'

type Row = {
  id: string
  number: string
  categoryCode: string
  pickupLocation: string
  from: Date
  to: Date
  bookedAt: Date
  rentals: number
  utilisation: number
  promoCode: string | null
} & Record<'dailyRate' | 'hourlyRate' | 'deposit' | 'fee', string>

/** How many of the category's cars were out when this one was picked up, itself left out: as it was when it was booked, or nearly. */
const UTILISATION = `(SELECT (100 * count(h.id) / greatest(count(DISTINCT v.id), 1))::int FROM vehicles v
  LEFT JOIN holds h ON h.resource_id = v.id AND h.period @> r.pickup_at AND h.id <> r.hold_id
    AND h.state IN ('held', 'confirmed', 'active', 'ended')
  WHERE v.active AND v.location_code = r.pickup_location AND v.category_code = r.category_code)`

const RENTALS = `(SELECT count(*)::int FROM reservations o
  WHERE o.customer_id = r.customer_id AND o.status = 'completed' AND o.ended_at < r.created_at)`

const BOOKED = `SELECT r.id, r.number, r.category_code AS "categoryCode", r.pickup_location AS "pickupLocation",
    r.pickup_at AS "from", r.return_at AS "to", r.created_at AS "bookedAt", c.daily_rate_cents AS "dailyRate",
    c.hourly_rate_cents AS "hourlyRate", c.deposit_cents AS deposit, coalesce(f.fee_cents, 0) AS fee, u.code AS "promoCode",
    CASE WHEN $3 THEN ${UTILISATION} ELSE 0 END AS utilisation, CASE WHEN $4 THEN ${RENTALS} ELSE 0 END AS rentals
  FROM reservations r JOIN vehicle_categories c ON c.code = r.category_code
  LEFT JOIN location_fees f ON f.from_code = r.pickup_location AND f.to_code = r.return_location
  LEFT JOIN promo_uses u ON u.reservation_id = r.id
  WHERE r.created_at >= $1 AND r.created_at < $2 AND r.status NOT IN ('cancelled', 'expired')
  ORDER BY r.created_at DESC LIMIT ${MOST_REHEARSED + 1}`

const toPast = (row: Row): PastBooking => ({
  id: row.id,
  number: row.number,
  category: {
    dailyRate: toCents(row.dailyRate),
    hourlyRate: toCents(row.hourlyRate),
    deposit: toCents(row.deposit),
  },
  facts: {
    categoryCode: row.categoryCode,
    pickupLocation: row.pickupLocation,
    from: row.from,
    to: row.to,
    bookedAt: row.bookedAt,
    utilisation: row.utilisation,
    rentals: row.rentals,
    promoCode: row.promoCode,
  },
  oneWayFee: toCents(row.fee),
})

type Try = { tried: PricingRule; replaces: string | null; now: Date }

/** What stands of last month's bookings, by the rules of now, and with one more. Extras and points are the same in both. */
export async function rehearseRule(
  db: Database,
  { tried, replaces, now }: Try,
): Promise<Rehearsal> {
  const month = lastMonth(now)
  const live = await readLiveRules(db)
  const asks = (type: PricingRule['type']) => [...live, tried].some((rule) => rule.type === type)
  const rows = await select<Row>(db, BOOKED, [
    month.since,
    month.until,
    asks('demand'),
    asks('loyalty'),
  ])
  return rehearse({ bookings: rows.map(toPast), live, tried, replaces, month })
}
