/** Money that went back: asked for, needing nobody's second word, and settled. */
import { randomUUID } from 'node:crypto'
import { inTransaction, type Database } from '../../db/connection.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import { nextReceipt, NOW } from './builders.ts'

/** All of it where no amount is said. Throws where it cannot be given back. */
export async function giveBack(
  db: Database,
  paymentId: string,
  amount: Cents | null,
): Promise<void> {
  const refundId = randomUUID()
  const base = { refundId, paymentId, reason: 'as tested', actorId: 'fin' }
  const wish = amount === null ? base : { ...base, amount, askedBy: 'person' as const }
  const policy = { approvalAbove: shillings(1_000_000), now: NOW }
  const plan = await inTransaction(db, (tx) => openRefund(tx, wish, policy))
  if (plan.outcome !== 'ready') throw new Error(JSON.stringify(plan))
  await inTransaction(db, (tx) => settleRefund(tx, { refundId, receipt: nextReceipt() }))
}
