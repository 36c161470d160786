/** What people write down about refunds that they paid by hand: its rows. */
import type { HandWish } from '../domain/paid-by-hand.ts'
import { paidTwiceCase } from '../domain/paid-by-hand.ts'
import { refundCase, refundPath } from '../domain/refunds.ts'
import { appendAudit } from './audit.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { openCase } from './finance-cases.ts'
import type { RefundRow } from './refund-rows.ts'

const STANDING = ['waiting', 'agreed', 'overtaken']

/** The one that is not over, if any. */
export const findHandWish = (on: Database | Tx, refundId: string): Promise<HandWish | null> =>
  selectOne<HandWish>(
    on,
    `SELECT w.how, w.reference, w.receipt, w.status, w.asked_by AS "askedBy", w.asked_at AS "askedAt",
       coalesce(trim(u.first_name || ' ' || u.last_name), w.asked_by) AS "askedByName"
     FROM refund_hand_wishes w LEFT JOIN users u ON u.id::text = w.asked_by
     WHERE w.refund_id = $1 AND w.status = ANY($2)`,
    [refundId, STANDING],
  )

/** Then nothing may be sent, and no other phone named: the money may be back already. */
export const isSaidPaid = async (on: Database | Tx, refundId: string): Promise<boolean> =>
  (await findHandWish(on, refundId)) !== null

/** A person was called. */
export const isStuck = (tx: Tx, refundId: string) =>
  selectOne(
    tx,
    "SELECT id FROM finance_cases WHERE what = $1 AND subject = $2 AND status = 'open'",
    [refundCase, refundId],
  )

type HandAudit = { refundId: string; actor: string; action: string; why: string | null }

export const auditHand = (tx: Tx, { refundId, actor, action, why }: HandAudit, after = {}) =>
  appendAudit(tx, { actor, action, entity: 'refund', entityId: refundId, after, why })

/** M-Pesa's word is a fact. What was said beside it stands as a case, until one of the two payments is back. */
export async function overtakeHandWish(tx: Tx, { id, amount }: RefundRow): Promise<void> {
  const row = await selectOne<{ reference: string }>(
    tx,
    `UPDATE refund_hand_wishes SET status = 'overtaken', decided_by = 'gari', decided_at = now(), note = NULL
     WHERE refund_id = $1 AND status IN ('waiting', 'agreed') RETURNING reference`,
    [id],
  )
  if (row) await callForPaidTwice(tx, { id, amount }, row.reference)
}

async function callForPaidTwice(
  tx: Tx,
  { id, amount }: Pick<RefundRow, 'id' | 'amount'>,
  reference: string,
): Promise<void> {
  const detail = `It was also written down as paid by hand (${reference}); get one of the two back`
  const wanted = { what: paidTwiceCase, subject: id, place: refundPath(id), detail, amount }
  await openCase(tx, wanted, new Date())
  await auditHand(tx, { refundId: id, actor: 'gari', action: 'refund.paid_twice', why: detail })
}

type Said = { actorId: string; how: string }

/** The same after the books were closed by a person's word, which up to the limit has left no row here. Once. */
export async function openPaidTwice(
  tx: Tx,
  refund: RefundRow,
  { actorId, how }: Said,
): Promise<void> {
  const { id, receipt, processedAt } = refund
  const standing = await findHandWish(tx, id)
  if (standing) return standing.status === 'overtaken' ? undefined : overtakeHandWish(tx, refund)
  const reference = receipt ?? how
  await selectOne(
    tx,
    `INSERT INTO refund_hand_wishes (refund_id, how, reference, receipt, status, asked_by, asked_at, decided_by, decided_at)
     VALUES ($1, $2, $3, $4, 'overtaken', $5, coalesce($6::timestamptz, now()), 'gari', now()) RETURNING id`,
    [id, how, reference, receipt, actorId, processedAt],
  )
  await callForPaidTwice(tx, refund, reference)
}
