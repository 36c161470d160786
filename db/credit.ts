/** What we owe a customer without a thing to show for it: kept for the next booking, or given back. */
import type { Cents } from '../domain/money.ts'
import { negate } from '../domain/money.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

/** Never negative: whoever spends it first locks the customer's row (see payment-owners.ts). */
export async function readCredit(on: Database | Tx, customerId: string): Promise<Cents> {
  const row = await selectOne<{ balance: string }>(
    on,
    `SELECT coalesce(sum(amount_cents), 0) AS balance FROM ledger_postings
     WHERE account = 'customer_credit' AND subject = $1`,
    [customerId],
  )
  return negate(toCents(row?.balance ?? 0))
}
