/** Giving money without an owner to somebody: what M-Pesa brought and what the bank shows, on pages alike. */
import type { BankTarget } from './bank-money.ts'
import type { Cents } from './money.ts'
import type { ReservationStatus } from './reservations.ts'
import type { Likeness } from './unmatched-pages.ts'

/** Whose it may be. */
export type OwnerSuggestion = BankTarget & {
  number: string
  /** Null for an invoice. */
  status: ReservationStatus | null
  customerName: string
  customerId: string
  balance: Cents
  likeness: Likeness | null
}

/** What somebody asked for, and another person has to say as well. */
export type AskedAllocation = { target: BankTarget; askedByName: string; why: string }

export type OwnerChoices = {
  suggestions: OwnerSuggestion[]
  search: string
  /** Null when nobody searched. */
  found: OwnerSuggestion[] | null
  /** Another person looks at it and says the same, or something else. */
  asked: AskedAllocation | null
}

/** What will happen to the money, told before it happens. */
export type AllocationPreview = {
  target: BankTarget
  /** A number, or a customer's name. */
  name: string
  /** Null where no single customer is behind it. */
  customerId: string | null
  customerName: string
  applied: Cents
  credited: Cents
  /** Set when it takes no money any more. */
  refused: string | null
}

export type AllocationPage = {
  preview: AllocationPreview
  asked: AskedAllocation | null
  why: string
  problem: string | null
}
