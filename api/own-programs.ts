/** The programs of others that somebody has let in, over REST: which there are, and the end of one. No program sees or ends others. */
import { createRoute, z } from '@hono/zod-openapi'
import { inTransaction } from '../db/connection.ts'
import { listLetIn, shutOut } from '../db/oauth-records.ts'
import { BusinessError } from '../domain/errors.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { signedInSession } from './sessions.ts'

const programBody = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z
      .array(z.string())
      .openapi({ description: 'What it may do, as far as you may do it when it asks' }),
    expires_at: z.string(),
  })
  .openapi('OwnProgram')

const listRoute = createRoute({
  method: 'get',
  path: '/auth/programs',
  summary: 'Programs of others that may act for you',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(programBody), next: z.null() }), 'By name'),
    ...problems(),
  },
})
const endRoute = createRoute({
  method: 'delete',
  path: '/auth/programs/{id}',
  summary: 'Take back what you allowed a program; all that it was given for you is over at once',
  security: SECURED,
  request: { params: idPath },
  responses: {
    204: { description: 'Gone' },
    ...problems([404, 'No such program acts for you']),
  },
})

export function createOwnProgramsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/auth/programs/*', signedInSession(deps))
  api.openapi(listRoute, async (c) => {
    const found = await listLetIn(deps.db, c.get('actor').userId)
    const items = found.map(({ clientId, name, scopes, until }) => ({
      id: clientId,
      name,
      scopes,
      expires_at: toNairobiIso(until),
    }))
    return c.json({ items, next: null }, 200)
  })
  api.openapi(endRoute, async (c) => {
    const { userId } = c.get('actor')
    const id = idParam(c)
    if (!(await inTransaction(deps.db, (tx) => shutOut(tx, userId, id))))
      throw new BusinessError('NOT_FOUND', 'No such program acts for you.')
    return c.body(null, 204)
  })
  return api
}
