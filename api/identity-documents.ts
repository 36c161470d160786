/** Pictures of ids and licences over REST: for whose they are, and for whoever meets customers. No key of a program is enough. */
import { createHash } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import {
  IDENTITY_KINDS,
  IDENTITY_STATUSES,
  PICTURE_LIMITS,
  REFUSAL_REASONS,
  type IdentityDocument,
} from '../domain/identity-documents.ts'
import { mayDecideIdentity, maySeeIdentity } from '../domain/policies.ts'
import { acceptance, identityFields, refusal } from '../domain/schemas/identity-documents.ts'
import { toNairobiIso } from '../domain/time.ts'
import { inTransaction } from '../db/connection.ts'
import { decideIdentity, listIdentity, type Decision } from '../db/identity-documents.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { assertMaySend, sendIdentity } from './identity-sending.ts'
import { idParam, parseInput } from './input.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { pictureDoorOf } from './picture-forms.ts'
import { answerPicture, findSeen, linkPicture, noteLook } from './picture-links.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { signedInSession } from './sessions.ts'

const body = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    kind: z.enum(IDENTITY_KINDS),
    status: z.enum(IDENTITY_STATUSES),
    received_at: z.string(),
    decided_at: z.string().nullable(),
    reason: z.enum(REFUSAL_REASONS).nullable().openapi({ description: 'Why it was refused' }),
    valid_until: z.string().nullable().openapi({ description: 'The last day on which it is good' }),
    width: z.number().int(),
    height: z.number().int(),
    bytes: z.number().int(),
  })
  .openapi('IdentityDocument')

const toBody = (one: IdentityDocument): z.infer<typeof body> => ({
  id: one.id,
  customer_id: one.customerId,
  kind: one.kind,
  status: one.status,
  received_at: toNairobiIso(one.receivedAt),
  decided_at: one.decidedAt && toNairobiIso(one.decidedAt),
  reason: one.refusal,
  valid_until: one.validUntil,
  width: one.width,
  height: one.height,
  bytes: one.bytes,
})

const none: [number, string] = [404, 'There is none, or none of yours']
const DECIDED = problems(
  [400, 'Something to correct'],
  [403, 'For staff who decide about papers'],
  none,
  [409, 'It is about whoever decides, was decided about, or another picture came'],
)

const listRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/identity-documents',
  summary: 'What is known of a customer’s id and licence, the newest first; without the pictures',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(z.object({ items: z.array(body), next: z.null() }), 'All'),
    ...problems(none),
  },
})
const sendRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/identity-documents',
  summary: 'Send a picture of an id or a licence; it takes the place of the one before of its kind',
  description: `JPEG, PNG or WebP, up to ${PICTURE_LIMITS.megabytes} MB. What is kept is drawn anew, without what the camera wrote down.`,
  security: SECURED,
  request: {
    params: idPath,
    headers: keyHeader,
    body: {
      required: true,
      content: {
        // Described, and not read before it is known who sends it.
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['kind', 'picture'],
            properties: {
              kind: { type: 'string', enum: [...IDENTITY_KINDS] },
              picture: { type: 'string', format: 'binary' },
              licence_number: { type: 'string', description: 'With the front of a licence' },
              licence_expires_on: { type: 'string', format: 'date' },
            },
          },
        },
      },
    },
  },
  responses: {
    201: json(body, 'Received; somebody looks at it'),
    ...problems(
      [400, 'Something to correct'],
      none,
      [413, 'The picture is too large'],
      [415, 'It is no form'],
      [422, 'The Idempotency-Key was used with another picture'],
    ),
  },
})
const linkRoute = createRoute({
  method: 'post',
  path: '/identity-documents/{id}/links',
  summary: 'An address of the picture, for five minutes and for this session only',
  description: 'Each look of staff is counted, and in the audit.',
  security: SECURED,
  request: { params: idPath },
  responses: {
    201: json(z.object({ href: z.string(), expires_at: z.string() }), 'The address'),
    ...problems(none, [429, 'Too many looks at people’s papers']),
  },
})
const pictureRoute = createRoute({
  method: 'get',
  path: '/identity-documents/{id}/picture',
  summary: 'The picture, at an address that was asked for',
  security: SECURED,
  request: {
    params: idPath,
    query: z.strictObject({
      // Who may not see it hears that first.
      until: z.string().max(20).default(''),
      signature: z.string().max(100).default(''),
    }),
  },
  responses: {
    200: {
      description: 'The picture',
      content: { 'image/jpeg': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    ...problems([400, 'Something to correct'], none, [409, 'The address is over']),
  },
})
const acceptRoute = createRoute({
  method: 'post',
  path: '/identity-documents/{id}/acceptance',
  summary: 'Accept it; a licence and a passport with their last day',
  security: SECURED,
  request: { params: idPath, body: jsonBody(acceptance, { valid_until: '2099-01-31' }) },
  responses: { 200: json(body, 'As it stands'), ...DECIDED },
})
const refuseRoute = createRoute({
  method: 'post',
  path: '/identity-documents/{id}/refusal',
  summary: 'Refuse it, with the reason that the customer reads',
  security: SECURED,
  request: { params: idPath, body: jsonBody(refusal) },
  responses: { 200: json(body, 'As it stands'), ...DECIDED },
})

function assertMayDecide(actor: Actor): void {
  if (!mayDecideIdentity(actor))
    throw new BusinessError('FORBIDDEN', 'Ask whoever looks at customers’ papers.')
}

function addDeciding(deps: ApiDeps, api: ReturnType<typeof createOpenApi<ApiEnv>>): void {
  const decide = (actor: Actor, id: string, decision: Decision) => {
    assertMayDecide(actor)
    const wish = { id, actorId: actor.userId, decision, now: deps.now() }
    return inTransaction(deps.db, (tx) => decideIdentity(tx, wish))
  }
  api.openapi(acceptRoute, async (c) => {
    const validUntil = c.req.valid('json').valid_until
    return c.json(
      toBody(await decide(c.get('actor'), idParam(c), { status: 'accepted', validUntil })),
      200,
    )
  })
  api.openapi(refuseRoute, async (c) => {
    const { reason } = c.req.valid('json')
    return c.json(
      toBody(await decide(c.get('actor'), idParam(c), { status: 'refused', refusal: reason })),
      200,
    )
  })
}

export function createIdentityDocumentsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  const door = pictureDoorOf(deps)
  api.use('/customers/:id/identity-documents', signedInSession(deps))
  api.use('/identity-documents/*', signedInSession(deps))
  api.openapi(listRoute, async (c) => {
    const customerId = idParam(c)
    if (!maySeeIdentity(c.get('actor'), { customerId }))
      throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
    const found = await listIdentity(deps.db, customerId, deps.now())
    c.header('Cache-Control', 'private, no-store')
    return c.json({ items: found.map(toBody), next: null }, 200)
  })
  api.openapi(sendRoute, async (c) => {
    const actor = c.get('actor')
    const customerId = idParam(c)
    assertMaySend(actor, customerId)
    const kept = await door(c, actor, async ({ fields, picture }) => {
      const {
        kind,
        licence_number: number,
        licence_expires_on: expiresOn,
      } = parseInput(identityFields, fields)
      const licence = number === null ? null : { number, expiresOn }
      const request = {
        customerId,
        kind,
        licence,
        picture: createHash('sha256').update(picture).digest('hex'),
      }
      const id = await claimId(c, deps, actor, 'identity document', request)
      return sendIdentity(deps, actor, { id, customerId, kind, picture, licence })
    })
    return c.json(toBody(kept), 201)
  })
  api.openapi(linkRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findSeen(deps, actor, idParam(c))
    await noteLook(deps, actor, found)
    const { until, signature, expiresAt } = linkPicture(deps, found.id, c.get('tokenHash'))
    const href = `/api/v1/identity-documents/${found.id}/picture?until=${until}&signature=${signature}`
    return c.json({ href, expires_at: toNairobiIso(expiresAt) }, 201)
  })
  api.openapi(pictureRoute, async (c) => {
    const asked = { ...c.req.valid('query'), id: idParam(c), actor: c.get('actor') }
    return answerPicture(c, deps, { ...asked, tokenHash: c.get('tokenHash') })
  })
  addDeciding(deps, api)
  return api
}
