/** What is hired along with a car, over REST: anybody reads what is offered, whoever looks after prices changes it. */
import { createRoute, z } from '@hono/zod-openapi'
import { extraReplacement, extraRequest, toExtra } from '../domain/schemas/pricing.ts'
import { inTransaction } from '../db/connection.ts'
import { listExtras, saveExtra } from '../db/extras.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, jsonBody, listOf, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { extraBody, toExtraBody } from './pricing-bodies.ts'
import { bearerSession } from './sessions.ts'
import { isKnown, versionHeader, versionOf } from './versions.ts'

const forPrices: [number, string] = [403, 'For whoever looks after prices']
const SEAT = { name: 'Child seat', daily_rate: '300.00', most: '1500.00', stock: 12 }

const listRoute = createRoute({
  method: 'get',
  path: '/extras',
  summary: 'What can be hired along with a car, and what other drivers cost',
  responses: { 200: json(listOf(extraBody), 'All that is offered') },
})
const createExtraRoute = createRoute({
  method: 'post',
  path: '/extras',
  summary: 'Offer an extra from now on',
  security: SECURED,
  request: { body: jsonBody(extraRequest, { code: 'CHILD-SEAT', ...SEAT }) },
  responses: {
    201: json(extraBody, 'Offered'),
    ...problems([400, 'Something to correct'], forPrices, [412, 'There is one of this code']),
  },
})
const replaceRoute = createRoute({
  method: 'put',
  path: '/extras/{code}',
  summary: 'Say anew what an extra is and costs; what was booked keeps its price',
  security: SECURED,
  request: {
    params: z.object({ code: z.string().max(40).openapi({ example: 'CHILD-SEAT' }) }),
    headers: versionHeader,
    body: jsonBody(extraReplacement, SEAT),
  },
  responses: {
    200: json(extraBody, 'As it stands'),
    ...problems(
      [400, 'Something to correct'],
      forPrices,
      [412, 'It was changed meanwhile, or there is none'],
      [428, 'If-Match is missing'],
    ),
  },
})

export function createExtrasApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.on('POST', '/extras', bearerSession(deps))
  api.on('PUT', '/extras/:code', bearerSession(deps))
  api.openapi(listRoute, async (c) =>
    c.json({ items: (await listExtras(deps.db)).map(toExtraBody), next: null }, 200),
  )
  api.openapi(createExtraRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'pricing_rules:update')
    const { code, ...facts } = c.req.valid('json')
    const save = { extra: toExtra(code, facts), version: null, actorId: actor.userId }
    const made = await inTransaction(deps.db, (tx) => saveExtra(tx, save))
    isKnown(c, made.version)
    return c.json(toExtraBody(made), 201)
  })
  api.openapi(replaceRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'pricing_rules:update')
    const extra = toExtra(c.req.valid('param').code.toUpperCase(), c.req.valid('json'))
    const save = { extra, version: versionOf(c), actorId: actor.userId }
    const made = await inTransaction(deps.db, (tx) => saveExtra(tx, save))
    isKnown(c, made.version)
    return c.json(toExtraBody(made), 200)
  })
  return api
}
