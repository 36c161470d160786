/** Payments by the page, of the kind that somebody asks for. */
import type { PaymentMethod, PaymentStatus } from '../domain/payments.ts'
import { select, type Database } from './connection.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { PAYMENT_COLUMNS, toPayment, type PaymentRow, type RawPayment } from './payment-rows.ts'

export const PAYMENT_SORTS = {
  requested_at: { column: 'requested_at', type: 'time' },
} as const satisfies Keys<string>

type Sort = keyof typeof PAYMENT_SORTS

export type PaymentFilter = Partial<PageWish<Sort>> & {
  limit: number
  ownerId?: string | undefined
  customerId?: string | undefined
  statuses?: readonly PaymentStatus[] | undefined
  method?: PaymentMethod | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/** Newest first unless another order is asked for. */
export async function listPayments(db: Database, filter: PaymentFilter): Promise<Page<PaymentRow>> {
  const { sort = 'requested_at', descending = true, limit, cursor } = filter
  const by = paged(PAYMENT_SORTS, { sort, descending, limit, cursor }, { from: 7 })
  const rows = await select<RawPayment & { pageKey: string }>(
    db,
    `SELECT ${PAYMENT_COLUMNS}, ${by.columns} FROM payments
     WHERE ($1::uuid IS NULL OR owner_id = $1) AND ($2::uuid IS NULL OR customer_id = $2)
       AND ($3::text[] IS NULL OR status = ANY ($3)) AND ($4::text IS NULL OR method = $4)
       AND ($5::timestamptz IS NULL OR requested_at >= $5) AND ($6::timestamptz IS NULL OR requested_at < $6)
       AND ${by.after} ${by.order}`,
    [
      filter.ownerId ?? null,
      filter.customerId ?? null,
      filter.statuses ?? null,
      filter.method ?? null,
      filter.from ?? null,
      filter.to ?? null,
      ...by.bind,
    ],
  )
  return by.page(rows, (row) => toPayment(db, row))
}
