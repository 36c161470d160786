/** Who may do what, as short sentences. */
import type { Actor, Role } from './accounts.ts'

const has = (actor: Actor, ...roles: Role[]): boolean =>
  roles.some((role) => actor.roles.includes(role))

export const isStaff = (actor: Actor): boolean =>
  has(actor, 'desk', 'finance', 'manager', 'operations')

/** A customer sees only what is theirs; staff see every booking. */
export const maySeeReservation = (actor: Actor, reservation: { customerId: string }): boolean =>
  reservation.customerId === actor.userId || isStaff(actor)

export const mayCancelReservation = (actor: Actor, reservation: { customerId: string }): boolean =>
  reservation.customerId === actor.userId || has(actor, 'desk', 'manager')

export const mayPayReservation = (actor: Actor, reservation: { customerId: string }): boolean =>
  reservation.customerId === actor.userId || has(actor, 'desk', 'finance', 'manager')

export const maySeeDesk = (actor: Actor): boolean => has(actor, 'desk', 'manager', 'operations')
export const maySeePayments = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayAllocateMoney = (actor: Actor): boolean => has(actor, 'finance', 'manager')
/** Whoever meets the customer may ask; only finance decides, and never about their own wish. */
export const mayAskRefund = (actor: Actor): boolean => has(actor, 'desk', 'finance', 'manager')
export const mayDecideRefund = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayPayOutCash = (actor: Actor): boolean => has(actor, 'desk', 'manager')
export const maySeeWorkflows = (actor: Actor): boolean => has(actor, 'operations', 'manager')
export const mayResolveWorkflows = (actor: Actor): boolean => has(actor, 'operations')
/** Cash besides needs a till that is open under one's own name. */
export const mayTakePayments = (actor: Actor): boolean => has(actor, 'desk', 'finance', 'manager')
export const mayRunTill = (actor: Actor): boolean => has(actor, 'desk', 'manager')
export const mayCreateTills = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayCloseDays = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayKeepCompanies = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayConfirmTransfers = (actor: Actor): boolean => has(actor, 'finance', 'manager')

/** A customer sees their own documents; finance sees all. */
export const maySeeDocument = (actor: Actor, document: { customerId: string }): boolean =>
  document.customerId === actor.userId || has(actor, 'finance', 'manager')
/** Says who is billed for a booking, before it is invoiced. */
export const mayBill = (actor: Actor, reservation: { customerId: string }): boolean =>
  reservation.customerId === actor.userId || has(actor, 'desk', 'finance', 'manager')
export const mayInvoice = (actor: Actor): boolean => has(actor, 'finance', 'manager')

export const maySeeLedger = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayCorrectLedger = (actor: Actor): boolean => has(actor, 'finance')
/** To somebody else's correction; the books see to that. */
export const mayAgreeToCorrection = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const maySeeReconciliation = (actor: Actor): boolean => has(actor, 'finance', 'manager')
export const mayReconcile = (actor: Actor): boolean => has(actor, 'finance')
/** Makes charges, and ends them. */
export const mayCharge = (actor: Actor): boolean => has(actor, 'desk', 'finance', 'manager')
export const maySeeCharge = (actor: Actor, charge: { customerId: string }): boolean =>
  charge.customerId === actor.userId || isStaff(actor)
export const mayPayCharge = (actor: Actor, charge: { customerId: string }): boolean =>
  charge.customerId === actor.userId || mayCharge(actor)
