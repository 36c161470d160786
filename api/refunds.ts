/** Refunds over REST: ask for one, see what became of them. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { mayAskRefund, maySeePayment } from '../domain/policies.ts'
import { refundRequest } from '../domain/schemas/refunds.ts'
import { findPayment } from '../db/payment-reads.ts'
import { listRefundsOf, readRefund } from '../db/refund-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { refundBody, toRefundBody } from './refund-bodies.ts'
import { opened } from './refund-answers.ts'
import { bearerSession } from './sessions.ts'
import { uuidFrom } from './tokens.ts'

const startRoute = createRoute({
  method: 'post',
  path: '/payments/{id}/refund',
  summary: 'Give a payment or a part of it back',
  security: SECURED,
  request: {
    params: idPath,
    headers: z.object({ 'idempotency-key': z.string().max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: refundRequest } } },
  },
  responses: {
    202: json(refundBody, 'Under way, or waiting for a second person'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For staff only'],
      [404, 'No such payment'],
      [409, 'More than is left, or the booking needs this money'],
      [422, 'The Idempotency-Key was used with another amount'],
      [503, 'Try again'],
    ),
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/payments/{id}/refunds',
  summary: 'The refunds of one payment, oldest first',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(z.object({ items: z.array(refundBody) }), 'All of them'),
    ...problems([404, 'Not yours, or none']),
  },
})

export function createRefundsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/payments/*', bearerSession(deps))

  api.openapi(startRoute, async (c) => {
    const actor = c.get('actor')
    if (!mayAskRefund(actor))
      throw new BusinessError('FORBIDDEN', 'Ask the desk or finance for a refund.')
    const key = c.req.header('idempotency-key')?.trim()
    if (!key) throw new BusinessError('IDEMPOTENCY_KEY_REQUIRED', 'Send an Idempotency-Key header.')
    const paymentId = idParam(c)
    if (!(await findPayment(deps.db, paymentId)))
      throw new BusinessError('NOT_FOUND', 'We have no such payment.')
    const { amount, reason } = c.req.valid('json')
    const refundId = uuidFrom('refund', actor.userId, paymentId, key)
    const wish = { refundId, paymentId, reason, actorId: actor.userId, askedBy: 'person' as const }
    opened(await deps.workflows.requestRefund({ ...wish, ...(amount ? { amount } : {}) }))
    const found = await readRefund(deps.db, refundId)
    if (!found) throw new BusinessError('TEMPORARILY_UNAVAILABLE', 'It is under way; look again.')
    if (amount && found.amount !== amount)
      throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key.')
    return c.json(toRefundBody(found, true), 202)
  })

  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    const payment = await findPayment(deps.db, idParam(c))
    if (!payment || !maySeePayment(actor, payment))
      throw new BusinessError('NOT_FOUND', 'We have no such payment.')
    const items = await listRefundsOf(deps.db, payment.id)
    return c.json({ items: items.map((one) => toRefundBody(one, mayAskRefund(actor))) }, 200)
  })
  return api
}
