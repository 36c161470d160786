/** Reading a payment for pages and the API. */
import type { Database } from './connection.ts'
import { readPayment, type PaymentRow } from './payment-rows.ts'

export type PaymentDetail = PaymentRow
export const findPayment = (db: Database, id: string): Promise<PaymentDetail | null> =>
  readPayment(db, id)
