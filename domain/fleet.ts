/** Locations, categories and vehicles as the rest of Gari sees them, and when a place is open. */
import type { Cents } from './money.ts'
import { nairobiClock } from './time.ts'

export type LocationKind = 'airport' | 'downtown' | 'hotel' | 'mall' | 'residential'
export type Transmission = 'manual' | 'automatic'
export type Fuel = 'petrol' | 'diesel' | 'hybrid' | 'electric'
export type BodyType = 'hatchback' | 'sedan' | 'suv' | 'offroad' | 'van' | 'pickup'
export type VehicleStatus =
  'available' | 'rented' | 'maintenance' | 'out_of_service' | 'retired' | 'sold'
export const COLOURS = [
  'white',
  'silver',
  'black',
  'blue',
  'red',
  'green',
  'grey',
  'beige',
] as const
export type Colour = (typeof COLOURS)[number]

/** Minutes after midnight in Nairobi, one span for each weekday, Monday first; null = closed. */
export type OpeningHours = ({ opens: number; closes: number } | null)[]

export type Location = {
  code: string
  name: string
  kind: LocationKind
  city: string
  address: string
  phone: string
  latitude: number
  longitude: number
  openingHours: OpeningHours
  pickupAllowed: boolean
  returnAllowed: boolean
}

export type VehicleCategory = {
  code: string
  name: string
  description: string
  bodyType: BodyType
  dailyRate: Cents
  hourlyRate: Cents
  perKmRate: Cents
  deposit: Cents
  seats: number
  luggage: number
  transmission: Transmission
  fuel: Fuel
}

export type Vehicle = {
  id: string
  number: string
  plate: string
  vin: string
  make: string
  model: string
  year: number
  colour: Colour
  categoryCode: string
  locationCode: string
  status: VehicleStatus
  mileageKm: number
}

/** What whoever looks after the fleet says of a car. Days are `2026-11-27`. */
export type VehicleFacts = {
  plate: string
  vin: string
  categoryCode: string
  make: string
  model: string
  year: number
  colour: Colour
  /** Where it belongs; where it stands follows from its drives. */
  locationCode: string
  mileageKm: number
  fuelCapacityL: number | null
  boughtOn: string | null
  boughtFor: Cents | null
  /** 1 (poor) to 5 (as new). */
  condition: number
  lastServiceOn: string | null
  nextServiceKm: number | null
  insurancePolicy: string | null
  insuranceExpiresOn: string | null
  registrationExpiresOn: string | null
  gpsDevice: string | null
}

export const VEHICLE_STATUSES = [
  'available',
  'rented',
  'maintenance',
  'out_of_service',
  'retired',
  'sold',
] as const satisfies readonly VehicleStatus[]

export type VehicleRecord = VehicleFacts & {
  id: string
  number: string
  status: VehicleStatus
  /** False once it was taken out of the fleet. */
  active: boolean
  version: number
  createdAt: Date
  updatedAt: Date
}

export const VEHICLE_LIMITS = { wordLength: 60, firstYear: 1950, mileageKm: 2_000_000 } as const

export const ALL_DAY_CLOSES = 24 * 60

/** A week in as few lines as it takes: neighbouring days with the same hours, 0 = Monday. */
export const weekHours = (hours: OpeningHours): { from: number; to: number; hours: string }[] =>
  hours.reduce<{ from: number; to: number; hours: string }[]>((lines, day, index) => {
    const [last, text] = [lines.at(-1), spanText(day)]
    if (last?.hours !== text) return [...lines, { from: index, to: index, hours: text }]
    return [...lines.slice(0, -1), { ...last, to: index }]
  }, [])

/** Whether a car can be handed over or brought back at this instant. Closing time itself is still open. */
export const isOpenAt = (hours: OpeningHours, at: Date): boolean => {
  const clock = nairobiClock(at)
  const day = hours[clock.weekday]
  if (!day) return false
  const minute = clock.hour * 60 + clock.minute
  return minute >= day.opens && (day.closes === ALL_DAY_CLOSES || minute <= day.closes)
}

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** `07:00 to 20:00`, `all day` or `closed`, for the weekday of this instant in Nairobi. */
export const hoursOn = (hours: OpeningHours, at: Date): string =>
  spanText(hours[nairobiClock(at).weekday])

const spanText = (day: OpeningHours[number] | undefined): string => {
  if (!day) return 'closed'
  if (day.opens === 0 && day.closes === ALL_DAY_CLOSES) return 'all day'
  return `${clockText(day.opens)} to ${clockText(day.closes)}`
}
