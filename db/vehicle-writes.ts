/** Adding cars, changing what is known of them, and taking them out of the fleet. Each change is audited with what was before. */
import { UniqueConstraintError } from 'sequelize'
import { BusinessError, type ErrorCode } from '../domain/errors.ts'
import type { VehicleFacts, VehicleRecord } from '../domain/fleet.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { findCategory, findLocation } from './fleet.ts'
import { findVehicleRecord } from './vehicles.ts'

const COLUMNS = {
  plate: 'plate',
  vin: 'vin',
  categoryCode: 'category_code',
  make: 'make',
  model: 'model',
  year: 'year',
  colour: 'colour',
  locationCode: 'location_code',
  mileageKm: 'mileage_km',
  fuelCapacityL: 'fuel_capacity_l',
  boughtOn: 'bought_on',
  boughtFor: 'bought_for_cents',
  condition: 'condition',
  lastServiceOn: 'last_service_on',
  nextServiceKm: 'next_service_km',
  insurancePolicy: 'insurance_policy',
  insuranceExpiresOn: 'insurance_expires_on',
  registrationExpiresOn: 'registration_expires_on',
  gpsDevice: 'gps_device',
} as const satisfies Record<keyof VehicleFacts, string>
const NAMES = Object.keys(COLUMNS) as (keyof VehicleFacts)[]

const none = () => new BusinessError('NOT_FOUND', 'We have no such car.')
const field = (code: ErrorCode, path: string, message: string) =>
  new BusinessError(code, message, { fields: [{ path, message }] })

async function assertKnown(tx: Tx, facts: Partial<VehicleFacts>): Promise<void> {
  const { categoryCode, locationCode } = facts
  if (categoryCode && !(await findCategory(tx, categoryCode)))
    throw field('UNKNOWN_CATEGORY', 'category', 'We have no such category.')
  if (locationCode && !(await findLocation(tx, locationCode)))
    throw field('UNKNOWN_LOCATION', 'location', 'We have no such place.')
}

/** The constraints decide, so that two who add the same car at once cannot both. */
function toTaken(error: unknown): unknown {
  if (!(error instanceof UniqueConstraintError)) return error
  const { constraint } = error.parent as { constraint?: string }
  if (constraint === 'vehicles_plate_key')
    return field('INVALID_INPUT', 'plate', 'Another car of ours has this plate.')
  if (constraint === 'vehicles_vin_key')
    return field('INVALID_INPUT', 'vin', 'Another car of ours has this VIN.')
  return error
}

type NewCar = { id: string; facts: VehicleFacts; actorId: string }

/** The id is made once by whoever asks, so that a repeat adds one car. Throws INVALID_INPUT for a plate or VIN that is taken. */
export async function createVehicle(
  tx: Tx,
  { id, facts, actorId }: NewCar,
): Promise<VehicleRecord> {
  const standing = await findVehicleRecord(tx, id)
  if (standing) return standing
  await assertKnown(tx, facts)
  await select(
    tx,
    "INSERT INTO resources (id, kind) VALUES ($1, 'vehicle') ON CONFLICT DO NOTHING RETURNING id",
    [id],
  )
  const columns = NAMES.map((name) => COLUMNS[name])
  const bound = NAMES.map((_, nth) => `$${nth + 3}`)
  const made = await select(
    tx,
    `INSERT INTO vehicles (id, created_by, updated_by, number, ${columns.join(', ')})
     VALUES ($1, $2, $2, 'VEH-' || nextval('vehicle_number_seq'), ${bound.join(', ')})
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, actorId, ...NAMES.map((name) => facts[name])],
  ).catch((error: unknown) => {
    throw toTaken(error)
  })
  if (made.length > 0) await audit(tx, 'vehicle.created', { id, actorId, after: facts })
  return (await findVehicleRecord(tx, id)) as VehicleRecord
}

type Audited = { id: string; actorId: string; before?: object; after?: object; why?: string | null }
const audit = (tx: Tx, action: string, { id, actorId, ...rest }: Audited): Promise<void> =>
  appendAudit(tx, { actor: actorId, action, entity: 'vehicle', entityId: id, ...rest })

/** Whoever holds a car locks it before, so that nobody books it between this look and the end of the transaction. */
async function lockVehicle(tx: Tx, id: string, version: number | null): Promise<VehicleRecord> {
  const locked = await selectOne(tx, 'SELECT id FROM vehicles WHERE id = $1 FOR UPDATE', [id])
  const found = locked && (await findVehicleRecord(tx, id))
  if (!found) throw none()
  if (version !== null && found.version !== version)
    throw new BusinessError(
      'CHANGED_MEANWHILE',
      'Somebody else has changed this car meanwhile. Read it again and look.',
    )
  return found
}

/** What people have booked stands: its place, its category, and that there is a car at all. */
async function assertNotBooked(tx: Tx, id: string, what: string): Promise<void> {
  const booked = await selectOne(
    tx,
    `SELECT id FROM holds WHERE resource_id = $1 AND state IN ('held', 'confirmed', 'active')
       AND (upper_inf(period) OR upper(period) > now()) LIMIT 1`,
    [id],
  )
  if (booked) throw new BusinessError('VEHICLE_BOOKED', `It is booked, so ${what}.`)
}

type Change = { changes: Partial<VehicleFacts>; version: number | null; actorId: string }

/**
 * What is not named stays. Throws CHANGED_MEANWHILE unless `version`, where one is given, is the one that stands, VEHICLE_BOOKED
 * for another category or place of a car that is booked, INVALID_INPUT for a plate or VIN that is taken.
 */
export async function changeVehicle(tx: Tx, id: string, change: Change): Promise<VehicleRecord> {
  const { changes, version, actorId } = change
  const before = await lockVehicle(tx, id, version)
  if (!before.active)
    throw new BusinessError('NOT_FOUND', 'This car was taken out of the fleet and stays as it was.')
  await assertKnown(tx, changes)
  const names = NAMES.filter((name) => name in changes && changes[name] !== before[name])
  if (names.length === 0) return before
  if (names.includes('categoryCode'))
    await assertNotBooked(tx, id, 'its category cannot change now')
  if (names.includes('locationCode')) await assertNotBooked(tx, id, 'its place cannot change now')
  const set = names.map((name, nth) => `${COLUMNS[name]} = $${nth + 3}`)
  // Whoever looks for a car in this moment is told by its event version that it is another one.
  await select(
    tx,
    `UPDATE vehicles SET version = version + 1, event_version = event_version + 1, updated_by = $2,
       updated_at = now(), ${set.join(', ')} WHERE id = $1 RETURNING id`,
    [id, actorId, ...names.map((name) => changes[name])],
  ).catch((error: unknown) => {
    throw toTaken(error)
  })
  const only = (of: Partial<VehicleFacts>) =>
    Object.fromEntries(names.map((name) => [name, of[name]]))
  await audit(tx, 'vehicle.changed', { id, actorId, before: only(before), after: only(changes) })
  return (await findVehicleRecord(tx, id)) as VehicleRecord
}

type Retirement = { version: number | null; actorId: string }

/** It keeps its record and what was booked with it; nobody finds or books it any more. Throws VEHICLE_BOOKED, CHANGED_MEANWHILE. */
export async function retireVehicle(tx: Tx, id: string, retirement: Retirement): Promise<void> {
  const { version, actorId } = retirement
  const before = await lockVehicle(tx, id, version)
  if (!before.active) return
  await assertNotBooked(tx, id, 'it cannot leave the fleet now')
  await select(
    tx,
    `UPDATE vehicles SET active = false, status = CASE status WHEN 'sold' THEN status ELSE 'retired' END,
       version = version + 1, event_version = event_version + 1, updated_by = $2, updated_at = now()
     WHERE id = $1 RETURNING id`,
    [id, actorId],
  )
  await audit(tx, 'vehicle.retired', { id, actorId, before: { status: before.status } })
}
