/** What belongs to one customer, for staff: bookings, payments, documents. */
import { createRoute, z } from '@hono/zod-openapi'
import { mayTakePayments } from '../domain/policies.ts'
import { DOCUMENT_SORTS, listCustomerDocuments } from '../db/customer-documents.ts'
import { documentBody, toDocumentBody } from './customer-bodies.ts'
import { findForStaff } from './customers.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf } from './lists.ts'
import { createOpenApi, idPath, json, listOf, problems, SECURED } from './open-api.ts'
import { paymentBody } from './payment-bodies.ts'
import { paymentQuery, paymentsOf } from './payment-lists.ts'
import { assertCan } from './permitted.ts'
import { reservationBody } from './reservation-bodies.ts'
import { reservationQuery, reservationsOf } from './reservation-lists.ts'
import { bearerSession } from './sessions.ts'

const REFUSALS = problems(
  [400, 'Something to correct'],
  [403, 'For staff who may see them'],
  [404, 'No such customer'],
)

const reservationsRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/reservations',
  summary: 'The bookings of one customer, newest first',
  security: SECURED,
  request: { params: idPath, query: reservationQuery },
  responses: { 200: json(listOf(reservationBody), 'One page'), ...REFUSALS },
})
const paymentsRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/payments',
  summary: 'The payments of one customer, newest first',
  security: SECURED,
  request: { params: idPath, query: paymentQuery },
  responses: { 200: json(listOf(paymentBody), 'One page'), ...REFUSALS },
})
const documentsRoute = createRoute({
  method: 'get',
  path: '/customers/{id}/documents',
  summary: 'Invoices, credit notes and receipts of one customer, newest first',
  security: SECURED,
  request: {
    params: idPath,
    query: listQuery(DOCUMENT_SORTS, {
      kind: z.enum(['invoice', 'credit_note', 'receipt']).optional(),
    }),
  },
  responses: { 200: json(listOf(documentBody), 'One page'), ...REFUSALS },
})

export function createCustomerListsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  api.openapi(reservationsRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'reservations:read')
    const { id } = await findForStaff(deps, actor, idParam(c))
    return c.json(await reservationsOf(deps, id, c.req.valid('query')), 200)
  })
  api.openapi(paymentsRoute, async (c) => {
    const actor = c.get('actor')
    // Whoever takes payments says how those of their customer stand, and does not see the list of all.
    if (!mayTakePayments(actor)) assertCan(actor, 'payments:read')
    const { id } = await findForStaff(deps, actor, idParam(c))
    return c.json(await paymentsOf(deps, id, c.req.valid('query')), 200)
  })
  api.openapi(documentsRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'documents:read')
    const { id } = await findForStaff(deps, actor, idParam(c))
    const { kind, ...asked } = c.req.valid('query')
    const wish = wishOf(DOCUMENT_SORTS, asked, '-issued_at')
    const { items, next } = await listCustomerDocuments(deps.db, { ...wish, customerId: id, kind })
    return c.json({ items: items.map(toDocumentBody), next }, 200)
  })
  return api
}
