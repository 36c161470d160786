/** What an account is still needed for, so that nobody's car, money or debt is left without its owner. */
import { selectOne, type Tx } from './connection.ts'

const OPEN = [
  [
    'a booking that is not over',
    `SELECT FROM reservations WHERE customer_id = $1::uuid
       AND status IN ('pending', 'processing', 'confirmed', 'in_progress')`,
  ],
  [
    'a charge that is not paid',
    "SELECT FROM charges WHERE customer_id = $1::uuid AND status IN ('open', 'processing')",
  ],
  [
    'an invoice that is not paid',
    "SELECT FROM invoices WHERE customer_id = $1::uuid AND status IN ('issued', 'sent', 'overdue')",
  ],
  [
    'a payment under way',
    `SELECT FROM payments WHERE customer_id = $1::uuid
       AND status IN ('requested', 'prompted', 'unknown', 'unexplained', 'refunding')`,
  ],
  [
    'credit that is theirs',
    `SELECT FROM ledger_postings WHERE account = 'customer_credit' AND subject = $1::uuid::text
       HAVING sum(amount_cents) <> 0`,
  ],
] as const

const WHAT = `SELECT CASE ${OPEN.map(([, asked], nth) => `WHEN EXISTS (${asked}) THEN ${nth}`).join(' ')} END AS nth`

/** In words; null where nothing is left. */
export async function whatNeeds(tx: Tx, userId: string): Promise<string | null> {
  const row = await selectOne<{ nth: number | null }>(tx, WHAT, [userId])
  return OPEN[row?.nth ?? -1]?.[0] ?? null
}
