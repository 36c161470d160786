/** What finance's pages about money without an owner show. */
import type { OwnerChoices } from './allocation-pages.ts'
import type { Cents } from './money.ts'
import type { MoneyTarget } from './paybill.ts'
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
  choices: OwnerChoices
  /** Why it was to go back, where that was refused. */
  whyBack: string | null
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
