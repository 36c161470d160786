/** The sample fleet: three places, six categories, sixty cars. Made up, but such as Kenya drives. */
import type { Colour, Location, OpeningHours, VehicleCategory } from '../domain/fleet.ts'
import { COLOURS } from '../domain/fleet.ts'
import { shillings } from '../domain/money.ts'

const ALL_DAY = { opens: 0, closes: 24 * 60 }
const span = (opens: number, closes: number) => ({ opens: opens * 60, closes: closes * 60 })
const week = (
  weekday: OpeningHours[number],
  saturday = weekday,
  sunday = saturday,
): OpeningHours => [...Array.from({ length: 5 }, () => weekday), saturday, sunday]

export const LOCATIONS: Location[] = [
  {
    code: 'NBO-JKIA',
    name: 'Nairobi Airport (JKIA)',
    kind: 'airport',
    city: 'Nairobi',
    address: 'Arrivals hall, Terminal 1A, Jomo Kenyatta International Airport',
    phone: '+254200000101',
    latitude: -1.3192,
    longitude: 36.9278,
    openingHours: week(ALL_DAY),
    pickupAllowed: true,
    returnAllowed: true,
  },
  {
    code: 'NBO-CBD',
    name: 'Nairobi Downtown',
    kind: 'downtown',
    city: 'Nairobi',
    address: 'Kenyatta Avenue 12, Nairobi',
    phone: '+254200000102',
    latitude: -1.2841,
    longitude: 36.8233,
    openingHours: week(span(7, 20), span(8, 18)),
    pickupAllowed: true,
    returnAllowed: true,
  },
  {
    code: 'MBA-NYALI',
    name: 'Mombasa Nyali Mall',
    kind: 'mall',
    city: 'Mombasa',
    address: 'Links Road, Nyali, Mombasa',
    phone: '+254410000103',
    latitude: -4.0226,
    longitude: 39.7146,
    openingHours: week(span(8, 21), span(9, 21)),
    pickupAllowed: true,
    returnAllowed: true,
  },
]

/** One-way fees in shillings, either direction. */
export const ONE_WAY_FEES: [string, string, number][] = [
  ['NBO-JKIA', 'NBO-CBD', 1_500],
  ['NBO-JKIA', 'MBA-NYALI', 12_000],
  ['NBO-CBD', 'MBA-NYALI', 12_000],
]

type Rates = [daily: number, hourly: number, perKm: number, deposit: number]
type Shape = Pick<VehicleCategory, 'bodyType' | 'seats' | 'luggage' | 'transmission' | 'fuel'>

const category = (
  code: string,
  name: string,
  description: string,
  [daily, hourly, perKm, deposit]: Rates,
  shape: Shape,
): VehicleCategory => ({
  code,
  name,
  description,
  dailyRate: shillings(daily),
  hourlyRate: shillings(hourly),
  perKmRate: shillings(perKm),
  deposit: shillings(deposit),
  ...shape,
})

export const CATEGORIES: VehicleCategory[] = [
  category('ECONOMY', 'Economy', 'Small, easy to park, light on fuel.', [3_500, 500, 25, 10_000], {
    bodyType: 'hatchback',
    seats: 4,
    luggage: 2,
    transmission: 'automatic',
    fuel: 'petrol',
  }),
  category('SEDAN', 'Sedan', 'Comfortable for town and highway.', [5_000, 700, 30, 15_000], {
    bodyType: 'sedan',
    seats: 5,
    luggage: 3,
    transmission: 'automatic',
    fuel: 'petrol',
  }),
  category('SUV', 'SUV', 'High seats and room for the family.', [8_500, 1_200, 40, 25_000], {
    bodyType: 'suv',
    seats: 5,
    luggage: 4,
    transmission: 'automatic',
    fuel: 'hybrid',
  }),
  category('4X4', '4x4 Safari', 'For parks, murram and mud.', [14_000, 2_000, 60, 40_000], {
    bodyType: 'offroad',
    seats: 7,
    luggage: 5,
    transmission: 'manual',
    fuel: 'diesel',
  }),
  category('VAN', 'Van', 'Nine people, or a lot of luggage.', [11_000, 1_600, 50, 30_000], {
    bodyType: 'van',
    seats: 9,
    luggage: 8,
    transmission: 'manual',
    fuel: 'diesel',
  }),
  category('PICKUP', 'Pickup', 'Double cabin and an open bed.', [9_500, 1_400, 45, 30_000], {
    bodyType: 'pickup',
    seats: 5,
    luggage: 6,
    transmission: 'manual',
    fuel: 'diesel',
  }),
]

const MODELS: Record<string, [make: string, model: string][]> = {
  ECONOMY: [
    ['Mazda', 'Demio'],
    ['Toyota', 'Vitz'],
    ['Suzuki', 'Swift'],
    ['Honda', 'Fit'],
  ],
  SEDAN: [
    ['Toyota', 'Axio'],
    ['Nissan', 'Sylphy'],
    ['Mazda', 'Axela'],
    ['Toyota', 'Premio'],
  ],
  SUV: [
    ['Toyota', 'Harrier'],
    ['Mazda', 'CX-5'],
    ['Nissan', 'X-Trail'],
    ['Subaru', 'Forester'],
  ],
  '4X4': [
    ['Toyota', 'Land Cruiser Prado'],
    ['Mitsubishi', 'Pajero'],
    ['Land Rover', 'Defender'],
  ],
  VAN: [
    ['Toyota', 'HiAce'],
    ['Nissan', 'Caravan'],
  ],
  PICKUP: [
    ['Toyota', 'Hilux'],
    ['Isuzu', 'D-Max'],
    ['Ford', 'Ranger'],
  ],
}

export type SampleVehicle = {
  number: string
  plate: string
  vin: string
  make: string
  model: string
  year: number
  colour: Colour
  categoryCode: string
  locationCode: string
  mileageKm: number
  fuelCapacityL: number
}

const CARS_PER_CATEGORY = 10
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ'.split('')
const DIGITS = '0123456789'.split('')
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

/** The same car for the same number, so that seeding again changes nothing. */
const vehicle = (index: number): SampleVehicle => {
  const categoryCode = pick(CATEGORIES, Math.floor(index / CARS_PER_CATEGORY)).code
  const [make, model] = pick(MODELS[categoryCode] ?? [['Toyota', 'Axio']], index)
  const serial = String(index + 1).padStart(4, '0')
  return {
    number: `VEH-${serial}`,
    plate: `KD${pick(LETTERS, index * 5)} ${100 + ((index * 37) % 900)}${pick(LETTERS, index * 7)}`,
    vin: `KEGAR1${pick(LETTERS, index)}${pick(DIGITS, index)}XN${String(100_000 + index * 7).padStart(7, '0')}`,
    make,
    model,
    year: 2019 + (index % 7),
    colour: pick(COLOURS, index * 3 + 1),
    categoryCode,
    locationCode: pick(LOCATIONS, index).code,
    mileageKm: 12_000 + ((index * 3_137) % 90_000),
    fuelCapacityL: 45 + ((index * 5) % 40),
  }
}

export const VEHICLES: SampleVehicle[] = Array.from(
  { length: CATEGORIES.length * CARS_PER_CATEGORY },
  (_, index) => vehicle(index),
)
