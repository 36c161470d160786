/** Rentals over REST: keys out, car back, and what is said about what is owed. */
import { createRoute, z } from '@hono/zod-openapi'
import {
  checkinRequest,
  checkOf,
  checkoutRequest,
  claimRequest,
  decisionRequest,
  disputeRequest,
} from '../domain/schemas/rentals.ts'
import { listRentals, RENTAL_SORTS } from '../db/rental-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf } from './lists.ts'
import { createOpenApi, idPath, json, jsonBody, listOf, problems, SECURED } from './open-api.ts'
import { whose } from './permitted.ts'
import { listedRental, rentalBody, toListedRental, toRentalBody } from './rental-bodies.ts'
import {
  agree,
  assertMayHandOver,
  claim,
  decide,
  dispute,
  findVisibleRental,
  findVisibleRentalOf,
  handOver,
  takeBack,
} from './renting.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const none = [404, 'Not yours, or none'] as [number, string]
const notNow = [409, '`detail` says all that is in the way'] as [number, string]
const correct = [400, 'Something to correct'] as [number, string]
const staff = [403, 'Not with your roles'] as [number, string]
const LOOK = {
  odometer_km: 45_210,
  fuel_eighths: 8,
  cleanliness: 'clean' as const,
  marks: [{ place: 'rear' as const, kind: 'scratch' as const }],
}

const checkoutRoute = createRoute({
  method: 'post',
  path: '/reservations/{id}/checkout',
  summary:
    'Hand over the keys: paper, money and car are looked at again; a repeat answers the rental that stands (staff)',
  security: SECURED,
  request: { params: idPath, body: jsonBody(checkoutRequest, { ...LOOK, id_seen: true }) },
  responses: {
    200: json(rentalBody, 'The car is on the road'),
    ...problems(correct, staff, none, notNow),
  },
})
const checkinRoute = createRoute({
  method: 'post',
  path: '/reservations/{id}/checkin',
  summary:
    'Take the car back, compare it with how it left, and say what is owed; a repeat answers what stands (staff)',
  security: SECURED,
  request: {
    params: idPath,
    body: jsonBody(checkinRequest, {
      ...LOOK,
      odometer_km: 45_902,
      fuel_eighths: 6,
      location: 'NBO-JKIA',
      damage: [],
    }),
  },
  responses: {
    200: json(rentalBody, 'The car is back'),
    ...problems(correct, staff, none, notNow),
  },
})
const agreementRoute = createRoute({
  method: 'get',
  path: '/reservations/{id}/agreement',
  summary: 'The rental of a booking: terms, both looks at the car, what is owed',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(rentalBody, 'The rental'), ...problems(none) },
})
const listRoute = createRoute({
  method: 'get',
  path: '/rentals',
  summary: 'Rentals, those due last first: your own, or all for staff',
  security: SECURED,
  request: {
    query: listQuery(RENTAL_SORTS, {
      status: z.enum(['on_the_road', 'returned', 'disputed', 'settled']).optional(),
    }),
  },
  responses: { 200: json(listOf(listedRental), 'One page'), ...problems(correct) },
})
const readRoute = createRoute({
  method: 'get',
  path: '/rentals/{id}',
  summary: 'One rental',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(rentalBody, 'The rental'), ...problems(none) },
})
const claimRoute = createRoute({
  method: 'post',
  path: '/rentals/{id}/claims',
  summary: 'Ask for damage that was found after the return, while nothing is settled (staff)',
  security: SECURED,
  request: {
    params: idPath,
    headers: keyHeader,
    body: jsonBody(claimRequest, { place: 'boot', kind: 'dent', amount: '8000' }),
  },
  responses: { 200: json(rentalBody, 'As it stands'), ...problems(correct, staff, none, notNow) },
})
const agreeRoute = createRoute({
  method: 'post',
  path: '/rentals/{id}/agree',
  summary: 'Agree to what is asked for; the rest of the deposit goes back at once',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(rentalBody, 'Settled'), ...problems(staff, none, notNow) },
})
const disputeRoute = createRoute({
  method: 'post',
  path: '/rentals/{id}/dispute',
  summary: 'Do not agree to what is asked for; a person decides',
  security: SECURED,
  request: {
    params: idPath,
    body: jsonBody(disputeRequest, { because: 'It was there when I took the car' }),
  },
  responses: { 200: json(rentalBody, 'As it stands'), ...problems(correct, staff, none, notNow) },
})
const decideRoute = createRoute({
  method: 'post',
  path: '/rentals/{id}/decision',
  summary: 'Decide what stands of each line; those that are not named stand as they are (managers)',
  security: SECURED,
  request: { params: idPath, body: jsonBody(decisionRequest, { lines: [] }) },
  responses: { 200: json(rentalBody, 'Settled'), ...problems(correct, staff, none, notNow) },
})

export function createRentalsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/rentals/*', bearerSession(deps))
  // The list's own path.
  api.use('/rentals', bearerSession(deps))
  for (const path of ['checkout', 'checkin', 'agreement'])
    api.use(`/reservations/:id/${path}`, bearerSession(deps))

  api.openapi(checkoutRoute, async (c) => {
    const request = c.req.valid('json')
    const look = { check: checkOf(request), idSeen: request.id_seen }
    return c.json(toRentalBody(await handOver(deps, c.get('actor'), idParam(c), look)), 200)
  })
  api.openapi(checkinRoute, async (c) => {
    const actor = c.get('actor')
    const request = c.req.valid('json')
    assertMayHandOver(actor)
    const { id } = await findVisibleRentalOf(deps, actor, idParam(c))
    const damage = request.damage.map(({ place, kind, amount }) => ({
      mark: { place, kind },
      amount,
    }))
    const wish = { check: checkOf(request), location: request.location, damage }
    return c.json(toRentalBody(await takeBack(deps, actor, id, wish)), 200)
  })
  api.openapi(agreementRoute, async (c) =>
    c.json(toRentalBody(await findVisibleRentalOf(deps, c.get('actor'), idParam(c))), 200),
  )
  api.openapi(listRoute, async (c) => {
    const query = c.req.valid('query')
    const { customerId = null } = whose(c.get('actor'), {
      all: 'rentals:read',
      own: 'own_rentals:read',
    })
    const filter = {
      ...wishOf(RENTAL_SORTS, query, '-due_at'),
      customerId,
      status: query.status,
    }
    const { items, next } = await listRentals(deps.db, filter)
    return c.json({ items: items.map(toListedRental), next }, 200)
  })
  api.openapi(readRoute, async (c) =>
    c.json(toRentalBody(await findVisibleRental(deps, c.get('actor'), idParam(c))), 200),
  )
  api.openapi(claimRoute, async (c) => {
    const actor = c.get('actor')
    const rentalId = idParam(c)
    const request = c.req.valid('json')
    const id = await claimId(c, deps, actor, 'rental_claim', { rentalId, ...request })
    const { place, kind, amount } = request
    const found = { id, mark: { place, kind }, amount }
    return c.json(toRentalBody(await claim(deps, actor, rentalId, found)), 200)
  })
  api.openapi(agreeRoute, async (c) =>
    c.json(toRentalBody(await agree(deps, c.get('actor'), idParam(c))), 200),
  )
  api.openapi(disputeRoute, async (c) => {
    const { because } = c.req.valid('json')
    return c.json(toRentalBody(await dispute(deps, c.get('actor'), idParam(c), because)), 200)
  })
  api.openapi(decideRoute, async (c) => {
    const { lines } = c.req.valid('json')
    return c.json(toRentalBody(await decide(deps, c.get('actor'), idParam(c), lines)), 200)
  })
  return api
}
