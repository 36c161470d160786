/** What the pages of charges, and of big amounts in steps, show. */
import type { ChargeStatus, ChargeType } from './charges.ts'
import type { FieldProblem } from './errors.ts'
import type { DocumentLine } from './invoice-pages.ts'
import type { Cents } from './money.ts'
import type { BookingPage, MyBookingsPage, PartyShare, PayPage } from './pages.ts'
import type { PlanStep } from './payment-plans.ts'

/** What the payment parts of a page need to know of what is paid: a booking, or a charge shown the same way. */
export type PaidParts = Pick<
  BookingPage,
  'number' | 'status' | 'total' | 'paid' | 'balance' | 'parties' | 'payments' | 'now'
>
export type PayFormPage = Omit<PayPage, 'booking' | 'livePath' | 'mpesaAway'> & {
  booking: PaidParts
}

export type ChargePage = PayFormPage & {
  id: string
  livePath: string
  description: string
  /** The booking's page that this viewer may open. */
  bookingPath: string | null
  dueAt: Date | null
  coverUntil: Date | null
  allOrNobody: boolean
  mayPay: boolean
  /** Where the plan for a big amount is, or may be started. */
  planPath: string | null
  /** Where the desk takes cash, cards and transfers for it. */
  takePath: string | null
  /** Staff may end it there. */
  cancelPath: string | null
  /** Shares that others may take over now, and where that is said. */
  missed: PartyShare[]
  coverPath: string | null
  shrinkPath: string | null
  /** Where the viewer says who gets its invoice. */
  billingPath?: string | null
  /** Receipts, invoices and credit notes that the viewer may open. */
  documents?: DocumentLine[]
}

/** One line of the desk's list of charges. */
export type DeskChargeRow = {
  id: string
  number: string
  type: ChargeType
  description: string
  status: ChargeStatus
  customerId: string
  customerName: string
  total: Cents
  balance: Cents
  dueAt: Date
}
/** Without a search: what is open, the soonest due first. */
export type DeskChargesPage = {
  search: string
  rows: DeskChargeRow[]
  now: Date
}

/** A customer's bookings, and what else is open for them to pay. */
export type MyPage = MyBookingsPage & { charges?: DeskChargeRow[] }

/** Where money may be transferred to. */
export type BankDetails = { name: string; account: string; holder: string }

/** A big amount in steps. `plan` null: none runs yet. */
export type PlanPage = {
  number: string
  backPath: string
  path: string
  amount: Cents
  paid: Cents
  asked: Cents
  left: Cents
  plan: {
    id: string
    step: PlanStep
    over: boolean
    /** Phones that M-Pesa refused and that rest now, with its result code. */
    refusals: { maskedPhone: string; code: string }[]
  } | null
  phones: string
  /** The phone that is being added to a running plan, as typed; null when there are enough. */
  added: string | null
  bank: BankDetails | null
  problems: FieldProblem[]
  now: Date
}

/** The desk's form for a new charge of a booking; what was typed, always strings, always kept. */
export type ChargeFormPage = {
  path: string
  bookingId: string
  bookingNumber: string
  customerName: string
  form: Record<
    'chargeId' | 'type' | 'description' | 'amount' | 'dueAt' | 'parties' | 'mode' | 'shrinkable',
    string
  >
  problems: FieldProblem[]
}
