/** Charges over REST: anything to be paid that is not a booking's price. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { maskPhone, shownPaymentStatus } from '../domain/payments.ts'
import { mayCharge, mayPayCharge } from '../domain/policies.ts'
import { chargeRequest, coverRequest, shrinkRequest } from '../domain/schemas/charges.ts'
import { cancelRequest, chargePaymentRequest } from '../domain/schemas/requests.ts'
import { toNairobiIso } from '../domain/time.ts'
import { listCharges, type ChargeDetail } from '../db/charge-reads.ts'
import { cancelCharge, findVisibleCharge, openCharge } from './charging.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, jsonBody, page, problems, SECURED } from './open-api.ts'
import { order } from './payment-orders.ts'
import { whose } from './permitted.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const chargeBody = z
  .object({
    id: z.string(),
    number: z.string(),
    type: z.string(),
    status: z.string(),
    description: z.string(),
    customer_id: z.string(),
    reservation_id: z.string().nullable(),
    mode: z.string(),
    shrinkable: z.boolean(),
    currency: z.string(),
    total: z.string(),
    paid: z.string(),
    balance: z.string(),
    due_at: z.string(),
    cover_until: z.string().nullable(),
    parties: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        phone: z.string().openapi({ description: 'Masked' }),
        share: z.string(),
        paid: z.string(),
        declined: z.boolean(),
        missed: z.boolean(),
      }),
    ),
  })
  .openapi('Charge')

const toBody = (found: ChargeDetail): z.infer<typeof chargeBody> => ({
  id: found.id,
  number: found.number,
  type: found.type,
  status: found.status,
  description: found.description,
  customer_id: found.customerId,
  reservation_id: found.reservationId,
  mode: found.mode,
  shrinkable: found.shrinkable,
  currency: CURRENCY,
  total: toDecimal(found.total),
  paid: toDecimal(found.paid),
  balance: toDecimal(found.balance),
  due_at: toNairobiIso(found.dueAt),
  cover_until: found.coverUntil && toNairobiIso(found.coverUntil),
  parties: found.parties.map(({ id, name, phone, share, paid, declined, missed }) => ({
    id,
    name,
    declined,
    missed,
    phone: maskPhone(phone),
    share: toDecimal(share),
    paid: toDecimal(paid),
  })),
})

const headers = keyHeader
const none = [404, 'Not yours, or none'] as [number, string]

const startRoute = createRoute({
  method: 'post',
  path: '/charges',
  summary: 'Ask a customer for something other than a booking’s price (staff)',
  security: SECURED,
  request: { headers, body: jsonBody(chargeRequest) },
  responses: {
    201: json(chargeBody, 'It can be paid now'),
    ...problems([400, 'Something to correct'], [403, 'Staff only'], [422, 'The key was used']),
  },
})
const listRoute = createRoute({
  method: 'get',
  path: '/charges',
  summary: 'Charges, newest first: your own, or all for staff',
  security: SECURED,
  request: { query: page.extend({ reservation_id: z.uuid().optional() }) },
  responses: {
    200: json(z.object({ items: z.array(chargeBody), next: z.string().nullable() }), 'One page'),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/charges/{id}',
  summary: 'One charge',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(chargeBody, 'The charge'), ...problems(none) },
})
const change = <S extends z.ZodType>(path: string, summary: string, schema: S) =>
  createRoute({
    method: 'post',
    path: `/charges/{id}/${path}`,
    summary,
    security: SECURED,
    request: { params: idPath, headers, body: jsonBody(schema) },
    responses: { 200: json(chargeBody, 'As it stands'), ...problems(none, [409, 'Not now']) },
  })
const cancelRoute = change('cancel', 'Cancel; what was paid is sent back (staff)', cancelRequest)
const coverRoute = change('cover', 'Take over a share that was not paid', coverRequest)
const shrinkRoute = change('shrink', 'Go on without somebody who did not pay', shrinkRequest)
const paymentBody = z.object({ id: z.string(), charge_id: z.string(), status: z.string() })
const payRoute = createRoute({
  method: 'post',
  path: '/charges/{id}/payments',
  summary:
    'Pay all or part of the balance: by a prompt on a phone, from credit, or (staff) at the desk',
  security: SECURED,
  request: { params: idPath, headers, body: jsonBody(chargePaymentRequest) },
  responses: {
    202: json(paymentBody, 'On its way, or taken; GET /payments/{id} tells how it went'),
    ...problems(
      none,
      [403, 'Only staff take what is handed over'],
      [409, 'Above the balance, or a prompt is open'],
      [429, 'Too many prompts'],
    ),
  },
})

export function createChargesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/charges/*', bearerSession(deps))

  api.openapi(startRoute, async (c) => {
    const actor = c.get('actor')
    if (!mayCharge(actor)) throw new BusinessError('FORBIDDEN', 'Charges are made by our staff.')
    const request = c.req.valid('json')
    const id = await claimId(c, deps, actor, 'charge', request)
    await openCharge(deps, actor, id, request)
    c.header('Location', `/api/v1/charges/${id}`)
    return c.json(toBody(await findVisibleCharge(deps, actor, id)), 201)
  })

  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    const { cursor, limit, reservation_id: reservationId } = c.req.valid('query')
    const mine = whose(actor, { all: 'charges:read', own: 'own_charges:read' })
    const filter = {
      ...mine,
      ...(cursor ? { cursor } : {}),
      ...(reservationId ? { reservationId } : {}),
    }
    const { items, next } = await listCharges(deps.db, { ...filter, limit }, deps.now())
    return c.json({ items: items.map(toBody), next }, 200)
  })

  api.openapi(readRoute, async (c) =>
    c.json(toBody(await findVisibleCharge(deps, c.get('actor'), idParam(c))), 200),
  )

  api.openapi(cancelRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisibleCharge(deps, actor, idParam(c))
    await cancelCharge(deps, actor, found, c.req.valid('json').note ?? null)
    return c.json(toBody(await findVisibleCharge(deps, actor, found.id)), 200)
  })

  api.openapi(coverRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisibleCharge(deps, actor, idParam(c))
    if (!mayPayCharge(actor, found)) throw mayNot()
    const { party_id: partyId, for_party_id: forPartyId } = c.req.valid('json')
    const wish = { partyId, forPartyId, actorId: actor.userId }
    await deps.workflows.charges.coverShare('charge', found.id, wish)
    return c.json(toBody(await findVisibleCharge(deps, actor, found.id)), 200)
  })

  api.openapi(shrinkRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisibleCharge(deps, actor, idParam(c))
    if (!mayPayCharge(actor, found)) throw mayNot()
    await deps.workflows.charges.shrink(found.id, c.req.valid('json').party_id, actor.userId)
    return c.json(toBody(await findVisibleCharge(deps, actor, found.id)), 200)
  })

  api.openapi(payRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findVisibleCharge(deps, actor, idParam(c))
    if (!mayPayCharge(actor, found)) throw mayNot()
    const { id, parties } = found
    const thing = { id, parties, purpose: 'charge' } as const
    const { paymentId, found: paid } = await order(c, deps, thing, c.req.valid('json'))
    const status = paid ? shownPaymentStatus(paid.status) : 'pending'
    return c.json({ id: paymentId, charge_id: found.id, status }, 202)
  })
  return api
}

const mayNot = () => new BusinessError('FORBIDDEN', 'You may see this charge, but not pay for it.')
