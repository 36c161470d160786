/** Companies that pay on invoice, over REST. For finance and managers. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import type { Company } from '../domain/companies.ts'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { mayKeepCompanies } from '../domain/policies.ts'
import { companyRequest } from '../domain/schemas/companies.ts'
import { createCompany, findCompany, listCompanies } from '../db/companies.ts'
import { inTransaction } from '../db/connection.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { idFrom, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const MOST = 500

const companyBody = z
  .object({
    id: z.string(),
    number: z.string(),
    name: z.string(),
    kra_pin: z.string(),
    billing: z.record(z.string(), z.string()),
    contact: z.record(z.string(), z.string()),
    currency: z.string(),
    credit_limit: z.string(),
    owed: z.string().openapi({ description: 'What it owes now' }),
    terms_days: z.number().int(),
    active: z.boolean(),
    members: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .openapi('Company')

const toBody = (company: Company): z.infer<typeof companyBody> => ({
  id: company.id,
  number: company.number,
  name: company.name,
  kra_pin: company.kraPin,
  billing: { ...company.billing },
  contact: { ...company.contact },
  currency: CURRENCY,
  credit_limit: toDecimal(company.creditLimit),
  owed: toDecimal(company.owed),
  terms_days: company.termsDays,
  active: company.active,
  members: company.members.map(({ userId, name }) => ({ id: userId, name })),
})

const listRoute = createRoute({
  method: 'get',
  path: '/companies',
  summary: 'All companies, by name',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(companyBody), next: z.null() }), 'All'),
    ...problems([403, 'For finance and managers']),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/companies/{id}',
  summary: 'One company, what it owes, and who may book on its account',
  security: SECURED,
  request: { params: idPath },
  responses: {
    200: json(companyBody, 'As it stands'),
    ...problems([403, 'For finance and managers'], [404, 'No such company']),
  },
})
const createRouteOf = createRoute({
  method: 'post',
  path: '/companies',
  summary: 'A new company',
  security: SECURED,
  request: {
    headers: keyHeader,
    body: { required: true, content: { 'application/json': { schema: companyRequest } } },
  },
  responses: {
    201: json(companyBody, 'Made, or made by an earlier request with this key'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For finance and managers'],
      [422, 'The Idempotency-Key was used for another company'],
    ),
  },
})

const assertMay = (actor: Actor): void => {
  if (!mayKeepCompanies(actor))
    throw new BusinessError('FORBIDDEN', 'Companies are for finance and managers.')
}

export function createCompaniesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/companies/*', bearerSession(deps))
  api.openapi(listRoute, async (c) => {
    assertMay(c.get('actor'))
    const found = await listCompanies(deps.db, { limit: MOST })
    return c.json({ items: found.map(toBody), next: null }, 200)
  })
  api.openapi(readRoute, async (c) => {
    assertMay(c.get('actor'))
    const found = await findCompany(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'We have no such company.')
    return c.json(toBody(found), 200)
  })
  api.openapi(createRouteOf, async (c) => {
    const actor = c.get('actor')
    assertMay(actor)
    const id = idFrom(c, actor, 'company')
    const facts = c.req.valid('json')
    const made = await inTransaction(deps.db, (tx) => createCompany(tx, id, facts, actor.userId))
    if (made.kraPin !== facts.kraPin)
      throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key.')
    return c.json(toBody(made), 201)
  })
  return api
}
