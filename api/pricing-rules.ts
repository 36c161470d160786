/** Rules of prices over REST: read, tried on last month, made, replaced by others and closed. */
import { randomUUID } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { dayOf, RULE_TYPES, type PricingRule } from '../domain/pricing-rules.ts'
import { ruleProblems } from '../domain/rule-checks.ts'
import {
  pricingRuleRequest,
  toRuleFacts,
  type PricingRuleRequest,
} from '../domain/schemas/pricing.ts'
import { inTransaction } from '../db/connection.ts'
import { rehearseRule } from '../db/price-rehearsals.ts'
import { closeRule, createRule, findRule, listRules, RULE_SORTS } from '../db/pricing-rules.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf } from './lists.ts'
import { createOpenApi, idPath, json, jsonBody, listOf, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { ruleBody, toRuleBody, toTrialBody, trialBody } from './pricing-bodies.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const EXAMPLE = {
  name: 'Christmas',
  type: 'seasonal',
  category: 'SUV',
  from_day: '2026-12-20',
  until_day: '2027-01-03',
  multiplier: '1.20',
} as const
const forPrices: [number, string] = [403, 'For whoever looks after prices']
const noRule: [number, string] = [404, 'No such rule']
const wrong: [number, string] = [400, 'Something to correct']
const keyUsed: [number, string] = [422, 'The Idempotency-Key was used with another body']

const listRoute = createRoute({
  method: 'get',
  path: '/pricing-rules',
  summary: 'Rules of prices; those that are live where nothing else is asked',
  security: SECURED,
  request: {
    query: listQuery(RULE_SORTS, {
      type: z.enum(RULE_TYPES).optional(),
      live: z.enum(['true', 'false', 'any']).optional(),
    }),
  },
  responses: { 200: json(listOf(ruleBody), 'One page'), ...problems(wrong, [403, 'For staff']) },
})
const readRoute = createRoute({
  method: 'get',
  path: '/pricing-rules/{id}',
  summary: 'One rule, also a closed one',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(ruleBody, 'The rule'), ...problems([403, 'For staff'], noRule) },
})
const createRuleRoute = createRoute({
  method: 'post',
  path: '/pricing-rules',
  summary: 'Let a rule go live; what was booked keeps its price',
  security: SECURED,
  request: { headers: keyHeader, body: jsonBody(pricingRuleRequest, EXAMPLE) },
  responses: { 201: json(ruleBody, 'Live from now on'), ...problems(wrong, forPrices, keyUsed) },
})
const replaceRoute = createRoute({
  method: 'put',
  path: '/pricing-rules/{id}',
  summary: 'Close a rule and let another take its place in the same moment',
  security: SECURED,
  request: { params: idPath, body: jsonBody(pricingRuleRequest, EXAMPLE) },
  responses: {
    201: json(ruleBody, 'The other one, with an id of its own'),
    ...problems(wrong, forPrices, noRule, [412, 'It was closed or replaced meanwhile']),
  },
})
const closeRoute = createRoute({
  method: 'delete',
  path: '/pricing-rules/{id}',
  summary: 'Close a rule; it stays readable, and so do prices that came of it',
  security: SECURED,
  request: { params: idPath },
  responses: {
    204: { description: 'No price follows from it any more' },
    ...problems(forPrices, noRule, [412, 'It was closed or replaced meanwhile']),
  },
})
const trialRoute = createRoute({
  method: 'post',
  path: '/pricing-rules/trial',
  summary: 'What a rule would have made of last month’s bookings; nothing changes by it',
  description:
    'Its days are left out of account, as they are to come. Of a code it is taken that everybody had typed it.',
  security: SECURED,
  request: {
    body: jsonBody(
      pricingRuleRequest.extend({
        replaces: z.uuid('This is no rule of ours.').optional().openapi({ format: 'uuid' }),
      }),
      EXAMPLE,
    ),
  },
  responses: { 200: json(trialBody, 'What would differ'), ...problems(wrong, forPrices) },
})

/** Throws INVALID_INPUT beside the fields. */
export function checkedRule(deps: ApiDeps, asked: PricingRuleRequest): Omit<PricingRule, 'id'> {
  const facts = toRuleFacts(asked)
  const fields = ruleProblems(facts, dayOf(deps.now()))
  if (fields.length === 0) return facts
  throw new BusinessError('INVALID_INPUT', fields[0]?.message ?? 'Check the rule.', { fields })
}

const NOT_YET = 'ffffffff-ffff-4fff-bfff-ffffffffffff'
/** Where it has no id yet it comes last among its equals. */
export const tryRule = (deps: ApiDeps, facts: Omit<PricingRule, 'id'>, replaces: string | null) =>
  rehearseRule(deps.db, { tried: { ...facts, id: NOT_YET }, replaces, now: deps.now() })

const LIVE = { true: true, false: false, any: null } as const

export function createPricingRulesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/pricing-rules', bearerSession(deps))
  api.use('/pricing-rules/*', bearerSession(deps))
  api.openapi(listRoute, async (c) => {
    assertCan(c.get('actor'), 'pricing_rules:read')
    const { type, live, ...asked } = c.req.valid('query')
    const wish = wishOf(RULE_SORTS, asked, '-created_at')
    const { items, next } = await listRules(deps.db, { ...wish, type, live: LIVE[live ?? 'true'] })
    return c.json({ items: items.map(toRuleBody), next }, 200)
  })
  api.openapi(trialRoute, async (c) => {
    assertCan(c.get('actor'), 'pricing_rules:create')
    const { replaces, ...asked } = c.req.valid('json')
    const facts = checkedRule(deps, asked)
    return c.json(toTrialBody(await tryRule(deps, facts, replaces ?? null)), 200)
  })
  api.openapi(readRoute, async (c) => {
    assertCan(c.get('actor'), 'pricing_rules:read')
    const found = await findRule(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'We have no such rule.')
    return c.json(toRuleBody(found), 200)
  })
  api.openapi(createRuleRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'pricing_rules:create')
    const facts = checkedRule(deps, c.req.valid('json'))
    const id = await claimId(c, deps, actor, 'pricing-rule', facts)
    const made = { id, facts, replaces: null, actorId: actor.userId }
    const rule = await inTransaction(deps.db, (tx) => createRule(tx, made))
    c.header('Location', `/api/v1/pricing-rules/${id}`)
    return c.json(toRuleBody(rule), 201)
  })
  api.openapi(replaceRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'pricing_rules:update')
    const replaces = idParam(c)
    const facts = checkedRule(deps, c.req.valid('json'))
    // A repeat finds the first one closed, and is told so.
    const id = randomUUID()
    const made = { id, facts, replaces, actorId: actor.userId }
    const rule = await inTransaction(deps.db, (tx) => createRule(tx, made))
    c.header('Location', `/api/v1/pricing-rules/${id}`)
    return c.json(toRuleBody(rule), 201)
  })
  api.openapi(closeRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'pricing_rules:update')
    const id = idParam(c)
    await inTransaction(deps.db, (tx) => closeRule(tx, id, { actorId: actor.userId }))
    return c.body(null, 204)
  })
  return api
}
