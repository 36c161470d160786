/** What finance's pages about money without an owner show. */
import type { Cents } from './money.ts'
import type { MoneyTarget, WaitingAllocation } from './paybill.ts'
import type { ReservationStatus } from './reservations.ts'

export type UnmatchedMoney = {
  receipt: string
  paymentId: string
  amount: Cents
  /** As M-Pesa showed it: masked or hashed. */
  payer: string | null
  payerName: string | null
  /** What was typed as the account. */
  reference: string | null
  paidAt: Date
  /** A request on a phone may have brought it; that is known within minutes. */
  waiting: boolean
}

/** `waiting`: a request on a phone may have brought it. `matched` and `returned`: finance's once, and what became of it. */
export const MONEY_STANDINGS = ['unmatched', 'waiting', 'matched', 'returned'] as const
export type MoneyStanding = (typeof MONEY_STANDINGS)[number]
export type ListedMoney = UnmatchedMoney & {
  status: 'unmatched' | 'matched' | 'returned'
  /** The payment that it became. */
  ownerPaymentId: string | null
}

/** What speaks for a booking. */
export type Likeness = {
  sameAmount: boolean
  sameShare: boolean
  /** The name of the party that is like the payer's. */
  name: string | null
  /** What was typed is nearly its number. */
  nearlyTyped: boolean
  /** A request for this amount was on a phone at that time. */
  prompted: boolean
}

export type Suggestion = MoneyTarget & {
  number: string
  status: ReservationStatus
  customerName: string
  customerId: string
  balance: Cents
  likeness: Likeness | null
}

/** What will happen to the money, told before it happens. */
export type AllocationPreview = {
  target: MoneyTarget
  /** A booking's number, or a customer's name. */
  name: string
  customerId: string
  customerName: string
  applied: Cents
  credited: Cents
  /** Set when it takes no money any more. */
  refused: string | null
}

export type UnmatchedRow = UnmatchedMoney & { suggestions: Suggestion[] }
export type UnmatchedListPage = {
  rows: UnmatchedRow[]
  next: string | null
  /** A receipt, a name, an amount, the end of the phone, or what was typed; empty = everything. */
  search: string
  /** Only what has waited for a day and is somebody's case by now. */
  forgotten: boolean
  /** All of it, whatever is shown. */
  waiting: { count: number; sum: Cents; forgotten: number }
  now: Date
}
export type UnmatchedPage = {
  money: UnmatchedMoney
  suggestions: Suggestion[]
  search: string
  found: Suggestion[] | null
  /** What somebody asked for; another person looks at it and says the same, or something else. */
  asked: WaitingAllocation | null
  problem: string | null
  now: Date
}
export type AllocationPage = {
  money: UnmatchedMoney
  preview: AllocationPreview
  asked: WaitingAllocation | null
  why: string
  problem: string | null
  now: Date
}

/** In a few words, for the button of a suggestion. */
export function reasonsOf(likeness: Likeness | null): string[] {
  if (!likeness) return []
  const { sameAmount, sameShare, name, nearlyTyped, prompted } = likeness
  return [
    ...(sameAmount ? ['same amount as the balance'] : []),
    ...(!sameAmount && sameShare ? ['same amount as a share'] : []),
    ...(name ? [`name ${name}`] : []),
    ...(nearlyTyped ? ['nearly the same number'] : []),
    ...(prompted ? ['asked for on a phone then'] : []),
  ]
}
