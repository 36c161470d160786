/** One row for each M-Pesa receipt, whoever told us of it first: so that no shilling is posted twice. */
import type { Cents } from '../domain/money.ts'
import { selectOne, type Tx } from './connection.ts'
import { closeMoneyCase } from './paybill-cases.ts'

export type HeardFrom = 'callback' | 'status' | 'confirmation' | 'pull' | 'statement' | 'hand'

export type ReceiptClaim = {
  receipt: string
  amount: Cents
  paymentId: string
  heardFrom: HeardFrom
  at: Date
}

/**
 * - `new`: nobody knew this receipt.
 * - `was_unmatched`: its money is in the books already, without an owner until now.
 * - `ours`: a repeat.
 * - `taken`: it belongs to another payment, was sent back, or is about another amount.
 */
export type ClaimedReceipt =
  { standing: 'new' | 'was_unmatched' | 'ours' } | { standing: 'taken'; by: string | null }

/** Waits for whoever claims the same receipt at this moment, so one of the two sees the other. */
export async function claimReceipt(tx: Tx, claim: ReceiptClaim): Promise<ClaimedReceipt> {
  const { receipt, amount, paymentId, heardFrom, at } = claim
  const made = await selectOne(
    tx,
    `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status, payment_id, paid_at)
     VALUES ($1, $2, $3, 'matched', $4, $5) ON CONFLICT (receipt) DO NOTHING RETURNING receipt`,
    [receipt, amount, heardFrom, paymentId, at],
  )
  if (made) return { standing: 'new' }
  const known = await selectOne<{ paymentId: string | null }>(
    tx,
    'SELECT payment_id AS "paymentId" FROM mpesa_receipts WHERE receipt = $1 FOR NO KEY UPDATE',
    [receipt],
  )
  if (known?.paymentId === paymentId) return { standing: 'ours' }
  const matched = await selectOne(
    tx,
    `UPDATE mpesa_receipts SET status = 'matched', payment_id = $2
     WHERE receipt = $1 AND status = 'unmatched' AND amount_cents = $3 RETURNING receipt`,
    [receipt, paymentId, amount],
  )
  if (!matched) return { standing: 'taken', by: known?.paymentId ?? null }
  const resolution = `found its payment by ${heardFrom}`
  await closeMoneyCase(tx, receipt, { resolution, actorId: 'gari', now: at })
  return { standing: 'was_unmatched' }
}
