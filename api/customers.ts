/** Customers over REST, for staff. What a customer may see of themselves stands at their own addresses. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { RISK_LEVELS, type Customer } from '../domain/customers.ts'
import { BusinessError } from '../domain/errors.ts'
import { can, mayRevealContacts } from '../domain/policies.ts'
import {
  customerPatch,
  customerRequest,
  newCustomerRequest,
  toCustomerChanges,
  toCustomerFacts,
} from '../domain/schemas/customers.ts'
import { inTransaction } from '../db/connection.ts'
import { changeCustomer, createCustomer } from '../db/customer-writes.ts'
import { CUSTOMER_SORTS, findCustomer, listCustomers } from '../db/customers.ts'
import { customerBody, toCustomerBody } from './customer-bodies.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { asDate, listQuery, moment, wishOf, words } from './lists.ts'
import {
  createOpenApi,
  idPath,
  json,
  jsonBody,
  listOf,
  NOT_MODIFIED,
  problems,
  SECURED,
} from './open-api.ts'
import { assertCan } from './permitted.ts'
import { countLook, noteReveal, writeLook } from './revealing.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'
import { isKnown, knownHeader, versionHeader, versionIfGiven, versionOf } from './versions.ts'

const forDesk: [number, string] = [403, 'For staff who look after customers']
const noCustomer: [number, string] = [404, 'No such customer']
const REFUSALS = problems(
  [400, 'Something to correct'],
  forDesk,
  noCustomer,
  [
    409,
    'The e-mail has another account, it or the phone is how they come in, or it is one’s own account',
  ],
  [412, 'It was changed meanwhile'],
)

const listRoute = createRoute({
  method: 'get',
  path: '/customers',
  summary:
    'Customers, the newest first, or found by name, number, e-mail, a whole phone or licence',
  description: 'Always masked: who must reach somebody asks for that one customer.',
  security: SECURED,
  request: {
    query: listQuery(CUSTOMER_SORTS, {
      q: words.optional(),
      status: z
        .enum(['active', 'inactive', 'suspended', 'deleted'])
        .optional()
        .openapi({ description: 'All but the deleted ones without it' }),
      risk_level: z
        .enum(RISK_LEVELS)
        .optional()
        .openapi({ description: 'For who may see ratings' }),
      created_from: moment.optional(),
      created_before: moment.optional(),
    }),
  },
  responses: {
    200: json(listOf(customerBody), 'One page'),
    ...problems([400, 'Something to correct'], forDesk),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/customers/{id}',
  summary: 'One customer; its ETag is needed to replace it',
  description: 'Whole for who may see contacts; each look is in the audit, and counted.',
  security: SECURED,
  request: { params: idPath, headers: knownHeader },
  responses: {
    200: json(customerBody, 'The customer'),
    ...NOT_MODIFIED,
    ...problems(forDesk, noCustomer, [429, 'Too many looks at people’s contacts']),
  },
})
const createCustomerRoute = createRoute({
  method: 'post',
  path: '/customers',
  summary: 'Open an account for a customer; it has no password yet',
  security: SECURED,
  request: { headers: keyHeader, body: jsonBody(newCustomerRequest) },
  responses: {
    201: json(customerBody, 'Opened, with a number of ours'),
    ...problems(
      [400, 'Something to correct'],
      forDesk,
      [409, 'The e-mail has an account'],
      [422, 'The Idempotency-Key was used with another body'],
    ),
  },
})
const replaceRoute = createRoute({
  method: 'put',
  path: '/customers/{id}',
  summary: 'Say anew all that is known of a customer',
  security: SECURED,
  request: { params: idPath, headers: versionHeader, body: jsonBody(customerRequest) },
  responses: {
    200: json(customerBody, 'As it stands'),
    ...REFUSALS,
    ...problems([428, 'If-Match is missing']),
  },
})
const patchRoute = createRoute({
  method: 'patch',
  path: '/customers/{id}',
  summary: 'Change some of what is known of a customer; addresses are replaced all together',
  security: SECURED,
  request: { params: idPath, headers: versionHeader, body: jsonBody(customerPatch) },
  responses: {
    200: json(customerBody, 'As it stands'),
    ...REFUSALS,
    ...problems([429, 'Too many looks at people’s contacts']),
  },
})

/** One customer at a time, each look with an entry; who changes one is told what stands now, and the change has its own. */
const seesContacts = mayRevealContacts
const seesRatings = (actor: Actor) => can(actor, 'ratings:read')
const show = (actor: Actor) =>
  toCustomerBody({ masked: !seesContacts(actor), rated: seesRatings(actor) })

/** Throws FORBIDDEN for who may see no customers, and NOT_FOUND. */
export async function findForStaff(deps: ApiDeps, actor: Actor, id: string): Promise<Customer> {
  assertCan(actor, 'customers:read')
  const found = await findCustomer(deps.db, id)
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  return found
}

export function createCustomersApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'customers:read')
    const { q, status, risk_level: risk, ...rest } = c.req.valid('query')
    if (risk) assertCan(actor, 'ratings:read')
    const { created_from: from, created_before: to, ...asked } = rest
    const { items, next } = await listCustomers(deps.db, {
      ...wishOf(CUSTOMER_SORTS, asked, '-created_at'),
      text: q,
      byContact: seesContacts(actor),
      status,
      risk,
      from: asDate(from),
      to: asDate(to),
    })
    return c.json(
      { items: items.map(toCustomerBody({ masked: true, rated: seesRatings(actor) })), next },
      200,
    )
  })
  api.openapi(readRoute, async (c) => {
    const actor = c.get('actor')
    const found = await findForStaff(deps, actor, idParam(c))
    if (isKnown(c, found.version)) return c.body(null, 304)
    if (seesContacts(actor)) await noteReveal(deps, actor, { subjectId: found.id })
    return c.json(show(actor)(found), 200)
  })
  api.openapi(createCustomerRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'customers:create')
    const wish = c.req.valid('json')
    const id = await claimId(c, deps, actor, 'customer', wish)
    const customer = { id, facts: toCustomerFacts(wish), actorId: actor.userId }
    const made = await inTransaction(deps.db, (tx) => createCustomer(tx, customer))
    isKnown(c, made.version)
    c.header('Location', `/api/v1/customers/${id}`)
    return c.json(show(actor)(made), 201)
  })
  api.openapi(replaceRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'customers:update')
    const changes = toCustomerFacts(c.req.valid('json'))
    const change = { changes, version: versionOf(c), actorId: actor.userId }
    const changed = await inTransaction(deps.db, (tx) => changeCustomer(tx, idParam(c), change))
    isKnown(c, changed.version)
    return c.json(show(actor)(changed), 200)
  })
  api.openapi(patchRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'customers:update')
    if (seesContacts(actor)) await countLook(deps, actor, idParam(c))
    const changes = toCustomerChanges(c.req.valid('json'))
    const change = { changes, version: versionIfGiven(c), actorId: actor.userId }
    const changed = await inTransaction(deps.db, (tx) => changeCustomer(tx, idParam(c), change))
    isKnown(c, changed.version)
    // Whoever changes one thing is shown the others too.
    if (seesContacts(actor)) await writeLook(deps, actor, { subjectId: changed.id })
    return c.json(show(actor)(changed), 200)
  })
  return api
}
