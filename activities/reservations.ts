/** Database steps of a reservation: one transaction each. Refusals come back as values. */
import { inTransaction, type Database } from '../db/connection.ts'
import { swapCar } from '../db/car-swaps.ts'
import { holdReservation } from '../db/reservation-holding.ts'
import { closeOffer, takeOffer } from '../db/late-offer-choices.ts'
import { extendForOutage } from '../db/outage-holds.ts'
import { declineShare, progressReservation, remindReservation } from '../db/reservations.ts'
import { reclaimOwner } from '../db/late-charges.ts'
import { completeUnlessOut, endReservation } from '../db/reservation-ends.ts'
import type { OfferClosing, OfferTaking } from '../domain/late-offers.ts'
import type {
  CarSwap,
  CollectingPolicy,
  EndReason,
  HoldAnswer,
  ReservationEnd,
  ReservationInput,
  ReservationProgress,
} from '../domain/reservations.ts'

type World = { db: Database; now: () => Date; policy: CollectingPolicy }
type End = { reservationId: string; reason: EndReason; actorId: string; note: string | null }

export const createReservationActivities = ({ db, now, policy }: World) => ({
  holdReservation: (input: ReservationInput): Promise<HoldAnswer> =>
    inTransaction(db, (tx) => holdReservation(tx, input, now())),

  progressReservation: (id: string, policy: CollectingPolicy): Promise<ReservationProgress> =>
    inTransaction(db, (tx) => progressReservation(tx, id, policy, now())),

  endReservation: (end: End): Promise<ReservationEnd> =>
    inTransaction(db, (tx) => endReservation(tx, end)),

  completeReservation: (id: string): Promise<void> =>
    inTransaction(db, (tx) => completeUnlessOut(tx, id)),

  remindReservation: (id: string): Promise<void> =>
    inTransaction(db, (tx) => remindReservation(tx, id)),

  /** The new deadline when M-Pesa is or was just away; null when the deadline stands. */
  extendForOutage: (reservationId: string): Promise<string | null> =>
    inTransaction(db, (tx) => extendForOutage(tx, reservationId, now())),

  declineShare: (reservationId: string, partyId: string): Promise<{ allDeclined: boolean }> =>
    inTransaction(db, (tx) => declineShare(tx, { reservationId, partyId })),

  swapCar: (id: string): Promise<CarSwap> => inTransaction(db, (tx) => swapCar(tx, id, now())),

  reclaimReservation: (paymentId: string) =>
    inTransaction(db, (tx) => reclaimOwner(tx, { paymentId, policy, now: now() })),

  takeOffer: (taking: OfferTaking) =>
    inTransaction(db, (tx) => takeOffer(tx, taking, { policy, now: now() })),

  closeOffer: (closing: OfferClosing) => inTransaction(db, (tx) => closeOffer(tx, closing, policy)),
})
