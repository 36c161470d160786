/** Big amounts in steps over REST: begin, read, go on, stop, one more phone. By the same rules as on the pages. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { maySeeCharge } from '../domain/policies.ts'
import { planPhoneRequest, planRequest } from '../domain/schemas/charges.ts'
import { findPlan, type PlanRow } from '../db/payment-plans.ts'
import { listPlanPhones, listPlans } from '../db/plan-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, jsonBody, page, problems, SECURED } from './open-api.ts'
import { planBody, planLine, toPlanBody, toPlanLine } from './payment-plan-bodies.ts'
import { whose } from './permitted.ts'
import { addPlanPhone, findPlanOwner, goOnWithPlan, readPlanState, startPlan } from './planning.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const none = [404, 'Not yours, or none'] as [number, string]
const MANY = [429, 'Too many requests on these phones, by you or for this; see `Retry-After`'] as [
  number,
  string,
]

const PLAN = {
  reservation_id: '7f3a52c0-9b1e-4c53-8a68-0d6f4b0c2e11',
  phones: ['0712 345 678', '0722 345 678'],
}

const startRoute = createRoute({
  method: 'post',
  path: '/payment-plans',
  summary: 'Pay the whole balance of a booking or charge in steps, by up to five phones',
  description:
    'One request after the other, none above what M-Pesa takes at a time or in a day from one phone. To start is to ' +
    'consent for today; each further day begins with `go-on`.',
  security: SECURED,
  request: { headers: keyHeader, body: jsonBody(planRequest, PLAN) },
  responses: {
    201: json(planBody, 'It is under way'),
    ...problems(
      [400, 'Something to correct, or no Idempotency-Key'],
      [403, 'You may see this, but not pay for it'],
      none,
      [409, 'One is under way already, or nothing can be paid any more'],
      [422, 'The key was used for another request'],
      MANY,
      [503, 'Try again'],
    ),
  },
})
const listRoute = createRoute({
  method: 'get',
  path: '/payment-plans',
  summary: 'Plans, newest first: your own, or all for staff',
  security: SECURED,
  request: {
    query: page.extend({
      owner_id: z.uuid().optional().openapi({ description: 'Of one booking or charge' }),
      status: z.enum(['running', 'done', 'stopped', 'expired']).optional(),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(planLine), next: z.string().nullable() }), 'One page'),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/payment-plans/{id}',
  summary: 'One plan: how far it is, and what it waits for',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(planBody, 'The plan'), ...problems(none) },
})
const answers = {
  200: json(planBody, 'As it stands'),
  ...problems([403, 'You may see this, but not pay for it'], none, [409, 'It is over'], MANY),
}
const deed = (path: string, summary: string) =>
  createRoute({
    method: 'post',
    path: `/payment-plans/{id}/${path}`,
    summary,
    description: 'Safe to repeat.',
    security: SECURED,
    request: { params: idPath, headers: keyHeader },
    responses: answers,
  })
const goOnRoute = deed('go-on', 'Consent for today; phones that lacked money are asked again')
const stopRoute = deed('stop', 'No more requests; one that is on a phone may still be paid')
const phoneRoute = createRoute({
  method: 'post',
  path: '/payment-plans/{id}/phones',
  summary: 'One more phone, last in line; one that is named already stays where it is',
  security: SECURED,
  request: { params: idPath, headers: keyHeader, body: jsonBody(planPhoneRequest) },
  responses: { ...answers, ...problems([400, 'Something to correct, or five phones already']) },
})

async function visiblePlan(deps: ApiDeps, actor: Actor, id: string): Promise<PlanRow> {
  const found = await findPlan(deps.db, id)
  if (found && maySeeCharge(actor, found)) return found
  throw new BusinessError('NOT_FOUND', 'We have no such plan.')
}

/** Whoever may pay the thing may change how it is paid. */
async function payablePlan(deps: ApiDeps, actor: Actor, id: string): Promise<PlanRow> {
  const found = await visiblePlan(deps, actor, id)
  await findPlanOwner(deps, actor, found.purpose, found.ownerId)
  return found
}

async function runningPlan(deps: ApiDeps, actor: Actor, id: string): Promise<PlanRow> {
  const found = await payablePlan(deps, actor, id)
  if (found.status === 'running') return found
  throw new BusinessError('PLAN_OVER', 'This plan is over.')
}

async function bodyOf(deps: ApiDeps, actor: Actor, id: string) {
  const plan = await visiblePlan(deps, actor, id)
  const now = deps.now()
  const [state, phones] = await Promise.all([
    readPlanState(deps, plan, now),
    listPlanPhones(deps.db, id),
  ])
  return toPlanBody(plan, state, phones, now)
}

export function createPaymentPlansApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/payment-plans/*', bearerSession(deps))

  api.openapi(startRoute, async (c) => {
    const actor = c.get('actor')
    const request = c.req.valid('json')
    const { charge_id: chargeId, reservation_id: reservationId, phones } = request
    const purpose = chargeId ? 'charge' : 'reservation'
    const owner = await findPlanOwner(deps, actor, purpose, chargeId ?? reservationId ?? '')
    const id = await claimId(c, deps, actor, 'payment-plan', request)
    // A repeat long after the first is answered by what stands; its story may be over.
    if (!(await findPlan(deps.db, id))) await startPlan(deps, owner, id, phones)
    c.header('Location', `/api/v1/payment-plans/${id}`)
    return c.json(await bodyOf(deps, actor, id), 201)
  })

  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    const { cursor, limit, owner_id: ownerId, status } = c.req.valid('query')
    const { items, next } = await listPlans(deps.db, {
      limit,
      ...whose(actor, { all: 'charges:read', own: 'own_charges:read' }),
      ...(cursor ? { cursor } : {}),
      ...(ownerId ? { ownerId } : {}),
      ...(status ? { status } : {}),
    })
    return c.json({ items: items.map(toPlanLine), next }, 200)
  })

  api.openapi(readRoute, async (c) => c.json(await bodyOf(deps, c.get('actor'), idParam(c)), 200))

  api.openapi(goOnRoute, async (c) => {
    const actor = c.get('actor')
    const plan = await runningPlan(deps, actor, idParam(c))
    await goOnWithPlan(deps, actor, plan)
    return c.json(await bodyOf(deps, actor, plan.id), 200)
  })

  api.openapi(stopRoute, async (c) => {
    const actor = c.get('actor')
    const { id, status } = await payablePlan(deps, actor, idParam(c))
    // One that is over needs no stopping, and its story is not there to hear it.
    if (status === 'running') await deps.workflows.charges.stopPlan(id, actor.userId)
    return c.json(await bodyOf(deps, actor, id), 200)
  })

  api.openapi(phoneRoute, async (c) => {
    const actor = c.get('actor')
    const plan = await runningPlan(deps, actor, idParam(c))
    await addPlanPhone(deps, actor, plan, c.req.valid('json').phone)
    return c.json(await bodyOf(deps, actor, plan.id), 200)
  })
  return api
}
