/** Erasing what we hold about a customer, and keeping it where the law asks, over REST. For staff; customers have a page. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { ERASURE_STATUSES, NEEDS } from '../domain/erasures.ts'
import { erasureRequest, legalHoldRequest } from '../domain/schemas/erasures.ts'
import { toNairobiIso } from '../domain/time.ts'
import { inTransaction } from '../db/connection.ts'
import { findErasure, type Erasure } from '../db/erasures.ts'
import { liftLegalHold, setLegalHold } from '../db/legal-holds.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { assertErasable, requestErasure, takeBack } from './erasing.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { bearerSession } from './sessions.ts'

const erasureBody = z
  .object({
    id: z.string(),
    status: z.enum(ERASURE_STATUSES),
    needs: z
      .array(z.enum(NEEDS))
      .openapi({ description: 'What stood in its way when it was last looked at' }),
    asked_at: z.string(),
    due_at: z.string().openapi({ description: 'Until then it can be taken back' }),
    ended_at: z.string().nullable(),
  })
  .openapi('Erasure')

const toBody = (one: Erasure): z.infer<typeof erasureBody> => ({
  id: one.id,
  status: one.status,
  needs: one.needs,
  asked_at: toNairobiIso(one.askedAt),
  due_at: toNairobiIso(one.dueAt),
  ended_at: one.endedAt && toNairobiIso(one.endedAt),
})

const forKeepers: [number, string] = [403, 'For staff who look after people’s rights']
const noCustomer: [number, string] = [404, 'No such customer']
const toCorrect: [number, string] = [400, 'Something to correct']

const readRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/erasure',
  summary: 'The last wish of a customer to be erased, and how it stands',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(erasureBody, 'How it stands'),
    ...problems(forKeepers, [404, 'No such customer, or no such wish']),
  },
})
const askRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/erasure',
  summary:
    'Have what we hold about a customer erased, as they have asked; it waits a few days first',
  security: SECURED,
  request: { params: idPath, body: jsonBody(erasureRequest) },
  responses: {
    202: json(erasureBody, 'It waits; asked again it is the same'),
    ...problems(toCorrect, forKeepers, noCustomer, [
      409,
      'Something stands in its way, named in `needs`; or it is one’s own account',
    ]),
  },
})
const backRoute = createRoute({
  method: 'delete',
  path: '/customers/{id}/erasure',
  summary: 'Take the wish back, until it has begun',
  security: SECURED,
  request: { params: idPath },
  responses: {
    204: { description: 'Taken back' },
    ...problems(forKeepers, [404, 'No such customer, or nothing waits any more']),
  },
})
const holdRoute = createRoute({
  method: 'put',
  path: '/customers/{id}/legal-hold',
  summary: 'Keep all that is known of a customer, because the law asks for it',
  security: SECURED,
  request: { params: idPath, body: jsonBody(legalHoldRequest) },
  responses: {
    204: { description: 'Nothing of them is erased now' },
    ...problems(toCorrect, forKeepers, noCustomer, [409, 'One’s own account']),
  },
})
const liftRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/legal-hold/removal',
  summary: 'The law asks for it no longer',
  security: SECURED,
  request: { params: idPath, body: jsonBody(legalHoldRequest) },
  responses: {
    204: { description: 'Lifted' },
    ...problems(
      toCorrect,
      forKeepers,
      [404, 'No such customer, or no hold'],
      [409, 'One’s own account'],
    ),
  },
})

export function createErasuresApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  api.openapi(readRoute, async (c) => {
    assertCan(c.get('actor'), 'erasures:create')
    const found = await findErasure(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'Nobody has asked to erase this.')
    return c.json(toBody(found), 200)
  })
  api.openapi(askRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'erasures:create')
    const [userId, actorId] = [idParam(c), actor.userId]
    await assertErasable(deps, userId, actorId)
    const { why } = c.req.valid('json')
    return c.json(toBody(await requestErasure(deps, { userId, actorId, why })), 202)
  })
  api.openapi(backRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'erasures:create')
    await takeBack(deps, idParam(c), actor.userId)
    return c.body(null, 204)
  })
  api.openapi(holdRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'legal_holds:update')
    const say = { userId: idParam(c), actorId: actor.userId, ...c.req.valid('json') }
    await assertErasable(deps, say.userId, say.actorId)
    await inTransaction(deps.db, (tx) => setLegalHold(tx, say))
    return c.body(null, 204)
  })
  api.openapi(liftRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'legal_holds:update')
    const say = { userId: idParam(c), actorId: actor.userId, ...c.req.valid('json') }
    await assertErasable(deps, say.userId, say.actorId)
    if (!(await inTransaction(deps.db, (tx) => liftLegalHold(tx, say))))
      throw new BusinessError('NOT_FOUND', 'There is no hold of the law on this account.')
    return c.body(null, 204)
  })
  return api
}
