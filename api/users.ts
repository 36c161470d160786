/** Who has an account, whether they may come in, and which roles they have. For administrators. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { accountEmail } from '../domain/masking.ts'
import { maskPhone } from '../domain/payments.ts'
import { BusinessError } from '../domain/errors.ts'
import { ROLE_NAME, type RoleAssignment } from '../domain/roles.ts'
import { colleague, roleGift, statusRequest } from '../domain/schemas/roles.ts'
import { toNairobiIso } from '../domain/time.ts'
import { inTransaction } from '../db/connection.ts'
import { changeStatus, findPerson, listPeople, type Person } from '../db/people.ts'
import { giveRole, takeRole } from '../db/role-assignments.ts'
import { listAssignments } from '../db/role-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { invite } from './inviting.ts'
import { createOpenApi, idPath, json, jsonBody, page, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { bearerSession } from './sessions.ts'

const kind = z.enum(['customer', 'employee', 'admin'])
const status = z.enum(['active', 'inactive', 'suspended', 'deleted'])

const personBody = z
  .object({
    id: z.string(),
    kind,
    status,
    name: z.string(),
    email: z.string().nullable().openapi({ description: 'Of a customer: `w***@example.com`' }),
    phone: z.string().nullable().openapi({ description: 'Not in full: `0712 *** 678`' }),
    customer_number: z.string().nullable(),
    roles: z.array(z.string()),
    last_login_at: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('Person')

const assignmentBody = z
  .object({
    role: z.string(),
    given_by: z.string(),
    given_at: z.string(),
    expires_at: z.string().nullable(),
  })
  .openapi('RoleAssignment')

const toBody = (actor: Actor, person: Person): z.infer<typeof personBody> => ({
  id: person.id,
  kind: person.kind,
  status: person.status,
  name: person.name,
  email: accountEmail(actor, person),
  phone: person.phone && maskPhone(person.phone),
  customer_number: person.customerNumber,
  roles: person.roles,
  last_login_at: person.lastLoginAt && toNairobiIso(person.lastLoginAt),
  created_at: toNairobiIso(person.createdAt),
})

const toAssignmentBody = (one: RoleAssignment): z.infer<typeof assignmentBody> => ({
  role: one.role,
  given_by: one.givenBy,
  given_at: toNairobiIso(one.givenAt),
  expires_at: one.expiresAt && toNairobiIso(one.expiresAt),
})

const rolePath = idPath.extend({ role: z.string().max(80) })
const forAdmins: [number, string] = [403, 'For administrators']
const noAccount: [number, string] = [404, 'No such account']
const assignments = json(z.object({ items: z.array(assignmentBody), next: z.null() }), 'In force')

const listRoute = createRoute({
  method: 'get',
  path: '/users',
  summary: 'Accounts, the newest first',
  security: SECURED,
  request: {
    query: page.extend({
      q: z
        .string()
        .max(100)
        .optional()
        .openapi({ description: 'Name, whole e-mail, number or whole phone' }),
      kind: kind.optional(),
      status: status.optional(),
      role: z.string().max(80).optional(),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(personBody), next: z.string().nullable() }), 'Some'),
    ...problems(forAdmins),
  },
})
const inviteRoute = createRoute({
  method: 'post',
  path: '/users',
  summary: 'Open an account for somebody who works here; a mailed link lets them choose a password',
  security: SECURED,
  request: { body: jsonBody(colleague) },
  responses: {
    201: json(personBody, 'Opened; it has no roles yet'),
    ...problems([400, 'Something to correct'], forAdmins, [409, 'This e-mail has an account']),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/users/{id}',
  summary: 'One account',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(personBody, 'As it stands'), ...problems(forAdmins, noAccount) },
})
const statusRoute = createRoute({
  method: 'put',
  path: '/users/{id}/status',
  summary: 'Let somebody in, or keep them out; whoever is kept out is signed out everywhere',
  security: SECURED,
  request: {
    params: idPath,
    body: jsonBody(statusRequest),
  },
  responses: {
    200: json(personBody, 'Changed'),
    ...problems([400, 'Something to correct'], forAdmins, noAccount, [
      409,
      'One’s own account, the last who can give roles, or deleting one for which something is open',
    ]),
  },
})
const rolesRoute = createRoute({
  method: 'get',
  path: '/users/{id}/roles',
  summary: 'The roles that somebody has now',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: assignments, ...problems(forAdmins, noAccount) },
})
const giveRoute = createRoute({
  method: 'put',
  path: '/users/{id}/roles/{role}',
  summary: 'Give a role, for good or until a time; it holds from the next request on',
  security: SECURED,
  request: {
    params: rolePath,
    body: jsonBody(roleGift),
  },
  responses: {
    200: assignments,
    ...problems(
      [400, 'Something to correct'],
      forAdmins,
      [404, 'No such account or role'],
      [409, 'One’s own account, or a role that this account cannot have'],
    ),
  },
})
const takeRoute = createRoute({
  method: 'delete',
  path: '/users/{id}/roles/{role}',
  summary: 'Take a role back; it holds from the next request on',
  security: SECURED,
  request: { params: rolePath },
  responses: {
    200: assignments,
    ...problems(
      forAdmins,
      [404, 'They do not have it'],
      [409, 'One’s own account, or the last who can give roles'],
    ),
  },
})

/** What is no name of a role is simply not found. */
const roleOf = ({ role }: { role: string }): string => {
  if (!ROLE_NAME.test(role)) throw new BusinessError('NOT_FOUND', 'There is no such role.')
  return role
}

async function personOf(deps: ApiDeps, id: string): Promise<Person> {
  const found = await findPerson(deps.db, id)
  if (!found) throw new BusinessError('NOT_FOUND', 'There is no such account.')
  return found
}

export function createUsersApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/users/*', bearerSession(deps))
  const answer = async (id: string) => ({
    items: (await listAssignments(deps.db, id)).map(toAssignmentBody),
    next: null,
  })
  api.openapi(listRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'users:read')
    const { q, kind: one, status: wanted, role, cursor, limit } = c.req.valid('query')
    const { items, next } = await listPeople(deps.db, {
      limit,
      ...(q ? { text: q } : {}),
      ...(one ? { kinds: [one] } : {}),
      ...(wanted ? { status: wanted } : {}),
      ...(role ? { role } : {}),
      ...(cursor ? { cursor } : {}),
    })
    return c.json({ items: items.map((one) => toBody(actor, one)), next }, 200)
  })
  api.openapi(inviteRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'users:create')
    const person = await invite(deps, c.req.valid('json'), actor.userId)
    c.header('Location', `/api/v1/users/${person.id}`)
    return c.json(toBody(actor, person), 201)
  })
  api.openapi(readRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'users:read')
    return c.json(toBody(actor, await personOf(deps, idParam(c))), 200)
  })
  api.openapi(statusRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'users:update')
    const id = idParam(c)
    const change = { ...c.req.valid('json'), actorId: actor.userId }
    const changed = await inTransaction(deps.db, (tx) => changeStatus(tx, id, change))
    return c.json(toBody(actor, changed), 200)
  })
  api.openapi(rolesRoute, async (c) => {
    assertCan(c.get('actor'), 'users:read')
    const { id } = await personOf(deps, idParam(c))
    return c.json(await answer(id), 200)
  })
  api.openapi(giveRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'role_assignments:create')
    const userId = idParam(c)
    const { expires_at: expiresAt } = c.req.valid('json')
    const gift = { userId, role: roleOf(c.req.valid('param')), expiresAt }
    await inTransaction(deps.db, (tx) => giveRole(tx, gift, actor.userId))
    return c.json(await answer(userId), 200)
  })
  api.openapi(takeRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'role_assignments:delete')
    const userId = idParam(c)
    const role = roleOf(c.req.valid('param'))
    await inTransaction(deps.db, (tx) => takeRole(tx, { userId, role }, actor.userId))
    return c.json(await answer(userId), 200)
  })
  return api
}
