/** The contract of a reservation: its states, inputs, answers, limits and the rules that need no database. */
import type { CollectingMode } from './charges.ts'
import type { ErrorCode } from './errors.ts'
import type { ExtraWish } from './extras.ts'
import type { LateOffer } from './late-offers.ts'
import type { Cents } from './money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts'

export type ReservationStatus =
  | 'pending'
  | 'processing'
  | 'confirmed'
  | 'in_progress'
  | 'completed'
  | 'cancelled'
  | 'expired'
  | 'no_show'

/** Money can still be taken in these. */
export const PAYABLE: readonly ReservationStatus[] = ['pending', 'processing']
/** The car is taken in these. */
export const HOLDING: readonly ReservationStatus[] = [
  'pending',
  'processing',
  'confirmed',
  'in_progress',
]

export const isPayable = (status: ReservationStatus): boolean => PAYABLE.includes(status)
/** Not yet begun and not ended: it may be cancelled, and its car be another one. */
export const isOpen = (status: ReservationStatus): boolean =>
  isPayable(status) || status === 'confirmed'
/** The booking is over without a trip: whatever is paid for it goes back. */
export const hasEnded = (status: ReservationStatus): boolean =>
  status === 'cancelled' || status === 'expired'
export const isHolding = (status: ReservationStatus): boolean => HOLDING.includes(status)

/** People see `cancelled` with a reason; that it ran out of time is the reason, not another end. */
export const shownStatus = (status: ReservationStatus): ReservationStatus =>
  status === 'expired' ? 'cancelled' : status

/** Why a reservation ended early. */
export type EndReason = 'deadline' | 'customer' | 'desk' | 'declined_by_all' | 'payment_refused'

export const LIMITS = {
  minimumMs: 2 * HOUR_MS,
  maximumMs: 90 * DAY_MS,
  leadMs: 30 * MINUTE_MS,
  horizonMs: 365 * DAY_MS,
  parties: 10,
  nameLength: 80,
  requestsLength: 500,
} as const

/** How long a hold lives and who is reminded; set by configuration, fixed when the reservation starts. */
export type CollectingPolicy = {
  /** While nothing is paid. */
  holdMs: number
  /** From the first payment on; never beyond pick-up. */
  partPaidMs: number
  /** Before the deadline, once something is paid. */
  reminderMs: number
  /** After the deadline, for a prompt that is still on somebody's phone. */
  promptGraceMs: number
}

export const DEFAULT_POLICY: CollectingPolicy = {
  holdMs: 15 * MINUTE_MS,
  partPaidMs: 24 * HOUR_MS,
  reminderMs: 2 * HOUR_MS,
  promptGraceMs: 2 * MINUTE_MS,
}

export type PartyInput = {
  id: string
  name: string
  /** E.164: +2547… */
  phone: string
  /** null = an equal share. */
  share: Cents | null
  /** ISO instant until which this one must have paid; none = the deadline of the whole. */
  dueAt?: string | null
}

/** What is wanted. Times are ISO instants. Exactly one of categoryCode and vehicleId is set. */
export type Trip = {
  categoryCode: string | null
  vehicleId: string | null
  pickupLocation: string
  returnLocation: string
  pickupAt: string
  returnAt: string
}

export type ReservationInput = {
  reservationId: string
  customerId: string
  /** Who acts: the customer's own id, or the desk clerk's for a walk-in. */
  actorId: string
  trip: Trip
  parties: PartyInput[]
  specialRequests: string | null
  policy: CollectingPolicy
  /** Anybody may pay any part (the rule), or it stands only when everybody has paid. */
  mode?: CollectingMode
  /** Loyalty points of the customer that lower the price. */
  points?: number
  /** What is hired along, and how many drive besides the customer. */
  extras?: ExtraWish[]
  extraDrivers?: number
  /** Lowers the price. */
  promoCode?: string
  /** The price, before points, that the customer saw: another one is not booked, but told. */
  seenTotal?: Cents
  /** A second run of a closed reservation whose money came late and whose car was free again. */
  resumed?: boolean
}

export type Alternative = {
  kind: 'category' | 'time'
  categoryCode: string
  categoryName: string
  pickupAt: string
  returnAt: string
  total: Cents
}

export type HeldVehicle = { id: string; plate: string; make: string; model: string }

export type HeldReservation = {
  outcome: 'held'
  reservationId: string
  number: string
  status: ReservationStatus
  vehicle: HeldVehicle
  parties: { id: string; share: Cents }[]
  total: Cents
  balance: Cents
  holdExpiresAt: string
}

export type Refusal = {
  outcome: 'refused'
  code: ErrorCode
  message: string
  alternatives: Alternative[]
  total?: Cents
}

export type HoldAnswer = HeldReservation | Refusal

export type PaymentRequest = {
  paymentId: string
  partyId: string
  phone: string
  phoneHash?: string
  amount: Cents
  actorId: string
}

export type Cancellation = { reason: 'customer' | 'desk'; actorId: string; note: string | null }

/** What the workflow answers to `reservationStatus`; no names, no phones. */
export type ReservationStatusView = {
  status: ReservationStatus
  paid: Cents
  balance: Cents
  openPayments: string[]
  deadline: string | null
  waitingFor: string
}

/** What an activity found when it added up a reservation's settled money. */
export type ReservationProgress = {
  status: ReservationStatus
  total: Cents
  paid: Cents
  balance: Cents
  holdExpiresAt: string
}

/**
 * A reservation that has ended, and the payments that must go back. `stranded`: the booking that counted on its car
 * being driven to another place.
 */
export type ReservationEnd = {
  status: ReservationStatus
  refunds: { paymentId: string }[]
  stranded?: string | null
}

/** How a stranded booking fares: it has another car, needs none, or nothing of its category is free. */
export type CarSwap =
  | { outcome: 'swapped'; next: string | null }
  | { outcome: 'stands' }
  | { outcome: 'none_free'; number: string }

/**
 * Where late money belongs: the booking that is open, the one held again for it, another car that is offered, or back
 * to whoever paid.
 */
export type ReclaimedHome =
  | { outcome: 'open'; reservationId: string; chargeId?: string }
  | { outcome: 'reclaimed'; input: ReservationInput }
  | { outcome: 'offered'; offer: LateOffer }
  | { outcome: 'refund'; ownerNumber: string | null }

export type PeriodProblem = { field: 'pickup_at' | 'return_at'; message: string }

/** The rules for a period that need no opening hours; null when it is fine. */
export const periodProblem = (pickupAt: Date, returnAt: Date, now: Date): PeriodProblem | null => {
  const length = returnAt.getTime() - pickupAt.getTime()
  const ahead = pickupAt.getTime() - now.getTime()
  if (ahead < 0) return { field: 'pickup_at', message: 'The pick-up time is in the past.' }
  if (ahead < LIMITS.leadMs)
    return { field: 'pickup_at', message: 'We need at least 30 minutes to get the car ready.' }
  if (ahead > LIMITS.horizonMs)
    return { field: 'pickup_at', message: 'You can book up to one year ahead.' }
  if (length <= 0)
    return { field: 'return_at', message: 'The return time must be after the pick-up time.' }
  if (length < LIMITS.minimumMs)
    return { field: 'return_at', message: 'The shortest rental is 2 hours.' }
  if (length > LIMITS.maximumMs)
    return { field: 'return_at', message: 'The longest rental is 90 days. Call us for more.' }
  return null
}

/** The deadline once something is paid, counted from the first money; never after pick-up. */
export const partPaidDeadline = (pickupAt: Date, now: Date, policy: CollectingPolicy): Date =>
  new Date(Math.min(now.getTime() + policy.partPaidMs, pickupAt.getTime()))
