/** What the pages about refunds, cases and credit show. */
import type { FieldProblem } from './errors.ts'
import type { FinanceCase } from './finance-cases.ts'
import type { Cents } from './money.ts'
import type { HandWish } from './paid-by-hand.ts'
import type { PaymentMethod } from './payments.ts'
import type { RefundMethod, RefundStatus } from './refunds.ts'
import type { MoneyStep } from './staff-pages.ts'

/** What finance asks for; the keys stand in the address. */
export const REFUND_FILTERS = {
  approve: ['awaiting_approval'],
  way: ['requested', 'approved', 'sent'],
  done: ['settled'],
  refused: ['refused', 'declined'],
} as const satisfies Record<string, readonly RefundStatus[]>
export type RefundFilter = keyof typeof REFUND_FILTERS

export type RefundLine = {
  id: string
  paymentId: string | null
  ownerNumber: string
  customerName: string | null
  amount: Cents
  method: RefundMethod
  status: RefundStatus
  reason: string
  /** A name, or a rule of ours. */
  askedBy: string
  /** Why a second person must agree, or had to. */
  secondPersonWhy: string | null
  decidedBy: string | null
  decisionNote: string | null
  maskedPhone: string | null
  /** Where somebody wants it to go instead, once another person agrees. */
  named: { maskedPhone: string; by: string } | null
  /** On whose account it was paid, if it was. */
  companyName: string | null
  receipt: string | null
  providerCode: string | null
  requestedAt: Date
  processedAt: Date | null
}

export type RefundsPage = {
  filter: RefundFilter | null
  rows: RefundLine[]
  next: string | null
  now: Date
}

export type RefundPage = {
  refund: RefundLine
  /** Oldest first. */
  steps: MoneyStep[]
  /** What the viewer may do now. */
  may: { decide: boolean; name: boolean; resolve: boolean; payCash: boolean; decideHand: boolean }
  /** What somebody says that they paid by hand, as long as it is not over. */
  hand: HandWish | null
  /** Above the limit another person must agree to what is paid by hand; whoever said or asked it cannot. */
  handNeedsTwo: boolean
  mayAgreeToHand: boolean
  /** Whoever asked, or named the phone, cannot decide. */
  isOwn: boolean
  /** Why somebody has to look. */
  stuck: string | null
  workflowUrl: string | null
  problems: FieldProblem[]
  now: Date
}

export type RefundFormPage = {
  payment: {
    id: string
    ownerNumber: string
    amount: Cents
    left: Cents
    method: PaymentMethod
    maskedPhone: string | null
    needsPhone: boolean
  }
  form: { refundId: string; amount: string; reason: string; phone: string }
  /** Set once what was typed is sound: what will happen, in sentences. */
  preview: string[] | null
  problems: FieldProblem[]
}

export type CasesPage = {
  status: FinanceCase['status']
  rows: FinanceCase[]
  next: string | null
  now: Date
}

export type CreditPage = {
  credit: Cents
  lines: { at: Date; what: string; amount: Cents }[]
  refunds: RefundLine[]
  /** Where it would go; null when the account has no Kenyan mobile number. */
  maskedPhone: string | null
  verified: boolean
  refundId: string
  problems: FieldProblem[]
  now: Date
}
