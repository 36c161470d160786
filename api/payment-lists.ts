/** Payments by the page: one's own, everybody's for finance, and those of one customer. */
import { createRoute, z } from '@hono/zod-openapi'
import { shownPaymentStatus, type PaymentStatus } from '../domain/payments.ts'
import { listPayments, PAYMENT_SORTS } from '../db/payment-lists.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { customerAskedFor, asDate, listQuery, moment, wishOf } from './lists.ts'
import { json, listOf, problems, SECURED, type OpenApi } from './open-api.ts'
import { paymentBody, toPaymentBody } from './payment-bodies.ts'

const KEPT: readonly PaymentStatus[] = [
  'requested',
  'prompted',
  'unknown',
  'unexplained',
  'settled',
  'refused',
  'refunding',
  'refunded',
]
const METHODS = [
  'mpesa',
  'cash',
  'bank_transfer',
  'credit_card',
  'debit_card',
  'credit',
  'account',
] as const

const filters = {
  status: z.enum(['pending', 'completed', 'failed', 'refunded', 'disputed']).optional(),
  method: z.enum(METHODS).optional(),
  requested_from: moment.optional(),
  requested_before: moment.optional(),
  owner_id: z.uuid().optional().openapi({ description: 'Of one booking or charge' }),
}
export const paymentQuery = listQuery(PAYMENT_SORTS, filters)

const listRoute = createRoute({
  method: 'get',
  path: '/payments',
  summary: 'Payments, newest first: a customer’s own, for finance everybody’s',
  security: SECURED,
  request: {
    query: listQuery(PAYMENT_SORTS, {
      ...filters,
      customer_id: z.uuid().optional().openapi({ description: 'For finance' }),
    }),
  },
  responses: {
    200: json(listOf(paymentBody), 'One page'),
    ...problems([400, 'Something to correct'], [403, 'Somebody else’s payments']),
  },
})

type Asked = z.infer<typeof paymentQuery>

/** Of one customer, of everybody without one. */
export async function paymentsOf(deps: ApiDeps, customerId: string | undefined, asked: Asked) {
  const { status, method, requested_from: from, requested_before: to, owner_id: ownerId } = asked
  const { items, next } = await listPayments(deps.db, {
    ...wishOf(PAYMENT_SORTS, asked, '-requested_at'),
    customerId,
    statuses: status && KEPT.filter((one) => shownPaymentStatus(one) === status),
    method,
    ownerId,
    from: asDate(from),
    to: asDate(to),
  })
  return { items: items.map(toPaymentBody), next }
}

export function addPaymentList(api: OpenApi<ApiEnv>, deps: ApiDeps) {
  api.openapi(listRoute, async (c) => {
    const { customer_id: wanted, ...asked } = c.req.valid('query')
    const seen = { all: 'payments:read', own: 'own_payments:read' } as const
    const customerId = customerAskedFor(c.get('actor'), seen, wanted)
    return c.json(await paymentsOf(deps, customerId, asked), 200)
  })
}
