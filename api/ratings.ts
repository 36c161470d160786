/** Ratings over REST: a customer's for staff, or one's own; set by hand, or looked at again by the rule. */
import { createRoute } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { handRating } from '../domain/schemas/ratings.ts'
import { inTransaction } from '../db/connection.ts'
import { listRatings, lookAgain, rateByHand, RATING_SORTS, readRating } from '../db/ratings.ts'
import { findForStaff } from './customers.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf } from './lists.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { ratingsBody, toRatingsBody } from './rating-bodies.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const none: [number, string] = [404, 'No such customer']
const forSetters: [number, string] = [403, 'For whoever may set ratings']
const own: [number, string] = [409, 'It is one’s own']

const readRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/rating',
  summary:
    'The risk level and credit score of one customer, or one’s own, why, and what stood before',
  security: SECURED,
  request: { params: idPath, query: listQuery(RATING_SORTS, {}) },
  responses: {
    200: json(ratingsBody, 'What stands, and one page of all there were'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For staff who may see them, and for the customer'],
      none,
    ),
  },
})
const setRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/rating',
  summary: 'Set a customer’s level by hand until a day, and say why; the score stays the rule’s',
  security: SECURED,
  request: {
    params: idPath,
    headers: keyHeader,
    body: jsonBody(handRating, {
      level: 'medium',
      why: 'Two keys were lost; we look again in March',
      until: '2027-03-31',
    }),
  },
  responses: {
    201: json(ratingsBody, 'As it stands now'),
    ...problems(
      [400, 'Something to correct, or a day that is over or more than a year away'],
      forSetters,
      none,
      own,
      [422, 'The Idempotency-Key was used with another body'],
    ),
  },
})
const lookRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/rating/reckoning',
  summary: 'Have the rule look again now; what was set by hand ends with it',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(ratingsBody, 'As it stands now, changed or not'),
    ...problems(forSetters, none, own),
  },
})

/** Throws FORBIDDEN, or NOT_FOUND to staff. */
async function assertMaySee(deps: ApiDeps, actor: Actor, id: string): Promise<void> {
  if (actor.userId === id && actor.kind === 'customer') return assertCan(actor, 'own_rating:read')
  assertCan(actor, 'ratings:read')
  await findForStaff(deps, actor, id)
}

const FIRST = { limit: 20 }

export function createRatingsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  const bodyOf = async (customerId: string, asked: Parameters<typeof wishOf>[1]) => {
    const wish = wishOf(RATING_SORTS, asked as typeof FIRST, '-created_at')
    const [current, page] = await Promise.all([
      readRating(deps.db, customerId),
      listRatings(deps.db, { ...wish, customerId }),
    ])
    return toRatingsBody(current, page)
  }
  api.openapi(readRoute, async (c) => {
    const id = idParam(c)
    await assertMaySee(deps, c.get('actor'), id)
    return c.json(await bodyOf(id, c.req.valid('query')), 200)
  })
  api.openapi(setRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'ratings:create')
    const customerId = idParam(c)
    await findForStaff(deps, actor, customerId)
    const wish = { customerId, ...c.req.valid('json') }
    const id = await claimId(c, deps, actor, 'rating', wish)
    const whole = { ...wish, id, actorId: actor.userId, now: deps.now() }
    await inTransaction(deps.db, (tx) => rateByHand(tx, whole))
    return c.json(await bodyOf(customerId, FIRST), 201)
  })
  api.openapi(lookRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'ratings:create')
    const customerId = idParam(c)
    await findForStaff(deps, actor, customerId)
    const asked = { customerId, actorId: actor.userId, now: deps.now() }
    await inTransaction(deps.db, (tx) => lookAgain(tx, asked))
    return c.json(await bodyOf(customerId, FIRST), 200)
  })
  return api
}
