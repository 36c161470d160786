/** Places, categories and what is free: public reads. */
import { createRoute, z } from '@hono/zod-openapi'
import { listCategories, listLocations } from '../db/fleet.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import {
  bodiesOf,
  categoryBody,
  freeBody,
  locationBody,
  toCategory,
  toLocation,
  toPrice,
  toVehicle,
} from './fleet-bodies.ts'
import { parseInput } from './input.ts'
import { createOpenApi, json, listOf, problems } from './open-api.ts'
import { availabilityRequest } from '../domain/schemas/requests.ts'
import { checkStretch, searchTrip } from './search.ts'

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

export function createFleetApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()

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
  return api
}
