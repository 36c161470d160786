/** What all ways of late money share: telling it once, and what a booking that begins again needs to go on. */
import type { CollectingPolicy, ReservationInput } from '../domain/reservations.ts'
import type { Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'
import { changePayment, paymentEvent, type PaymentRow } from './payment-rows.ts'
import { auditPayment } from './payments.ts'
import { findReservation } from './reservation-reads.ts'

/** Once for each payment; `again` for money whose offer came to nothing. */
export async function tellLate(
  tx: Tx,
  payment: PaymentRow,
  reason: 'rebooked' | 'refunding' | 'offered',
  again = false,
): Promise<void> {
  if (payment.lateTold && !again) return
  const changed = await changePayment(tx, payment.id, 'late_told = true', [])
  await appendEvents(tx, [paymentEvent('payment.arrived_late', changed, reason)])
  await auditPayment(tx, changed, 'payment.arrived_late', 'gari', reason)
}

/** What the story needs to go on; its people are read from the books, not carried through the history. */
export async function inputOf(
  tx: Tx,
  id: string,
  policy: CollectingPolicy,
): Promise<ReservationInput> {
  const found = await findReservation(tx, id)
  if (!found) throw new Error(`reservation ${id} does not exist`)
  return {
    reservationId: id,
    customerId: found.customerId,
    actorId: 'late-money',
    trip: {
      categoryCode: found.wantedVehicle ? null : found.category.code,
      vehicleId: found.wantedVehicle ? found.vehicle.id : null,
      pickupLocation: found.pickup.code,
      returnLocation: found.return.code,
      pickupAt: found.pickupAt.toISOString(),
      returnAt: found.returnAt.toISOString(),
    },
    parties: [],
    specialRequests: null,
    policy,
    resumed: true,
  }
}
