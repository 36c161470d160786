/** What an account is still needed for, so that nobody's car, money or debt is left without its owner. */
import { needText, NEEDS, type Need } from '../domain/erasures.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { OWN_PHONE_INDEX, ownPhone } from './erasing.ts'
import { phoneIndex } from './sealed-columns.ts'

/** Somebody else's booking or charge in which they share, known by a number that is proven to be theirs. */
const shares = (what: 'reservation' | 'charge') =>
  `SELECT p.${what}_id FROM ${what}_parties p WHERE p.phone_index = ${OWN_PHONE_INDEX}`
const PAYMENTS = 'SELECT p.id FROM payments p WHERE p.customer_id = $1::uuid'
const REFUNDS = `SELECT r.id FROM refunds r WHERE r.customer_id = $1::uuid OR r.payment_id IN (${PAYMENTS})`

const OPEN: Record<Need, string> = {
  legal_hold: 'SELECT FROM legal_holds WHERE user_id = $1::uuid AND lifted_at IS NULL',
  works_here: "SELECT FROM users WHERE id = $1::uuid AND kind <> 'customer'",
  booking: `SELECT FROM (SELECT id FROM reservations WHERE customer_id = $1::uuid UNION ${shares('reservation')}) AS theirs
    JOIN reservations r USING (id) WHERE r.status IN ('pending', 'processing', 'confirmed', 'in_progress')
      OR EXISTS (SELECT FROM late_offers o WHERE o.reservation_id = r.id AND o.status = 'open')
    UNION ALL SELECT FROM rentals WHERE customer_id = $1::uuid AND status <> 'settled'`,
  charge: `SELECT FROM (SELECT id FROM charges WHERE customer_id = $1::uuid UNION ${shares('charge')}) AS theirs
    JOIN charges c USING (id) WHERE c.status IN ('open', 'processing')`,
  invoice:
    "SELECT FROM invoices WHERE customer_id = $1::uuid AND status IN ('issued', 'sent', 'overdue')",
  payment: `SELECT FROM payments p WHERE customer_id = $1::uuid
    AND (status IN ('requested', 'prompted', 'unknown', 'unexplained', 'refunding')
      OR EXISTS (SELECT FROM provider_messages m WHERE m.subject_id = p.id AND m.delivered_at IS NULL))`,
  credit: `SELECT FROM ledger_postings WHERE account = 'customer_credit' AND subject = $1::uuid::text
    HAVING sum(amount_cents) <> 0`,
  refund: `SELECT FROM refunds WHERE id IN (${REFUNDS}) AND status IN ('requested', 'awaiting_approval', 'approved', 'sent', 'refused')`,
  plan: "SELECT FROM payment_plans WHERE customer_id = $1::uuid AND status = 'running'",
  case: `SELECT FROM finance_cases WHERE status = 'open' AND subject IN (
    SELECT id::text FROM (${PAYMENTS}) p UNION SELECT id::text FROM (${REFUNDS}) r
    UNION SELECT receipt FROM payments WHERE customer_id = $1::uuid
    UNION SELECT id::text FROM reservations WHERE customer_id = $1::uuid
    UNION SELECT id::text FROM charges WHERE customer_id = $1::uuid
    UNION SELECT id::text FROM invoices WHERE customer_id = $1::uuid UNION SELECT $1::uuid::text)`,
}

const flags = (needs: readonly Need[]) =>
  needs.map((need) => `CASE WHEN EXISTS (${OPEN[need]}) THEN '${need}' END`).join(', ')
const asked = (needs: readonly Need[]) =>
  `SELECT array_remove(ARRAY[${flags(needs)}]::text[], NULL) AS needs`

/** An account that is closed keeps all that is known of it, so fewer things stand in the way. */
const CLOSING: readonly Need[] = ['booking', 'charge', 'invoice', 'payment', 'credit']
const FOR_CLOSING = asked(CLOSING)
export const FOR_ERASING = asked(NEEDS)

async function find(on: Database | Tx, sql: string, userId: string): Promise<Need[]> {
  const phone = await ownPhone(on, userId)
  const bind = [userId, phone && phoneIndex(on, phone)]
  return (await selectOne<{ needs: Need[] }>(on, sql, bind))?.needs ?? []
}

/** In words; null where nothing is left. */
export async function whatNeeds(tx: Tx, userId: string): Promise<string | null> {
  const [first] = await find(tx, FOR_CLOSING, userId)
  return first ? needText([first]) : null
}

/** All that stands in the way of forgetting somebody. */
export const whatForbidsErasing = (on: Database | Tx, userId: string): Promise<Need[]> =>
  find(on, FOR_ERASING, userId)
