/** Roles and what they allow, over REST. For administrators. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { inheritedBy, ROLE_NAME, type Role } from '../domain/roles.ts'
import { newRoleRequest, roleRequest } from '../domain/schemas/roles.ts'
import { inTransaction } from '../db/connection.ts'
import { findRole, listPermissions, listRoles } from '../db/role-reads.ts'
import { changeRole, createRole, deleteRole } from '../db/roles.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { bearerSession } from './sessions.ts'
import { tagOf, versionHeader, versionOf } from './versions.ts'

const roleBody = z
  .object({
    name: z.string(),
    description: z.string(),
    parent: z.string().nullable(),
    permissions: z.array(z.string()).openapi({ description: 'What it allows by itself' }),
    inherited: z.array(z.string()).openapi({ description: 'What else it allows, by its parents' }),
    system: z.boolean().openapi({ description: 'Can be changed, but not taken away' }),
    people: z.number().int(),
    version: z.number().int(),
  })
  .openapi('Role')

const permissionBody = z
  .object({
    name: z.string(),
    resource: z.string(),
    action: z.enum(['create', 'read', 'update', 'delete', 'execute']),
    description: z.string(),
  })
  .openapi('Permission')

const toBody = (role: Role, all: readonly Role[]): z.infer<typeof roleBody> => ({
  name: role.name,
  description: role.description,
  parent: role.parent,
  permissions: role.permissions,
  inherited: inheritedBy(role, all),
  system: role.system,
  people: role.people,
  version: role.version,
})

const namePath = z.object({ name: z.string().max(80) })
const forAdmins: [number, string] = [403, 'For administrators']

const permissionsRoute = createRoute({
  method: 'get',
  path: '/permissions',
  summary: 'All that can be allowed',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(permissionBody), next: z.null() }), 'All'),
    ...problems(forAdmins),
  },
})
const listRoute = createRoute({
  method: 'get',
  path: '/roles',
  summary: 'All roles, those of Gari first',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(roleBody), next: z.null() }), 'All'),
    ...problems(forAdmins),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/roles/{name}',
  summary: 'One role; its ETag is needed to change it',
  security: SECURED,
  request: { params: namePath },
  responses: {
    200: json(roleBody, 'As it stands'),
    ...problems(forAdmins, [404, 'No such role']),
  },
})
const createRouteOf = createRoute({
  method: 'post',
  path: '/roles',
  summary: 'A new role',
  security: SECURED,
  request: { body: jsonBody(newRoleRequest) },
  responses: {
    201: json(roleBody, 'Made'),
    ...problems([400, 'Something to correct, or a name that is taken'], forAdmins),
  },
})
const replaceRoute = createRoute({
  method: 'put',
  path: '/roles/{name}',
  summary:
    'What a role is for, whom it inherits from and what it allows; it holds from the next request on',
  security: SECURED,
  request: { params: namePath, headers: versionHeader, body: jsonBody(roleRequest) },
  responses: {
    200: json(roleBody, 'Changed'),
    ...problems(
      [400, 'Something to correct'],
      forAdmins,
      [404, 'No such role'],
      [409, 'Nobody would be left who can give roles'],
      [412, 'It was changed meanwhile'],
      [428, 'If-Match is missing'],
    ),
  },
})
const deleteRoute = createRoute({
  method: 'delete',
  path: '/roles/{name}',
  summary: 'Take a role away for good',
  security: SECURED,
  request: { params: namePath },
  responses: {
    204: { description: 'Gone' },
    ...problems(forAdmins, [404, 'No such role'], [409, 'It is needed, or somebody has it']),
  },
})

const none = () => new BusinessError('NOT_FOUND', 'There is no such role.')
/** What is no name of a role is simply not found. */
const nameOf = ({ name }: { name: string }): string => {
  if (!ROLE_NAME.test(name)) throw none()
  return name
}

export function createRolesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/roles/*', bearerSession(deps))
  api.use('/permissions', bearerSession(deps))
  api.openapi(permissionsRoute, async (c) => {
    assertCan(c.get('actor'), 'roles:read')
    const items = (await listPermissions(deps.db)) as z.infer<typeof permissionBody>[]
    return c.json({ items, next: null }, 200)
  })
  api.openapi(listRoute, async (c) => {
    assertCan(c.get('actor'), 'roles:read')
    const all = await listRoles(deps.db)
    return c.json({ items: all.map((role) => toBody(role, all)), next: null }, 200)
  })
  api.openapi(readRoute, async (c) => {
    assertCan(c.get('actor'), 'roles:read')
    const role = await findRole(deps.db, nameOf(c.req.valid('param')))
    if (!role) throw none()
    c.header('ETag', tagOf(role.version))
    return c.json(toBody(role, await listRoles(deps.db)), 200)
  })
  api.openapi(createRouteOf, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'roles:create')
    const { name, ...facts } = c.req.valid('json')
    const role = await inTransaction(deps.db, (tx) => createRole(tx, name, facts, actor.userId))
    c.header('Location', `/api/v1/roles/${name}`)
    c.header('ETag', tagOf(role.version))
    return c.json(toBody(role, await listRoles(deps.db)), 201)
  })
  api.openapi(replaceRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'roles:update')
    const name = nameOf(c.req.valid('param'))
    const change = { facts: c.req.valid('json'), version: versionOf(c), actorId: actor.userId }
    const role = await inTransaction(deps.db, (tx) => changeRole(tx, name, change))
    c.header('ETag', tagOf(role.version))
    return c.json(toBody(role, await listRoles(deps.db)), 200)
  })
  api.openapi(deleteRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'roles:delete')
    const name = nameOf(c.req.valid('param'))
    await inTransaction(deps.db, (tx) => deleteRole(tx, name, actor.userId))
    return c.body(null, 204)
  })
  return api
}
