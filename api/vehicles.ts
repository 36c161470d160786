/** Cars over REST. Anybody reads what is for hire; staff see all that is known, and whoever looks after the fleet changes it. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { COLOURS, VEHICLE_STATUSES } from '../domain/fleet.ts'
import { can } from '../domain/policies.ts'
import {
  toVehicleChanges,
  toVehicleFacts,
  vehiclePatch,
  vehicleRequest,
} from '../domain/schemas/vehicles.ts'
import { inTransaction } from '../db/connection.ts'
import { listCategories } from '../db/fleet.ts'
import { changeVehicle, createVehicle, retireVehicle } from '../db/vehicle-writes.ts'
import { findVehicleRecord, listVehicles, VEHICLE_SORTS } from '../db/vehicles.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { bodiesOf } from './fleet-bodies.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf, words } from './lists.ts'
import {
  createOpenApi,
  idPath,
  json,
  jsonBody,
  listOf,
  NOT_MODIFIED,
  problems,
  SECURED,
  SECURED_OR_NOT,
  type OpenApi,
} from './open-api.ts'
import { assertCan } from './permitted.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'
import { shownVehicle, toShownVehicle, toVehicleRecord, vehicleRecord } from './vehicle-bodies.ts'
import { isKnown, knownHeader, versionHeader, versionIfGiven, versionOf } from './versions.ts'

const year = z.coerce.number().int().min(1900).max(2100)
const forFleet: [number, string] = [403, 'For whoever looks after the fleet']
const noCar: [number, string] = [404, 'No such car']
const REFUSALS = problems(
  [400, 'Something to correct, also a plate or VIN that is taken'],
  forFleet,
  noCar,
  [409, 'It is booked: its category and its place cannot change now'],
  [412, 'It was changed meanwhile'],
)

const listRoute = createRoute({
  method: 'get',
  path: '/vehicles',
  summary: 'Cars, by number, or found by plate, make and model; staff see all that is known',
  security: SECURED_OR_NOT,
  request: {
    query: listQuery(VEHICLE_SORTS, {
      q: words.optional().openapi({ description: 'Part of a plate, of make and model; a number' }),
      category: z.string().max(20).optional(),
      location: z.string().max(20).optional(),
      colour: z.enum(COLOURS).optional(),
      year_from: year.optional(),
      year_to: year.optional(),
      status: z.enum(VEHICLE_STATUSES).optional().openapi({ description: 'For staff' }),
      active: z
        .enum(['true', 'false', 'any'])
        .optional()
        .openapi({ description: 'For staff: false for those that have left the fleet' }),
    }),
  },
  responses: {
    200: json(listOf(shownVehicle), 'One page'),
    ...problems([400, 'Something to correct'], [403, 'Only staff filter by status']),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/vehicles/{id}',
  summary: 'One car; its ETag is needed to replace it',
  security: SECURED_OR_NOT,
  request: { params: idPath, headers: knownHeader },
  responses: { 200: json(shownVehicle, 'The car'), ...NOT_MODIFIED, ...problems(noCar) },
})
const createCarRoute = createRoute({
  method: 'post',
  path: '/vehicles',
  summary: 'Add a car to the fleet; it can be booked from now on',
  security: SECURED,
  request: { headers: keyHeader, body: jsonBody(vehicleRequest) },
  responses: {
    201: json(vehicleRecord, 'Added, with a number of ours'),
    ...problems([400, 'Something to correct, also a plate or VIN that is taken'], forFleet, [
      422,
      'The Idempotency-Key was used with another body',
    ]),
  },
})
const replaceRoute = createRoute({
  method: 'put',
  path: '/vehicles/{id}',
  summary: 'Say anew all that is known of a car',
  security: SECURED,
  request: { params: idPath, headers: versionHeader, body: jsonBody(vehicleRequest) },
  responses: {
    200: json(vehicleRecord, 'As it stands'),
    ...REFUSALS,
    ...problems([428, 'If-Match is missing']),
  },
})
const patchRoute = createRoute({
  method: 'patch',
  path: '/vehicles/{id}',
  summary: 'Change some of what is known of a car',
  security: SECURED,
  request: { params: idPath, headers: versionHeader, body: jsonBody(vehiclePatch) },
  responses: { 200: json(vehicleRecord, 'As it stands'), ...REFUSALS },
})
const deleteRoute = createRoute({
  method: 'delete',
  path: '/vehicles/{id}',
  summary: 'Take a car out of the fleet; its record stays for staff',
  security: SECURED,
  request: { params: idPath, headers: versionHeader },
  responses: {
    204: { description: 'Nobody finds or books it any more' },
    ...problems(forFleet, noCar, [409, 'It is booked'], [412, 'It was changed meanwhile']),
  },
})

/** Nobody needs to sign in; whoever tries to is told when it did not work. */
const whoever =
  (deps: ApiDeps): MiddlewareHandler<ApiEnv> =>
  (c, next) =>
    c.req.header('authorization') ? bearerSession(deps)(c, next) : next()

/** Whether they see all that is known; the answer is another one for others. */
function isForStaff(c: Context<ApiEnv>): boolean {
  c.header('Vary', 'Authorization', { append: true })
  const actor = c.get('actor') as Actor | undefined
  return actor !== undefined && can(actor, 'vehicles:read')
}

const ACTIVE = { true: true, false: false, any: null } as const

const none = () => new BusinessError('NOT_FOUND', 'We have no such car.')

export function createVehiclesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.on('GET', ['/vehicles', '/vehicles/:id'], whoever(deps))
  api.on('POST', '/vehicles', bearerSession(deps))
  api.on(['PUT', 'PATCH', 'DELETE'], '/vehicles/:id', bearerSession(deps))
  const bodies = async () => bodiesOf(await listCategories(deps.db))
  api.openapi(listRoute, async (c) => {
    const { q, year_from, year_to, status, active, category, location, colour, ...asked } =
      c.req.valid('query')
    const staff = isForStaff(c)
    if (!staff && (status !== undefined || active !== undefined))
      throw new BusinessError('FORBIDDEN', 'Only staff ask for cars by status.')
    const { items, next } = await listVehicles(deps.db, {
      ...wishOf(VEHICLE_SORTS, asked, 'number'),
      text: q,
      category: category?.toUpperCase(),
      location: location?.toUpperCase(),
      colour,
      minimumYear: year_from,
      maximumYear: year_to,
      status,
      active: ACTIVE[active ?? 'true'],
    })
    return c.json({ items: items.map(toShownVehicle(await bodies(), staff)), next }, 200)
  })
  api.openapi(readRoute, async (c) => {
    const staff = isForStaff(c)
    const found = await findVehicleRecord(deps.db, idParam(c))
    if (!found || !(found.active || staff)) throw none()
    if (isKnown(c, found.version)) return c.body(null, 304)
    return c.json(toShownVehicle(await bodies(), staff)(found), 200)
  })
  addChanges(api, deps, bodies)
  return api
}

function addChanges(
  api: OpenApi<ApiEnv>,
  deps: ApiDeps,
  bodies: () => Promise<Map<string, string>>,
): void {
  api.openapi(createCarRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'vehicles:create')
    const wish = c.req.valid('json')
    const id = await claimId(c, deps, actor, 'vehicle', wish)
    const car = { id, facts: toVehicleFacts(wish), actorId: actor.userId }
    const made = await inTransaction(deps.db, (tx) => createVehicle(tx, car))
    isKnown(c, made.version)
    c.header('Location', `/api/v1/vehicles/${id}`)
    return c.json(toVehicleRecord(await bodies())(made), 201)
  })
  api.openapi(replaceRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'vehicles:update')
    const changes = toVehicleFacts(c.req.valid('json'))
    const change = { changes, version: versionOf(c), actorId: actor.userId }
    const changed = await inTransaction(deps.db, (tx) => changeVehicle(tx, idParam(c), change))
    isKnown(c, changed.version)
    return c.json(toVehicleRecord(await bodies())(changed), 200)
  })
  api.openapi(patchRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'vehicles:update')
    const changes = toVehicleChanges(c.req.valid('json'))
    const change = { changes, version: versionIfGiven(c), actorId: actor.userId }
    const changed = await inTransaction(deps.db, (tx) => changeVehicle(tx, idParam(c), change))
    isKnown(c, changed.version)
    return c.json(toVehicleRecord(await bodies())(changed), 200)
  })
  api.openapi(deleteRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'vehicles:delete')
    const retirement = { version: versionIfGiven(c), actorId: actor.userId }
    await inTransaction(deps.db, (tx) => retireVehicle(tx, idParam(c), retirement))
    return c.body(null, 204)
  })
}
