/** Signing in over REST: a pair of tokens for a password, another pair for a refresh token, and the end of both. */
import { createRoute, z } from '@hono/zod-openapi'
import { programCredentials } from '../domain/schemas/accounts.ts'
import { refreshRequest } from '../domain/schemas/tokens.ts'
import { checkPassword } from './account-steps.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { deviceTokenOf, hasSignedInBefore } from './known-browsers.ts'
import { createOpenApi, json, jsonBody, problems, SECURED } from './open-api.ts'
import { closeSession, signedInSession } from './sessions.ts'
import { assertSecondFactor } from './sign-in-codes.ts'
import { sourceOf } from './source.ts'
import { openTokens, refresh } from './token-pairs.ts'

const pairBody = z
  .object({
    access_token: z.string().openapi({ description: 'Send it as `Authorization: Bearer …`' }),
    token_type: z.literal('Bearer'),
    expires_in: z.number().int().openapi({ description: 'Seconds' }),
    refresh_token: z.string().openapi({ description: 'Good once, for the next pair' }),
  })
  .openapi('Tokens')

const signedInBody = pairBody
  .extend({
    device_token: z.string().openapi({
      description: 'Keep it, and send it with the next sign-in. It opens nothing',
    }),
  })
  .openapi('SignedIn')

const loginRoute = createRoute({
  method: 'post',
  path: '/auth/login',
  summary: 'Get an access token and a refresh token',
  request: { body: jsonBody(programCredentials) },
  responses: {
    200: json(signedInBody, 'Signed in'),
    ...problems(
      [401, 'E-mail or password is not right, or a second step is needed'],
      [429, 'Too many tries'],
    ),
  },
})

const refreshRoute = createRoute({
  method: 'post',
  path: '/auth/refresh',
  summary: 'The next pair of tokens; a refresh token that is sent twice ends the whole sign-in',
  request: { body: jsonBody(refreshRequest) },
  responses: {
    200: json(pairBody, 'The one that was sent is used up'),
    ...problems([400, 'Something to correct'], [401, 'Sign in again']),
  },
})

const logoutRoute = createRoute({
  method: 'post',
  path: '/auth/logout',
  summary: 'End this sign-in: neither of its tokens is good from now on',
  security: SECURED,
  responses: { 204: { description: 'Ended' } },
})

export function createAuthTokensApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/auth/logout', signedInSession(deps))

  api.openapi(loginRoute, async (c) => {
    const { email, password, code, device_token: deviceToken = '' } = c.req.valid('json')
    const known = hasSignedInBefore(deps, deviceToken, email)
    const guesser = { source: sourceOf(c, deps), known, isProgram: true }
    const who = await checkPassword(deps, { email, password }, guesser)
    const { userId } = who
    const showedFactor = await assertSecondFactor(deps, { userId, deviceToken }, code)
    const pair = await openTokens(c, deps, { ...who, ...(showedFactor && { showed: 'code' }) })
    c.header('Cache-Control', 'no-store')
    return c.json(
      { ...pair, device_token: deviceTokenOf(deps, { email, userId, showedFactor }) },
      200,
    )
  })
  api.openapi(refreshRoute, async (c) => {
    c.header('Cache-Control', 'no-store')
    return c.json(await refresh(deps, c.req.valid('json').refresh_token), 200)
  })
  api.openapi(logoutRoute, async (c) => {
    await closeSession(deps, c.get('tokenHash'))
    return c.body(null, 204)
  })
  return api
}
