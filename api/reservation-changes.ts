/** Changing what somebody wishes for a booking, and giving up one that is not paid. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { mayCancelReservation, mayChangeReservation } from '../domain/policies.ts'
import { LIMITS } from '../domain/reservations.ts'
import { inTransaction } from '../db/connection.ts'
import { writeWishes } from '../db/reservation-wishes.ts'
import { findVisible } from './booking.ts'
import { cancelBooking } from './cancelling.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { idPath, json, jsonBody, problems, SECURED, type OpenApi } from './open-api.ts'
import { reservationBody, toReservationBody } from './reservation-bodies.ts'

const wishes = z.strictObject({
  special_requests: z
    .string('Say what is wished for, or null for nothing.')
    .trim()
    .max(LIMITS.requestsLength, `At most ${LIMITS.requestsLength} letters.`)
    .nullable()
    .transform((text) => text || null),
})

const patchRoute = createRoute({
  method: 'patch',
  path: '/reservations/{id}',
  summary: 'Change what is wished for beside the car; times and places are changed in another way',
  security: SECURED,
  request: { params: idPath, body: jsonBody(wishes) },
  responses: {
    200: json(reservationBody, 'As it stands'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'You may see it, but not change it'],
      [404, 'Not yours, or none'],
      [409, 'It has already ended'],
    ),
  },
})
const deleteRoute = createRoute({
  method: 'delete',
  path: '/reservations/{id}',
  summary: 'Give up a booking for which nothing is paid; its record stays',
  security: SECURED,
  request: { params: idPath },
  responses: {
    204: { description: 'Cancelled; its car is free for others' },
    ...problems(
      [403, 'You may see it, but not cancel it'],
      [404, 'Not yours, or none'],
      [409, 'Something is paid: cancel it, and the money goes back; or it has already ended'],
    ),
  },
})

export function addReservationChanges(api: OpenApi<ApiEnv>, deps: ApiDeps) {
  api.openapi(patchRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisible(deps, actor, idParam(c))
    if (!mayChangeReservation(actor, found))
      throw new BusinessError('FORBIDDEN', 'You may see this booking, but not change it.')
    const { special_requests: text } = c.req.valid('json')
    const change = { id: found.id, text, actorId: actor.userId }
    await inTransaction(deps.db, (tx) => writeWishes(tx, change))
    return c.json(toReservationBody(await findVisible(deps, actor, found.id)), 200)
  })
  api.openapi(deleteRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisible(deps, actor, idParam(c))
    const refusal = 'You may see this booking, but not cancel it.'
    if (!mayCancelReservation(actor, found)) throw new BusinessError('FORBIDDEN', refusal)
    if (found.status !== 'cancelled' && found.paid > 0)
      throw new BusinessError(
        'RESERVATION_PAID',
        'Something is paid for this booking. Cancel it, and the money goes back.',
      )
    await cancelBooking(deps, actor, found, { note: '', refusal })
    return c.body(null, 204)
  })
}
