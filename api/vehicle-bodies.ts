/** A car as staff see it: all that is known of it. Everybody else sees what `fleet-bodies.ts` shows. */
import { z } from '@hono/zod-openapi'
import type { VehicleRecord } from '../domain/fleet.ts'
import { toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import { toVehicle, vehicleBody } from './fleet-bodies.ts'

const day = z.string().nullable().openapi({ format: 'date', example: '2027-03-31' })

/** Together there or not at all. */
const record = z.object({
  vin: z.string(),
  mileage_km: z.number().int(),
  fuel_capacity_l: z.number().int().nullable(),
  bought_on: day,
  bought_for: z.string().nullable(),
  condition: z.number().int(),
  last_service_on: day,
  next_service_km: z.number().int().nullable(),
  insurance_policy: z.string().nullable(),
  insurance_expires_on: day,
  registration_expires_on: day,
  gps_device: z.string().nullable(),
  status: z.string(),
  active: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
})

export const shownVehicle = vehicleBody
  .extend(record.partial().shape)
  .openapi('VehicleShown', { description: 'All behind `picture` is for staff' })
export const vehicleRecord = vehicleBody.extend(record.shape).openapi('VehicleRecord')

type Bodies = Map<string, string>

export const toShownVehicle =
  (bodies: Bodies, staff: boolean) =>
  (car: VehicleRecord): z.infer<typeof shownVehicle> =>
    staff ? toVehicleRecord(bodies)(car) : toVehicle(bodies)(car)

export const toVehicleRecord =
  (bodies: Bodies) =>
  (car: VehicleRecord): z.infer<typeof vehicleRecord> => ({
    ...toVehicle(bodies)(car),
    vin: car.vin,
    mileage_km: car.mileageKm,
    fuel_capacity_l: car.fuelCapacityL,
    bought_on: car.boughtOn,
    bought_for: car.boughtFor === null ? null : toDecimal(car.boughtFor),
    condition: car.condition,
    last_service_on: car.lastServiceOn,
    next_service_km: car.nextServiceKm,
    insurance_policy: car.insurancePolicy,
    insurance_expires_on: car.insuranceExpiresOn,
    registration_expires_on: car.registrationExpiresOn,
    gps_device: car.gpsDevice,
    status: car.status,
    active: car.active,
    created_at: toNairobiIso(car.createdAt),
    updated_at: toNairobiIso(car.updatedAt),
  })
