/** One reservation's own row: locking it, changing it, and the events its changes are told by. */
import type { CollectingMode } from '../domain/charges.ts'
import type { DomainEvent, EventType, ReservationEventData } from '../domain/events.ts'
import { CURRENCY, subtract, toDecimal, type Cents } from '../domain/money.ts'
import type { ReservationStatus } from '../domain/reservations.ts'
import { toNairobiIso } from '../domain/time.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import type { Released } from './holds.ts'
import { prepared } from './prepared.ts'
import { toCents, toCount } from './values.ts'

export type ReservationRow = {
  id: string
  number: string
  customerId: string
  categoryCode: string
  vehicleId: string
  holdId: string
  wantedVehicle: boolean
  pickupLocation: string
  returnLocation: string
  pickupAt: Date
  returnAt: Date
  status: ReservationStatus
  mode: CollectingMode
  coverUntil: Date | null
  total: Cents
  paid: Cents
  holdExpiresAt: Date
  remindedAt: Date | null
  cancellationReason: string | null
  version: number
}

const COLUMNS = `id, number, customer_id AS "customerId", category_code AS "categoryCode",
  vehicle_id AS "vehicleId", hold_id AS "holdId", wanted_vehicle AS "wantedVehicle",
  pickup_location AS "pickupLocation", return_location AS "returnLocation",
  pickup_at AS "pickupAt", return_at AS "returnAt", status, mode,
  cover_until AS "coverUntil", total_cents AS total, paid_cents AS paid,
  hold_expires_at AS "holdExpiresAt", reminded_at AS "remindedAt",
  cancellation_reason AS "cancellationReason", version`

const READ = prepared(`SELECT ${COLUMNS} FROM reservations WHERE id = $1`)
const LOCK = prepared(`${READ} FOR NO KEY UPDATE`)
const LOCK_OF_PAYMENT = prepared(
  `SELECT ${COLUMNS} FROM reservations
   WHERE id = (SELECT owner_id FROM payments WHERE id = $1) FOR NO KEY UPDATE`,
)

type Raw = ReservationRow & Record<'total' | 'paid' | 'version', string>
const toRow = (raw: Raw): ReservationRow => ({
  ...raw,
  total: toCents(raw.total),
  paid: toCents(raw.paid),
  version: toCount(raw.version),
})

/** Whoever changes a booking or its money holds this lock, so that money and end never pass each other. */
export async function lockReservation(tx: Tx, id: string): Promise<ReservationRow | null> {
  const raw = await selectOne<Raw>(tx, LOCK, [id])
  return raw && toRow(raw)
}

/** The booking that this payment is for. */
export async function lockReservationOf(tx: Tx, paymentId: string): Promise<ReservationRow | null> {
  const raw = await selectOne<Raw>(tx, LOCK_OF_PAYMENT, [paymentId])
  return raw && toRow(raw)
}

export async function readReservation(
  on: Database | Tx,
  id: string,
): Promise<ReservationRow | null> {
  const raw = await selectOne<Raw>(on, READ, [id])
  return raw && toRow(raw)
}

/** Runs an INSERT INTO reservations without its RETURNING, and answers the row that it made. */
export async function insertRow(tx: Tx, insert: string, bind: unknown[]): Promise<ReservationRow> {
  const raw = await selectOne<Raw>(tx, `${insert} RETURNING ${COLUMNS}`, bind)
  if (!raw) throw new Error('the reservation was not written')
  return toRow(raw)
}

/** Counts the version up by one and answers the row as it stands. `set` is SQL of ours, never of a client. */
export async function changeReservation(
  tx: Tx,
  id: string,
  set: string,
  bind: unknown[],
): Promise<ReservationRow> {
  const raw = await selectOne<Raw>(
    tx,
    `UPDATE reservations SET version = version + 1, ${set} WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, ...bind],
  )
  if (!raw) throw new Error(`reservation ${id} does not exist`)
  return toRow(raw)
}

const dataOf = (row: ReservationRow, reason: string | null): ReservationEventData => ({
  reservation_id: row.id,
  number: row.number,
  status: row.status,
  customer_id: row.customerId,
  category: row.categoryCode,
  vehicle_id: row.vehicleId,
  pickup_location: row.pickupLocation,
  return_location: row.returnLocation,
  pickup_at: toNairobiIso(row.pickupAt),
  return_at: toNairobiIso(row.returnAt),
  currency: CURRENCY,
  total: toDecimal(row.total),
  paid: toDecimal(row.paid),
  balance: toDecimal(subtract(row.total, row.paid)),
  hold_expires_at: ['pending', 'processing'].includes(row.status)
    ? toNairobiIso(row.holdExpiresAt)
    : null,
  reason,
})

export const reservationEvent = (
  type: EventType,
  row: ReservationRow,
  reason: string | null = null,
): DomainEvent => ({ type, key: row.id, version: row.version, data: dataOf(row, reason) })

type VehicleFacts = Omit<Released, 'purpose'> & { holdId: string; purpose: string }

export const vehicleEvent = (
  type: 'vehicle.held' | 'vehicle.released',
  facts: VehicleFacts,
  reason: string | null = null,
): DomainEvent => ({
  type,
  key: facts.vehicleId,
  version: facts.version,
  data: {
    vehicle_id: facts.vehicleId,
    hold_id: facts.holdId,
    purpose: facts.purpose,
    from: toNairobiIso(facts.from),
    to: toNairobiIso(facts.to),
    reason,
  },
})
