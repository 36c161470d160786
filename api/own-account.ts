/** One's own account over REST: its password, and where it is signed in. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import {
  changePassword as changeRequest,
  forgotPassword,
  resetPassword as resetRequest,
} from '../domain/schemas/accounts.ts'
import { toNairobiIso } from '../domain/time.ts'
import { inTransaction } from '../db/connection.ts'
import { endOwnOtherSessions, endSessionNamed, listSessions } from '../db/sessions.ts'
import { askForReset, changePassword, resetPassword } from './account-recovery.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, jsonBody, problems, SECURED } from './open-api.ts'
import { signedInSession } from './sessions.ts'
import { sourceOf } from './source.ts'

const done = { 204: { description: 'Done' } }

const sessionBody = z
  .object({
    id: z.string(),
    kind: z.enum(['page', 'bearer']),
    device: z
      .string()
      .nullable()
      .openapi({ description: 'As the browser or program names itself' }),
    address: z.string().nullable(),
    opened_at: z.string(),
    last_seen_at: z.string(),
    is_this: z.boolean().openapi({ description: 'The one with which this was asked' }),
  })
  .openapi('Session')

const forgotRoute = createRoute({
  method: 'post',
  path: '/auth/forgot-password',
  summary: 'Mail a link for a new password, if there is an account',
  request: { body: jsonBody(forgotPassword) },
  responses: {
    202: { description: 'The same whether there is an account or not' },
    ...problems([400, 'Something to correct'], [429, 'Too often']),
  },
})
const resetRoute = createRoute({
  method: 'post',
  path: '/auth/reset-password',
  summary: 'Choose a new password with the two parts of a mailed link; every session ends',
  request: { body: jsonBody(resetRequest) },
  responses: {
    ...done,
    ...problems([400, 'Something to correct'], [409, 'The link is over'], [429, 'Too often']),
  },
})
const changeRoute = createRoute({
  method: 'post',
  path: '/auth/change-password',
  summary: 'Change the password; every other session ends',
  security: SECURED,
  request: { body: jsonBody(changeRequest) },
  responses: {
    ...done,
    ...problems([400, 'Something to correct'], [429, 'Too often']),
  },
})
const sessionsRoute = createRoute({
  method: 'get',
  path: '/auth/sessions',
  summary: 'Where this account is signed in',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(sessionBody), next: z.null() }), 'The one last used first'),
  },
})
const endAllRoute = createRoute({
  method: 'delete',
  path: '/auth/sessions',
  summary: 'Sign out everywhere else',
  security: SECURED,
  responses: done,
})
const endRoute = createRoute({
  method: 'delete',
  path: '/auth/sessions/{id}',
  summary: 'End one session',
  security: SECURED,
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { ...done, ...problems([404, 'No such session of yours']) },
})

export function createOwnAccountApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/auth/change-password', signedInSession(deps))
  api.use('/auth/sessions/*', signedInSession(deps))
  api.openapi(forgotRoute, async (c) => {
    await askForReset(deps, c.req.valid('json').email, sourceOf(c, deps))
    return c.body(null, 202)
  })
  api.openapi(resetRoute, async (c) => {
    const { password, ...link } = c.req.valid('json')
    await resetPassword(deps, link, password, sourceOf(c, deps))
    return c.body(null, 204)
  })
  api.openapi(changeRoute, async (c) => {
    const { current_password: current, new_password: next } = c.req.valid('json')
    const actor = c.get('actor')
    await changePassword(deps, { actor, current, next, keep: c.get('tokenHash') })
    return c.body(null, 204)
  })
  api.openapi(sessionsRoute, async (c) => {
    const found = await listSessions(deps.db, c.get('actor').userId, c.get('tokenHash'))
    const items = found.map(({ handle, kind, device, address, openedAt, lastSeenAt, isThis }) => ({
      id: handle,
      kind,
      device,
      address,
      opened_at: toNairobiIso(openedAt),
      last_seen_at: toNairobiIso(lastSeenAt),
      is_this: isThis,
    }))
    c.header('Cache-Control', 'no-store')
    return c.json({ items, next: null }, 200)
  })
  api.openapi(endAllRoute, async (c) => {
    await inTransaction(deps.db, (tx) =>
      endOwnOtherSessions(tx, c.get('actor').userId, c.get('tokenHash')),
    )
    return c.body(null, 204)
  })
  api.openapi(endRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { userId } = c.get('actor')
    if (!(await inTransaction(deps.db, (tx) => endSessionNamed(tx, userId, id))))
      throw new BusinessError('NOT_FOUND', 'You have no such session.')
    return c.body(null, 204)
  })
  return api
}
