/** Setting the fleet up. Running the same again changes nothing. */
import type { Location, VehicleCategory } from '../domain/fleet.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Tx } from './connection.ts'

export async function saveLocation(tx: Tx, one: Location): Promise<void> {
  await select(
    tx,
    `INSERT INTO locations (code, name, kind, city, address, phone, latitude, longitude, opening_hours,
       pickup_allowed, return_allowed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)
     ON CONFLICT (code) DO NOTHING`,
    [
      one.code,
      one.name,
      one.kind,
      one.city,
      one.address,
      one.phone,
      one.latitude,
      one.longitude,
      JSON.stringify(one.openingHours),
      one.pickupAllowed,
      one.returnAllowed,
    ],
  )
}

type Fee = { from: string; to: string; fee: Cents }

export async function saveLocationFee(tx: Tx, { from, to, fee }: Fee): Promise<void> {
  await select(
    tx,
    `INSERT INTO location_fees (from_code, to_code, fee_cents) VALUES ($1, $2, $3)
     ON CONFLICT (from_code, to_code) DO NOTHING`,
    [from, to, fee],
  )
}

export async function saveCategory(tx: Tx, one: VehicleCategory): Promise<void> {
  await select(
    tx,
    `INSERT INTO vehicle_categories (code, name, description, body_type, daily_rate_cents,
       hourly_rate_cents, per_km_rate_cents, deposit_cents, seats, luggage, transmission, fuel)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (code) DO NOTHING`,
    [
      one.code,
      one.name,
      one.description,
      one.bodyType,
      one.dailyRate,
      one.hourlyRate,
      one.perKmRate,
      one.deposit,
      one.seats,
      one.luggage,
      one.transmission,
      one.fuel,
    ],
  )
}

export type NewVehicle = {
  number: string
  plate: string
  vin: string
  make: string
  model: string
  year: number
  colour: string
  categoryCode: string
  locationCode: string
  mileageKm: number
  fuelCapacityL: number
}

/** Answers the id, also of a car that stood already. */
export async function saveVehicle(tx: Tx, one: NewVehicle): Promise<string> {
  const known = await selectOne<{ id: string }>(tx, 'SELECT id FROM vehicles WHERE vin = $1', [
    one.vin,
  ])
  if (known) return known.id
  const row = await selectOne<{ id: string }>(
    tx,
    `WITH resource AS (INSERT INTO resources (kind) VALUES ('vehicle') RETURNING id)
     INSERT INTO vehicles (id, number, plate, vin, make, model, year, colour, category_code, location_code,
       mileage_km, fuel_capacity_l)
     SELECT id, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM resource RETURNING id`,
    [
      one.number,
      one.plate,
      one.vin,
      one.make,
      one.model,
      one.year,
      one.colour,
      one.categoryCode,
      one.locationCode,
      one.mileageKm,
      one.fuelCapacityL,
    ],
  )
  return row?.id ?? ''
}
