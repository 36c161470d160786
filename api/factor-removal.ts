/** For whoever has lost the phone and the codes on paper: an administrator turns their second step off. */
import { createRoute } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { factorRemoval } from '../domain/schemas/roles.ts'
import { inTransaction } from '../db/connection.ts'
import { findPerson } from '../db/people.ts'
import { removeFactorsOf } from '../db/second-factors.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { bearerSession } from './sessions.ts'

const factorRoute = createRoute({
  method: 'post',
  path: '/users/{id}/second-factor/removal',
  summary:
    'Turn off the second step of somebody who has lost it; they are signed out and told by mail',
  security: SECURED,
  request: { params: idPath, body: jsonBody(factorRemoval) },
  responses: {
    204: { description: 'Turned off' },
    ...problems(
      [400, 'Something to correct'],
      [403, 'For administrators'],
      [404, 'No such account'],
      [409, 'One’s own account'],
    ),
  },
})

export function createFactorRemovalApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/users/:id/second-factor/*', bearerSession(deps))
  api.openapi(factorRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'users:update')
    const { why } = c.req.valid('json')
    const id = idParam(c)
    if (!(await findPerson(deps.db, id)))
      throw new BusinessError('NOT_FOUND', 'There is no such account.')
    await inTransaction(deps.db, (tx) => removeFactorsOf(tx, id, { actorId: actor.userId, why }))
    return c.body(null, 204)
  })
  return api
}
