/** A booking as the pages show it. */
import type { Actor } from '../../domain/accounts.ts'
import type {
  BookingPage,
  BookingRow,
  PartyShare,
  PaymentLine,
  TimelineEntry,
  WaitingOffer,
} from '../../domain/pages.ts'
import { maskPhone } from '../../domain/payments.ts'
import { restUntil } from '../../domain/payment-waits.ts'
import { OTHER_AMOUNT, reasonSentence } from '../../domain/payment-results.ts'
import { isHolding, isPayable } from '../../domain/reservations.ts'
import { isStaff, mayCancelReservation, mayPayReservation } from '../../domain/policies.ts'
import { findOpenOffer } from '../../db/late-offer-reads.ts'
import { listPayments } from '../../db/payment-lists.ts'
import type { PaymentDetail } from '../../db/payment-reads.ts'
import { listTimeline, type ReservationDetail } from '../../db/reservation-reads.ts'
import type { ApiDeps } from '../deps.ts'

const CANCELLABLE = ['pending', 'processing', 'confirmed']

const reasonText: Record<string, string> = {
  deadline: 'It was not paid in time, so the car is free for others again.',
  customer: 'Cancelled by the customer.',
  desk: 'Cancelled by our desk.',
  declined_by_all: 'Nobody wanted to pay, so the car is free for others again.',
  payment_refused: 'The payment failed for good.',
}

export const latePathOf = (deps: ApiDeps, paymentId: string): string =>
  `/late/${paymentId}/${deps.lateToken(paymentId)}`

export const payPathOf = (deps: ApiDeps, reservationId: string, partyId: string): string =>
  `/pay/${reservationId}/${partyId}/${deps.shareToken(reservationId, partyId)}`

/** Phones stand in full only for whoever booked, who typed them. */
const partyShare =
  (deps: ApiDeps, booking: ReservationDetail, isOwn: boolean) =>
  (party: ReservationDetail['parties'][number]): PartyShare => ({
    id: party.id,
    name: party.name,
    maskedPhone: maskPhone(party.phone),
    share: party.share,
    paid: party.paid,
    declined: party.declined,
    phone: isOwn ? party.phone : null,
    payPath: payPathOf(deps, booking.id, party.id),
    payUrl: `${deps.publicUrl}${payPathOf(deps, booking.id, party.id)}`,
  })

export const toPaymentLine = (payment: PaymentDetail, partyName: string): PaymentLine => ({
  id: payment.id,
  status: payment.status,
  amount: payment.amount,
  method: payment.method,
  maskedPhone: payment.phone ? maskPhone(payment.phone) : '',
  partyName,
  receipt: payment.receipt,
  otherAmount: payment.status === 'refused' && payment.resultCode === OTHER_AMOUNT,
  queued: payment.status === 'requested' && payment.queuedSince !== null,
  late: payment.status === 'settled' && !payment.counted,
  reason:
    payment.status === 'refused' && payment.resultCode ? reasonSentence(payment.resultCode) : null,
  retryAt:
    payment.status === 'refused' && payment.processedAt
      ? restUntil(payment.resultCode ?? '', payment.processedAt)
      : null,
  at: payment.requestedAt,
})

/** How we learned of a payment is for staff; why somebody cancelled is for everybody who sees the booking. */
const withoutInternals = (entry: TimelineEntry): TimelineEntry =>
  entry.what === 'Cancelled' ? entry : { ...entry, detail: null }

/** The customer decides here; who else paid was sent a link of their own. */
async function offerFor(
  deps: ApiDeps,
  { id, status, customerId }: ReservationDetail,
  actor: Actor | null,
): Promise<WaitingOffer | null> {
  const found = status === 'expired' ? await findOpenOffer(deps.db, id, deps.now()) : null
  if (!found) return null
  const decides = actor?.userId === customerId
  return { until: found.until, path: decides ? latePathOf(deps, found.paymentId) : null }
}

/** `actor` null = somebody who came by a share link: sees the booking, not the others' money. */
export async function toBookingPage(
  deps: ApiDeps,
  booking: ReservationDetail,
  actor: Actor | null,
): Promise<BookingPage> {
  const [payments, timeline, offer] = await Promise.all([
    listPayments(deps.db, { ownerId: booking.id, limit: 50 }),
    actor ? listTimeline(deps.db, booking.id) : [],
    offerFor(deps, booking, actor),
  ])
  const nameOf = (id: string) => booking.parties.find((party) => party.id === id)?.name ?? ''
  const mayPay = actor !== null && mayPayReservation(actor, booking)
  const place = (which: 'pickup' | 'return') => ({
    name: booking[which].name,
    address: booking[which].address,
    phone: booking[which].phone,
  })
  return {
    id: booking.id,
    number: booking.number,
    status: booking.status,
    statusReason: booking.cancellationReason
      ? (reasonText[booking.cancellationReason] ?? null)
      : null,
    category: { name: booking.category.name, bodyType: booking.category.bodyType },
    vehicle: booking.vehicle,
    pickup: { ...place('pickup'), at: booking.pickupAt },
    return: { ...place('return'), at: booking.returnAt },
    quote: booking.quote,
    total: booking.total,
    paid: booking.paid,
    balance: booking.balance,
    holdExpiresAt: isPayable(booking.status) ? booking.holdExpiresAt : null,
    parties: booking.parties.map(
      partyShare(deps, booking, mayPay && actor.userId === booking.customerId),
    ),
    payments: payments.items.map((one) => toPaymentLine(one, nameOf(one.partyId))),
    timeline: actor && isStaff(actor) ? timeline : timeline.map(withoutInternals),
    specialRequests: booking.specialRequests,
    allOrNobody:
      booking.mode === 'all_or_nobody' && isPayable(booking.status)
        ? { coverUntil: booking.coverUntil }
        : null,
    endedForAll: booking.mode === 'all_or_nobody' && booking.status === 'expired',
    offer,
    mayPay: mayPay && isPayable(booking.status),
    mayCancel:
      actor !== null &&
      CANCELLABLE.includes(booking.status) &&
      mayCancelReservation(actor, booking),
    qrSvg:
      isHolding(booking.status) && !isPayable(booking.status)
        ? await deps.qrSvg(`${deps.publicUrl}/bookings/${booking.id}`)
        : null,
    now: deps.now(),
  }
}

export const toBookingRow = (booking: ReservationDetail): BookingRow => ({
  id: booking.id,
  number: booking.number,
  status: booking.status,
  categoryName: booking.category.name,
  bodyType: booking.category.bodyType,
  colour: booking.vehicle.colour,
  pickupName: booking.pickup.name,
  pickupAt: booking.pickupAt,
  returnAt: booking.returnAt,
  total: booking.total,
  balance: booking.balance,
  customerName: booking.customerName,
})
