/** One rental's own row: locking it, changing it, its two looks at the car, and the events its changes are told by. */
import type { DomainEvent } from '../domain/events.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import type { RentalEventData, RentalEventType } from '../domain/rental-events.ts'
import type { RentalTerms } from '../domain/rental-charges.ts'
import type { ConditionCheck, RentalStatus } from '../domain/rentals.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCents, toCount } from './values.ts'

export type RentalRow = {
  id: string
  number: string
  reservationId: string
  customerId: string
  vehicleId: string
  status: RentalStatus
  terms: RentalTerms
  pickedUpAt: Date
  dueAt: Date
  returnedAt: Date | null
  settledAt: Date | null
  returnLocation: string
  returnedTo: string | null
  depositChargeId: string | null
  deposit: Cents
  kept: Cents | null
  owed: Cents | null
  disputedBecause: string | null
  restReleasedAt: Date | null
  owedChargeId: string | null
  remindedAt: Date | null
  overdueToldAt: Date | null
  version: number
}

const COLUMNS = `id, number, reservation_id AS "reservationId", customer_id AS "customerId", vehicle_id AS "vehicleId", status, terms,
  picked_up_at AS "pickedUpAt", due_at AS "dueAt", returned_at AS "returnedAt", settled_at AS "settledAt",
  return_location AS "returnLocation", returned_to AS "returnedTo", deposit_charge_id AS "depositChargeId",
  deposit_cents AS deposit, kept_cents AS kept, owed_cents AS owed, disputed_because AS "disputedBecause",
  rest_released_at AS "restReleasedAt", owed_charge_id AS "owedChargeId", reminded_at AS "remindedAt", overdue_told_at AS "overdueToldAt", version`

type Raw = Omit<RentalRow, 'deposit' | 'kept' | 'owed' | 'version'> & {
  deposit: string
  kept: string | null
  owed: string | null
  version: string
}
const toRow = (raw: Raw): RentalRow => ({
  ...raw,
  deposit: toCents(raw.deposit),
  kept: raw.kept === null ? null : toCents(raw.kept),
  owed: raw.owed === null ? null : toCents(raw.owed),
  version: toCount(raw.version),
})

/** Whoever changes a rental holds its booking's lock before this one. */
export async function lockRental(tx: Tx, id: string): Promise<RentalRow | null> {
  const raw = await selectOne<Raw>(
    tx,
    `SELECT ${COLUMNS} FROM rentals WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  )
  return raw && toRow(raw)
}

export async function readRental(on: Database | Tx, id: string): Promise<RentalRow | null> {
  const raw = await selectOne<Raw>(on, `SELECT ${COLUMNS} FROM rentals WHERE id = $1`, [id])
  return raw && toRow(raw)
}

export async function readRentalOf(
  on: Database | Tx,
  reservationId: string,
): Promise<RentalRow | null> {
  const raw = await selectOne<Raw>(on, `SELECT ${COLUMNS} FROM rentals WHERE reservation_id = $1`, [
    reservationId,
  ])
  return raw && toRow(raw)
}

/** Runs an INSERT INTO rentals without its RETURNING, and answers the row that it made. */
export async function insertRental(tx: Tx, insert: string, bind: unknown[]): Promise<RentalRow> {
  const raw = await selectOne<Raw>(tx, `${insert} RETURNING ${COLUMNS}`, bind)
  if (!raw) throw new Error('the rental was not written')
  return toRow(raw)
}

/** Counts the version up by one. `set` is SQL of ours, never of a client. */
export async function changeRental(
  tx: Tx,
  id: string,
  set: string,
  bind: unknown[],
): Promise<RentalRow> {
  const raw = await selectOne<Raw>(
    tx,
    `UPDATE rentals SET version = version + 1, ${set} WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, ...bind],
  )
  if (!raw) throw new Error(`rental ${id} does not exist`)
  return toRow(raw)
}

export type CheckMoment = 'pickup' | 'return'
export type KeptCheck = ConditionCheck & { moment: CheckMoment; at: Date }
type NewCheck = {
  rental: RentalRow
  moment: CheckMoment
  at: Date
  check: ConditionCheck
  actorId: string
}

export async function keepCheck(tx: Tx, { rental, moment, at, check, actorId }: NewCheck) {
  await select(
    tx,
    `INSERT INTO rental_checks (rental_id, moment, vehicle_id, at, odometer_km, fuel_eighths, cleanliness, marks, made_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      rental.id,
      moment,
      rental.vehicleId,
      at,
      check.odometerKm,
      check.fuelEighths,
      check.cleanliness,
      JSON.stringify(check.marks),
      actorId,
    ],
  )
}

export const readChecks = (on: Database | Tx, rentalId: string): Promise<KeptCheck[]> =>
  select(
    on,
    `SELECT moment, at, odometer_km AS "odometerKm", fuel_eighths AS "fuelEighths", cleanliness, marks
     FROM rental_checks WHERE rental_id = $1 ORDER BY at, moment`,
    [rentalId],
  )

type Told = { reason?: string; asked?: Cents }

const dataOf = (row: RentalRow, { reason, asked }: Told): RentalEventData => ({
  rental_id: row.id,
  number: row.number,
  reservation_id: row.reservationId,
  customer_id: row.customerId,
  vehicle_id: row.vehicleId,
  status: row.status,
  picked_up_at: toNairobiIso(row.pickedUpAt),
  due_at: toNairobiIso(row.dueAt),
  returned_at: row.returnedAt && toNairobiIso(row.returnedAt),
  return_location: row.returnedTo ?? row.returnLocation,
  currency: CURRENCY,
  asked: asked === undefined ? null : toDecimal(asked),
  deposit: toDecimal(row.deposit),
  kept: row.kept === null ? null : toDecimal(row.kept),
  owed: row.owed === null ? null : toDecimal(row.owed),
  reason: reason ?? null,
})

export const rentalEvent = (
  type: RentalEventType,
  row: RentalRow,
  told: Told = {},
): DomainEvent => ({ type, key: row.id, version: row.version, data: dataOf(row, told) })

type Entry = { actor: string; action: string; after?: object; why?: string | null }

export const auditRental = (
  tx: Tx,
  row: RentalRow,
  { actor, action, after = {}, why = null }: Entry,
) =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'rental',
    entityId: row.id,
    after: { number: row.number, status: row.status, ...after },
    why,
  })
