/** Late money, whatever it was for: a booking may be held again; a charge is open or it is not. */
import { ZERO } from '../domain/money.ts'
import type { CollectingPolicy, ReclaimedHome } from '../domain/reservations.ts'
import type { Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'
import { roomFor } from './payment-owners.ts'
import { changePayment, lockPayment, paymentEvent, readPayment } from './payment-rows.ts'
import { auditPayment } from './payments.ts'
import { reclaimReservation } from './reservation-ends.ts'

type Claim = { paymentId: string; policy: CollectingPolicy; now: Date }

/** Finds the money a home: the thing if it is still open, or back to whoever paid. */
export async function reclaimOwner(tx: Tx, claim: Claim): Promise<ReclaimedHome> {
  const known = await readPayment(tx, claim.paymentId)
  return known?.purpose === 'charge'
    ? reclaimCharge(tx, claim.paymentId)
    : reclaimReservation(tx, claim)
}

async function reclaimCharge(tx: Tx, paymentId: string): Promise<ReclaimedHome> {
  const seen = await lockPayment(tx, paymentId)
  if (!seen?.owner) return { outcome: 'refund', ownerNumber: null }
  const { payment, owner } = seen
  const open = { outcome: 'open', reservationId: owner.id, chargeId: owner.id } as const
  if (payment.status !== 'settled' || payment.givenBack)
    return { outcome: 'refund', ownerNumber: owner.number }
  if (payment.counted) return open
  const room = owner.payable ? await roomFor(tx, owner, payment.partyId) : ZERO
  if (payment.amount <= room && payment.returning === ZERO) {
    const counted = await changePayment(
      tx,
      paymentId,
      'counted = true, applied_cents = amount_cents',
      [],
    )
    await auditPayment(tx, counted, 'payment.counted')
    return open
  }
  if (!payment.lateTold) {
    const changed = await changePayment(tx, paymentId, 'late_told = true', [])
    await appendEvents(tx, [paymentEvent('payment.arrived_late', changed, 'refunding')])
    await auditPayment(tx, changed, 'payment.arrived_late', 'gari', 'refunding')
  }
  return { outcome: 'refund', ownerNumber: owner.number }
}
