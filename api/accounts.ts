/** Accounts over REST: opening one, and what somebody says of themselves. */
import { createRoute, z } from '@hono/zod-openapi'
import { findActor } from '../db/accounts.ts'
import { inTransaction } from '../db/connection.ts'
import { changeProfile } from '../db/own-profile.ts'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { registration, registrationProof } from '../domain/schemas/accounts.ts'
import { profileChange } from '../domain/schemas/tokens.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, jsonBody, problems, SECURED } from './open-api.ts'
import { confirmRegistration, register } from './registering.ts'
import { signedInSession } from './sessions.ts'
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

const profileBody = userBody
  .extend({
    language: z.enum(['en', 'sw']),
    roles: z.array(z.string()),
    permissions: z.array(z.string()).openapi({ description: 'What these roles allow, now' }),
  })
  .openapi('Profile')

const toProfile = (actor: Actor): z.infer<typeof profileBody> => ({
  id: actor.userId,
  email: actor.email,
  first_name: actor.firstName,
  last_name: actor.lastName,
  phone: actor.phone,
  language: actor.language,
  roles: actor.roles,
  permissions: actor.permissions,
})

const registerRoute = createRoute({
  method: 'post',
  path: '/auth/register',
  summary: 'Ask for a customer account; a mailed link makes it',
  request: { body: jsonBody(registration) },
  responses: {
    202: json(
      z.object({ status: z.literal('mailed') }).openapi('Registering'),
      'The same whether somebody has an account with this e-mail or not',
    ),
    ...problems([400, 'Something to correct'], [429, 'Too often']),
  },
})

const confirmRoute = createRoute({
  method: 'post',
  path: '/auth/register/confirm',
  summary:
    'Open the account with the two parts of the mailed link and the password that was chosen',
  request: { body: jsonBody(registrationProof) },
  responses: {
    201: json(userBody, 'The account'),
    ...problems(
      [400, 'Something to correct'],
      [409, 'The link is over, or the account was opened by another one'],
      [429, 'Too often'],
    ),
  },
})

const profileRoute = createRoute({
  method: 'get',
  path: '/auth/profile',
  summary: 'Who this token is',
  security: SECURED,
  responses: { 200: json(profileBody, 'You') },
})

const changeRoute = createRoute({
  method: 'patch',
  path: '/auth/profile',
  summary: 'Change your name, phone or language',
  security: SECURED,
  request: { body: jsonBody(profileChange) },
  responses: {
    200: json(profileBody, 'Changed'),
    ...problems([400, 'Something to correct'], [409, 'The phone is proven, and opens the account']),
  },
})

/** Two accounts with one phone are one person where a second person is asked for, so staff do not choose theirs. */
const noNumberOfStaff = () => {
  const message = 'Somebody who works here cannot change their own number.'
  return new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'phone', message }] })
}

export function createAccountsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/auth/profile', signedInSession(deps))

  api.openapi(registerRoute, async (c) => {
    await register(deps, c.req.valid('json'), sourceOf(c, deps))
    return c.json({ status: 'mailed' as const }, 202)
  })
  api.openapi(confirmRoute, async (c) => {
    const { password, ...link } = c.req.valid('json')
    const opener = { source: sourceOf(c, deps), password }
    const { userId: id, typed } = await confirmRegistration(deps, link, opener)
    const { email, firstName, lastName, phone } = typed
    return c.json({ id, email, first_name: firstName, last_name: lastName, phone }, 201)
  })
  api.openapi(profileRoute, (c) => c.json(toProfile(c.get('actor')), 200))
  api.openapi(changeRoute, async (c) => {
    const { userId, kind } = c.get('actor')
    const { first_name: firstName, last_name: lastName, phone, language } = c.req.valid('json')
    if (phone !== undefined && kind !== 'customer') throw noNumberOfStaff()
    await inTransaction(deps.db, (tx) =>
      changeProfile(tx, userId, { firstName, lastName, phone, language }),
    )
    return c.json(toProfile((await findActor(deps.db, userId)) ?? c.get('actor')), 200)
  })
  return api
}
