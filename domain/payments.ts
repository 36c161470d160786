/** The contract of a payment, whatever it is made with: its states, its three outcomes, and what its story is told. */
import { shillings, type Cents } from './money.ts'
import { MINUTE_MS } from './time.ts'

/** What kind of thing is paid: a booking, a charge of its own, or the customer's credit. */
export type PaymentPurpose = 'reservation' | 'charge' | 'credit'
export type PaymentType =
  'rental' | 'deposit' | 'additional' | 'damage' | 'sale' | 'service' | 'stay' | 'credit'
export type PaymentMethod =
  'mpesa' | 'cash' | 'bank_transfer' | 'credit_card' | 'debit_card' | 'credit' | 'account'
/** How it reached us: asked for on a phone, paid to our paybill by hand, at the desk, or from credit. */
export type PaymentChannel = 'prompt' | 'paybill' | 'desk' | 'credit'

/** requested -> prompted -> settled | refused; unknown and unexplained are watched, never assumed. */
export type PaymentStatus =
  | 'requested'
  | 'prompted'
  | 'unknown'
  | 'unexplained'
  | 'settled'
  | 'refused'
  | 'refunding'
  | 'refunded'

/** While in one of these the customer may still be charged, so the same phone gets no second prompt. */
const OPEN_PAYMENT: readonly PaymentStatus[] = ['requested', 'prompted', 'unknown', 'unexplained']
export const isOpenPayment = (status: PaymentStatus): boolean => OPEN_PAYMENT.includes(status)

/** What outsiders see (the ERP's list of states). */
export type ShownPaymentStatus = 'pending' | 'completed' | 'failed' | 'refunded' | 'disputed'
const SHOWN: Record<PaymentStatus, ShownPaymentStatus> = {
  requested: 'pending',
  prompted: 'pending',
  unknown: 'pending',
  unexplained: 'disputed',
  settled: 'completed',
  refused: 'failed',
  refunding: 'completed',
  refunded: 'refunded',
}
export const shownPaymentStatus = (status: PaymentStatus): ShownPaymentStatus => SHOWN[status]

/** Safaricom's limits for one transaction (Daraja documentation, 2026). */
export const MINIMUM_PUSH = shillings(1)
export const MAXIMUM_PUSH = shillings(250_000)
/** A prompt lives about a minute on the phone; after this it has surely gone. */
export const PROMPT_LIFE_MS = 3 * MINUTE_MS

export type PaymentInput = {
  paymentId: string
  purpose: PaymentPurpose
  /** What it is paid as; a reservation's payments are its rental unless they say otherwise. */
  type?: PaymentType
  /** What is paid: the reservation or the charge. */
  ownerId: string
  ownerNumber: string
  partyId: string
  customerId: string
  actorId: string
  phone: string
  /** A keyed hash, by which operations find the prompts of a phone without seeing it. */
  phoneHash?: string
  amount: Cents
}

/** U: may try again at once. W: only after waiting. N: the same again cannot work. */
export type ReasonClass = 'U' | 'W' | 'N'
/** `retryAt`: the first moment (ISO) at which the same phone may be asked again. */
export type PaymentReason = { code: string; class: ReasonClass; retryAt?: string }

export type PushAnswer =
  | { outcome: 'accepted'; merchantRequestId: string; checkoutRequestId: string }
  | { outcome: 'refused'; reason: PaymentReason }
  | { outcome: 'unknown'; why: string }

/** The query never tells a receipt, an amount or a phone. */
export type PushState =
  | { outcome: 'paid' }
  | { outcome: 'refused'; reason: PaymentReason }
  | { outcome: 'pending' }
  | { outcome: 'unknown'; why: string }

/** First answer of a payment, for the page that asked. */
export type PromptAnswer =
  | { outcome: 'prompted'; checkoutRequestId: string | null }
  /** M-Pesa is away: the request goes out when it is back. */
  | { outcome: 'queued' }
  | { outcome: 'refused'; reason: PaymentReason }

/** How a payment ended, as its owner hears it. */
export type PaymentResult =
  | { outcome: 'settled'; paymentId: string; amount: Cents; ownerOpen: boolean }
  | { outcome: 'refused'; paymentId: string; reason: PaymentReason }
  | { outcome: 'unknown'; paymentId: string }

/** What one look at a report or a query left in the row. */
export type SettleDecision =
  | { outcome: 'settled'; amount: Cents; ownerOpen: boolean }
  | { outcome: 'refused'; reason: PaymentReason }
  /**
   * The report disagrees with what we asked for, or is not believed: ask Safaricom. `disputed` when the money
   * itself is in question (paid, but not what we asked for): then the booking waits for a person.
   */
  | { outcome: 'undecided'; checkoutRequestId: string | null; disputed?: boolean }

/** What the reports of one payment say, taken together. */
export type ReportedClaim = { paid: boolean; checkoutRequestId: string | null }

/** M-Pesa's receipt numbers: ten capital letters and digits. */
export const isReceipt = (text: string): boolean => /^[A-Z0-9]{10}$/.test(text)

/** What a person says about a step that could not go on. For a payment, no receipt means: no money came. */
export type ManualResolution = { reason: string; actorId: string; receipt?: string | null }

export type ReversalAnswer =
  | { outcome: 'accepted'; conversationId: string; originatorConversationId: string }
  | { outcome: 'refused'; code: string }
  | { outcome: 'unknown'; why: string }

/** `0712 345 678`, and `020 123 4567` for an office: as people in Kenya write them. Takes E.164. */
export const printedPhone = (phone: string): string =>
  phone
    .replace(/^\+?254([17]\d{2})(\d{3})(\d{3})$/, '0$1 $2 $3')
    .replace(/^\+?254(\d{2})(\d{3})(\d{4})$/, '0$1 $2 $3')

/** `0712 *** 678`: enough for its owner to recognise, not enough to call. Takes E.164 or 2547…. */
export const maskPhone = (phone: string): string => {
  // Of somebody who was forgotten.
  if (!/^\+?\d/.test(phone)) return ''
  const local = phone.replace(/^\+?254/, '0')
  return `${local.slice(0, 4)} *** ${local.slice(-3)}`
}
