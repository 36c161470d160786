/** What is free. Reading only: the hold itself is decided by the constraint, not by what a search has seen. */
import { isOpenAt, type Vehicle } from '../domain/fleet.ts'
import type { Alternative, Trip } from '../domain/reservations.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { isFree, isLapsed, mayStandAt } from './free-cars.ts'
import { findLocation, listCategories, oneWayFee, VEHICLE_COLUMNS } from './fleet.ts'
import { prepared } from './prepared.ts'
import { quoteFrom, readPriceBook } from './trip-prices.ts'

export type FreeWish = { pickupLocation: string; returnLocation: string; from: Date; to: Date }
export type FreeCategory = { categoryCode: string; free: number; cars: Vehicle[] }

const SHOWN_CARS = 6

/** $1 pick-up, $2 return, $3 from, $4 to. */
const FREE = `${isFree({ pickup: '$1', back: '$2', from: '$3', to: '$4' })} AND ${mayStandAt('$1')}`

/** Of each category how many, and the first few of them, as one list. Counted and put in order with as little of each as it takes. */
const SHOWN = prepared(`SELECT f.category_code AS code, max(f.of_category)::int AS free, json_agg((
      SELECT to_jsonb(car) FROM (SELECT ${VEHICLE_COLUMNS} FROM vehicles v WHERE v.id = f.id) car)
      ORDER BY f.nth) AS cars
  FROM (SELECT v.id, v.category_code, count(*) OVER category AS of_category,
      row_number() OVER (category ORDER BY v.mileage_km, v.id) AS nth
    FROM vehicles v WHERE ${FREE} WINDOW category AS (PARTITION BY v.category_code)) f
  WHERE f.nth <= ${SHOWN_CARS} GROUP BY f.category_code`)

type Shown = { code: string; free: number; cars: Vehicle[] }

/** Every category, those without a free car included, cheapest first. */
export async function searchFree(on: Database | Tx, wish: FreeWish): Promise<FreeCategory[]> {
  const [categories, found] = await Promise.all([
    listCategories(on),
    select<Shown>(on, SHOWN, [wish.pickupLocation, wish.returnLocation, wish.from, wish.to]),
  ])
  const shown = new Map(found.map((one) => [one.code, one]))
  return categories.map(({ code }) => {
    const { free, cars } = shown.get(code) ?? { free: 0, cars: [] }
    return { categoryCode: code, free, cars }
  })
}

/** $5 category, $6 the car where one is named. */
const couldHoldOf = (car: string) =>
  prepared(`SELECT EXISTS (SELECT 1 FROM vehicles v WHERE ${FREE} AND v.category_code = $5 AND ${car})
    OR EXISTS (SELECT 1 FROM holds h JOIN vehicles v ON v.id = h.resource_id
      WHERE v.category_code = $5 AND ${car} AND ${isLapsed('$3', '$4')}) AS could`)
const COULD_HOLD_ANY = couldHoldOf('true')
const COULD_HOLD_NAMED = couldHoldOf('v.id = $6')

/**
 * Whether a hold could succeed right now: false is certain at this moment, true is only a hope, because the
 * constraint decides. Holds whose time and grace are over count as free, as they do for the hold itself.
 */
export async function couldHold(
  on: Database | Tx,
  wish: FreeWish & { categoryCode: string; vehicleId: string | null },
): Promise<boolean> {
  const { vehicleId, pickupLocation, returnLocation, from, to, categoryCode } = wish
  const bind = [pickupLocation, returnLocation, from, to, categoryCode]
  const row = vehicleId
    ? await selectOne<{ could: boolean }>(on, COULD_HOLD_NAMED, [...bind, vehicleId])
    : await selectOne<{ could: boolean }>(on, COULD_HOLD_ANY, bind)
  return row?.could ?? false
}

export type NextWish = Omit<FreeWish, 'to'> & { categoryCode: string; lengthMs: number }

const HALF_HOUR_MS = 30 * MINUTE_MS
const LOOK_AHEAD = "interval '30 days'"
const CANDIDATES = 40

/**
 * When the same length is next free there, rounded up to the half hour: a car becomes free when a hold ends,
 * so only the ends of holds are tried, where it is wanted. Null when there is nothing within 30 days.
 */
export async function nextFree(on: Database | Tx, wish: NextWish): Promise<Date | null> {
  const ends = await select<{ at: Date }>(
    on,
    `SELECT DISTINCT upper(h.period) AS at FROM holds h JOIN vehicles v ON v.id = h.resource_id
     WHERE v.category_code = $1 AND h.to_location = $3 AND h.state IN ('held', 'confirmed', 'active')
       AND upper(h.period) > $2 AND upper(h.period) < $2 + ${LOOK_AHEAD}
     ORDER BY 1 LIMIT ${CANDIDATES}`,
    [wish.categoryCode, wish.from, wish.pickupLocation],
  )
  const [pickup, back] = [
    await findLocation(on, wish.pickupLocation),
    await findLocation(on, wish.returnLocation),
  ]
  if (!pickup || !back) return null
  const starts = ends
    .map(({ at }) => new Date(Math.ceil(at.getTime() / HALF_HOUR_MS) * HALF_HOUR_MS))
    .filter((from) => isOpenAt(pickup.openingHours, from))
    .filter((from) => isOpenAt(back.openingHours, new Date(from.getTime() + wish.lengthMs)))
  return firstFree(on, wish, starts)
}

const CANDIDATE = {
  pickup: '$1',
  back: '$2',
  from: 'c.start',
  to: "c.start + $4 * interval '1 ms'",
}
/** One after the other, up to the first at which a car is free. */
const FIRST_FREE = prepared(`SELECT c.start FROM (
    SELECT * FROM unnest($3::timestamptz[]) WITH ORDINALITY AS every (start, nth) ORDER BY nth) c
  WHERE EXISTS (SELECT 1 FROM vehicles v WHERE ${isFree(CANDIDATE)} AND ${mayStandAt('$1')} AND v.category_code = $5)
  ORDER BY c.nth LIMIT 1`)

async function firstFree(on: Database | Tx, wish: NextWish, starts: Date[]): Promise<Date | null> {
  const { pickupLocation, returnLocation, lengthMs, categoryCode } = wish
  const bind = [pickupLocation, returnLocation, starts, lengthMs, categoryCode]
  return (await selectOne<{ start: Date }>(on, FIRST_FREE, bind))?.start ?? null
}

const OTHER_CATEGORIES = 3

/** Other categories for the same period, nearest in price first; then the same one at its next free time. */
export async function findAlternatives(
  on: Database | Tx,
  trip: Trip & { categoryCode: string },
  now: Date,
): Promise<Alternative[]> {
  const [from, to] = [new Date(trip.pickupAt), new Date(trip.returnAt)]
  const places = { pickupLocation: trip.pickupLocation, returnLocation: trip.returnLocation }
  const fee = await oneWayFee(on, trip.pickupLocation, trip.returnLocation)
  const categories = await listCategories(on)
  const wished = categories.find(({ code }) => code === trip.categoryCode)
  const free = await searchFree(on, { ...places, from, to })
  const { pickupLocation } = trip
  const book = await readPriceBook(on, {
    pickupLocation,
    from,
    to,
    bookedAt: now,
    customerId: null,
  })
  const offer = (
    code: string,
    kind: Alternative['kind'],
    start: Date,
    end: Date,
  ): Alternative[] => {
    const category = categories.find((one) => one.code === code)
    if (!category) return []
    const { total } = quoteFrom({ ...book, from: start, to: end }, category, fee)
    const times = { pickupAt: start.toISOString(), returnAt: end.toISOString() }
    return [{ kind, categoryCode: code, categoryName: category.name, ...times, total }]
  }
  const distance = ({ total }: Alternative) =>
    wished ? Math.abs(total - quoteFrom(book, wished, fee).total) : total
  const others = free
    .filter((one) => one.free > 0 && one.categoryCode !== trip.categoryCode)
    .flatMap(({ categoryCode }) => offer(categoryCode, 'category', from, to))
    .toSorted((left, right) => distance(left) - distance(right))
    .slice(0, OTHER_CATEGORIES)
  const lengthMs = to.getTime() - from.getTime()
  const later = await nextFree(on, { ...places, categoryCode: trip.categoryCode, from, lengthMs })
  const laterOffer = later
    ? offer(trip.categoryCode, 'time', later, new Date(later.getTime() + lengthMs))
    : []
  return [...others, ...laterOffer]
}
