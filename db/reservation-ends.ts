/** How reservations end, and how late money brings one back. One transaction each, safe to repeat. */
import { earnedEntry } from '../domain/ledger.ts'
import { ZERO, type Cents } from '../domain/money.ts'
import {
  isOpen,
  isPayable,
  type CollectingPolicy,
  type EndReason,
  type ReclaimedHome,
  type ReservationEnd,
} from '../domain/reservations.ts'
import { reservationWorkflowId } from '../domain/ids.ts'
import { appendAudit } from './audit.ts'
import { findStranded } from './car-swaps.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { holdVehicle, releaseHold } from './holds.ts'
import { inputOf, tellLate } from './late-money.ts'
import { joinOffer, offerInstead } from './late-offers.ts'
import { postEntry } from './ledger.ts'
import { earnPoints, hasSpentPoints, returnPoints } from './loyalty.ts'
import { appendEvents } from './outbox.ts'
import { appliedTo, lockOwner, roomFor } from './payment-owners.ts'
import { lockPayment, changePayment, readPayment, type PaymentRow } from './payment-rows.ts'
import { auditPayment } from './payments.ts'
import {
  changeReservation,
  lockReservation,
  reservationEvent,
  vehicleEvent,
  type ReservationRow,
} from './reservation-rows.ts'
import { countPaid } from './reservations.ts'
import { hadAlong } from './trip-prices.ts'

async function givenBackPayments(tx: Tx, reservationId: string): Promise<{ paymentId: string }[]> {
  return select(
    tx,
    `SELECT id AS "paymentId" FROM payments
     WHERE owner_id = $1 AND counted AND given_back AND status IN ('settled', 'refunding') ORDER BY created_at`,
    [reservationId],
  )
}

type End = { reservationId: string; reason: EndReason; actorId: string; note: string | null }

/**
 * Ends the booking, frees the car, and says which payments go back. A payment that settles after this finds
 * the booking closed (both take the booking's lock), so each one is in exactly one of the two lists.
 */
export async function endReservation(tx: Tx, end: End): Promise<ReservationEnd> {
  const row = await lockReservation(tx, end.reservationId)
  if (!row) throw new Error(`reservation ${end.reservationId} does not exist`)
  if (!isOpen(row.status)) {
    const refunds = await givenBackPayments(tx, row.id)
    return { status: row.status, refunds, stranded: await strandedBy(tx, row) }
  }
  const status = end.reason === 'deadline' ? 'expired' : 'cancelled'
  const changed = await changeReservation(
    tx,
    row.id,
    'status = $2, cancellation_reason = $3, cancellation_note = $4, ended_at = now(), updated_by = $5',
    [status, end.reason, end.note, end.actorId],
  )
  await select(
    tx,
    "UPDATE payments SET given_back = true WHERE owner_id = $1 AND counted AND status = 'settled'",
    [row.id],
  )
  await freeVehicle(tx, row, status === 'expired' ? 'expired' : 'released', end.reason)
  await returnPoints(tx, row.id)
  await appendEvents(tx, [reservationEvent(`reservation.${status}`, changed, end.reason)])
  await appendAudit(tx, {
    actor: end.actorId,
    action: `reservation.${status}`,
    entity: 'reservation',
    entityId: row.id,
    before: { status: row.status },
    after: { status },
    why: end.note ?? null,
  })
  const refunds = await givenBackPayments(tx, row.id)
  return { status, refunds, stranded: await strandedBy(tx, row) }
}

const strandedBy = async (tx: Tx, row: ReservationRow): Promise<string | null> =>
  row.pickupLocation === row.returnLocation ? null : findStranded(tx, row.vehicleId, row.returnAt)

async function freeVehicle(
  tx: Tx,
  row: ReservationRow,
  state: 'released' | 'expired' | 'ended',
  reason: string,
): Promise<void> {
  const released = await releaseHold(tx, row.holdId, state)
  if (!released) return
  await appendEvents(tx, [
    vehicleEvent('vehicle.released', { ...released, holdId: row.holdId }, reason),
  ])
}

/** By the clock, which says nothing of a car that is still out: that one is complete when it is back. */
export async function completeUnlessOut(tx: Tx, id: string): Promise<void> {
  await lockReservation(tx, id)
  const out = await selectOne(
    tx,
    "SELECT id FROM rentals WHERE reservation_id = $1 AND status = 'on_the_road'",
    [id],
  )
  if (!out) await completeReservation(tx, id)
}

/** The period is over: the car leaves the calendar and the money is earned. */
export async function completeReservation(tx: Tx, id: string): Promise<void> {
  const row = await lockReservation(tx, id)
  if (!row || !['confirmed', 'in_progress'].includes(row.status)) return
  const changed = await changeReservation(tx, id, "status = 'completed', ended_at = now()", [])
  await freeVehicle(tx, row, 'ended', 'completed')
  await postEntry(tx, earnedEntry(id, row.total))
  await earnPoints(tx, row)
  await appendEvents(tx, [reservationEvent('reservation.completed', changed)])
  await appendAudit(tx, {
    actor: 'gari',
    action: 'reservation.completed',
    entity: 'reservation',
    entityId: id,
  })
}

const COUNT_WHOLE = 'counted = true, applied_cents = amount_cents'

type Claim = { paymentId: string; policy: CollectingPolicy; now: Date }

/** Finds late money a home: the open booking, the same car or category held again, or nowhere. */
export async function reclaimReservation(tx: Tx, claim: Claim): Promise<ReclaimedHome> {
  const known = await readPayment(tx, claim.paymentId)
  const owner = known && (await lockReservation(tx, known.ownerId))
  const payment = (await lockPayment(tx, claim.paymentId))?.payment
  if (!payment) return { outcome: 'refund', ownerNumber: null }
  const refund = { outcome: 'refund', ownerNumber: payment.ownerNumber } as const
  if (!owner || payment.status !== 'settled' || payment.givenBack) return refund
  if (payment.counted) return again(tx, owner, claim.policy)
  const open = await joinOffer(tx, payment)
  if (open) return { outcome: 'offered', offer: open }
  const room = await roomForLate(tx, owner, payment)
  if (mayCountWhole(payment, room)) {
    if (isPayable(owner.status)) {
      const counted = await changePayment(tx, payment.id, COUNT_WHOLE, [])
      await auditPayment(tx, counted, 'payment.counted')
      return { outcome: 'open', reservationId: owner.id }
    }
    const mayReturn = mayRevive(owner) && !(await gaveUpMore(tx, owner.id))
    const revived = mayReturn ? await holdAgain(tx, owner, claim) : null
    if (revived) return rebook(tx, revived, payment, claim)
    const offer = mayReturn && (await offerInstead(tx, owner, payment, claim.now))
    if (offer) return { outcome: 'offered', offer }
  }
  await tellLate(tx, payment, 'refunding')
  return refund
}

/** Of money that a person has begun to give back only the rest is there, and M-Pesa reverses whole payments only. */
const mayCountWhole = ({ amount, returning }: PaymentRow, room: Cents): boolean =>
  amount <= room && returning === ZERO

/**
 * One person's money alone brings no booking back that stands only when everybody has paid. Nor does money bring one back whose
 * price was lowered by points: they went back to the customer when it ended, and may be spent elsewhere. Nor where a code or extras went
 * along, which others may have by now.
 */
const mayRevive = ({ status, mode }: ReservationRow): boolean =>
  status === 'expired' && mode === 'anybody'

const gaveUpMore = async (tx: Tx, id: string): Promise<boolean> =>
  (await hasSpentPoints(tx, id)) || (await hadAlong(tx, id))

async function roomForLate(tx: Tx, owner: ReservationRow, { partyId }: PaymentRow): Promise<Cents> {
  const whole = await lockOwner(tx, 'reservation', owner.id)
  return whole ? roomFor(tx, whole, partyId) : ZERO
}

/**
 * A repeat after the booking was brought back, or money counted while it was open: answers what stands. Only a
 * booking that has once ended carries a reason for its end.
 */
async function again(
  tx: Tx,
  owner: ReservationRow,
  policy: CollectingPolicy,
): Promise<ReclaimedHome> {
  if (!isOpen(owner.status)) return { outcome: 'refund', ownerNumber: owner.number }
  return owner.cancellationReason === null
    ? { outcome: 'open', reservationId: owner.id }
    : { outcome: 'reclaimed', input: await inputOf(tx, owner.id, policy) }
}

/** The same car first; any of its category when no particular one was wished for. */
async function holdAgain(tx: Tx, row: ReservationRow, { policy, now }: Claim) {
  if (row.pickupAt <= now) return null
  const wish = {
    categoryCode: row.categoryCode,
    pickupLocation: row.pickupLocation,
    returnLocation: row.returnLocation,
    from: row.pickupAt,
    to: row.returnAt,
    owner: reservationWorkflowId(row.id),
    expiresAt: new Date(now.getTime() + policy.holdMs),
    purpose: 'reservation',
  }
  const same = await holdVehicle(tx, { ...wish, vehicleId: row.vehicleId })
  const car =
    same ?? (row.wantedVehicle ? null : await holdVehicle(tx, { ...wish, vehicleId: null }))
  if (!car) return null
  const { from, to, purpose } = wish
  const facts = {
    vehicleId: car.vehicle.id,
    holdId: car.holdId,
    version: car.version,
    from,
    to,
    purpose,
  }
  await appendEvents(tx, [vehicleEvent('vehicle.held', facts, 'rebooked')])
  return changeReservation(
    tx,
    row.id,
    `vehicle_id = $2, hold_id = $3, hold_expires_at = $4, status = 'pending', ended_at = NULL`,
    [car.vehicle.id, car.holdId, wish.expiresAt],
  )
}

async function rebook(
  tx: Tx,
  row: ReservationRow,
  payment: PaymentRow,
  { policy, now }: Claim,
): Promise<ReclaimedHome> {
  await changePayment(tx, payment.id, COUNT_WHOLE, [])
  await tellLate(tx, payment, 'rebooked')
  await appendAudit(tx, {
    actor: 'late-money',
    action: 'reservation.reclaimed',
    entity: 'reservation',
    entityId: row.id,
    before: { status: 'expired' },
  })
  await countPaid(tx, row, await appliedTo(tx, row.id), policy, now)
  return { outcome: 'reclaimed', input: await inputOf(tx, row.id, policy) }
}
