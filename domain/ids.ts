import type { PaymentPurpose } from './payments.ts'

/** Workflow id = business key = idempotency key. The builders are the only place that spells them. */
export const reservationWorkflowId = (reservationId: string) => `reservation:${reservationId}`
/** The reservation whose workflow owns a hold; null for other owners. */
export const reservationIdOf = (workflowId: string): string | null =>
  workflowId.startsWith('reservation:') ? workflowId.slice('reservation:'.length) : null
export const chargeWorkflowId = (chargeId: string) => `charge:${chargeId}`
export const rentalWorkflowId = (rentalId: string) => `rental:${rentalId}`
export const planWorkflowId = (planId: string) => `plan:${planId}`
/** The workflow that collects for this owner; a customer's credit has none. */
export const ownerWorkflowId = (purpose: PaymentPurpose, ownerId: string): string | null => {
  if (purpose === 'credit') return null
  return purpose === 'charge' ? chargeWorkflowId(ownerId) : reservationWorkflowId(ownerId)
}
export const paymentWorkflowId = (paymentId: string) => `payment:${paymentId}`
/** A whole refund carries its payment's id; a part of one has a key of its own. */
export const refundWorkflowId = (refundId: string) => `refund:${refundId}`
export const lateMoneyWorkflowId = (paymentId: string) => `late-money:${paymentId}`
export const invoiceWorkflowId = (invoiceId: string) => `invoice:${invoiceId}`
export const creditNoteWorkflowId = (creditNoteId: string) => `credit-note:${creditNoteId}`

export const erasureWorkflowId = (erasureId: string) => `erasure:${erasureId}`

export const exportWorkflowId = (exportId: string) => `data-export:${exportId}`

export const reconciliationWorkflowId = (runId: string) => `reconciliation:${runId}`

/** One for each master key that people's keys are moved to. */
export const keyRotationWorkflowId = (keyId: string) => `key-rotation:${keyId}`

/** Task queues. Payments have their own so that a slow provider never delays a hold. */
export const TASK_QUEUES = { business: 'gari-business', payments: 'gari-payments' } as const

const numbered = (series: string, year: number, sequence: number): string =>
  `${series}-${String(year % 100).padStart(2, '0')}-${String(sequence).padStart(6, '0')}`

/** `RSV-26-000123`: what people read out on the phone. `year` is the full year in Nairobi. */
export const reservationNumber = (year: number, sequence: number): string =>
  numbered('RSV', year, sequence)
/** `CHG-26-000123`. */
export const chargeNumber = (year: number, sequence: number): string =>
  numbered('CHG', year, sequence)
/** `AGR-26-000123`: of the agreement by which a car leaves. */
export const rentalNumber = (year: number, sequence: number): string =>
  numbered('AGR', year, sequence)
