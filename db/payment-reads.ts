/** Reading payments for pages and the API. */
import { select, type Database } from './connection.ts'
import {
  PAYMENT_COLUMNS,
  readPayment,
  toPayment,
  type PaymentRow,
  type RawPayment,
} from './payment-rows.ts'
import { readCursor, writeCursor } from './values.ts'

export type PaymentDetail = PaymentRow
export const findPayment = (db: Database, id: string): Promise<PaymentDetail | null> =>
  readPayment(db, id)

type Filter = { ownerId?: string; customerId?: string; cursor?: string; limit: number }

/** Newest first. */
export async function listPayments(
  db: Database,
  filter: Filter,
): Promise<{ items: PaymentDetail[]; next: string | null }> {
  const after = readCursor(filter.cursor)
  const rows = await select<RawPayment>(
    db,
    `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE ($1::uuid IS NULL OR owner_id = $1)
       AND ($5::uuid IS NULL OR customer_id = $5)
       AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', requested_at), id) < ($2, $3::uuid))
     ORDER BY date_trunc('milliseconds', requested_at) DESC, id DESC LIMIT $4`,
    [
      filter.ownerId ?? null,
      after?.at ?? null,
      after?.id ?? null,
      filter.limit + 1,
      filter.customerId ?? null,
    ],
  )
  const items = rows.slice(0, filter.limit).map(toPayment)
  const last = items.at(-1)
  return {
    items,
    next: rows.length > filter.limit && last ? writeCursor(last.requestedAt, last.id) : null,
  }
}
