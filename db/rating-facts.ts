/** What the rule counts of customers (domain/credit-rule.ts), and what stands of each, several at once. */
import { COUNTED_MONTHS, type CreditFacts } from '../domain/credit-rule.ts'
import type { RiskLevel } from '../domain/customers.ts'
import type { Rating } from '../domain/ratings.ts'
import { select, type Database, type Tx } from './connection.ts'

export const RATING = `r.id, r.level, r.score, r.rule, r.facts, r.reasons, r.by_hand AS "byHand", r.why,
  r.expires_at AS "expiresAt", r.created_at AS "setAt"`

export type Standing = {
  customerId: string
  facts: CreditFacts
  /** What the customer's own row shows. */
  shown: { level: RiskLevel; score: number | null }
  last: Rating | null
}

const DAY = "($1::timestamptz AT TIME ZONE 'Africa/Nairobi')::date"
const SINCE = `$1::timestamptz - interval '${COUNTED_MONTHS} months'`
const accepted = (kinds: string) =>
  `EXISTS (SELECT FROM identity_documents d WHERE d.user_id = u.id AND d.kind IN (${kinds}) AND d.status = 'accepted'
    AND (d.valid_until IS NULL OR d.valid_until >= ${DAY}))`

const FACTS = `jsonb_build_object(
    'rentals', b.rentals, 'years', greatest(0, extract(year FROM age($1::timestamptz, u.created_at))::int),
    'phone', u.phone_verified::int, 'email', u.email_verified::int,
    'papers', (${accepted("'licence_front'")} AND ${accepted("'national_id_front', 'passport'")})::int,
    'damage', g.damage, 'unpaid', g.unpaid, 'late', i.late, 'expired', b.expired, 'cancelled', b.cancelled)`

/** A booking that late money brought back is not expired; one that was called off before it was paid harms nobody. */
const BOOKINGS = `SELECT count(*) FILTER (WHERE status = 'completed') AS rentals,
    count(*) FILTER (WHERE status = 'expired') AS expired,
    count(*) FILTER (WHERE status = 'cancelled' AND cancellation_reason = 'customer' AND confirmed_at IS NOT NULL) AS cancelled
  FROM reservations WHERE customer_id = u.id AND ended_at > ${SINCE} AND ended_at <= $1::timestamptz`
const CHARGES = `SELECT count(*) FILTER (WHERE type = 'damage' AND status <> 'cancelled' AND created_at > ${SINCE}) AS damage,
    count(*) FILTER (WHERE status = 'expired' AND ended_at > ${SINCE}) AS unpaid
  FROM charges WHERE customer_id = u.id`
/** A charge's invoice says nothing that the charge does not; a company pays its own. */
const INVOICES = `SELECT count(*) FILTER (WHERE coalesce(paid_at, $1::timestamptz) > due_at) AS late
  FROM invoices WHERE customer_id = u.id AND purpose = 'reservation' AND company_id IS NULL
    AND status IN ('issued', 'sent', 'overdue', 'paid') AND due_at > ${SINCE}`
const LAST = `SELECT jsonb_build_object('id', r.id, 'level', r.level, 'score', r.score, 'rule', r.rule, 'facts', r.facts,
    'reasons', r.reasons, 'byHand', r.by_hand, 'why', r.why) AS rating, r.expires_at, r.created_at
  FROM customer_ratings r WHERE r.customer_id = u.id ORDER BY r.place DESC LIMIT 1`

type Row = Omit<Standing, 'last' | 'shown'> & {
  level: RiskLevel
  score: number | null
  rating: Omit<Rating, 'expiresAt' | 'setAt'> | null
  expiresAt: Date | null
  setAt: Date
}

/** Of accounts that are open; `where` is SQL of ours about `u`, its values from $2 on. */
async function readStandings(
  on: Database | Tx,
  now: Date,
  where: string,
  bind: unknown[],
): Promise<Standing[]> {
  const rows = await select<Row>(
    on,
    `SELECT u.id AS "customerId", ${FACTS} AS facts, c.risk_level AS level, c.credit_score AS score,
       l.rating, l.expires_at AS "expiresAt", l.created_at AS "setAt"
     FROM users u JOIN customers c ON c.user_id = u.id
       CROSS JOIN LATERAL (${BOOKINGS}) b CROSS JOIN LATERAL (${CHARGES}) g CROSS JOIN LATERAL (${INVOICES}) i
       LEFT JOIN LATERAL (${LAST}) l ON true
     WHERE u.kind = 'customer' AND u.status <> 'deleted' AND ${where}`,
    [now, ...bind],
  )
  return rows.map(({ customerId, facts, level, score, rating, expiresAt, setAt }) => ({
    customerId,
    facts,
    shown: { level, score },
    last: rating && { ...rating, expiresAt, setAt },
  }))
}

/** Null for who is no customer, or was erased. */
export async function readStanding(
  on: Database | Tx,
  customerId: string,
  now: Date,
): Promise<Standing | null> {
  return (await readStandings(on, now, 'u.id = $2', [customerId]))[0] ?? null
}

/** The next so many behind this one, in the order of their ids. */
export const readStandingsAfter = (
  db: Database,
  { after, limit, now }: { after: string; limit: number; now: Date },
): Promise<Standing[]> => readStandings(db, now, 'u.id > $2 ORDER BY u.id LIMIT $3', [after, limit])
