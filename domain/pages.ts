/** What each page shows: plain data, ready to print, with no database type behind it. */
import type { BodyType, Colour, Fuel, OpeningHours, Transmission } from './fleet.ts'
import type { FieldProblem } from './errors.ts'
import type { DocumentLine } from './invoice-pages.ts'
import type { MarketingChannel } from './marketing.ts'
import type { Cents } from './money.ts'
import type { PaymentMethod } from './payments.ts'
import type { Permission } from './permissions.ts'
import type { Quote } from './pricing.ts'
import type { ReservationStatus } from './reservations.ts'

/** Who looks at the page. `csrf` goes into every form as the field `_csrf`. */
export type Viewer = {
  name: string | null
  signedIn: boolean
  staff: boolean
  seesDesk: boolean
  seesPayments: boolean
  seesOperations: boolean
  /** What else is shown follows these, room by room. */
  permissions: readonly Permission[]
  csrf: string
  language: 'en' | 'sw'
  path: string
  /** The browser keeps our style sheet already; to others the page brings it along. */
  hasStyle: boolean
  /** Shown only with sample data: links to the phones and the inboxes. */
  samples: { phones: string | null; mailbox: string | null; sms: string | null } | null
}

export type LocationChoice = { code: string; name: string; city: string; hours: OpeningHours }

/** What was typed, always strings, always kept. */
export type SearchForm = {
  pickupLocation: string
  returnLocation: string
  /** `2026-11-27T10:00`, Nairobi time. */
  pickupAt: string
  returnAt: string
}

export type HomePage = {
  form: SearchForm
  locations: LocationChoice[]
  problems: FieldProblem[]
  now: Date
}

export type CarChoice = {
  vehicleId: string
  make: string
  model: string
  year: number
  colour: Colour
}

export type CategoryResult = {
  code: string
  name: string
  description: string
  bodyType: BodyType
  colour: Colour
  seats: number
  luggage: number
  transmission: Transmission
  fuel: Fuel
  quote: Quote
  free: number
  cars: CarChoice[]
  /** When sold out: the next time a car of this category is free for the same length, if known. */
  freeAgainAt: Date | null
}

export type ResultsPage = {
  form: SearchForm
  locations: LocationChoice[]
  problems: FieldProblem[]
  pickupAt: Date | null
  returnAt: Date | null
  results: CategoryResult[]
  /** Set when a hold was just refused: what happened, in a sentence. */
  notice: string | null
  now: Date
}

export type PartyShare = {
  id: string
  name: string
  maskedPhone: string
  share: Cents
  paid: Cents
  /** Said "I will not pay"; may still change their mind. */
  declined: boolean
  /** Until when this one is to pay, where that is sooner than the whole. */
  dueAt?: Date | null
  /** Prefilled in the pay form for people who may pay for this booking. */
  phone: string | null
  /** The link a party can pay by, without signing in. */
  payPath: string
  /** The same with our host before it, to be sent to that person. */
  payUrl: string
}

export type PaymentLine = {
  id: string
  status:
    | 'requested'
    | 'prompted'
    | 'unknown'
    | 'unexplained'
    | 'settled'
    | 'refused'
    | 'refunding'
    | 'refunded'
  amount: Cents
  /** How the money moved; a prompt unless it says otherwise. */
  method?: PaymentMethod
  maskedPhone: string
  partyName: string
  receipt: string | null
  /** Came after its booking had ended: it is still open whether it books the car again or goes back. */
  late: boolean
  /** Refused as it was asked for, yet M-Pesa took money: nobody may read that nothing was charged. */
  otherAmount: boolean
  /** Not sent yet: it waits until M-Pesa is back. */
  queued: boolean
  /** In the customer's words, when it was refused. */
  reason: string | null
  /** Until then M-Pesa would refuse the same phone again. */
  retryAt: Date | null
  at: Date
}

/** Another car for money that came too late; `path` leads whoever may decide to the choice. */
export type WaitingOffer = { until: Date; path: string | null }

export type TimelineEntry = { at: Date; what: string; who: string; detail: string | null }

export type BookingPage = {
  id: string
  number: string
  status: ReservationStatus
  statusReason: string | null
  category: { name: string; bodyType: BodyType }
  vehicle: { make: string; model: string; year: number; colour: Colour; plate: string }
  pickup: { name: string; address: string; phone: string; at: Date }
  return: { name: string; address: string; phone: string; at: Date }
  quote: Quote
  total: Cents
  paid: Cents
  balance: Cents
  holdExpiresAt: Date | null
  parties: PartyShare[]
  payments: PaymentLine[]
  timeline: TimelineEntry[]
  specialRequests: string | null
  /** It stands only when everybody has paid; until then the others may pay a share that was not. */
  allOrNobody?: { coverUntil: Date | null } | null
  endedForAll?: boolean
  offer?: WaitingOffer | null
  mayPay: boolean
  mayCancel: boolean
  /** SVG text of a QR code of the booking's link, when confirmed. */
  qrSvg: string | null
  /** Receipts, invoices and credit notes that the viewer may open. */
  documents?: DocumentLine[]
  /** Where it is said who is billed, while that can be changed. */
  billingPath?: string | null
  /** Once the keys are out: the car, what is asked for, the deposit. */
  rentalPath?: string | null
  now: Date
}

/** The payment page: the booking, one form, and what is happening right now. */
export type PayPage = {
  booking: BookingPage
  /** Where the form posts and where the live part is fetched: differs for owners and for share links. */
  postPath: string
  livePath: string
  party: PartyShare
  /** Set for somebody who came by a payment link: where "I will not pay" posts. null for the owner. */
  declinePath: string | null
  /** What to type on the phone when no request comes. */
  byHand: { kind: 'paybill' | 'till'; number: string }
  /** M-Pesa cannot be reached at the moment. */
  mpesaAway: boolean
  /** The customer's own credit, as far as this booking takes it. */
  credit?: { amount: Cents; postPath: string; paymentId: string } | null
  form: { phone: string; amount: string; partyId: string; paymentId: string }
  problems: FieldProblem[]
}

export type BookingRow = {
  id: string
  number: string
  status: ReservationStatus
  categoryName: string
  bodyType: BodyType
  colour: Colour
  pickupName: string
  pickupAt: Date
  returnAt: Date
  total: Cents
  balance: Cents
  customerName: string
}

export type MyBookingsPage = { rows: BookingRow[]; next: string | null; now: Date }

export type RegisterForm = { firstName: string; lastName: string; email: string; phone: string }
export type RegisterPage = {
  form: RegisterForm
  /** Which offers they have ticked, and who would send them. */
  offers: { ticked: MarketingChannel[]; controller: string }
  problems: FieldProblem[]
  next: string
}
export type SignInPage = {
  /** Where the browser can have them. */
  passkeys: boolean
  email: string
  name: string
  phone: string
  problems: FieldProblem[]
  next: string
  samples: { role: string; email: string; password: string }[]
}
/** Guest checkout: the code was sent to this phone. */
export type CodePage = {
  phone: string
  maskedPhone: string
  name: string
  problems: FieldProblem[]
  next: string
}

export type ErrorPage = {
  title: string
  /** What happened, what it means for the booking and the money, and what to do now. */
  sentences: string[]
  reference: string
  retryPath: string | null
  /** Set when signing in again leads on: it comes back to where this happened. */
  signInPath: string | null
}
