/** Shares of a booking over REST: where everybody must pay, one may pay for another who did not. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { BusinessError } from '../domain/errors.ts'
import { toDecimal } from '../domain/money.ts'
import { mayPayReservation } from '../domain/policies.ts'
import { coverRequest } from '../domain/schemas/charges.ts'
import { claimKey, storeResponse } from '../db/idempotency.ts'
import { findVisible } from './booking.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { bearerSession } from './sessions.ts'
import { sha256, uuidFrom } from './tokens.ts'

const KEY_LENGTH = 255

const coveredBody = z
  .object({
    reservation_id: z.string(),
    party_id: z.string(),
    for_party_id: z.string(),
    parties: z.array(z.object({ id: z.string(), share: z.string(), paid: z.string() })),
  })
  .openapi('CoveredShare')
type Covered = z.infer<typeof coveredBody>

const coverRoute = createRoute({
  method: 'post',
  path: '/reservations/{id}/cover',
  summary: 'Take over a share that was not paid',
  description:
    'Only where a booking stands when all have paid (`mode: all_or_nobody`), and only from the moment at which ' +
    'whoever the share belongs to declined or let their time pass.',
  security: SECURED,
  request: {
    params: idPath,
    headers: z.object({ 'idempotency-key': z.string().max(KEY_LENGTH).optional() }),
    body: { required: true, content: { 'application/json': { schema: coverRequest } } },
  },
  responses: {
    200: json(coveredBody, 'The shares as they stand'),
    ...problems(
      [400, 'Something to correct, or no Idempotency-Key'],
      [403, 'You may see this booking, but not pay for it'],
      [404, 'No such booking of yours, or nobody of it'],
      [409, 'Not now: it may still be paid, it is paid, or the booking has ended'],
      [422, 'The key was used for another request'],
    ),
  },
})

const keyOf = (c: Context): string => {
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (key.length > 0 && key.length <= KEY_LENGTH) return key
  throw new BusinessError(
    'IDEMPOTENCY_KEY_REQUIRED',
    'Send an Idempotency-Key header (up to 255 characters, new for each request).',
  )
}

export function createReservationSharesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/reservations/*', bearerSession(deps))

  api.openapi(coverRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisible(deps, actor, idParam(c))
    if (!mayPayReservation(actor, found))
      throw new BusinessError('FORBIDDEN', 'You may see this booking, but not pay for it.')
    const { party_id: partyId, for_party_id: forPartyId } = c.req.valid('json')
    const scope = `covers:${actor.userId}`
    const key = keyOf(c)
    const claimed = await claimKey(deps.db, {
      scope,
      key,
      requestHash: sha256(JSON.stringify([found.id, partyId, forPartyId])),
      subjectId: uuidFrom('cover', actor.userId, key),
    })
    if (claimed.state === 'other') {
      const words = 'Use a new Idempotency-Key for another request.'
      throw new BusinessError('IDEMPOTENCY_KEY_REUSED', words)
    }
    if (claimed.response) return c.json(claimed.response.body as Covered, 200)
    const wish = { partyId, forPartyId, actorId: actor.userId }
    await deps.workflows.charges.coverShare('reservation', found.id, wish)
    const { parties } = await findVisible(deps, actor, found.id)
    const body: Covered = {
      reservation_id: found.id,
      party_id: partyId,
      for_party_id: forPartyId,
      parties: parties.map(({ id, share, paid }) => ({
        id,
        share: toDecimal(share),
        paid: toDecimal(paid),
      })),
    }
    await storeResponse(deps.db, { scope, key, status: 200, body })
    return c.json(body, 200)
  })
  return api
}
