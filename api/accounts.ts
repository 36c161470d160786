/** Accounts over REST: register, get a token, give it back. */
import { createRoute, z } from '@hono/zod-openapi'
import { programCredentials, registration } from '../domain/schemas/accounts.ts'
import { checkPassword, register } from './account-steps.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, problems, SECURED } from './open-api.ts'
import { assertSecondFactor } from './second-factor.ts'
import { bearerSession, closeSession, openBearerSession } from './sessions.ts'
import { sourceOf } from './source.ts'

const userBody = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    first_name: z.string(),
    last_name: z.string(),
    phone: z.string().nullable(),
  })
  .openapi('User')

const registerRoute = createRoute({
  method: 'post',
  path: '/auth/register',
  summary: 'Open a customer account',
  request: {
    body: { required: true, content: { 'application/json': { schema: registration } } },
  },
  responses: {
    201: json(userBody, 'The account'),
    ...problems(
      [400, 'Something to correct'],
      [409, 'This e-mail has an account'],
      [429, 'Too often'],
    ),
  },
})

const loginRoute = createRoute({
  method: 'post',
  path: '/auth/login',
  summary: 'Get an access token',
  request: {
    body: { required: true, content: { 'application/json': { schema: programCredentials } } },
  },
  responses: {
    200: json(
      z.object({
        access_token: z.string(),
        token_type: z.literal('Bearer'),
        expires_in: z.number(),
      }),
      'Send it as `Authorization: Bearer …`',
    ),
    ...problems(
      [401, 'E-mail or password is not right, or a second step is needed'],
      [429, 'Too many tries'],
    ),
  },
})

const logoutRoute = createRoute({
  method: 'post',
  path: '/auth/logout',
  summary: 'End this access token',
  security: SECURED,
  responses: { 204: { description: 'Ended' } },
})

const profileRoute = createRoute({
  method: 'get',
  path: '/auth/profile',
  summary: 'Who this token is',
  security: SECURED,
  responses: { 200: json(userBody, 'You') },
})

export function createAccountsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/auth/logout', bearerSession(deps))
  api.use('/auth/profile', bearerSession(deps))

  api.openapi(registerRoute, async (c) => {
    const wish = c.req.valid('json')
    const id = await register(deps, wish, sourceOf(c, deps))
    const { email, first_name, last_name, phone } = wish
    return c.json({ id, email, first_name, last_name, phone }, 201)
  })
  api.openapi(loginRoute, async (c) => {
    const who = await checkPassword(deps, c.req.valid('json'), {
      source: sourceOf(c, deps),
      known: false,
    })
    await assertSecondFactor(deps, who.userId, c.req.valid('json').code)
    const { token, expiresInSeconds } = await openBearerSession(c, deps, who)
    c.header('Cache-Control', 'no-store')
    return c.json(
      { access_token: token, token_type: 'Bearer' as const, expires_in: expiresInSeconds },
      200,
    )
  })
  api.openapi(logoutRoute, async (c) => {
    await closeSession(deps, c.get('tokenHash'))
    return c.body(null, 204)
  })
  api.openapi(profileRoute, (c) => {
    const { userId, email, firstName, lastName, phone } = c.get('actor')
    return c.json({ id: userId, email, first_name: firstName, last_name: lastName, phone }, 200)
  })
  return api
}
