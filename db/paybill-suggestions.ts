/** Whose money could it be? Bookings by amount, name, number and time, the likeliest first. */
import type { Suggestion, UnmatchedMoney } from '../domain/unmatched-pages.ts'
import type { ReservationStatus } from '../domain/reservations.ts'
import { select, type Database } from './connection.ts'
import type { ReservationDetail } from './reservation-reads.ts'
import { toCents } from './values.ts'

/** Trigram likeness from which two names, or two numbers, are worth a person's look. */
const NAME_LIKENESS = 0.5
const NUMBER_LIKENESS = 0.6
/** Bookings made this long before the money, and their ends, are still thought of. */
const DAYS = 14

type Row = {
  id: string
  number: string
  status: ReservationStatus
  customerId: string
  customerName: string
  balance: string
  sameAmount: boolean
  sameShare: boolean
  name: string | null
  nearlyTyped: boolean
  prompted: boolean
}

const LIKELY = `
  SELECT * FROM (
    SELECT r.id, r.number, r.status, r.customer_id AS "customerId", r.created_at AS made,
      trim(u.first_name || ' ' || u.last_name) AS "customerName", r.total_cents - r.paid_cents AS balance,
      r.total_cents - r.paid_cents = $1 AS "sameAmount",
      EXISTS (SELECT 1 FROM reservation_parties y WHERE y.reservation_id = r.id AND y.share_cents = $1)
        AS "sameShare",
      (SELECT y.name FROM reservation_parties y WHERE y.reservation_id = r.id AND $2::text IS NOT NULL
         AND greatest(word_similarity(lower($2), lower(y.name)), word_similarity(lower(y.name), lower($2)))
           >= ${NAME_LIKENESS} ORDER BY word_similarity(lower($2), lower(y.name)) DESC LIMIT 1) AS name,
      coalesce(similarity(replace(r.number, '-', ''), $3) >= ${NUMBER_LIKENESS}, false) AS "nearlyTyped",
      EXISTS (SELECT 1 FROM payments p WHERE p.owner_id = r.id AND p.channel = 'prompt' AND p.amount_cents = $1
         AND p.requested_at BETWEEN $4::timestamptz - interval '1 hour' AND $4::timestamptz + interval '1 minute')
        AS prompted
    FROM reservations r JOIN users u ON u.id = r.customer_id
    WHERE r.status IN ('pending', 'processing', 'confirmed') AND r.created_at > $4::timestamptz - interval '${DAYS} days'
  ) AS likely
  WHERE name IS NOT NULL OR "nearlyTyped" OR prompted
    OR (status IN ('pending', 'processing') AND ("sameAmount" OR "sameShare"))
  ORDER BY "sameAmount"::int * 3 + "sameShare"::int + (name IS NOT NULL)::int * 3 + "nearlyTyped"::int * 3
    + prompted::int * 2 + (status <> 'confirmed')::int DESC, made DESC LIMIT $5`

export async function suggestFor(
  db: Database,
  { amount, payerName, reference, paidAt }: UnmatchedMoney,
  limit: number,
): Promise<Suggestion[]> {
  const typed = reference?.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') || null
  const bind = [amount, payerName, typed, paidAt, limit]
  const rows = await select<Row>(db, LIKELY, bind)
  return rows.map(({ id, number, status, customerName, customerId, balance, ...likeness }) => ({
    purpose: 'reservation',
    ownerId: id,
    number,
    status,
    customerName,
    customerId,
    balance: toCents(balance),
    likeness: {
      sameAmount: likeness.sameAmount,
      sameShare: likeness.sameShare,
      name: likeness.name,
      nearlyTyped: likeness.nearlyTyped,
      prompted: likeness.prompted,
    },
  }))
}

/** A booking that a person searched for. */
export const toSuggestion = (found: ReservationDetail): Suggestion => ({
  purpose: 'reservation',
  ownerId: found.id,
  number: found.number,
  status: found.status,
  customerName: found.customerName,
  customerId: found.customerId,
  balance: found.balance,
  likeness: null,
})
