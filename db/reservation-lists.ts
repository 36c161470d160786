/** Bookings by the page, in the order and of the kind that somebody asks for. */
import type { ReservationStatus } from '../domain/reservations.ts'
import { select, type Database } from './connection.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import {
  RESERVATION_COLUMNS,
  RESERVATION_SOURCE,
  toReservation,
  type RawReservation,
  type ReservationDetail,
} from './reservation-reads.ts'

export const RESERVATION_SORTS = {
  created_at: { column: 'r.created_at', type: 'time' },
  pickup_at: { column: 'r.pickup_at', type: 'time' },
  return_at: { column: 'r.return_at', type: 'time' },
} as const satisfies Keys<string>

type Sort = keyof typeof RESERVATION_SORTS

export type ReservationFilter = Partial<PageWish<Sort>> & {
  limit: number
  customerId?: string | undefined
  statuses?: readonly ReservationStatus[] | undefined
  category?: string | undefined
  vehicleId?: string | undefined
  pickupLocation?: string | undefined
  number?: string | undefined
  /** Of the pick-up: the first moment counts, the last one does not. */
  from?: Date | undefined
  to?: Date | undefined
}

/** Newest first unless another order is asked for. */
export async function listReservations(
  db: Database,
  filter: ReservationFilter,
): Promise<Page<ReservationDetail>> {
  const { sort = 'created_at', descending = true, limit, cursor } = filter
  const wish: PageWish<Sort> = { sort, descending, limit, cursor }
  const by = paged(RESERVATION_SORTS, wish, { from: 9, id: 'r.id' })
  const rows = await select<RawReservation & { pageKey: string }>(
    db,
    `SELECT ${RESERVATION_COLUMNS}, ${by.columns} ${RESERVATION_SOURCE}
     WHERE ($1::uuid IS NULL OR r.customer_id = $1) AND ($2::text[] IS NULL OR r.status = ANY ($2))
       AND ($3::text IS NULL OR r.category_code = $3) AND ($4::uuid IS NULL OR r.vehicle_id = $4)
       AND ($5::text IS NULL OR r.pickup_location = $5) AND ($6::text IS NULL OR r.number = $6)
       AND ($7::timestamptz IS NULL OR r.pickup_at >= $7) AND ($8::timestamptz IS NULL OR r.pickup_at < $8)
       AND ${by.after} ${by.order}`,
    [
      filter.customerId ?? null,
      filter.statuses ?? null,
      filter.category ?? null,
      filter.vehicleId ?? null,
      filter.pickupLocation ?? null,
      filter.number ?? null,
      filter.from ?? null,
      filter.to ?? null,
      ...by.bind,
    ],
  )
  return by.page(rows, (row) => toReservation(db, row))
}
