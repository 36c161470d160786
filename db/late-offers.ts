/**
 * Another car for money that came too late. Every function runs in the transaction of whoever calls it, who holds
 * the booking's lock; one offer at a time for each booking, whoever of its people paid.
 */
import { reservationWorkflowId } from '../domain/ids.ts'
import {
  offerEnds,
  offerWishes,
  type LateOffer,
  type OfferStatus,
  type OfferWish,
} from '../domain/late-offers.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { searchFree } from './availability.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { listCategories, oneWayFee } from './fleet.ts'
import { holdVehicle, type HeldCar } from './holds.ts'
import { tellLate } from './late-money.ts'
import { appendEvents } from './outbox.ts'
import type { PaymentRow } from './payment-rows.ts'
import { vehicleEvent, type ReservationRow } from './reservation-rows.ts'
import { quoteFrom, readPriceBook } from './trip-prices.ts'

export type OfferRow = {
  id: string
  paymentId: string
  reservationId: string
  status: OfferStatus
  holdId: string
  expiresAt: Date
}

export const OFFER_COLUMNS = `id, payment_id AS "paymentId", reservation_id AS "reservationId", status,
  hold_id AS "holdId", expires_at AS "expiresAt"`

const toOffer = (row: OfferRow, ownerNumber: string): LateOffer => ({
  offerId: row.id,
  paymentId: row.paymentId,
  ownerNumber,
  expiresAt: row.expiresAt.toISOString(),
})

/** What is offered already for late money of the same booking; this payment's payer hears of it too. */
export async function joinOffer(tx: Tx, payment: PaymentRow): Promise<LateOffer | null> {
  const open = await selectOne<OfferRow>(
    tx,
    `SELECT ${OFFER_COLUMNS} FROM late_offers WHERE reservation_id = $1 AND status = 'open'`,
    [payment.ownerId],
  )
  if (!open) return null
  await tellLate(tx, payment, 'offered')
  return toOffer(open, payment.ownerNumber)
}

/** Holds the best of what could stand in for the car; null when nothing can. */
export async function offerInstead(
  tx: Tx,
  row: ReservationRow,
  payment: PaymentRow,
  now: Date,
): Promise<LateOffer | null> {
  const expiresAt = offerEnds(row.pickupAt, now)
  if (!expiresAt) return null
  const wishes = await findWishes(tx, row, now)
  for (const [index, { categoryCode }] of wishes.entries()) {
    const car = await holdFor(tx, row, categoryCode, expiresAt)
    if (!car) continue
    const offer = await writeOffer(tx, payment, { car, expiresAt, wishes: wishes.slice(index) })
    await tellOffered(tx, row, car, offer)
    await tellLate(tx, payment, 'offered')
    return toOffer(offer, payment.ownerNumber)
  }
  return null
}

async function findWishes(tx: Tx, row: ReservationRow, now: Date): Promise<OfferWish[]> {
  const categories = await listCategories(tx)
  const wished = categories.find(({ code }) => code === row.categoryCode)
  if (!wished) return []
  const { customerId, pickupLocation, returnLocation, pickupAt: from, returnAt: to } = row
  const free = await searchFree(tx, { pickupLocation, returnLocation, from, to })
  const fee = await oneWayFee(tx, pickupLocation, returnLocation)
  const book = await readPriceBook(tx, { customerId, pickupLocation, from, to, bookedAt: now })
  return offerWishes({
    wished,
    total: row.total,
    days: Math.max(1, quoteFrom(book, wished, fee).days),
    categories,
    isFree: (code) => free.some((one) => one.categoryCode === code && one.free > 0),
    priceOf: (category) => quoteFrom(book, category, fee),
  })
}

/** Any car of that category for the booking's own times and places. */
export const holdFor = (
  tx: Tx,
  row: ReservationRow,
  categoryCode: string,
  expiresAt: Date,
): Promise<HeldCar | null> =>
  holdVehicle(tx, {
    vehicleId: null,
    categoryCode,
    pickupLocation: row.pickupLocation,
    returnLocation: row.returnLocation,
    from: row.pickupAt,
    to: row.returnAt,
    owner: reservationWorkflowId(row.id),
    expiresAt,
    purpose: 'reservation',
  })

type NewOffer = { car: HeldCar; expiresAt: Date; wishes: OfferWish[] }

async function writeOffer(
  tx: Tx,
  payment: PaymentRow,
  { car, expiresAt, wishes }: NewOffer,
): Promise<OfferRow> {
  const offer = await selectOne<OfferRow>(
    tx,
    `INSERT INTO late_offers (payment_id, reservation_id, hold_id, expires_at)
     VALUES ($1, $2, $3, $4) RETURNING ${OFFER_COLUMNS}`,
    [payment.id, payment.ownerId, car.holdId, expiresAt],
  )
  if (!offer) throw new Error('the offer was not written')
  await select(
    tx,
    `INSERT INTO late_offer_options (offer_id, position, category_code, vehicle_id, total_cents, difference_cents, quote)
     SELECT $1, o.position, o.category, o.vehicle, o.total, o.difference, o.quote
     FROM unnest($2::int[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::jsonb[])
       AS o(position, category, vehicle, total, difference, quote)`,
    [
      offer.id,
      wishes.map((_, index) => index),
      wishes.map(({ categoryCode }) => categoryCode),
      wishes.map((_, index) => (index === 0 ? car.vehicle.id : null)),
      wishes.map(({ total }) => total),
      wishes.map(({ difference }) => difference),
      wishes.map(({ quote }) => quote && JSON.stringify(quote)),
    ],
  )
  return offer
}

async function tellOffered(tx: Tx, row: ReservationRow, car: HeldCar, offer: OfferRow) {
  await appendEvents(tx, [heldEvent(row, car, 'offered')])
  await appendAudit(tx, {
    actor: 'late-money',
    action: 'reservation.offered',
    entity: 'reservation',
    entityId: row.id,
    after: { offer: offer.id, vehicle_id: car.vehicle.id, until: toNairobiIso(offer.expiresAt) },
  })
}

export const heldEvent = (row: ReservationRow, car: HeldCar, reason: string) =>
  vehicleEvent(
    'vehicle.held',
    {
      vehicleId: car.vehicle.id,
      holdId: car.holdId,
      version: car.version,
      from: row.pickupAt,
      to: row.returnAt,
      purpose: 'reservation',
    },
    reason,
  )
