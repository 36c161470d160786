/** What becomes of an offer: taken, sent back, or over. One transaction each, safe to repeat. */
import type { OfferClosing, OfferDecision, OfferTaken, OfferTaking } from '../domain/late-offers.ts'
import { subtract, type Cents } from '../domain/money.ts'
import type { CollectingPolicy } from '../domain/reservations.ts'
import { appendAudit, ownEntry } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { releaseHold, type HeldCar } from './holds.ts'
import { inputOf, tellLate } from './late-money.ts'
import { findOption, revive, type Option } from './late-offer-options.ts'
import { heldEvent, holdFor, OFFER_COLUMNS, type OfferRow } from './late-offers.ts'
import { originNow } from './origin.ts'
import { appendEvents } from './outbox.ts'
import { appliedTo } from './payment-owners.ts'
import {
  changePayment,
  PAYMENT_COLUMNS,
  toPayment,
  type PaymentRow,
  type RawPayment,
} from './payment-rows.ts'
import { auditPayment } from './payments.ts'
import { lockReservation, vehicleEvent, type ReservationRow } from './reservation-rows.ts'
import { countPaid } from './reservations.ts'

type Seen = { offer: OfferRow; row: ReservationRow }

/** The booking before its offer, as everywhere. */
async function lockOffer(tx: Tx, offerId: string): Promise<Seen> {
  const found = await selectOne<{ reservationId: string }>(
    tx,
    'SELECT reservation_id AS "reservationId" FROM late_offers WHERE id = $1',
    [offerId],
  )
  const row = found && (await lockReservation(tx, found.reservationId))
  const offer = await selectOne<OfferRow>(
    tx,
    `SELECT ${OFFER_COLUMNS} FROM late_offers WHERE id = $1 FOR NO KEY UPDATE`,
    [offerId],
  )
  if (!row || !offer) throw new Error(`offer ${offerId} does not exist`)
  return { offer, row }
}

/** Late money of this booking that still looks for a home, the offer's own first. */
async function homeless(tx: Tx, { offer, row }: Seen): Promise<PaymentRow[]> {
  const rows = await select<RawPayment>(
    tx,
    `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE owner_id = $1 AND purpose = 'reservation'
       AND status = 'settled' AND NOT counted AND NOT given_back AND credited_cents = 0
     ORDER BY (id = $2) DESC, processed_at, id FOR NO KEY UPDATE`,
    [row.id, offer.paymentId],
  )
  return rows.map((raw) => toPayment(tx, raw))
}

const decisionOf = async (
  tx: Tx,
  { offer, row }: Seen,
  policy: CollectingPolicy,
): Promise<OfferDecision> =>
  offer.status === 'taken'
    ? { outcome: 'taken', input: await inputOf(tx, row.id, policy), others: [] }
    : { outcome: 'refund', ownerNumber: row.number, others: [] }

type World = { policy: CollectingPolicy; now: Date }

/** The booking begins again on the chosen car, with all of its late money that fits. */
export async function takeOffer(
  tx: Tx,
  taking: OfferTaking,
  { policy, now }: World,
): Promise<OfferTaken> {
  const seen = await lockOffer(tx, taking.offerId)
  const { offer, row } = seen
  if (offer.status !== 'open') return decisionOf(tx, seen, policy)
  const chosenAt = new Date(taking.chosenAt)
  const inTime = chosenAt < offer.expiresAt && chosenAt < row.pickupAt
  if (!inTime || row.status !== 'expired') return { outcome: 'over' }
  const option = await findOption(tx, taking)
  const car = option && !option.gone ? await carOf(tx, seen, option) : null
  if (!option || !car) return markGone(tx, taking)
  const revived = await revive(tx, row, option, car, new Date(now.getTime() + policy.holdMs))
  const others = await countAll(tx, seen, revived.total)
  await countPaid(tx, revived, await appliedTo(tx, row.id), policy, now)
  await select(
    tx,
    `UPDATE late_offers SET status = 'taken', chosen_option = $2, chosen_at = $3, hold_id = $4
     WHERE id = $1 AND status = 'open' RETURNING id`,
    [offer.id, option.id, chosenAt, car.holdId],
  )
  return { outcome: 'taken', input: await inputOf(tx, row.id, policy), others }
}

const OPTION_GONE = `
  WITH changed AS (
    UPDATE late_offer_options SET gone_at = now() WHERE offer_id = $1 AND id = $2 AND gone_at IS NULL
    RETURNING offer_id, id)
  ${ownEntry({
    action: 'late_offer.option_gone',
    entity: 'late_offer',
    id: 'offer_id',
    after: "jsonb_build_object('option', id)",
    origin: '$3',
  })}`

async function markGone(tx: Tx, { offerId, optionId }: OfferTaking): Promise<OfferTaken> {
  await select(tx, OPTION_GONE, [offerId, optionId, originNow()])
  const left = await selectOne<{ n: number }>(
    tx,
    'SELECT count(*)::int AS n FROM late_offer_options WHERE offer_id = $1 AND gone_at IS NULL',
    [offerId],
  )
  return { outcome: 'gone', left: left?.n ?? 0 }
}

/** The held car while it can still be driven; otherwise any car of the option's category. */
async function carOf(tx: Tx, { offer, row }: Seen, option: Option): Promise<HeldCar | null> {
  if (option.vehicleId) {
    const held = await selectOne<HeldCar['vehicle'] & { version: number }>(
      tx,
      `SELECT v.id, v.plate, v.make, v.model, v.event_version::int AS version
       FROM holds h JOIN vehicles v ON v.id = h.resource_id
       WHERE h.id = $1 AND h.resource_id = $2 AND h.state = 'held'
         AND v.active AND v.status IN ('available', 'rented') FOR NO KEY UPDATE OF v`,
      [offer.holdId, option.vehicleId],
    )
    if (held) {
      const { version, ...vehicle } = held
      return { holdId: offer.holdId, vehicle, version }
    }
  }
  const car = await holdFor(tx, row, option.categoryCode, offer.expiresAt)
  if (!car) return null
  await appendEvents(tx, [heldEvent(row, car, 'rebooked')])
  await free(tx, offer, 'swapped')
  return car
}

async function free(tx: Tx, { holdId }: OfferRow, reason: string): Promise<void> {
  const released = await releaseHold(
    tx,
    holdId,
    reason === 'offer_expired' ? 'expired' : 'released',
  )
  if (released)
    await appendEvents(tx, [vehicleEvent('vehicle.released', { ...released, holdId }, reason)])
}

/** Whole payments only, because M-Pesa gives back only whole ones; answers whose stories wait to hear. */
async function countAll(tx: Tx, seen: Seen, total: Cents): Promise<string[]> {
  let room = subtract(total, await appliedTo(tx, seen.row.id))
  const payments = await homeless(tx, seen)
  for (const { id, amount, returning } of payments) {
    if (amount > room || returning > 0) continue
    room = subtract(room, amount)
    const counted = 'counted = true, applied_cents = amount_cents'
    await auditPayment(tx, await changePayment(tx, id, counted, []), 'payment.counted')
  }
  return othersOf(payments, seen)
}

const othersOf = (payments: PaymentRow[], { offer }: Seen): string[] =>
  payments.map(({ id }) => id).filter((id) => id !== offer.paymentId)

/** Sent back or over: the car is free again, and all money that waited for the choice goes home. */
export async function closeOffer(
  tx: Tx,
  { offerId, status }: OfferClosing,
  policy: CollectingPolicy,
): Promise<OfferDecision> {
  const seen = await lockOffer(tx, offerId)
  const { offer, row } = seen
  if (offer.status !== 'open') return decisionOf(tx, seen, policy)
  const payments = await homeless(tx, seen)
  await free(tx, offer, `offer_${status}`)
  for (const payment of payments) {
    const back = await changePayment(tx, payment.id, 'given_back = true', [])
    await tellLate(tx, back, 'refunding', true)
  }
  await select(
    tx,
    `UPDATE late_offers SET status = $2, chosen_at = CASE WHEN $2 = 'declined' THEN now() END
     WHERE id = $1 AND status = 'open' RETURNING id`,
    [offerId, status],
  )
  await appendAudit(tx, {
    actor: 'late-money',
    action: `reservation.offer_${status}`,
    entity: 'reservation',
    entityId: row.id,
    after: { offer: offerId },
  })
  return { outcome: 'refund', ownerNumber: row.number, others: othersOf(payments, seen) }
}
