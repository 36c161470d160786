/** The contract of money that goes back: whose, how much, by which way, and who has a say. */
import { MAXIMUM_PAYOUT, MINIMUM_PAYOUT } from './daraja.ts'
import { isWholeShillings, shillings, type Cents } from './money.ts'
import { maskPhone, type PaymentMethod } from './payments.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts'

/** requested -> (awaiting_approval -> approved | declined) -> sent -> settled | refused (then finance decides). */
export type RefundStatus =
  'requested' | 'awaiting_approval' | 'approved' | 'declined' | 'sent' | 'settled' | 'refused'

/**
 * - `reversal`: M-Pesa takes the whole payment back. - `payout`: M-Pesa pays a phone. - `cash`: the desk pays.
 * - `credit`: it was paid from credit and becomes credit again. - `account`: a company owes us less.
 * - `by_hand`: finance pays by bank or card.
 */
export type RefundMethod = 'reversal' | 'payout' | 'cash' | 'credit' | 'account' | 'by_hand'

/** Above this what people ask for of one payment, taken together, needs a second person. */
export const DEFAULT_APPROVAL_ABOVE = shillings(20_000)

/** Why a second person must agree. */
export type SecondPersonWhy = 'amount' | 'typed_phone' | 'unproven_phone' | 'named_phone' | 'own'

export const SECOND_PERSON_WORDS: Record<SecondPersonWhy, string> = {
  amount: 'all refunds of this payment, taken together, are above the limit',
  typed_phone: 'the phone it goes to was typed by the person who asked',
  unproven_phone: 'nobody has proven that the phone is the customer’s',
  named_phone: 'another phone was named',
  own: 'it is the money of the person who asked',
}

type Wanted = {
  askedBy: 'rule' | 'person'
  /** With everything else that people asked for of the same payment. */
  together: Cents
  approvalAbove: Cents
  phoneIsTyped: boolean
  phoneIsDoubtful: boolean
  /** One of us asks for what was paid for their own booking or charge. */
  isOwn: boolean
}

/** Null: nobody else is asked. A typed phone is looked at whatever the amount, because small amounts repeat. */
export const secondPersonFor = (wish: Wanted): SecondPersonWhy | null => {
  if (wish.askedBy === 'rule') return null
  if (wish.phoneIsTyped) return 'typed_phone'
  if (wish.together > wish.approvalAbove) return 'amount'
  if (wish.isOwn) return 'own'
  return wish.phoneIsDoubtful ? 'unproven_phone' : null
}

type Nameable = { method: RefundMethod; status: RefundStatus }
/** Only what M-Pesa pays goes to a phone, and only while nothing can be on its way. */
export const takesAnotherPhone = ({ method, status }: Nameable): boolean =>
  (method === 'reversal' || method === 'payout') &&
  ['requested', 'approved', 'refused'].includes(status)

/** Whoever asked for much never hands it over as well. */
export const mayHandOver = (
  refund: { large: boolean; requestedBy: string },
  actorId: string,
): boolean => !refund.large || refund.requestedBy !== actorId

/**
 * After this we ask, whether our request was answered or not. A result may be slower, up to a minute and a half, and then the
 * question was one too many; but one that is lost comes never again, and asking moves nothing.
 */
export const RESULT_WAIT_MS = 40_000
/** From question to question, twice as long each time. */
export const ASK_AGAIN_MS = MINUTE_MS
/** From request to request when nobody took it, twice as long each time; most such troubles are over in a moment. */
export const SEND_AGAIN_MS = MINUTE_MS / 4
export const ASK_AGAIN_AT_MOST_MS = 6 * HOUR_MS
/**
 * What cannot be prepared yet, because M-Pesa's receipt is not known for instance, is looked at again this often. M-Pesa's
 * list goes back two days; what it has not brought by then comes by a person, if at all.
 */
const LOOK_AGAIN = { first: MINUTE_MS, last: 15 * MINUTE_MS, soon: 200 }
export const lookAgainMs = (looks: number): number =>
  looks > LOOK_AGAIN.soon
    ? ASK_AGAIN_AT_MOST_MS
    : Math.min(LOOK_AGAIN.first * 2 ** (looks - 1), LOOK_AGAIN.last)
/** Unanswered and unknown to M-Pesa for this long: surely never executed, yet a person decides what follows. */
export const NEVER_ARRIVED_MS = DAY_MS
/** Certain knowledge that does not come in this time is for people to find; we go on asking. */
export const CASE_AFTER_MS = 2 * DAY_MS

/**
 * What is given back: a payment, a receipt that belongs to nobody, or a customer's credit. The whole refund of a
 * payment, as the rules of a booking ask for it, carries the payment's id; every other one an id of its own.
 */
export type RefundInput = {
  refundId: string
  paymentId?: string
  receipt?: string
  creditOf?: string
  /** Without it all that is left. */
  amount?: Cents
  reason: string
  actorId: string
  /** A person's wish may need a second person; what the rules of a booking ask for does not. */
  askedBy?: 'rule' | 'person'
  /** Where to, when M-Pesa cannot tell who paid. Never one that a customer may choose. */
  phone?: string
}

export type RefundPlan =
  | {
      outcome: 'ready'
      method: RefundMethod
      amount: Cents
      ownerNumber: string
      /** Of the payment that is taken back. */
      receipt: string
      phone: string | null
      awaitsApproval: boolean
      whole: boolean
      /** An earlier life of its story has sent it; the id by which M-Pesa knows it, where we heard one. */
      sent?: { conversationId: string | null }
    }
  | { outcome: 'done' }
  | { outcome: 'blocked'; why: string }
  /** A person asked for what cannot be: nothing was written. */
  | { outcome: 'refused'; why: string }

export type RefundDecision =
  | { outcome: 'settled' }
  | { outcome: 'refused'; code: string }
  /** M-Pesa does not know it; whether it may still come depends on what we heard before. */
  | { outcome: 'missing' }
  | { outcome: 'undecided' }

export type ApprovalAnswer = { outcome: 'approved' } | { outcome: 'blocked'; why: string }

export type NamingAnswer = { outcome: 'waits' } | { outcome: 'blocked'; why: string }
export type NamedPhoneWord = 'approve' | 'decline'
/** What became of the phone that was named, whoever of two was first. */
export type NamedPhoneAnswer =
  { outcome: 'approved' } | { outcome: 'declined' } | { outcome: 'blocked'; why: string }

/** First answer of a refund, for the page that asked. */
export type RefundAnswer =
  | { outcome: 'opened'; status: RefundStatus; amount: Cents | null }
  | { outcome: 'refused'; why: string }

type Way = {
  paidBy: PaymentMethod
  amount: Cents
  whole: boolean
}

/** M-Pesa takes back whole payments only; a part of one is paid out anew. */
export const methodFor = ({ paidBy, amount, whole }: Way): RefundMethod => {
  if (paidBy === 'cash') return 'cash'
  if (paidBy === 'credit' || paidBy === 'account') return paidBy
  if (paidBy !== 'mpesa') return 'by_hand'
  return whole ? 'reversal' : payoutOrHand(amount)
}

/** M-Pesa pays out whole shillings within its limits; the rest is paid by hand. */
export const payoutOrHand = (amount: Cents): RefundMethod =>
  isWholeShillings(amount) && amount >= MINIMUM_PAYOUT && amount <= MAXIMUM_PAYOUT
    ? 'payout'
    : 'by_hand'

type Whither = { phone: string | null; company?: string | null }

export const wayWords = (method: RefundMethod, { phone, company }: Whither): string =>
  ({
    reversal: 'M-Pesa takes the whole payment back to the phone that paid.',
    payout: phone
      ? `M-Pesa pays it out to ${maskPhone(phone)}.`
      : 'M-Pesa pays it out to the phone that you name.',
    cash: 'The desk pays it out in cash.',
    credit: 'It becomes the customer’s credit again.',
    account: `It is taken off what ${company ?? 'the company'} owes us.`,
    by_hand: 'Somebody of finance pays it by hand and writes down the reference.',
  })[method]

/** Of the attempts of one payout: the first carries the refund's id, a later one follows a definite no. */
export const payoutKey = (refundId: string, attempt: number): string =>
  attempt <= 1 ? refundId : `${refundId}-${attempt}`

const KEYED_ATTEMPT = /-(\d+)$/

/** Which attempt has this key; the first where it is none of ours. */
export const attemptOf = (refundId: string, key: string | null): number =>
  key?.startsWith(`${refundId}-`) ? Number(KEYED_ATTEMPT.exec(key)?.[1] ?? 1) : 1

/** Nobody has to pay anything for these. */
export const WITHIN_OUR_BOOKS = {
  credit: 'back to the credit it was paid from',
  account: 'taken off what the company owes',
}

export const refundCase = 'refund_stuck'
export const refundPath = (refundId: string): string => `/finance/refunds/${refundId}`

/** A code of ours, so that nothing a person wrote leaves by an event. */
export const plainCode = (text: string | null): string | null =>
  text && /^[A-Za-z0-9_]{1,40}$/.test(text) ? text : null
