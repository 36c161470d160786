/**
 * A drive to another place that is called off leaves its car where it is, and whoever was to pick it up there
 * stands without one. Such bookings get another car of their category, in a transaction of their own each.
 */
import { reservationIdOf, reservationWorkflowId } from '../domain/ids.ts'
import { isOpen, type CarSwap } from '../domain/reservations.ts'
import { appendAudit } from './audit.ts'
import { selectOne, type Tx } from './connection.ts'
import { confirmHold, holdVehicle, releaseHold } from './holds.ts'
import { appendEvents } from './outbox.ts'
import {
  changeReservation,
  lockReservation,
  vehicleEvent,
  type ReservationRow,
} from './reservation-rows.ts'

/** The next booking of this car from then on, when it starts where the car will not be; its id. */
export async function findStranded(tx: Tx, vehicleId: string, from: Date): Promise<string | null> {
  const next = await selectOne<{ owner: string }>(
    tx,
    `SELECT n.owner FROM (
       SELECT h.owner, h.from_location, lower(h.period) AS starts FROM holds h
       WHERE h.resource_id = $1 AND h.state IN ('held', 'confirmed') AND lower(h.period) >= $2
       ORDER BY lower(h.period) LIMIT 1) n
     JOIN vehicles v ON v.id = $1
     WHERE n.from_location <> coalesce((SELECT h.to_location FROM holds h WHERE h.resource_id = $1
       AND h.state IN ('held', 'confirmed', 'active', 'ended') AND lower(h.period) < n.starts
       ORDER BY lower(h.period) DESC LIMIT 1), v.location_code)`,
    [vehicleId, from],
  )
  return next && reservationIdOf(next.owner)
}

/** Nothing changes when the car is where it should be after all. `next` is whom the change strands in turn. */
export async function swapCar(tx: Tx, id: string, now: Date): Promise<CarSwap> {
  const row = await lockReservation(tx, id)
  if (!row || !isOpen(row.status) || row.pickupAt <= now) return { outcome: 'stands' }
  if ((await findStranded(tx, row.vehicleId, row.pickupAt)) !== id) return { outcome: 'stands' }
  if (row.wantedVehicle) return { outcome: 'none_free', number: row.number }
  const moved = await moveHold(tx, row)
  if (!moved) return { outcome: 'none_free', number: row.number }
  return { outcome: 'swapped', next: await findStranded(tx, row.vehicleId, row.returnAt) }
}

async function moveHold(tx: Tx, row: ReservationRow): Promise<boolean> {
  const { pickupAt: from, returnAt: to } = row
  const car = await holdVehicle(tx, {
    vehicleId: null,
    categoryCode: row.categoryCode,
    pickupLocation: row.pickupLocation,
    returnLocation: row.returnLocation,
    from,
    to,
    owner: reservationWorkflowId(row.id),
    expiresAt: row.holdExpiresAt,
    purpose: 'reservation',
  })
  if (!car) return false
  if (row.status === 'confirmed') await confirmHold(tx, car.holdId)
  const released = await releaseHold(tx, row.holdId, 'released')
  await changeReservation(tx, row.id, 'vehicle_id = $2, hold_id = $3', [car.vehicle.id, car.holdId])
  const taken = { vehicleId: car.vehicle.id, holdId: car.holdId, version: car.version }
  await appendEvents(tx, [
    vehicleEvent('vehicle.held', { ...taken, from, to, purpose: 'reservation' }, 'swapped'),
    ...(released
      ? [vehicleEvent('vehicle.released', { ...released, holdId: row.holdId }, 'swapped')]
      : []),
  ])
  await appendAudit(tx, {
    actor: 'gari',
    action: 'reservation.car_swapped',
    entity: 'reservation',
    entityId: row.id,
    before: { vehicle_id: row.vehicleId },
    after: { vehicle_id: car.vehicle.id },
    why: 'the car would have been elsewhere',
  })
  return true
}
