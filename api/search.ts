/** What is free for a trip and what it costs: for the pages, the API and the booking form. */
import { BusinessError } from '../domain/errors.ts'
import {
  hoursOn,
  isOpenAt,
  type Location,
  type Vehicle,
  type VehicleCategory,
} from '../domain/fleet.ts'
import type { Cents } from '../domain/money.ts'
import type { SearchForm } from '../domain/pages.ts'
import type { Quote } from '../domain/pricing.ts'
import { periodProblem, type Trip } from '../domain/reservations.ts'
import { formatTime, parseTime } from '../domain/time.ts'
import { searchFree } from '../db/availability.ts'
import { findCategory, findLocation, findVehicle, listCategories, oneWayFee } from '../db/fleet.ts'
import {
  findAlong,
  quoteFrom,
  readPriceBook,
  type AlongWish,
  type FoundAlong,
  type PriceBook,
} from '../db/trip-prices.ts'
import type { ApiDeps } from './deps.ts'

export type Stretch = {
  pickupLocation: string
  returnLocation: string
  pickupAt: Date
  returnAt: Date
}
export type CheckedStretch = { pickup: Location; return: Location; oneWayFee: Cents } & Stretch

type Where = 'pickup' | 'return'

async function place(deps: ApiDeps, which: Where, code: string, at: Date): Promise<Location> {
  const field = `${which}_location`
  const found = await findLocation(deps.db, code)
  const allowed = which === 'pickup' ? found?.pickupAllowed : found?.returnAllowed
  if (!found || !allowed) {
    const message = 'We have no such place. Choose one from the list.'
    throw new BusinessError('UNKNOWN_LOCATION', message, { fields: [{ path: field, message }] })
  }
  if (!isOpenAt(found.openingHours, at)) {
    const hours = hoursOn(found.openingHours, at)
    const message = `${found.name} is closed on ${formatTime(at, deps.now())}. That day: ${hours}.`
    throw new BusinessError('LOCATION_CLOSED', message, {
      fields: [{ path: `${which}_at`, message }],
    })
  }
  return found
}

/** Throws what is wrong with when and where, beside the fields it is about. */
export async function checkStretch(deps: ApiDeps, stretch: Stretch): Promise<CheckedStretch> {
  const problem = periodProblem(stretch.pickupAt, stretch.returnAt, deps.now())
  if (problem) {
    throw new BusinessError('INVALID_PERIOD', problem.message, {
      fields: [{ path: problem.field, message: problem.message }],
    })
  }
  const [pickup, back] = await bothPlaces(deps, stretch)
  const fee = await oneWayFee(deps.db, stretch.pickupLocation, stretch.returnLocation)
  return { ...stretch, pickup, return: back, oneWayFee: fee }
}

/** What is wrong with either place is told together, so that nobody mends one to hear of the other. */
async function bothPlaces(deps: ApiDeps, stretch: Stretch): Promise<[Location, Location]> {
  const [pickup, back] = await Promise.allSettled([
    place(deps, 'pickup', stretch.pickupLocation, stretch.pickupAt),
    place(deps, 'return', stretch.returnLocation, stretch.returnAt),
  ])
  if (pickup.status === 'fulfilled' && back.status === 'fulfilled')
    return [pickup.value, back.value]
  const thrown = [pickup, back].flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  const refusals = thrown.filter((one) => one instanceof BusinessError)
  const [first] = refusals
  if (!first || refusals.length < thrown.length) {
    throw thrown.find((one) => !(one instanceof BusinessError)) ?? first
  }
  throw new BusinessError(first.code, first.message, {
    fields: refusals.flatMap((one) => one.fields),
  })
}

const stretchOf = (trip: Trip): Stretch => ({
  pickupLocation: trip.pickupLocation,
  returnLocation: trip.returnLocation,
  pickupAt: new Date(trip.pickupAt),
  returnAt: new Date(trip.returnAt),
})

const unknownCategory = () =>
  new BusinessError('UNKNOWN_CATEGORY', 'We have no such category of cars.', {
    fields: [{ path: 'category', message: 'We have no such category of cars.' }],
  })

/** The same for a booking, with the category or car that it names; answers the category. */
export async function checkTrip(deps: ApiDeps, trip: Trip): Promise<VehicleCategory> {
  await checkStretch(deps, stretchOf(trip))
  const vehicle = trip.vehicleId ? await findVehicle(deps.db, trip.vehicleId) : null
  if (trip.vehicleId && !vehicle) throw new BusinessError('NOT_FOUND', 'We have no such car.')
  const category = await findCategory(deps.db, vehicle?.categoryCode ?? trip.categoryCode ?? '')
  if (!category) throw unknownCategory()
  return category
}

export type Result = { category: VehicleCategory; quote: Quote; free: number; cars: Vehicle[] }

export async function searchTrip(
  deps: ApiDeps,
  stretch: CheckedStretch,
  only?: string,
  customerId: string | null = null,
): Promise<Result[]> {
  const [categories, book, free] = await Promise.all([
    listCategories(deps.db),
    bookFor(deps, stretch, { customerId }),
    searchFree(deps.db, {
      pickupLocation: stretch.pickupLocation,
      returnLocation: stretch.returnLocation,
      from: stretch.pickupAt,
      to: stretch.returnAt,
    }),
  ])
  const wanted = categories.filter(({ code }) => only === undefined || code === only)
  if (wanted.length === 0 && only !== undefined) throw unknownCategory()
  return wanted.map((category) => {
    const found = free.find(({ categoryCode }) => categoryCode === category.code)
    return {
      category,
      quote: quoteFrom(book, category, stretch.oneWayFee),
      free: found?.free ?? 0,
      cars: found?.cars ?? [],
    }
  })
}

/** A search as typed, checked. */
export function readStretch(form: SearchForm): Stretch {
  const [pickupAt, returnAt] = [parseTime(form.pickupAt), parseTime(form.returnAt)]
  const fields = [
    ...(pickupAt ? [] : [{ path: 'pickup_at', message: 'Say when you pick the car up.' }]),
    ...(returnAt ? [] : [{ path: 'return_at', message: 'Say when you bring it back.' }]),
  ]
  if (!pickupAt || !returnAt) {
    throw new BusinessError('INVALID_PERIOD', fields[0]?.message ?? '', { fields })
  }
  const returnLocation = form.returnLocation || form.pickupLocation
  return { pickupLocation: form.pickupLocation, returnLocation, pickupAt, returnAt }
}

export type Choice = CheckedStretch & {
  category: VehicleCategory
  vehicle: Vehicle | null
  quote: Quote
  book: PriceBook
  found: FoundAlong
}

export type Asked = AlongWish & { customerId?: string | null; promoCode?: string | undefined }

const bookFor = (deps: ApiDeps, stretch: Stretch, asked: Asked): Promise<PriceBook> =>
  readPriceBook(deps.db, {
    pickupLocation: stretch.pickupLocation,
    from: stretch.pickupAt,
    to: stretch.returnAt,
    bookedAt: deps.now(),
    customerId: asked.customerId ?? null,
    promoCode: asked.promoCode,
  })

type Chosen = { search: SearchForm; category: string | null; vehicleId: string | null }
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The one category or car that the booking form is about, priced. */
export async function chooseCar(deps: ApiDeps, chosen: Chosen, asked: Asked = {}): Promise<Choice> {
  const stretch = await checkStretch(deps, readStretch(chosen.search))
  const id = chosen.vehicleId && UUID.test(chosen.vehicleId) ? chosen.vehicleId : null
  const vehicle = id ? await findVehicle(deps.db, id) : null
  if (chosen.vehicleId && !vehicle) throw new BusinessError('NOT_FOUND', 'We have no such car.')
  const category = await findCategory(deps.db, vehicle?.categoryCode ?? chosen.category ?? '')
  if (!category) throw unknownCategory()
  return { ...stretch, category, vehicle, ...(await priceChosen(deps, stretch, category, asked)) }
}

/** The price of one category with all that was asked for along with it, as the booking itself will reckon it. */
export async function priceChosen(
  deps: ApiDeps,
  stretch: CheckedStretch,
  category: VehicleCategory,
  asked: Asked,
): Promise<Pick<Choice, 'quote' | 'book' | 'found'>> {
  const span = { from: stretch.pickupAt, to: stretch.returnAt }
  const [book, found] = await Promise.all([
    bookFor(deps, stretch, asked),
    findAlong(deps.db, asked, span),
  ])
  return { book, found, quote: quoteFrom(book, category, stretch.oneWayFee, found.along) }
}
