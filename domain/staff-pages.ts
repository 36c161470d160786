/** What the staff's pages show. */
import type { RiskLevel } from './customers.ts'
import type { BookingChange } from './booking-changes.ts'
import type { DeskChargeRow } from './charge-pages.ts'
import type { Cents } from './money.ts'
import type { BookingPage, BookingRow, PaymentLine } from './pages.ts'
import type { PaymentStatus } from './payments.ts'

export type OpenRentalRow = {
  reservationId: string
  number: string
  plate: string
  customerName: string
  dueAt: Date
  returnedAt: Date | null
}

export type DeskPage = {
  day: Date
  pickups: BookingRow[]
  returns: BookingRow[]
  unpaid: BookingRow[]
  search: string
  found: BookingRow[] | null
  /** Operations see the desk and have no till. */
  mayRunTill: boolean
  now: Date
  /** Cars that are not back, and what somebody does not agree with. */
  rentals?: { overdue: OpenRentalRow[]; disputed: OpenRentalRow[] }
}

/** More stand in the audit. */
export const MOST_CHANGES = 50

export type DeskBookingPage = {
  booking: BookingPage
  /** Masked, until whoever must reach people asks for it. */
  customer: {
    id: string
    name: string
    phone: string | null
    email: string | null
    isWhole: boolean
  }
  /** Where their id and licence are, for who may look at them. */
  identityPath?: string | null
  mayReveal: boolean
  mayPoints: boolean
  /** What stands of the customer's risk; null for who may not see it, and before the first night. */
  risk: RiskLevel | null
  /** Link into the Temporal UI, for those who may see it. */
  workflowUrl: string | null
  mayCharge: boolean
  mayBill: boolean
  /** Where the next step with the car is, or what became of it. */
  rentalPath: string | null
  /** Null for who may not read the audit. */
  changes: BookingChange[] | null
  /** What was asked for beside the price, newest first. */
  charges?: DeskChargeRow[]
  now: Date
}

export type FinanceRow = PaymentLine & { reservationNumber: string; reservationId: string }
/** What finance asks for; the keys stand in the address. */
export const FINANCE_FILTERS = {
  open: ['requested', 'prompted', 'unknown'],
  paid: ['settled'],
  failed: ['refused'],
  back: ['refunding', 'refunded'],
  odd: ['unexplained'],
} as const satisfies Record<string, readonly PaymentStatus[]>
export type FinanceFilter = keyof typeof FINANCE_FILTERS

export type FinancePage = {
  filter: FinanceFilter | null
  search: string
  rows: FinanceRow[]
  next: string | null
  clearing: Cents
  owed: Cents
  now: Date
}

/** One thing that was done with money: which, by whom, and why where somebody said so. */
export type MoneyStep = { at: Date; action: string; who: string; why: string | null }

/** Everything known of one payment. */
export type FinancePaymentPage = {
  payment: {
    id: string
    status: PaymentStatus
    type: string
    method: string
    channel: string
    amount: Cents
    applied: Cents
    credited: Cents
    ownerNumber: string
    maskedPhone: string | null
    receipt: string | null
    reason: string | null
  }
  steps: MoneyStep[]
  reports: {
    at: Date
    kind: string
    outcome: string | null
    source: string | null
    delivered: boolean
    body: unknown
  }[]
  postings: { at: Date; entry: string; name: string; amount: Cents }[]
  bookingId: string | null
  chargeId: string | null
  workflowUrl: string | null
  now: Date
}

export type PartStatus = {
  name: string
  address: string | null
  version: string | null
  health: 'up' | 'down' | 'off'
  detail: string | null
}
export type StatusPage = {
  parts: PartStatus[]
  /** Temporal's own pages; null where nobody shows them. */
  temporalUrl: string | null
  outboxWaiting: number
  /** M-Pesa is away since then, and so many requests wait for it; null while it answers. */
  outage: { since: Date; waiting: number } | null
  /** What looked wrong in the last day, by kind. */
  alarms: { kind: string; times: number; last: Date }[]
  /** Whether the viewer may retry or settle what is parked. */
  mayResolve: boolean
  parked: { workflowId: string; url: string | null; since: Date; details: string }[]
  now: Date
}
