/** What a decision for a refund does to the books, in its transaction: the money is set aside. */
import { owedAccount, refundDueEntry, type LedgerEntry } from '../domain/ledger.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit } from './audit.ts'
import { select, type Tx } from './connection.ts'
import { closeMoneyCase } from './paybill-cases.ts'
import { postEntry } from './ledger.ts'
import { changePayment, type PaymentRow } from './payment-rows.ts'
import type { RefundRow } from './refund-rows.ts'
import type { Split } from './refund-sources.ts'
import { changeReservation } from './reservation-rows.ts'

/** The caller holds the locks. */
export async function setAside(
  tx: Tx,
  row: RefundRow,
  payment: PaymentRow | null,
  { split, now }: { split: Split; now: Date },
): Promise<void> {
  if (payment && split.booking > 0) await lowerPrice(tx, row, payment, split.booking)
  if (payment && row.whole && payment.status === 'settled') await markRefunding(tx, row, payment)
  if (row.sourceReceipt) await markReturned(tx, row, row.sourceReceipt, now)
  await postEntry(tx, dueEntry(row, payment))
}

/** Posted again it changes nothing; refunds from before there was such an entry get theirs when they settle. */
export const dueEntry = (row: RefundRow, payment: PaymentRow | null): LedgerEntry =>
  refundDueEntry({
    refundId: row.id,
    amount: row.amount,
    credit: row.credit,
    earned: row.earned,
    customerId: payment?.customerId ?? row.customerId,
    owed: payment
      ? { account: owedAccount(payment.type), subject: payment.ownerId }
      : { account: 'unexplained', subject: row.sourceReceipt },
  })

async function markReturned(tx: Tx, row: RefundRow, receipt: string, now: Date): Promise<void> {
  await select(
    tx,
    "UPDATE mpesa_receipts SET status = 'returned' WHERE receipt = $1 AND status = 'unmatched'",
    [receipt],
  )
  const resolution = `goes back: ${row.reason}`
  await closeMoneyCase(tx, receipt, { resolution, actorId: row.requestedBy, now })
}

async function markRefunding(tx: Tx, row: RefundRow, payment: PaymentRow): Promise<void> {
  await changePayment(tx, payment.id, "status = 'refunding'", [])
  await appendAudit(tx, {
    actor: row.requestedBy,
    action: 'payment.refunding',
    entity: 'payment',
    entityId: payment.id,
    why: row.reason,
  })
}

/**
 * A gift to a booking that stands: its price and what is paid for it go down together, so that confirmed still means
 * paid. The share of whoever paid goes down first.
 */
async function lowerPrice(tx: Tx, row: RefundRow, payment: PaymentRow, by: Cents): Promise<void> {
  await changePayment(
    tx,
    payment.id,
    'applied_cents = applied_cents - $2, counted = applied_cents > $2',
    [by],
  )
  const booking = await changeReservation(
    tx,
    payment.ownerId,
    'total_cents = total_cents - $2, paid_cents = paid_cents - $2, updated_by = $3',
    [by, row.decidedBy ?? row.requestedBy],
  )
  await select(
    tx,
    `WITH parts AS (SELECT id, share_cents, coalesce(sum(share_cents) OVER (ORDER BY (id = $2) DESC, position
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
       FROM reservation_parties WHERE reservation_id = $1)
     UPDATE reservation_parties p SET share_cents = p.share_cents
       - greatest(0, least(parts.share_cents, $3::bigint - parts.before))
     FROM parts WHERE parts.id = p.id`,
    [payment.ownerId, payment.partyId, by],
  )
  await appendAudit(tx, {
    actor: row.decidedBy ?? row.requestedBy,
    action: 'reservation.price_lowered',
    entity: 'reservation',
    entityId: payment.ownerId,
    after: { total: booking.total, paid: booking.paid },
    why: row.reason,
  })
}
