/** How to reach whoever booked, whole, for one answer: as the desk's page shows it when it is asked for, counted and written down. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { maySeeDesk, mayRevealContacts } from '../domain/policies.ts'
import { findReservation } from '../db/reservation-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { noteReveal } from './revealing.ts'
import { bearerSession } from './sessions.ts'

const revealedBody = z
  .object({
    customer_id: z.string(),
    name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
  })
  .openapi('RevealedContact')

const revealRoute = createRoute({
  method: 'post',
  path: '/reservations/{id}/contact-reveals',
  summary: 'See the phone and e-mail of whoever booked, whole; the audit has each look',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(revealedBody, 'Kept by no cache; the booking itself shows them masked'),
    ...problems(
      [403, 'For those at the desk who must reach people'],
      [404, 'No such booking'],
      [429, 'Too many looks'],
    ),
  },
})

export function createContactRevealsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/reservations/*', bearerSession(deps))
  api.openapi(revealRoute, async (c) => {
    const actor = c.get('actor')
    if (!maySeeDesk(actor) || !mayRevealContacts(actor))
      throw new BusinessError('FORBIDDEN', 'Other people of gari reach those who booked.')
    const found = await findReservation(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
    await noteReveal(deps, actor, { subjectId: found.customerId, reservationId: found.id })
    c.header('Cache-Control', 'no-store')
    const { customerId, customerName, customerPhone, customerEmail } = found
    return c.json(
      { customer_id: customerId, name: customerName, phone: customerPhone, email: customerEmail },
      200,
    )
  })
  return api
}
