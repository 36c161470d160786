/** Rentals as they are shown: one with all that was seen and asked for, and lists. */
import type { Cents } from '../domain/money.ts'
import type { RentalStatus } from '../domain/rentals.ts'
import type { OpenRentalRow } from '../domain/staff-pages.ts'
import { select, selectOne, type Database } from './connection.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { readRentalCharges, type KeptCharge } from './rental-charge-rows.ts'
import {
  readChecks,
  readRental,
  readRentalOf,
  type KeptCheck,
  type RentalRow,
} from './rental-rows.ts'
import { toCents } from './values.ts'

export type RentalDetail = RentalRow & {
  reservationNumber: string
  plate: string
  checks: KeptCheck[]
  charges: KeptCharge[]
  /** What of the deposit goes back, each part by the refund that sends it. */
  refunds: { refundId: string; amount: Cents; status: string | null }[]
}

async function detailOf(db: Database, row: RentalRow): Promise<RentalDetail> {
  const names = await selectOne<{ reservationNumber: string; plate: string }>(
    db,
    `SELECT r.number AS "reservationNumber", v.plate FROM reservations r, vehicles v WHERE r.id = $1 AND v.id = $2`,
    [row.reservationId, row.vehicleId],
  )
  const refunds = await select<{ refundId: string; amount: string; status: string | null }>(
    db,
    `SELECT f.refund_id AS "refundId", f.amount_cents AS amount, d.status FROM rental_refunds f
     LEFT JOIN refunds d ON d.id = f.refund_id WHERE f.rental_id = $1 ORDER BY f.decided_at, f.refund_id`,
    [row.id],
  )
  return {
    ...row,
    reservationNumber: names?.reservationNumber ?? '',
    plate: names?.plate ?? '',
    checks: await readChecks(db, row.id),
    charges: await readRentalCharges(db, row.id),
    refunds: refunds.map((one) => ({ ...one, amount: toCents(one.amount) })),
  }
}

export async function findRental(db: Database, id: string): Promise<RentalDetail | null> {
  const row = await readRental(db, id)
  return row && detailOf(db, row)
}

export async function findRentalOf(
  db: Database,
  reservationId: string,
): Promise<RentalDetail | null> {
  const row = await readRentalOf(db, reservationId)
  return row && detailOf(db, row)
}

const OPEN_ROWS = 100
const open = (db: Database, where: string, order: string, now: Date): Promise<OpenRentalRow[]> =>
  select(
    db,
    `SELECT l.reservation_id AS "reservationId", l.number, v.plate, trim(u.first_name || ' ' || u.last_name) AS "customerName",
       l.due_at AS "dueAt", l.returned_at AS "returnedAt"
     FROM rentals l JOIN vehicles v ON v.id = l.vehicle_id JOIN users u ON u.id = l.customer_id
     WHERE $1::timestamptz IS NOT NULL AND ${where} ORDER BY ${order} LIMIT ${OPEN_ROWS}`,
    [now],
  )

/** What somebody has to see to: cars that are not back although their time is over, and what customers do not agree with. */
export const listForCounter = async (db: Database, now: Date) => ({
  overdue: await open(
    db,
    "l.status = 'on_the_road' AND l.due_at + (l.terms ->> 'graceMs')::bigint * interval '1 millisecond' < $1",
    'l.due_at',
    now,
  ),
  disputed: await open(db, "l.status = 'disputed'", 'l.returned_at', now),
})

export const RENTAL_SORTS = {
  due_at: { column: 'l.due_at', type: 'time' },
  picked_up_at: { column: 'l.picked_up_at', type: 'time' },
} as const satisfies Keys<string>

export type RentalFilter = PageWish<keyof typeof RENTAL_SORTS> & {
  /** Null: everybody’s. */
  customerId: string | null
  status?: RentalStatus | undefined
}

export type ListedRental = {
  id: string
  number: string
  reservationId: string
  reservationNumber: string
  customerId: string
  plate: string
  status: RentalStatus
  pickedUpAt: Date
  dueAt: Date
  returnedAt: Date | null
}

export async function listRentals(db: Database, filter: RentalFilter): Promise<Page<ListedRental>> {
  const by = paged(RENTAL_SORTS, filter, { from: 3, id: 'l.id' })
  const rows = await select<ListedRental & { pageKey: string }>(
    db,
    `SELECT l.id, l.number, l.reservation_id AS "reservationId", r.number AS "reservationNumber", l.customer_id AS "customerId",
       v.plate, l.status, l.picked_up_at AS "pickedUpAt", l.due_at AS "dueAt", l.returned_at AS "returnedAt", ${by.columns}
     FROM rentals l JOIN reservations r ON r.id = l.reservation_id JOIN vehicles v ON v.id = l.vehicle_id
     WHERE ($1::uuid IS NULL OR l.customer_id = $1) AND ($2::text IS NULL OR l.status = $2) AND ${by.after} ${by.order}`,
    [filter.customerId, filter.status ?? null, ...by.bind],
  )
  return by.page(rows, (row) => row)
}
