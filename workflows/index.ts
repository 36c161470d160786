/** The bundle: every workflow type, by the name of its export. */
export { creditNote } from './credit-note.ts'
export { invoice } from './invoice.ts'
export { lateMoney } from './late-money.ts'
export { paybillPayment } from './paybill-payment.ts'
export { payment } from './payment.ts'
export { reconcileOnSchedule, reconciliation } from './reconciliation.ts'
export { refund } from './refund.ts'
export { reservation } from './reservation.ts'
