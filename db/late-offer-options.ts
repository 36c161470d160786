/** One of the offered cars, and the booking as it begins again on it. */
import type { OfferTaking } from '../domain/late-offers.ts'
import { subtract, ZERO, type Cents } from '../domain/money.ts'
import type { Quote } from '../domain/pricing.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { findCategory } from './fleet.ts'
import type { HeldCar } from './holds.ts'
import { changeReservation, type ReservationRow } from './reservation-rows.ts'
import { toCents } from './values.ts'

export type Option = {
  id: string
  categoryCode: string
  vehicleId: string | null
  total: Cents
  difference: Cents
  quote: Quote | null
  gone: boolean
}

export async function findOption(
  tx: Tx,
  { offerId, optionId }: OfferTaking,
): Promise<Option | null> {
  const raw = await selectOne<Option & Record<'total' | 'difference', string>>(
    tx,
    `SELECT id, category_code AS "categoryCode", vehicle_id AS "vehicleId", total_cents AS total,
       difference_cents AS difference, quote, gone_at IS NOT NULL AS gone
     FROM late_offer_options WHERE offer_id = $1 AND id = $2`,
    [offerId, optionId],
  )
  return raw && { ...raw, total: toCents(raw.total), difference: toCents(raw.difference) }
}

/** At the agreed price, on the chosen car; its money is counted by the caller. */
export async function revive(
  tx: Tx,
  row: ReservationRow,
  option: Option,
  car: HeldCar,
  until: Date,
): Promise<ReservationRow> {
  const category = await findCategory(tx, option.categoryCode)
  const changed = await changeReservation(
    tx,
    row.id,
    `vehicle_id = $2, hold_id = $3, hold_expires_at = $4, category_code = $5, total_cents = $6,
     quote = coalesce($7::jsonb, quote), deposit_cents = CASE WHEN $7 IS NULL THEN deposit_cents ELSE $8 END,
     wanted_vehicle = false, status = 'pending', ended_at = NULL, reminded_at = NULL`,
    [
      car.vehicle.id,
      car.holdId,
      until,
      option.categoryCode,
      option.total,
      option.quote && JSON.stringify(option.quote),
      category?.deposit ?? ZERO,
    ],
  )
  // Whoever booked has agreed to the difference, so it is theirs to pay.
  await select(
    tx,
    `UPDATE reservation_parties SET share_cents = share_cents + $2
     WHERE reservation_id = $1 AND position = 0 AND $2 > 0 RETURNING id`,
    [row.id, subtract(option.total, row.total)],
  )
  await appendAudit(tx, {
    actor: 'late-money',
    action: 'reservation.offer_taken',
    entity: 'reservation',
    entityId: row.id,
    before: { category: row.categoryCode, vehicle_id: row.vehicleId, total: row.total },
    after: { category: option.categoryCode, vehicle_id: car.vehicle.id, total: option.total },
  })
  return changed
}
