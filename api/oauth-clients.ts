/** Programs of others, over REST: an administrator says which there are. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { inTransaction } from '../db/connection.ts'
import { listOauthClients, revokeOauthClient } from '../db/oauth-clients.ts'
import { BusinessError } from '../domain/errors.ts'
import type { OauthClient, ShownClient } from '../domain/oauth.ts'
import { oauthClientRequest } from '../domain/schemas/oauth.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { SIGN_IN_FOR_KEYS } from './making-keys.ts'
import { giveNewSecret, registerProgram } from './making-programs.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { assertFresh } from './second-factor.ts'
import { signedInSession } from './sessions.ts'

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

const shownClientBody = clientBody
  .extend({
    registered_by: z
      .string()
      .openapi({ description: 'The name of its owner, for whom a server acts' }),
    people: z
      .number()
      .int()
      .openapi({ description: 'Who have let it in and it could act for now' }),
    last_used_at: z.string().nullable().openapi({ description: 'To the minute' }),
    last_used_from: z
      .string()
      .nullable()
      .openapi({ description: 'Of a server: the address that it called from' }),
  })
  .openapi('ShownOauthClient')

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
    200: json(z.object({ items: z.array(shownClientBody), next: z.null() }), 'The newest first'),
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
const secretRoute = createRoute({
  method: 'post',
  path: '/oauth-clients/{id}/secret',
  summary: 'Give a server of yours a new secret; the old one and all that it was given are over',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(newClientBody, 'With its new secret, said this once'),
    ...problems(whoMay, [404, 'No such server of yours']),
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

const toShownBody = (one: ShownClient): z.infer<typeof shownClientBody> => ({
  ...toBody(one),
  registered_by: one.owner.name,
  people: one.people,
  last_used_at: one.lastUsedAt && toNairobiIso(one.lastUsedAt),
  last_used_from: one.lastUsedFrom,
})

const makerOf = (c: Context<ApiEnv>) => ({ actor: c.get('actor'), tokenHash: c.get('tokenHash') })

export function createOauthClientsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/oauth-clients/*', signedInSession(deps))
  api.openapi(listRoute, async (c) => {
    assertCan(c.get('actor'), 'oauth_clients:create')
    const clients = await listOauthClients(deps.db)
    return c.json({ items: clients.map(toShownBody), next: null }, 200)
  })
  api.openapi(registerRoute, async (c) => {
    assertCan(c.get('actor'), 'oauth_clients:create')
    assertFresh({ isFresh: c.get('isFresh') }, SIGN_IN_FOR_KEYS)
    const { client, secret } = await registerProgram(deps, makerOf(c), c.req.valid('json'))
    c.header('Cache-Control', 'no-store')
    return c.json({ ...toBody(client), client_secret: secret }, 201)
  })
  api.openapi(secretRoute, async (c) => {
    assertCan(c.get('actor'), 'oauth_clients:create')
    assertFresh({ isFresh: c.get('isFresh') }, SIGN_IN_FOR_KEYS)
    const { client, secret } = await giveNewSecret(deps, makerOf(c), idParam(c))
    c.header('Cache-Control', 'no-store')
    return c.json({ ...toBody(client), client_secret: secret }, 200)
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
