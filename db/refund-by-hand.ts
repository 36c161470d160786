/** A stuck refund that somebody paid by hand: alone up to the limit, above it when another person agrees. */
import { BusinessError } from '../domain/errors.ts'
import { holdingAccount } from '../domain/ledger.ts'
import {
  handNeedsTwo,
  handWord,
  handWords,
  paidTwiceCase,
  type HandAnswer,
  type HandPayment,
  type HandWish,
} from '../domain/paid-by-hand.ts'
import type { ManualResolution } from '../domain/payments.ts'
import { selectOne, type Tx } from './connection.ts'
import { closeCase } from './finance-cases.ts'
import { isOneOf } from './one-person.ts'
import { auditHand, findHandWish, isStuck } from './refund-hand-rows.ts'
import { lockRefund, type RefundRow } from './refund-rows.ts'
import { parkRefund, settleRefund } from './refund-settling.ts'

const refuse = (why: string): never => {
  throw new BusinessError('REFUND_REFUSED', why)
}

type Saying = HandPayment & { refundId: string; actorId: string; now: Date }

/** The word for the story at once, or a wish that waits for another person. A repeat changes nothing. */
export async function sayPaidByHand(tx: Tx, said: Saying): Promise<HandAnswer> {
  const refund = await locked(tx, said.refundId)
  const standing = await findHandWish(tx, refund.id)
  if (standing && sameAs(standing, said)) return { outcome: 'waits' }
  if (standing) return refuse('Somebody has written this down already: agree to it or decline it.')
  await refuseUnlessStuck(tx, refund)
  await refuseUsedReceipt(tx, said)
  if (!handNeedsTwo(refund)) return { outcome: 'alone', word: handWord(said, said.actorId) }
  const { refundId, how, reference, receipt, actorId, now } = said
  await selectOne(
    tx,
    `INSERT INTO refund_hand_wishes (refund_id, how, reference, receipt, asked_by, asked_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [refundId, how, reference, receipt, actorId, now],
  )
  const action = 'refund.by_hand_asked'
  const why = handWords(said)
  await auditHand(tx, { refundId, actor: actorId, action, why }, { reference, receipt })
  const wait = 'Somebody says that they paid it by hand; a second person must agree'
  await parkRefund(tx, refundId, wait, now)
  return { outcome: 'waits' }
}

async function locked(tx: Tx, refundId: string): Promise<RefundRow> {
  const seen = await lockRefund(tx, refundId)
  if (!seen) throw new BusinessError('NOT_FOUND', 'We have no such refund.')
  return seen.refund
}

const sameAs = (standing: HandWish, said: Saying): boolean =>
  standing.askedBy === said.actorId &&
  standing.status !== 'overtaken' &&
  standing.how === said.how &&
  standing.reference === said.reference &&
  standing.receipt === said.receipt

async function refuseUnlessStuck(tx: Tx, { id, status, namedBy }: RefundRow): Promise<void> {
  if (status === 'settled') refuse('The money is back already.')
  if (namedBy) refuse('Another phone waits for a second person; decide about that first.')
  if (status === 'awaiting_approval' || status === 'declined')
    refuse('Nobody has approved this refund.')
  if (!(await isStuck(tx, id))) refuse('This refund is not stuck, so nobody pays it by hand.')
}

async function refuseUsedReceipt(tx: Tx, { refundId, receipt }: Saying): Promise<void> {
  if (!receipt) return
  const used = await selectOne(
    tx,
    `SELECT 1 AS used FROM refunds WHERE receipt = $1 AND id <> $2
     UNION ALL SELECT 1 FROM refund_hand_wishes WHERE receipt = $1 AND refund_id <> $2 AND status <> 'declined' LIMIT 1`,
    [receipt, refundId],
  )
  if (used) refuse('Another refund has this receipt.')
}

type Decision = {
  refundId: string
  actorId: string
  agreed: boolean
  note: string | null
  now: Date
}

/** What the story is told after a yes; null after a no. Whoever wrote it down may take it back, never agree to it. */
export async function decideAboutHand(
  tx: Tx,
  decision: Decision,
): Promise<ManualResolution | null> {
  const { refundId, actorId, agreed, now } = decision
  const refund = await locked(tx, refundId)
  const wish = await findHandWish(tx, refundId)
  if (!wish) return refuse('Nothing that was paid by hand waits here.')
  if (!agreed) return declineHand(tx, refund, wish, decision)
  const word = handWord(wish, wish.askedBy)
  // Agreed before, by a click whose word to the story may have been lost.
  if (wish.status === 'agreed') return word
  if (wish.status === 'overtaken')
    return refuse('M-Pesa has paid it, so this cannot count as well.')
  if (await isOneOf(tx, actorId, [wish.askedBy, refund.requestedBy]))
    throw new BusinessError(
      'SECOND_PERSON',
      'Whoever asked for this refund or paid it by hand cannot agree to it.',
    )
  await changeWish(tx, decision, 'agreed')
  const why = handWords(wish)
  await auditHand(tx, { refundId, actor: actorId, action: 'refund.by_hand_agreed', why })
  await parkRefund(tx, refundId, 'It was paid by hand, and two people say so', now)
  return word
}

async function declineHand(tx: Tx, refund: RefundRow, wish: HandWish, said: Decision) {
  const { refundId, actorId, note, now } = said
  if (refund.status === 'settled' && wish.status !== 'overtaken')
    return refuse('The money is back already.')
  await changeWish(tx, said, 'declined')
  const action = wish.status === 'overtaken' ? 'refund.paid_once' : 'refund.by_hand_declined'
  await auditHand(tx, { refundId, actor: actorId, action, why: note })
  const resolution = note ?? 'it was paid once'
  await closeCase(tx, { what: paidTwiceCase, subject: refundId, resolution, actorId, now })
  await parkRefund(tx, refundId, 'It was not paid by hand after all; try again or pay it', now)
  return null
}

const changeWish = (tx: Tx, { refundId, actorId, note, now }: Decision, status: string) =>
  selectOne(
    tx,
    `UPDATE refund_hand_wishes SET status = $2, decided_by = $3, decided_at = $4, note = $5
     WHERE refund_id = $1 AND status IN ('waiting', 'agreed', 'overtaken') RETURNING id`,
    [refundId, status, actorId, now, note],
  )

/** The story writes it into the books. Above the limit only what two people say counts, whoever told the story. */
export async function settleByHand(
  tx: Tx,
  refundId: string,
  { reason, actorId, receipt = null }: ManualResolution,
): Promise<void> {
  const seen = await lockRefund(tx, refundId)
  if (!seen || seen.refund.status === 'settled' || !handNeedsTwo(seen.refund)) {
    const alone = { receipt, actorId, why: reason }
    return settleRefund(tx, {
      refundId,
      ...alone,
      ...(seen && leftFrom(seen, receipt)),
      byHand: true,
    })
  }
  const wish = await findHandWish(tx, refundId)
  if (wish?.status !== 'agreed')
    throw new Error('above the limit: a second person must agree to it on the page of this refund')
  const said = { receipt: wish.receipt, actorId: wish.askedBy, why: handWords(wish) }
  return settleRefund(tx, {
    refundId,
    ...said,
    ...leftFrom(seen, wish.receipt),
    byHand: true,
  })
}

const SENT_BY_A_PERSON = new Set<RefundRow['method']>(['reversal', 'payout', 'by_hand'])

/** What has a receipt of M-Pesa's left M-Pesa; a card gets back what its terminal took; the rest left the bank. */
function leftFrom(
  { refund, paid }: NonNullable<Awaited<ReturnType<typeof lockRefund>>>,
  receipt: string | null,
): { to?: { account: 'mpesa_clearing' | 'bank' } } {
  if (!SENT_BY_A_PERSON.has(refund.method)) return {}
  if (receipt !== null) return { to: { account: 'mpesa_clearing' } }
  const isCard = paid !== null && holdingAccount(paid.payment.method) === 'card_clearing'
  return isCard ? {} : { to: { account: 'bank' } }
}
