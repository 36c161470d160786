/** Keys for programs, over REST. Whoever makes or ends one must have signed in for it: no key makes keys. */
import { createRoute, z } from '@hono/zod-openapi'
import { listApiKeys, revokeApiKey } from '../db/api-keys.ts'
import { inTransaction } from '../db/connection.ts'
import type { ApiKey } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import { apiKeyRequest } from '../domain/schemas/api-keys.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { makeApiKey, SIGN_IN_FOR_KEYS } from './making-keys.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { assertFresh } from './second-factor.ts'
import { signedInSession } from './sessions.ts'

const keyBody = z
  .object({
    id: z.string(),
    name: z.string(),
    beginning: z.string().openapi({ description: 'The first letters of the key' }),
    scopes: z
      .array(z.string())
      .openapi({ description: 'What it may do, as far as its owner may do it when it is used' }),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    last_used_at: z.string().nullable().openapi({ description: 'To the minute' }),
    uses: z.array(z.object({ day: z.string(), uses: z.number().int() })).openapi({
      description: 'The last thirty days, newest first; days without any are left out',
    }),
  })
  .openapi('ApiKey')

const newKeyBody = keyBody
  .extend({ key: z.string().openapi({ description: 'Said this once; we keep only its hash' }) })
  .openapi('NewApiKey')

const whoMay: [number, string] = [403, 'For whom may have keys, signed in and not by a key']

const listRoute = createRoute({
  method: 'get',
  path: '/auth/api-keys',
  summary: 'Your keys for programs',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(keyBody), next: z.null() }), 'The newest first'),
    ...problems(whoMay),
  },
})
const makeRoute = createRoute({
  method: 'post',
  path: '/auth/api-keys',
  summary: 'Make a key by which a program does some of what you may do',
  security: SECURED,
  request: {
    body: jsonBody(apiKeyRequest, {
      name: 'Accounting export',
      scopes: ['ledger:read'],
      expires_at: null,
    }),
  },
  responses: {
    201: json(newKeyBody, 'Send it as `Authorization: Bearer gari_…`'),
    ...problems([400, 'Something to correct, or more than you may do yourself'], whoMay),
  },
})
const revokeRoute = createRoute({
  method: 'delete',
  path: '/auth/api-keys/{id}',
  summary: 'Take a key back; it opens nothing from the next request on',
  security: SECURED,
  request: { params: idPath },
  responses: {
    204: { description: 'Gone' },
    ...problems(whoMay, [404, 'No such key of yours']),
  },
})

const isoOf = (at: Date | null): string | null => at && toNairobiIso(at)

const toBody = (key: ApiKey): z.infer<typeof keyBody> => ({
  id: key.id,
  name: key.name,
  beginning: key.beginning,
  scopes: key.scopes,
  created_at: toNairobiIso(key.createdAt),
  expires_at: isoOf(key.expiresAt),
  last_used_at: isoOf(key.lastUsedAt),
  uses: key.uses,
})

export function createApiKeysApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/auth/api-keys/*', signedInSession(deps))
  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'api_keys:create')
    const keys = await listApiKeys(deps.db, actor.userId)
    return c.json({ items: keys.map(toBody), next: null }, 200)
  })
  api.openapi(makeRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'api_keys:create')
    assertFresh({ isFresh: c.get('isFresh') }, SIGN_IN_FOR_KEYS)
    const { name, scopes, expires_at: expiresAt } = c.req.valid('json')
    const { key, ...made } = await makeApiKey(
      deps,
      { actor, tokenHash: c.get('tokenHash') },
      { name, scopes, expiresAt },
    )
    const body = toBody({ ...made, name, scopes, expiresAt, lastUsedAt: null, uses: [] })
    c.header('Cache-Control', 'no-store')
    return c.json({ ...body, key }, 201)
  })
  api.openapi(revokeRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'api_keys:create')
    const id = idParam(c)
    if (!(await inTransaction(deps.db, (tx) => revokeApiKey(tx, actor.userId, id))))
      throw new BusinessError('NOT_FOUND', 'You have no such key.')
    return c.body(null, 204)
  })
  return api
}
