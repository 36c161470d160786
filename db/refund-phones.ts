/** Another phone for a refund that is stuck: one person names it, another agrees. Safe to repeat. */
import {
  payoutOrHand,
  takesAnotherPhone,
  type NamedPhoneAnswer,
  type NamedPhoneWord,
  type NamingAnswer,
} from '../domain/refunds.ts'
import type { Tx } from './connection.ts'
import { isOneOf } from './one-person.ts'
import { isSaidPaid, isStuck } from './refund-hand-rows.ts'
import { isReadOpen } from './older-release.ts'
import { NO_NAMED_PHONE, sealRefundPhone } from './refund-phone-columns.ts'
import { changeRefund, lockRefund, tellRefund, type RefundRow } from './refund-rows.ts'

const blocked = (why: string) => ({ outcome: 'blocked', why }) as const

type Named = { actorId: string; phone: string }

/** The books say whether it is stuck and what kind it is, whatever a page has shown. */
export async function nameRefundPhone(
  tx: Tx,
  refundId: string,
  { actorId, phone }: Named,
): Promise<NamingAnswer> {
  const seen = await lockRefund(tx, refundId)
  if (!seen) return blocked('We have no such refund.')
  const { refund } = seen
  if (refund.namedBy === actorId && refund.namedPhone === phone) return { outcome: 'waits' }
  if (await isSaidPaid(tx, refundId)) return blocked('Somebody says that they paid it by hand.')
  const why = (await isStuck(tx, refundId)) ? whyNot(refund, phone) : 'This refund is not stuck.'
  if (why) return blocked(why)
  const row = await changeRefund(
    tx,
    refundId,
    `named_phone = CASE WHEN ${isReadOpen('refunds')} THEN $2 END, named_phone_sealed = $4::bytea, named_by = $3,
     named_from = status, status = 'awaiting_approval', waits_because = 'named_phone'`,
    [phone, actorId, await sealRefundPhone(tx, 'named_phone', refundId, phone)],
  )
  await tellRefund(tx, 'refund.phone_named', row, seen.paid?.payment ?? null, { actor: actorId })
  return { outcome: 'waits' }
}

function whyNot(refund: RefundRow, phone: string): string | null {
  if (refund.namedBy) return 'Another phone waits for a second person already.'
  if (!takesAnotherPhone(refund)) return 'This refund goes to no phone, or is on its way already.'
  if (payoutOrHand(refund.amount) === 'by_hand') return 'M-Pesa cannot pay this amount out.'
  const same = refund.method === 'payout' && refund.phone === phone
  return same ? 'It goes to this phone already.' : null
}

type Said = { word: NamedPhoneWord; phone: string; actorId: string; note: string | null; now: Date }

/** Of two who speak at once the first is heard; both are told what became of the phone. */
export async function decideNamedPhone(
  tx: Tx,
  refundId: string,
  { word, phone, actorId, note, now }: Said,
): Promise<NamedPhoneAnswer> {
  const seen = await lockRefund(tx, refundId)
  if (!seen) return blocked('We have no such refund.')
  const { refund } = seen
  if (refund.namedPhone !== phone) {
    const taken = refund.method === 'payout' && refund.phone === phone
    return { outcome: taken ? 'approved' : 'declined' }
  }
  if (await isOneOf(tx, actorId, [refund.namedBy, refund.requestedBy]))
    return blocked('Whoever asked for it or named the phone cannot decide about it.')
  const then =
    word === 'approve'
      ? "status = 'approved', method = 'payout', phone = named_phone, phone_sealed = $5::bytea"
      : 'status = named_from, phone_sealed = coalesce($5::bytea, phone_sealed)'
  const sealed = word === 'approve' ? await sealRefundPhone(tx, 'phone', refundId, phone) : null
  const row = await changeRefund(
    tx,
    refundId,
    `${then}, decided_by = $2, decision_note = $3, decided_at = $4, ${NO_NAMED_PHONE},
     named_by = NULL, named_from = NULL`,
    [actorId, note, now, sealed],
  )
  const type = word === 'approve' ? 'refund.phone_approved' : 'refund.phone_declined'
  await tellRefund(tx, type, row, seen.paid?.payment ?? null, { actor: actorId, why: note })
  return { outcome: word === 'approve' ? 'approved' : 'declined' }
}
