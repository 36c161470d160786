/** The fleet by the page, and all that is known of one car. */
import type { VehicleRecord, VehicleStatus } from '../domain/fleet.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { contains, readDeskWords } from './desk-words.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { toCents } from './values.ts'

const RECORD = `v.id, v.number, v.plate, v.vin, v.category_code AS "categoryCode", v.make, v.model, v.year, v.colour,
  v.location_code AS "locationCode", v.mileage_km AS "mileageKm", v.fuel_capacity_l AS "fuelCapacityL",
  v.bought_on::text AS "boughtOn", v.bought_for_cents AS "boughtFor", v.condition,
  v.last_service_on::text AS "lastServiceOn", v.next_service_km AS "nextServiceKm",
  v.insurance_policy AS "insurancePolicy", v.insurance_expires_on::text AS "insuranceExpiresOn",
  v.registration_expires_on::text AS "registrationExpiresOn", v.gps_device AS "gpsDevice",
  v.status, v.active, v.version, v.created_at AS "createdAt", v.updated_at AS "updatedAt"`

type Raw = Omit<VehicleRecord, 'boughtFor'> & { boughtFor: string | null }
const toRecord = (raw: Raw): VehicleRecord => ({
  ...raw,
  boughtFor: raw.boughtFor === null ? null : toCents(raw.boughtFor),
})

export async function findVehicleRecord(
  on: Database | Tx,
  id: string,
): Promise<VehicleRecord | null> {
  const raw = await selectOne<Raw>(on, `SELECT ${RECORD} FROM vehicles v WHERE v.id = $1`, [id])
  return raw && toRecord(raw)
}

export const VEHICLE_SORTS = {
  number: { column: 'v.number', type: 'text' },
  plate: { column: 'v.plate', type: 'text' },
  year: { column: 'v.year', type: 'whole' },
  created_at: { column: 'v.created_at', type: 'time' },
} as const satisfies Keys<string>

export type VehicleFilter = PageWish<keyof typeof VEHICLE_SORTS> & {
  /** Part of a plate, of a number, or of make and model. */
  text?: string | undefined
  category?: string | undefined
  location?: string | undefined
  colour?: string | undefined
  minimumYear?: number | undefined
  maximumYear?: number | undefined
  status?: VehicleStatus | undefined
  /** Null for those in the fleet and those that have left it. */
  active: boolean | null
}

/** Ids of cars. Each column by itself, because one question with OR between them reads the whole fleet. */
const FOUND = `SELECT id FROM vehicles WHERE replace(plate, ' ', '') ILIKE '%' || replace($1, ' ', '') || '%'
  UNION SELECT id FROM vehicles WHERE ${contains("(make || ' ' || model)")}
  UNION SELECT id FROM vehicles WHERE number = upper($1)`

export async function listVehicles(
  db: Database,
  filter: VehicleFilter,
): Promise<Page<VehicleRecord>> {
  const words = readDeskWords(db, filter.text ?? '')?.words ?? ''
  const by = paged(VEHICLE_SORTS, filter, { from: 9, id: 'v.id' })
  const rows = await select<Raw & { pageKey: string }>(
    db,
    `SELECT ${RECORD}, ${by.columns} FROM vehicles v
     WHERE ${words ? `v.id IN (${FOUND})` : "$1 = ''"}
       AND ($2::text IS NULL OR v.category_code = $2) AND ($3::text IS NULL OR v.location_code = $3)
       AND ($4::text IS NULL OR v.colour = $4) AND ($5::integer IS NULL OR v.year >= $5)
       AND ($6::integer IS NULL OR v.year <= $6) AND ($7::text IS NULL OR v.status = $7)
       AND ($8::boolean IS NULL OR v.active = $8) AND ${by.after} ${by.order}`,
    [
      words,
      filter.category ?? null,
      filter.location ?? null,
      filter.colour ?? null,
      filter.minimumYear ?? null,
      filter.maximumYear ?? null,
      filter.status ?? null,
      filter.active,
      ...by.bind,
    ],
  )
  return by.page(rows, toRecord)
}
