/** Reservations over REST: start one, read one's own, cancel. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import {
  cancelRequest,
  reservationRequest,
  tripOf,
  type ReservationRequest,
} from '../domain/schemas/requests.ts'
import { claimKey, storeResponse } from '../db/idempotency.ts'
import { book, findVisible, refusalError } from './booking.ts'
import { cancelBooking } from './cancelling.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import {
  createOpenApi,
  idPath,
  json,
  jsonBody,
  NOT_MODIFIED,
  problems,
  SECURED,
} from './open-api.ts'
import { keyHeader } from './request-keys.ts'
import { problemResponse, statusOf } from './problems.ts'
import { heldBody, reservationBody, toHeldBody, toReservationBody } from './reservation-bodies.ts'
import { addReservationChanges } from './reservation-changes.ts'
import { addReservationList } from './reservation-lists.ts'
import { bearerSession } from './sessions.ts'
import { sourceOf } from './source.ts'
import { sha256, uuidFrom } from './tokens.ts'
import { isSame, knownHeader } from './versions.ts'

const KEY_LENGTH = 255

const startRoute = createRoute({
  method: 'post',
  path: '/reservations',
  summary: 'Hold a car and open its booking',
  security: SECURED,
  request: {
    headers: keyHeader,
    body: jsonBody(reservationRequest, {
      category: 'SUV',
      pickup_location: 'NBO-JKIA',
      return_location: 'NBO-JKIA',
      pickup_at: '2026-11-27T10:00:00+03:00',
      return_at: '2026-11-30T10:00:00+03:00',
      parties: [{ name: 'Wanjiku Kamau', phone: '0712 345 678' }],
      special_requests: 'A child seat',
    }),
  },
  responses: {
    201: json(heldBody, 'Held until `hold_expires_at`'),
    202: json(z.object({ id: z.string(), status: z.string() }), 'Accepted; read it again shortly'),
    ...problems(
      [400, 'Something to correct'],
      [
        409,
        'No car is free (`alternatives` says what is), too many unpaid bookings are open, the points or the code cannot be used, an extra is taken, or the price is not `seen_total`',
      ],
      [422, 'The Idempotency-Key was used with another body'],
      [429, 'Too many tries to book; `Retry-After` says when it is worth another'],
      [503, 'Try again'],
    ),
  },
})

const readRoute = createRoute({
  method: 'get',
  path: '/reservations/{id}',
  summary: 'One booking',
  security: SECURED,
  request: { params: idPath, headers: knownHeader },
  responses: {
    200: json(reservationBody, 'The booking'),
    ...NOT_MODIFIED,
    ...problems([404, 'Not yours, or none']),
  },
})

const cancelRoute = createRoute({
  method: 'post',
  path: '/reservations/{id}/cancel',
  summary: 'Cancel; what was paid is sent back',
  security: SECURED,
  request: {
    params: idPath,
    body: { required: false, content: { 'application/json': { schema: cancelRequest } } },
  },
  responses: {
    200: json(reservationBody, 'The cancelled booking'),
    ...problems([404, 'Not yours, or none'], [409, 'It has already ended']),
  },
})

const keyOf = (c: Context): string => {
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (key.length > 0 && key.length <= KEY_LENGTH) return key
  throw new BusinessError(
    'IDEMPOTENCY_KEY_REQUIRED',
    'Send an Idempotency-Key header (up to 255 characters, new for each booking).',
  )
}

type Answer = { status: number; body: unknown }

type Remembered = Answer & { scope: string; key: string }

/**
 * Nobody waits for this: should it be lost, a repeat meets the same workflow, because the booking's id follows
 * from the key, and hears how the booking stands.
 */
async function remember(deps: ApiDeps, answer: Remembered): Promise<void> {
  try {
    await storeResponse(deps.db, answer)
  } catch (error) {
    deps.log.warn({ error: String(error) }, 'the answer to an Idempotency-Key was not kept')
  }
}

/** Remembers the key with a hash of the request; a repeat gets the first answer again. */
async function once(
  deps: ApiDeps,
  actor: Actor,
  claim: { key: string; request: ReservationRequest; reservationId: string },
  work: () => Promise<Answer>,
): Promise<Answer> {
  const scope = `reservations:${actor.userId}`
  const { key, request, reservationId } = claim
  const claimed = await claimKey(deps.db, {
    scope,
    key,
    requestHash: sha256(JSON.stringify(request)),
    subjectId: reservationId,
  })
  if (claimed.state === 'other') {
    throw new BusinessError(
      'IDEMPOTENCY_KEY_REUSED',
      'Use a new Idempotency-Key for a new booking.',
    )
  }
  if (claimed.response) return claimed.response
  const answer = await work()
  if (answer.status !== 202) void remember(deps, { scope, key, ...answer })
  return answer
}

async function start(
  deps: ApiDeps,
  actor: Actor,
  request: ReservationRequest,
  from: { reservationId: string; source: string },
): Promise<Answer> {
  const { reservationId, source } = from
  const parties = request.parties.map(({ name, phone, share, due_at: dueAt }) => ({
    name,
    phone,
    share: share ?? null,
    ...(dueAt ? { dueAt } : {}),
  }))
  const specialRequests = request.special_requests ?? null
  const wish = {
    reservationId,
    trip: tripOf(request),
    parties,
    specialRequests,
    ...modeOf(request),
    ...(request.points ? { points: request.points } : {}),
    extras: request.extras,
    extraDrivers: request.extra_drivers,
    promoCode: request.promo_code,
    seenTotal: request.seen_total,
  }
  const held = await book(deps, actor, wish, source)
  if (held === 'pending') return { status: 202, body: { id: reservationId, status: 'pending' } }
  if (held.outcome === 'held') return { status: 201, body: toHeldBody(held) }
  const { code, message, details, fields } = refusalError(held)
  return { status: statusOf(code), body: { refused: true, code, message, details, fields } }
}

const modeOf = ({ mode }: ReservationRequest) => (mode ? { mode } : {})

type Refused = {
  refused: true
  code: BusinessError['code']
  message: string
  details: Record<string, unknown>
  fields: BusinessError['fields']
}
const isRefused = (body: unknown): body is Refused =>
  typeof body === 'object' && body !== null && 'refused' in body

export function createReservationsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/reservations/*', bearerSession(deps))

  api.openapi(startRoute, async (c) => {
    const actor = c.get('actor')
    const key = keyOf(c)
    const request = c.req.valid('json')
    const reservationId = uuidFrom('reservation', actor.userId, key)
    const { status, body } = await once(deps, actor, { key, request, reservationId }, () =>
      start(deps, actor, request, { reservationId, source: sourceOf(c, deps) }),
    )
    if (isRefused(body)) {
      return problemResponse(c, new BusinessError(body.code, body.message, body)) as never
    }
    c.header('Location', `/api/v1/reservations/${reservationId}`)
    return c.json(body as z.infer<typeof heldBody>, status as 201)
  })

  addReservationList(api, deps)
  addReservationChanges(api, deps)
  api.openapi(readRoute, async (c) => {
    const body = toReservationBody(await findVisible(deps, c.get('actor'), idParam(c)))
    if (isSame(c, body)) return c.body(null, 304)
    return c.json(body, 200)
  })

  api.openapi(cancelRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisible(deps, actor, idParam(c))
    const body: z.infer<typeof cancelRequest> = c.req.valid('json') ?? {}
    const refusal = 'You may see this booking, but not cancel it.'
    await cancelBooking(deps, actor, found, { note: body.note ?? '', refusal })
    return c.json(toReservationBody(await findVisible(deps, actor, found.id)), 200)
  })
  return api
}
