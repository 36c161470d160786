/** A reservation as the API shows it. */
import { z } from '@hono/zod-openapi'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { shownStatus, type HeldReservation } from '../domain/reservations.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ReservationDetail } from '../db/reservation-reads.ts'

const money = z.string().openapi({ example: '4500.00', description: 'Decimal, in `currency`' })
const time = z.string().openapi({ example: '2026-11-27T10:00:00+03:00' })

export const heldBody = z
  .object({
    id: z.string(),
    number: z.string().openapi({ example: 'RSV-26-000123' }),
    status: z.string(),
    currency: z.string(),
    total: money,
    balance_due: money,
    hold_expires_at: time.nullable(),
    vehicle: z.object({ id: z.string(), plate: z.string(), make: z.string(), model: z.string() }),
    parties: z.array(z.object({ id: z.string(), share: money })),
  })
  .openapi('HeldReservation')

export const reservationBody = heldBody
  .extend({
    paid: money,
    deposit: money,
    customer_id: z.string(),
    category: z.string(),
    pickup_location: z.string(),
    return_location: z.string(),
    pickup_at: time,
    return_at: time,
    special_requests: z.string().nullable(),
    cancellation_reason: z.string().nullable(),
    created_at: time,
    parties: z.array(z.object({ id: z.string(), name: z.string(), share: money, paid: money })),
  })
  .openapi('Reservation')

export const toHeldBody = (held: HeldReservation): z.infer<typeof heldBody> => ({
  id: held.reservationId,
  number: held.number,
  status: shownStatus(held.status),
  currency: CURRENCY,
  total: toDecimal(held.total),
  balance_due: toDecimal(held.balance),
  hold_expires_at: toNairobiIso(new Date(held.holdExpiresAt)),
  vehicle: {
    id: held.vehicle.id,
    plate: held.vehicle.plate,
    make: held.vehicle.make,
    model: held.vehicle.model,
  },
  parties: held.parties.map(({ id, share }) => ({ id, share: toDecimal(share) })),
})

export const toReservationBody = (found: ReservationDetail): z.infer<typeof reservationBody> => ({
  id: found.id,
  number: found.number,
  status: shownStatus(found.status),
  currency: CURRENCY,
  total: toDecimal(found.total),
  paid: toDecimal(found.paid),
  balance_due: toDecimal(found.balance),
  deposit: toDecimal(found.deposit),
  hold_expires_at: found.holdExpiresAt ? toNairobiIso(found.holdExpiresAt) : null,
  customer_id: found.customerId,
  category: found.category.code,
  vehicle: {
    id: found.vehicle.id,
    plate: found.vehicle.plate,
    make: found.vehicle.make,
    model: found.vehicle.model,
  },
  pickup_location: found.pickup.code,
  return_location: found.return.code,
  pickup_at: toNairobiIso(found.pickupAt),
  return_at: toNairobiIso(found.returnAt),
  special_requests: found.specialRequests,
  cancellation_reason: found.cancellationReason,
  created_at: toNairobiIso(found.createdAt),
  parties: found.parties.map(({ id, name, share, paid }) => ({
    id,
    name,
    share: toDecimal(share),
    paid: toDecimal(paid),
  })),
})
