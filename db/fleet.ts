/** Locations, categories and vehicles. */
import type { Location, Vehicle, VehicleCategory } from '../domain/fleet.ts'
import { ZERO, type Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

const LOCATION = `code, name, kind, city, address, phone, latitude, longitude,
  opening_hours AS "openingHours", pickup_allowed AS "pickupAllowed", return_allowed AS "returnAllowed"`

export const CATEGORY_COLUMNS = `c.code, c.name, c.description, c.body_type AS "bodyType",
  c.daily_rate_cents AS "dailyRate", c.hourly_rate_cents AS "hourlyRate",
  c.per_km_rate_cents AS "perKmRate", c.deposit_cents AS deposit, c.seats, c.luggage, c.transmission, c.fuel`

export const VEHICLE_COLUMNS = `v.id, v.number, v.plate, v.vin, v.make, v.model, v.year, v.colour,
  v.category_code AS "categoryCode", v.location_code AS "locationCode", v.status,
  v.mileage_km AS "mileageKm"`

type CategoryRow = Record<'dailyRate' | 'hourlyRate' | 'perKmRate' | 'deposit', string>

export const toCategory = (row: VehicleCategory & CategoryRow): VehicleCategory => ({
  ...row,
  dailyRate: toCents(row.dailyRate),
  hourlyRate: toCents(row.hourlyRate),
  perKmRate: toCents(row.perKmRate),
  deposit: toCents(row.deposit),
})

export const listLocations = (on: Database | Tx): Promise<Location[]> =>
  select(on, `SELECT ${LOCATION} FROM locations WHERE active ORDER BY city DESC, code`)

export const findLocation = (on: Database | Tx, code: string): Promise<Location | null> =>
  selectOne(on, `SELECT ${LOCATION} FROM locations WHERE active AND code = $1`, [code])

export async function listCategories(on: Database | Tx): Promise<VehicleCategory[]> {
  const rows = await select<VehicleCategory & CategoryRow>(
    on,
    `SELECT ${CATEGORY_COLUMNS} FROM vehicle_categories c WHERE c.active ORDER BY c.daily_rate_cents`,
  )
  return rows.map(toCategory)
}

export async function findCategory(
  on: Database | Tx,
  code: string,
): Promise<VehicleCategory | null> {
  const row = await selectOne<VehicleCategory & CategoryRow>(
    on,
    `SELECT ${CATEGORY_COLUMNS} FROM vehicle_categories c WHERE c.active AND c.code = $1`,
    [code],
  )
  return row && toCategory(row)
}

/** Zero when the car comes back where it left, or when the owner charges nothing for that way. */
export async function oneWayFee(on: Database | Tx, from: string, to: string): Promise<Cents> {
  if (from === to) return ZERO
  const row = await selectOne<{ fee: string }>(
    on,
    'SELECT fee_cents AS fee FROM location_fees WHERE from_code = $1 AND to_code = $2',
    [from, to],
  )
  return row ? toCents(row.fee) : ZERO
}

export const findVehicle = (on: Database | Tx, id: string): Promise<Vehicle | null> =>
  selectOne(on, `SELECT ${VEHICLE_COLUMNS} FROM vehicles v WHERE v.active AND v.id = $1`, [id])
