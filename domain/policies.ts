/** Who may do what, as short sentences. Which role has which permission is data; what each is needed for stands here. */
import type { Actor } from './accounts.ts'
import type { Permission } from './permissions.ts'

export const can = (actor: Actor, permission: Permission): boolean =>
  actor.permissions.includes(permission)

/** People of the house: they speak of bookings that are not theirs, and are trusted with more tries. */
export const isStaff = (actor: Actor): boolean =>
  actor.kind !== 'customer' && actor.roles.length > 0

type Owned = { customerId: string }

/** What is theirs, where they may do this with what is theirs. */
const own = (actor: Actor, thing: Owned, permission: Permission): boolean =>
  thing.customerId === actor.userId && can(actor, permission)

/** A customer sees only what is theirs. */
export const maySeeReservation = (actor: Actor, reservation: Owned): boolean =>
  own(actor, reservation, 'own_reservations:read') || can(actor, 'reservations:read')

/** What somebody wishes for a booking; its times and its price are changed in another way. */
export const mayChangeReservation = (actor: Actor, reservation: Owned): boolean =>
  own(actor, reservation, 'own_reservations:update') || can(actor, 'reservations:update')

export const mayCancelReservation = (actor: Actor, reservation: Owned): boolean =>
  own(actor, reservation, 'own_reservations:delete') || can(actor, 'reservations:delete')

export const mayPayReservation = (actor: Actor, reservation: Owned): boolean =>
  own(actor, reservation, 'own_payments:create') || mayTakePayments(actor)

/**
 * Phones, e-mails and numbers of other people are masked for everybody (domain/masking.ts). Who meets customers, the desk and its
 * managers, may see them whole when they ask, each look with an entry; finance, sales, the workshop and operations do their
 * work with the masked ones; administrators know colleagues by their e-mail, and find customers by a whole one. What is one's own is
 * whole, and whoever booked sees the phones that they typed for friends.
 */
export const mayRevealContacts = (actor: Actor): boolean => can(actor, 'customer_contacts:read')

/** Where somebody lives and gets letters: theirs, and who looks after customers. */
export const maySeeAddresses = (actor: Actor, customer: Owned): boolean =>
  own(actor, customer, 'own_addresses:read') || can(actor, 'customers:read')
export const mayChangeAddresses = (actor: Actor, customer: Owned): boolean =>
  own(actor, customer, 'own_addresses:update') || can(actor, 'customers:update')

export const maySeeDesk = (actor: Actor): boolean => can(actor, 'desk:read')
export const maySeePayments = (actor: Actor): boolean => can(actor, 'payments:read')
/** Whoever takes payments says how one of their customer stands, and does not see the list of all. */
export const maySeePayment = (actor: Actor, payment: Owned): boolean =>
  own(actor, payment, 'own_payments:read') || maySeePayments(actor) || mayTakePayments(actor)
export const mayAllocateMoney = (actor: Actor): boolean => can(actor, 'unmatched_money:update')
/** Whoever meets the customer may ask; only finance decides, and never about their own wish. */
export const mayAskRefund = (actor: Actor): boolean => can(actor, 'refunds:create')
export const mayDecideRefund = (actor: Actor): boolean => can(actor, 'refunds:execute')
export const mayPayOutCash = (actor: Actor): boolean => can(actor, 'cash_refunds:execute')
export const maySeeWorkflows = (actor: Actor): boolean => can(actor, 'workflows:read')
export const mayResolveWorkflows = (actor: Actor): boolean => can(actor, 'workflows:execute')
export const mayTurnMasterKey = (actor: Actor): boolean => can(actor, 'master_keys:execute')
export const mayReadPayloads = (actor: Actor): boolean => can(actor, 'payloads:read')
/** Cash besides needs a till that is open under one's own name. */
export const mayTakePayments = (actor: Actor): boolean => can(actor, 'payments:create')
export const mayRunTill = (actor: Actor): boolean => can(actor, 'tills:execute')
export const mayCreateTills = (actor: Actor): boolean => can(actor, 'tills:create')
export const mayCloseDays = (actor: Actor): boolean => can(actor, 'day_closes:create')
export const mayKeepCompanies = (actor: Actor): boolean => can(actor, 'companies:update')
export const mayConfirmTransfers = (actor: Actor): boolean => can(actor, 'bank_transfers:execute')

/** A customer sees their own documents; finance sees all. */
export const maySeeDocument = (actor: Actor, document: Owned): boolean =>
  own(actor, document, 'own_documents:read') || can(actor, 'documents:read')
/** Says who is billed for a booking, before it is invoiced. */
export const mayBill = (actor: Actor, reservation: Owned): boolean =>
  own(actor, reservation, 'own_documents:update') || can(actor, 'documents:update')
export const mayInvoice = (actor: Actor): boolean => can(actor, 'invoices:create')

export const maySeeLedger = (actor: Actor): boolean => can(actor, 'ledger:read')
export const mayCorrectLedger = (actor: Actor): boolean => can(actor, 'ledger:create')
/** To somebody else's correction; the books see to that. */
export const mayAgreeToCorrection = (actor: Actor): boolean => can(actor, 'ledger:execute')
export const maySeeReconciliation = (actor: Actor): boolean => can(actor, 'reconciliation:read')
export const mayReconcile = (actor: Actor): boolean => can(actor, 'reconciliation:execute')
/** Makes charges, and ends them. */
export const mayCharge = (actor: Actor): boolean => can(actor, 'charges:create')
export const maySeeCharge = (actor: Actor, charge: Owned): boolean =>
  own(actor, charge, 'own_charges:read') || can(actor, 'charges:read')
export const mayPayCharge = (actor: Actor, charge: Owned): boolean =>
  own(actor, charge, 'own_payments:create') || mayCharge(actor)

/** Hands over keys, takes cars back, says what is owed. */
export const mayHandOver = (actor: Actor): boolean => can(actor, 'rentals:execute')
export const maySeeRental = (actor: Actor, rental: Owned): boolean =>
  own(actor, rental, 'own_rentals:read') || can(actor, 'rentals:read')
/** Agrees to what is asked for, or does not: whoever drove, and nobody of the house for them. */
export const mayAnswerRental = (actor: Actor, rental: Owned): boolean =>
  own(actor, rental, 'own_rentals:update')
export const mayDecideRental = (actor: Actor): boolean => can(actor, 'rentals:update')

/**
 * Pictures of ids and licences: their owner sees and sends them. Of the house only who meets customers does, each look with an entry;
 * who decides about one is never who it is about, which the books see to.
 */
export const maySeeIdentity = (actor: Actor, document: Owned): boolean =>
  own(actor, document, 'own_identity_documents:read') || mayReviewIdentity(actor)
export const mayReviewIdentity = (actor: Actor): boolean => can(actor, 'identity_documents:read')
export const maySendIdentity = (actor: Actor, document: Owned): boolean =>
  own(actor, document, 'own_identity_documents:create') || can(actor, 'identity_documents:create')
export const mayDecideIdentity = (actor: Actor): boolean => can(actor, 'identity_documents:execute')
