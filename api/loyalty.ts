/** Loyalty points over REST: one's own, or a customer's for staff; and giving or taking them by hand. */
import { createRoute } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { adjustmentRequest } from '../domain/schemas/loyalty.ts'
import { inTransaction } from '../db/connection.ts'
import { adjustPoints } from '../db/loyalty.ts'
import { listLoyalty, LOYALTY_SORTS, readLoyalty } from '../db/loyalty-reads.ts'
import { findForStaff } from './customers.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf } from './lists.ts'
import { loyaltyBody, toLoyaltyBody } from './loyalty-bodies.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const readRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/loyalty',
  summary: 'The loyalty points of one customer, or one’s own, and how they came and went',
  security: SECURED,
  request: { params: idPath, query: listQuery(LOYALTY_SORTS, {}) },
  responses: {
    200: json(loyaltyBody, 'The balance, what runs out when, and one page of entries'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For staff who may see them, and for the customer'],
      [404, 'No such customer'],
    ),
  },
})
const adjustRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/loyalty',
  summary: 'Give a customer points, or take some, and say why',
  security: SECURED,
  request: {
    params: idPath,
    headers: keyHeader,
    body: jsonBody(adjustmentRequest, { points: 250, reason: 'The car was an hour late' }),
  },
  responses: {
    201: json(loyaltyBody, 'As they stand now'),
    ...problems(
      [400, 'Something to correct, or more than may be moved by hand within a day'],
      [403, 'For whoever may move points'],
      [404, 'No such customer'],
      [409, 'They are one’s own'],
      [422, 'The Idempotency-Key was used with another body'],
    ),
  },
})

/** Throws FORBIDDEN, or NOT_FOUND to staff. */
async function assertMaySee(deps: ApiDeps, actor: Actor, id: string): Promise<void> {
  if (actor.userId === id && actor.kind === 'customer') return assertCan(actor, 'own_loyalty:read')
  assertCan(actor, 'loyalty:read')
  await findForStaff(deps, actor, id)
}

const FIRST = { limit: 20 }

export function createLoyaltyApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  const bodyOf = async (customerId: string, asked: Parameters<typeof wishOf>[1]) => {
    const wish = wishOf(LOYALTY_SORTS, asked as typeof FIRST, '-created_at')
    const [account, page] = await Promise.all([
      readLoyalty(deps.db, customerId),
      listLoyalty(deps.db, { ...wish, customerId }),
    ])
    return toLoyaltyBody(account, page)
  }
  api.openapi(readRoute, async (c) => {
    const id = idParam(c)
    await assertMaySee(deps, c.get('actor'), id)
    return c.json(await bodyOf(id, c.req.valid('query')), 200)
  })
  api.openapi(adjustRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'loyalty:create')
    const customerId = idParam(c)
    await findForStaff(deps, actor, customerId)
    const { points, reason } = c.req.valid('json')
    const wish = { customerId, points, reason }
    const id = await claimId(c, deps, actor, 'loyalty', wish)
    await inTransaction(deps.db, (tx) => adjustPoints(tx, { id, ...wish, actorId: actor.userId }))
    return c.json(await bodyOf(customerId, FIRST), 201)
  })
  return api
}
