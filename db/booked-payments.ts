/** What of a payment is still booked as its owner's or its customer's, after whatever was corrected since. */
import { owedAccount } from '../domain/ledger.ts'
import { selectOne, type Tx } from './connection.ts'
import type { PaymentRow } from './payment-rows.ts'

/**
 * False when a correction of its entry gave the money, or a part of it, to somebody else: then it cannot go back as well.
 * A correction may itself have been corrected.
 */
export async function isStillBooked(tx: Tx, payment: PaymentRow): Promise<boolean> {
  const { id, type, ownerId, customerId, amount } = payment
  const row = await selectOne<{ corrected: boolean; theirs: string }>(
    tx,
    `WITH RECURSIVE own AS (
       SELECT id, kind FROM ledger_entries WHERE kind = 'payment' AND reference = $1
       UNION ALL
       SELECT e.id, e.kind FROM own o JOIN ledger_entries e
         ON e.kind IN ('reversal', 'correction') AND e.reference = o.id::text)
     SELECT bool_or(o.kind = 'reversal') AS corrected, coalesce(-sum(p.amount_cents) FILTER (
         WHERE (p.account = $2 AND p.subject = $3) OR (p.account = 'customer_credit' AND p.subject = $4)), 0) AS theirs
     FROM own o JOIN ledger_postings p ON p.entry_id = o.id`,
    [id, owedAccount(type), ownerId, customerId],
  )
  return !row?.corrected || Number(row.theirs) >= amount
}
