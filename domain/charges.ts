/** A charge: anything to be paid that is not a booking's price. Its states, inputs, answers and limits. */
import type { ErrorCode } from './errors.ts'
import type { Cents } from './money.ts'
import type { PaymentType } from './payments.ts'
import type { PartyInput, ReservationStatus } from './reservations.ts'
import { DAY_MS, HOUR_MS } from './time.ts'

export type ChargeStatus = 'open' | 'processing' | 'paid' | 'cancelled' | 'expired'

export const CHARGE_TYPES = [
  'deposit',
  'additional',
  'damage',
  'sale',
  'service',
  'stay',
] as const satisfies readonly PaymentType[]
export type ChargeType = (typeof CHARGE_TYPES)[number]

/** As staff read it. */
export const chargeWord = (type: ChargeType): string =>
  `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`

/** Money still counts in these. */
export const isPayableCharge = (status: ChargeStatus): boolean =>
  status === 'open' || status === 'processing'
/** Over without having been paid, or undone: whatever is paid goes back. */
export const hasChargeEnded = (status: ChargeStatus): boolean =>
  status === 'cancelled' || status === 'expired'

/** Pages and lists speak of bookings; a charge stands in them by the same words. */
export const SHOWN_CHARGE: Record<ChargeStatus, ReservationStatus> = {
  open: 'pending',
  processing: 'processing',
  paid: 'confirmed',
  cancelled: 'cancelled',
  expired: 'expired',
}

export const CHARGE_LIMITS = {
  descriptionLength: 200,
  /** A week to pay unless somebody says otherwise. */
  dueMs: 7 * DAY_MS,
  shortestMs: HOUR_MS,
  longestMs: 180 * DAY_MS,
} as const

/** Anybody may pay any part; or it stands only when everybody has paid their share. */
export type CollectingMode = 'anybody' | 'all_or_nobody'

export type ChargeEndReason = 'deadline' | 'customer' | 'desk' | 'declined_by_all'

export type ChargeInput = {
  chargeId: string
  type: ChargeType
  customerId: string
  reservationId: string | null
  actorId: string
  description: string
  total: Cents
  mode: CollectingMode
  shrinkable: boolean
  /** ISO instant. */
  dueAt: string
  /** Empty when the story runs again: then the people stand in the books. */
  parties: PartyInput[]
  /** A second run of a charge that had ended, to undo it. */
  resumed?: boolean
}

export type OpenedCharge = {
  outcome: 'opened'
  chargeId: string
  number: string
  type: ChargeType
  customerId: string
  status: ChargeStatus
  total: Cents
  paid: Cents
  dueAt: string
  mode: CollectingMode
}
export type ChargeAnswer = OpenedCharge | { outcome: 'refused'; code: ErrorCode; message: string }

/** What the books hold after money was counted or the people changed. */
export type ChargeProgress = {
  status: ChargeStatus
  total: Cents
  paid: Cents
  dueAt: string
}

export type ChargeEnd = { status: ChargeStatus; refunds: { paymentId: string }[] }
export type ChargeCancellation = {
  reason: 'customer' | 'desk'
  actorId: string
  note: string | null
}

/** What the workflow answers to `chargeStatus`; no names, no phones. */
export type ChargeStatusView = {
  status: ChargeStatus
  total: Cents
  paid: Cents
  balance: Cents
  openPayments: string[]
  deadline: string | null
}
