/** What can be said to a reservation, and why each is an update, a signal or a query. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type {
  Cancellation,
  HoldAnswer,
  PaymentRequest,
  ReservationEnd,
  ReservationStatusView,
} from '../domain/reservations.ts'
import type { PickUpAnswer, PickUpWish } from '../domain/rentals.ts'
import type { TenderRequest } from '../domain/tenders.ts'

/** An update sent with the start: the page answers as soon as the car is held or refused. */
export const awaitHold = defineUpdate<HoldAnswer>('awaitHold')
/** An update, because it is refused above the balance, for a phone that already rings, or after the end. */
export const requestPayment = defineUpdate<{ paymentId: string }, [PaymentRequest]>(
  'requestPayment',
)
/** An update: what rings no phone (cash, a card slip, credit); refused as a request for a prompt is. */
export const receivePayment = defineUpdate<{ paymentId: string }, [TenderRequest]>('receivePayment')
/** An update: a share can only be declined while the booking is open. */
export const declineShare = defineUpdate<void, [{ partyId: string }]>('declineShare')
/** An update: the caller waits until the car is free and the refunds have begun. */
export const cancelReservation = defineUpdate<ReservationEnd, [Cancellation]>('cancelReservation')
/** An update: the keys go out only where paper, money and car are in order. */
export const pickUp = defineUpdate<PickUpAnswer, [PickUpWish]>('pickUp')
/** A signal: money that settled is a fact. The amount is read from the books. */
export const paymentSettled = defineSignal<[{ paymentId: string }]>('paymentSettled')
/** A query: where it stands, without names and phones. */
export const reservationStatus = defineQuery<ReservationStatusView>('reservationStatus')
