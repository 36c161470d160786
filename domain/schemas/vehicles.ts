/** What whoever looks after the fleet sends about a car. A number, a status and a price of a booking are never theirs to say. */
import { z } from 'zod'
import { COLOURS, VEHICLE_LIMITS, type VehicleFacts } from '../fleet.ts'
import { decimalAmount } from './amounts.ts'

const { wordLength, firstYear, mileageKm } = VEHICLE_LIMITS

const word = (what: string) =>
  z
    .string(`Say ${what}.`)
    .trim()
    .min(1, `Say ${what}.`)
    .max(wordLength, `At most ${wordLength} characters.`)
    .regex(/^[^\p{Cc}<>]*$/u, 'Neither < nor >, nor line breaks.')
const code = (missing: string) =>
  z
    .string(missing)
    .trim()
    .regex(/^[A-Z0-9-]{2,20}$/i, 'This is not a code of ours.')
    .transform((text) => text.toUpperCase())
const day = z.iso.date('Say a day as 2026-11-27.')
const whole = (what: string, most: number) =>
  z.number(`Say ${what} as a number.`).int(`Say ${what} as a whole number.`).min(0).max(most)

/** `kda137a` is `KDA 137A`; plates of other kinds stay as they are, with single spaces. */
const plate = z
  .string('Say the plate.')
  .transform((text) => text.trim().toUpperCase().replaceAll(/\s+/g, ' '))
  .transform((text) => text.replace(/^([A-Z]{3}) ?(\d{3}[A-Z]?)$/, '$1 $2'))
  .pipe(z.string().regex(/^[A-Z0-9][A-Z0-9 -]{1,11}$/, 'Write the plate like KDA 137A.'))

const vin = z
  .string('Say the VIN.')
  .trim()
  .toUpperCase()
  .regex(/^[A-HJ-NPR-Z0-9]{17}$/, 'A VIN has 17 letters and digits, without I, O and Q.')

const needed = {
  plate,
  vin,
  category: code('Choose a category.'),
  make: word('the make'),
  model: word('the model'),
  year: z
    .number('Say the year as a number.')
    .int()
    .min(firstYear, `No car of ours is older than ${firstYear}.`)
    .refine((year) => year <= new Date().getFullYear() + 1, 'This year has not come yet.'),
  colour: z.enum(COLOURS, { error: `Choose one of ${COLOURS.join(', ')}.` }),
  location: code('Choose a place.'),
}

const known = {
  mileage_km: whole('the kilometres', mileageKm),
  condition: z.number('Say 1 to 5.').int('Say 1 to 5.').min(1, 'Say 1 to 5.').max(5, 'Say 1 to 5.'),
}

const perhaps = {
  fuel_capacity_l: whole('the litres', 1_000).nullable(),
  bought_on: day.nullable(),
  bought_for: decimalAmount.nullable(),
  last_service_on: day.nullable(),
  next_service_km: whole('the kilometres', mileageKm).nullable(),
  insurance_policy: word('the policy').nullable(),
  insurance_expires_on: day.nullable(),
  registration_expires_on: day.nullable(),
  gps_device: word('the device').nullable(),
}

/** All that is not said is not known. */
export const vehicleRequest = z.strictObject({
  ...needed,
  mileage_km: known.mileage_km.default(0),
  condition: known.condition.default(5),
  fuel_capacity_l: perhaps.fuel_capacity_l.default(null),
  bought_on: perhaps.bought_on.default(null),
  bought_for: perhaps.bought_for.default(null),
  last_service_on: perhaps.last_service_on.default(null),
  next_service_km: perhaps.next_service_km.default(null),
  insurance_policy: perhaps.insurance_policy.default(null),
  insurance_expires_on: perhaps.insurance_expires_on.default(null),
  registration_expires_on: perhaps.registration_expires_on.default(null),
  gps_device: perhaps.gps_device.default(null),
})

/** What is not said stays as it is; null takes away what was known. */
export const vehiclePatch = z
  .strictObject({ ...needed, ...known, ...perhaps })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'Say what to change.')

type Said = z.infer<typeof vehicleRequest>

const NAMES = {
  plate: 'plate',
  vin: 'vin',
  category: 'categoryCode',
  make: 'make',
  model: 'model',
  year: 'year',
  colour: 'colour',
  location: 'locationCode',
  mileage_km: 'mileageKm',
  fuel_capacity_l: 'fuelCapacityL',
  bought_on: 'boughtOn',
  bought_for: 'boughtFor',
  condition: 'condition',
  last_service_on: 'lastServiceOn',
  next_service_km: 'nextServiceKm',
  insurance_policy: 'insurancePolicy',
  insurance_expires_on: 'insuranceExpiresOn',
  registration_expires_on: 'registrationExpiresOn',
  gps_device: 'gpsDevice',
} as const satisfies Record<keyof Said, keyof VehicleFacts>

const named = (said: Partial<Said>) =>
  Object.fromEntries(
    Object.entries(said).map(([name, value]) => [NAMES[name as keyof Said], value]),
  )

export const toVehicleFacts = (said: Said): VehicleFacts => named(said) as VehicleFacts
export const toVehicleChanges = (said: z.infer<typeof vehiclePatch>): Partial<VehicleFacts> =>
  named(said)
