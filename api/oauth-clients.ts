/** Programs of others, over REST: an administrator says which there are. */
import { createRoute, z } from '@hono/zod-openapi'
import { inTransaction } from '../db/connection.ts'
import { createOauthClient, listOauthClients, revokeOauthClient } from '../db/oauth-clients.ts'
import type { Actor } from '../domain/accounts.ts'
import { NO_SCOPES, scopesFor } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import type { OauthClient, OauthClientKind } from '../domain/oauth.ts'
import type { Permission } from '../domain/permissions.ts'
import { oauthClientRequest } from '../domain/schemas/oauth.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { SIGN_IN_FOR_KEYS } from './making-keys.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { assertFresh } from './second-factor.ts'
import { signedInSession } from './sessions.ts'
import { newToken, sha256 } from './tokens.ts'

const clientBody = z
  .object({
    client_id: z.string(),
    name: z.string(),
    kind: z.enum(['public', 'server']),
    redirect_uris: z.array(z.string()),
    scopes: z.array(z.string()).openapi({ description: 'The most that it can be allowed' }),
    created_at: z.string(),
  })
  .openapi('OauthClient')

const newClientBody = clientBody
  .extend({
    client_secret: z
      .string()
      .nullable()
      .openapi({ description: 'Of a server; said this once, we keep only its hash' }),
  })
  .openapi('NewOauthClient')

const whoMay: [number, string] = [
  403,
  'For whom may register programs, signed in and not by a key; to register one, within a quarter of an hour',
]

const listRoute = createRoute({
  method: 'get',
  path: '/oauth-clients',
  summary: 'Programs of others that may ask people to let them in',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(clientBody), next: z.null() }), 'The newest first'),
    ...problems(whoMay),
  },
})
const registerRoute = createRoute({
  method: 'post',
  path: '/oauth-clients',
  summary:
    'Register a program: public for one on people’s devices, server for one that acts for you by itself',
  security: SECURED,
  request: {
    body: jsonBody(oauthClientRequest, {
      name: 'Fleet Helper',
      kind: 'public',
      redirect_uris: ['https://fleet.example/back'],
      scopes: ['own_reservations:read'],
    }),
  },
  responses: {
    201: json(newClientBody, 'Its endpoints stand in `/oauth/.well-known/openid-configuration`'),
    ...problems([400, 'Something to correct'], whoMay),
  },
})
const revokeRoute = createRoute({
  method: 'delete',
  path: '/oauth-clients/{id}',
  summary: 'Shut a program out; all that it was given is over from the next request on',
  security: SECURED,
  request: { params: idPath },
  responses: { 204: { description: 'Gone' }, ...problems(whoMay, [404, 'No such program']) },
})

const toBody = (one: OauthClient): z.infer<typeof clientBody> => ({
  client_id: one.id,
  name: one.name,
  kind: one.kind,
  redirect_uris: one.redirectUris,
  scopes: one.scopes,
  created_at: toNairobiIso(one.createdAt),
})

/** A server acts for whoever registers it; a public program may be let in by people who may do other things. */
function assertScopes(actor: Actor, kind: OauthClientKind, scopes: readonly Permission[]): void {
  const own = scopesFor(actor.permissions)
  const beyond = scopes.find((one) =>
    kind === 'server' ? !own.includes(one) : NO_SCOPES.includes(one),
  )
  if (!beyond) return
  const message =
    kind === 'server'
      ? `A server of yours cannot have ${beyond}.`
      : `No program can have ${beyond}.`
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'scopes', message }] })
}

export function createOauthClientsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/oauth-clients/*', signedInSession(deps))
  api.openapi(listRoute, async (c) => {
    assertCan(c.get('actor'), 'oauth_clients:create')
    const clients = await listOauthClients(deps.db)
    return c.json({ items: clients.map(toBody), next: null }, 200)
  })
  api.openapi(registerRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'oauth_clients:create')
    assertFresh({ isFresh: c.get('isFresh') }, SIGN_IN_FOR_KEYS)
    const wish = c.req.valid('json')
    assertScopes(actor, wish.kind, wish.scopes)
    const secret = wish.kind === 'server' ? newToken() : null
    const one = await inTransaction(deps.db, (tx) =>
      createOauthClient(tx, {
        name: wish.name,
        kind: wish.kind,
        redirectUris: wish.kind === 'public' ? wish.redirect_uris : [],
        scopes: wish.scopes,
        ownerId: actor.userId,
        secretHash: secret === null ? null : sha256(secret),
      }),
    )
    c.header('Cache-Control', 'no-store')
    return c.json({ ...toBody(one), client_secret: secret }, 201)
  })
  api.openapi(revokeRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'oauth_clients:create')
    const id = idParam(c)
    if (!(await inTransaction(deps.db, (tx) => revokeOauthClient(tx, id, actor.userId))))
      throw new BusinessError('NOT_FOUND', 'There is no such program.')
    return c.body(null, 204)
  })
  return api
}
