/** The second person's word about a refund. One transaction each, safe to repeat. */
import { add, ZERO } from '../domain/money.ts'
import type { ApprovalAnswer } from '../domain/refunds.ts'
import { selectOne, type Tx } from './connection.ts'
import { isOneOf, isOnePerson } from './one-person.ts'
import type { Locked } from './payment-rows.ts'
import { setAside } from './refund-deciding.ts'
import { changeRefund, lockRefund, tellRefund, type RefundRow } from './refund-rows.ts'
import { freeCredit, splitWish } from './refund-sources.ts'

const blocked = (why: string) => ({ outcome: 'blocked', why }) as const

export type Decision = { actorId: string; note: string | null; now: Date }

/** The second person says yes. What was free when it was asked for may be gone by now: then nothing happens. */
export async function approveRefund(
  tx: Tx,
  refundId: string,
  { actorId, note, now }: Decision,
): Promise<ApprovalAnswer> {
  const seen = await lockRefund(tx, refundId)
  if (!seen) return blocked('We have no such refund.')
  const { refund, paid } = seen
  if (refund.namedBy) return blocked('Another phone waits for a word, not the refund.')
  if (refund.status !== 'awaiting_approval')
    return refund.status === 'declined' ? blocked('It was declined.') : { outcome: 'approved' }
  if (await isOnePerson(tx, actorId, refund.requestedBy))
    return blocked('Whoever asked for a refund cannot approve it.')
  if (await isOneOf(tx, actorId, [refund.customerId]))
    return blocked('It is your own money, so somebody else approves it.')
  const found = await splitAgain(tx, refund, paid)
  if ('why' in found) return blocked(found.why)
  const row = await changeRefund(
    tx,
    refundId,
    `status = 'approved', decided_by = $2, decision_note = $3, decided_at = $4, credit_cents = $5,
     earned_cents = $6`,
    [actorId, note, now, found.split.credit, found.split.earned],
  )
  await tellRefund(tx, 'refund.approved', row, paid?.payment ?? null, { actor: actorId, why: note })
  await setAside(tx, row, paid?.payment ?? null, { split: found.split, now })
  return { outcome: 'approved' }
}

async function splitAgain(tx: Tx, refund: RefundRow, paid: Locked | null) {
  const { id, amount, credit, earned, sourceReceipt, customerId } = refund
  if (paid) return splitWish(tx, paid, id, amount)
  if (sourceReceipt) {
    const free = await selectOne(
      tx,
      `SELECT receipt FROM mpesa_receipts WHERE receipt = $1 AND status = 'unmatched' FOR NO KEY UPDATE`,
      [sourceReceipt],
    )
    if (!free) return { why: 'This money has found its owner meanwhile.' }
  } else if (amount > (await freeCredit(tx, customerId ?? '', id))) {
    return { why: 'The credit has been spent meanwhile.' }
  }
  return { split: { amount: add(amount), credit, earned, booking: ZERO } }
}

/** The second person says no: nothing had moved, and nothing will. */
export async function declineRefund(
  tx: Tx,
  refundId: string,
  { actorId, note, now }: Decision,
): Promise<boolean> {
  const seen = await lockRefund(tx, refundId)
  if (!seen || seen.refund.requestedBy === actorId) return false
  if (seen.refund.namedBy) return false
  if (seen.refund.status !== 'awaiting_approval') return seen.refund.status === 'declined'
  const row = await changeRefund(
    tx,
    refundId,
    "status = 'declined', decided_by = $2, decision_note = $3, decided_at = $4",
    [actorId, note, now],
  )
  const payment = seen.paid?.payment ?? null
  await tellRefund(tx, 'refund.declined', row, payment, { actor: actorId, why: note })
  return true
}
