/** Payments over REST: ask for one, see how it went. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { maskPhone } from '../domain/payments.ts'
import { mayPayReservation, maySeePayment } from '../domain/policies.ts'
import { paymentRequest, type BookingOrder } from '../domain/schemas/requests.ts'
import { toNairobiIso } from '../domain/time.ts'

import { findPayment } from '../db/payment-reads.ts'
import { findVisible } from './booking.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { paymentBody, toPaymentBody } from './payment-bodies.ts'
import { addPaymentList } from './payment-lists.ts'
import { order } from './payment-orders.ts'
import { bearerSession } from './sessions.ts'

const startRoute = createRoute({
  method: 'post',
  path: '/payments',
  summary:
    'Pay all or part of the balance: by a prompt on a phone, from credit, or (staff) at the desk',
  security: SECURED,
  request: {
    headers: z.object({ 'idempotency-key': z.string().max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: paymentRequest } } },
  },
  responses: {
    202: json(
      paymentBody,
      'The prompt was sent (or is being sent), or the money was taken; read the payment to see how it went',
    ),
    ...problems(
      [400, 'Something to correct'],
      [403, 'Only staff take cash, cards, transfers and company accounts'],
      [404, 'No such booking of yours'],
      [409, 'Above the balance, a prompt is open on that phone, or the booking has ended'],
      [429, 'Too many prompts to this phone, by you or for this booking; see `Retry-After`'],
      [503, 'Try again'],
    ),
  },
})

const readRoute = createRoute({
  method: 'get',
  path: '/payments/{id}',
  summary: 'One payment',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(paymentBody, 'The payment'), ...problems([404, 'Not yours, or none']) },
})

export function createPaymentsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/payments/*', bearerSession(deps))

  api.openapi(startRoute, async (c) => {
    const actor = c.get('actor')
    const request = c.req.valid('json')
    const booking = await findVisible(deps, actor, request.reservation_id)
    if (!mayPayReservation(actor, booking)) {
      throw new BusinessError('FORBIDDEN', 'You may see this booking, but not pay for it.')
    }
    const { paymentId, found } = await order(c, deps, booking, request)
    if (found) return c.json(toPaymentBody(found), 202)
    return c.json(underWay(paymentId, request, deps.now()), 202)
  })

  addPaymentList(api, deps)
  api.openapi(readRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findPayment(deps.db, idParam(c))
    if (!found || !maySeePayment(actor, found)) {
      throw new BusinessError('NOT_FOUND', 'We have no such payment.')
    }
    return c.json(toPaymentBody(found), 200)
  })
  return api
}

/** Accepted, but no worker has written it down yet. */
const underWay = (id: string, request: BookingOrder, now: Date): z.infer<typeof paymentBody> => ({
  id,
  purpose: 'reservation',
  owner_id: request.reservation_id,
  reservation_id: request.reservation_id,
  method: request.method ?? 'mpesa',
  status: 'pending',
  currency: CURRENCY,
  amount: toDecimal(request.amount),
  phone: 'phone' in request ? maskPhone(request.phone) : null,
  checkout_request_id: null,
  receipt: null,
  reference: null,
  reason: null,
  queued_since: null,
  requested_at: toNairobiIso(now),
  processed_at: null,
})
