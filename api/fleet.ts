/** Places, categories, cars and what is free: public reads. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import type { Location, Vehicle, VehicleCategory } from '../domain/fleet.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import type { Quote } from '../domain/pricing.ts'
import { findVehicle, listCategories, listLocations, listVehicles } from '../db/fleet.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam, parseInput } from './input.ts'
import { createOpenApi, idPath, json, page, problems } from './open-api.ts'
import { availabilityRequest } from '../domain/schemas/requests.ts'
import { checkStretch, searchTrip } from './search.ts'

const money = z.string().openapi({ example: '4500.00' })

const locationBody = z
  .object({
    code: z.string(),
    name: z.string(),
    kind: z.string(),
    city: z.string(),
    address: z.string(),
    phone: z.string(),
    latitude: z.number(),
    longitude: z.number(),
    opening_hours: z
      .array(z.object({ opens: z.string(), closes: z.string() }).nullable())
      .openapi({ description: 'Monday first, Nairobi time; null = closed' }),
    pickup_allowed: z.boolean(),
    return_allowed: z.boolean(),
  })
  .openapi('Location')

const categoryBody = z
  .object({
    code: z.string(),
    name: z.string(),
    description: z.string(),
    body_type: z.string(),
    currency: z.string(),
    daily_rate: money,
    hourly_rate: money,
    per_km_rate: money,
    deposit: money,
    seats: z.number().int(),
    luggage: z.number().int(),
    transmission: z.string(),
    fuel: z.string(),
  })
  .openapi('VehicleCategory')

const vehicleBody = z
  .object({
    id: z.string(),
    number: z.string(),
    plate: z.string(),
    make: z.string(),
    model: z.string(),
    year: z.number().int(),
    colour: z.string(),
    category: z.string(),
    location: z.string(),
    picture: z.string(),
  })
  .openapi('Vehicle')

const priceBody = z
  .object({
    currency: z.string(),
    total: money,
    net: money,
    vat: money,
    deposit: money,
    days: z.number().int(),
    hours: z.number().int(),
    lines: z.array(
      z.object({ kind: z.string(), quantity: z.number(), unit_price: money, amount: money }),
    ),
  })
  .openapi('Price')

const freeBody = z
  .object({
    category: categoryBody,
    free: z.number().int(),
    price: priceBody,
    vehicles: z.array(vehicleBody),
  })
  .openapi('Availability')

const listOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const toLocation = (one: Location): z.infer<typeof locationBody> => ({
  code: one.code,
  name: one.name,
  kind: one.kind,
  city: one.city,
  address: one.address,
  phone: one.phone,
  latitude: one.latitude,
  longitude: one.longitude,
  opening_hours: one.openingHours.map(
    (day) => day && { opens: clock(day.opens), closes: clock(day.closes) },
  ),
  pickup_allowed: one.pickupAllowed,
  return_allowed: one.returnAllowed,
})

const toCategory = (one: VehicleCategory): z.infer<typeof categoryBody> => ({
  code: one.code,
  name: one.name,
  description: one.description,
  body_type: one.bodyType,
  currency: CURRENCY,
  daily_rate: toDecimal(one.dailyRate),
  hourly_rate: toDecimal(one.hourlyRate),
  per_km_rate: toDecimal(one.perKmRate),
  deposit: toDecimal(one.deposit),
  seats: one.seats,
  luggage: one.luggage,
  transmission: one.transmission,
  fuel: one.fuel,
})

/** The VIN stays inside: it opens other people's records elsewhere. */
const toVehicle =
  (bodies: Map<string, string>) =>
  (one: Vehicle): z.infer<typeof vehicleBody> => ({
    id: one.id,
    number: one.number,
    plate: one.plate,
    make: one.make,
    model: one.model,
    year: one.year,
    colour: one.colour,
    category: one.categoryCode,
    location: one.locationCode,
    picture: `/static/vehicles/${bodies.get(one.categoryCode) ?? 'sedan'}-${one.colour}.svg`,
  })

const toPrice = (quote: Quote): z.infer<typeof priceBody> => ({
  currency: CURRENCY,
  total: toDecimal(quote.total),
  net: toDecimal(quote.net),
  vat: toDecimal(quote.vat),
  deposit: toDecimal(quote.deposit),
  days: quote.days,
  hours: quote.hours,
  lines: quote.lines.map(({ kind, quantity, unitPrice, amount }) => ({
    kind,
    quantity,
    unit_price: toDecimal(unitPrice),
    amount: toDecimal(amount),
  })),
})

const get = <P extends string, S extends z.ZodType>(path: P, summary: string, schema: S) =>
  createRoute({ method: 'get', path, summary, responses: { 200: json(schema, summary) } })

const availabilityRoute = createRoute({
  method: 'get',
  path: '/vehicles/availability',
  summary: 'Categories and cars that are free for a trip, with the full price',
  request: {
    query: z.object({
      pickup_at: z.string().optional().openapi({ example: '2026-12-01T10:00:00+03:00' }),
      return_at: z.string().optional(),
      pickup_location: z.string().optional().openapi({ example: 'NBO-JKIA' }),
      return_location: z.string().optional(),
      category: z.string().optional(),
    }),
  },
  responses: {
    200: json(listOf(freeBody), 'Cheapest first; `free` may be 0'),
    ...problems([400, 'Something to correct']),
  },
})

const vehiclesRoute = createRoute({
  method: 'get',
  path: '/vehicles',
  summary: 'All cars, by number',
  request: {
    query: page.extend({ category: z.string().optional(), location: z.string().optional() }),
  },
  responses: { 200: json(listOf(vehicleBody), 'One page') },
})

const vehicleRoute = createRoute({
  method: 'get',
  path: '/vehicles/{id}',
  summary: 'One car',
  request: { params: idPath },
  responses: { 200: json(vehicleBody, 'The car'), ...problems([404, 'No such car']) },
})

const bodiesOf = (categories: VehicleCategory[]) =>
  new Map(categories.map(({ code, bodyType }) => [code, bodyType as string]))

export function createFleetApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  const bodies = async () => bodiesOf(await listCategories(deps.db))

  api.openapi(get('/locations', 'Where cars are handed over', listOf(locationBody)), async (c) =>
    c.json({ items: (await listLocations(deps.db)).map(toLocation), next: null }, 200),
  )
  api.openapi(get('/vehicle-categories', 'Categories', listOf(categoryBody)), async (c) =>
    c.json({ items: (await listCategories(deps.db)).map(toCategory), next: null }, 200),
  )
  api.openapi(availabilityRoute, async (c) => {
    const wish = parseInput(availabilityRequest, c.req.query())
    const stretch = await checkStretch(deps, {
      pickupLocation: wish.pickup_location,
      returnLocation: wish.return_location ?? wish.pickup_location,
      pickupAt: wish.pickup_at,
      returnAt: wish.return_at,
    })
    const results = await searchTrip(deps, stretch, wish.category)
    const show = toVehicle(bodiesOf(results.map(({ category }) => category)))
    const items = results.map(({ category, free, quote, cars }) => ({
      category: toCategory(category),
      free,
      price: toPrice(quote),
      vehicles: cars.map(show),
    }))
    return c.json({ items, next: null }, 200)
  })
  api.openapi(vehiclesRoute, async (c) => {
    const { cursor, limit, category, location } = c.req.valid('query')
    const { items, next } = await listVehicles(deps.db, {
      limit,
      ...(cursor ? { cursor } : {}),
      ...(category ? { category } : {}),
      ...(location ? { location } : {}),
    })
    return c.json({ items: items.map(toVehicle(await bodies())), next }, 200)
  })
  api.openapi(vehicleRoute, async (c) => {
    const found = await findVehicle(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'We have no such car.')
    return c.json(toVehicle(await bodies())(found), 200)
  })
  return api
}
