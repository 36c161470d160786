/** Administrators say what each role allows. */
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import type { RoleForm } from '../../domain/people-pages.ts'
import { can } from '../../domain/policies.ts'
import { inheritedBy, type Role } from '../../domain/roles.ts'
import { roleForm, roleName } from '../../domain/schemas/roles.ts'
import { inTransaction, type Tx } from '../../db/connection.ts'
import { listPeople } from '../../db/people.ts'
import { listRoles } from '../../db/role-reads.ts'
import { changeRole, createRole, deleteRole } from '../../db/roles.ts'
import { RoleView } from '../../views/role.tsx'
import { RolesView } from '../../views/roles.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const MOST_PEOPLE = 100
const NEW: RoleForm = { name: '', description: '', parent: 'staff', permissions: [] }

const formOf = (role: Role): RoleForm => ({ ...role, parent: role.parent ?? '' })
const seesRoles = (actor: Actor) => can(actor, 'roles:read')

type Fields = Record<string, string | File | (string | File)[]>
const textOf = (fields: Fields, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value.slice(0, 300) : ''
}
const typedIn = (fields: Fields): RoleForm => ({
  name: textOf(fields, 'name'),
  description: textOf(fields, 'description'),
  parent: textOf(fields, 'parent'),
  permissions: [fields['permissions'] ?? []].flat().filter((one) => typeof one === 'string'),
})

type Shown = { name: string | null; form?: RoleForm; problems?: FieldProblem[]; version?: number }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { name, form, problems = [], version }: Shown,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, seesRoles)
  const all = await listRoles(deps.db)
  const role = all.find((one) => one.name === name) ?? null
  if (name !== null && !role) throw new BusinessError('NOT_FOUND', 'There is no such role.')
  const people = role
    ? await listPeople(deps.db, { role: role.name, limit: MOST_PEOPLE })
    : { items: [] }
  const page = {
    role,
    inherited: role ? inheritedBy(role, all) : [],
    form: form ?? (role ? formOf(role) : NEW),
    version: version ?? role?.version ?? 0,
    parents: all
      .filter((one) => one.name !== name)
      .map((one) => ({ value: one.name, text: one.name })),
    people: people.items.map((one) => ({ id: one.id, name: one.name || 'No name' })),
    mayChange: can(actor, role ? 'roles:update' : 'roles:create'),
    mayDelete: can(actor, 'roles:delete') && role !== null && !role.system,
    problems,
  }
  return c.html(<RoleView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** What can be mended is said beside the form, with what was typed and the version that it was typed for. */
const MENDABLE = ['INVALID_INPUT', 'ROLE_REFUSED', 'SECOND_PERSON', 'CHANGED_MEANWHILE']

type Deed = (tx: Tx, form: RoleForm, version: number, actorId: string) => Promise<string>
type Door = { name: string | null; may: (actor: Actor) => boolean }

async function submit(
  c: Context<Env>,
  deps: ApiDeps,
  { name, may }: Door,
  deed: Deed,
): Promise<Response> {
  const actor = staff(c, may)
  const fields = await c.req.parseBody({ all: true })
  c.set('address', name === null ? '/admin/roles/new' : `/admin/roles/${name}`)
  assertCsrf(c, fields)
  const form = typedIn(fields)
  const version = Number(textOf(fields, 'version')) || 0
  try {
    const next = await inTransaction(deps.db, (tx) => deed(tx, form, version, actor.userId))
    return c.redirect(next, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.includes(refused.code)) throw error
    const problems = problemsIn(refused)
    // What only takes away carries nothing that was typed.
    const typed = 'description' in fields ? { form, version } : {}
    return show(c, deps, { name, problems, ...typed }, statusOf(refused.code))
  }
}

export function createRolePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/admin/roles', async (c) => {
    const actor = staff(c, seesRoles)
    const all = await listRoles(deps.db)
    const rows = all.map((role) => ({ ...role, inherited: inheritedBy(role, all) }))
    const page = { rows, mayCreate: can(actor, 'roles:create') }
    return c.html(<RolesView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/admin/roles/new', (c) => {
    staff(c, (actor) => can(actor, 'roles:create'))
    return show(c, deps, { name: null })
  })
  pages.post('/admin/roles', (c) =>
    submit(
      c,
      deps,
      { name: null, may: (actor) => can(actor, 'roles:create') },
      async (tx, form, _version, actorId) => {
        const facts = parseInput(roleForm.extend({ name: roleName }), form)
        await createRole(tx, facts.name, facts, actorId)
        return `/admin/roles/${facts.name}`
      },
    ),
  )
  pages.get('/admin/roles/:name', (c) => show(c, deps, { name: c.req.param('name') }))
  pages.post('/admin/roles/:name', (c) => {
    const name = c.req.param('name')
    const door: Door = { name, may: (actor) => can(actor, 'roles:update') }
    return submit(c, deps, door, async (tx, form, version, actorId) => {
      const facts = parseInput(roleForm, form)
      await changeRole(tx, name, { facts, version, actorId })
      return `/admin/roles/${name}`
    })
  })
  pages.post('/admin/roles/:name/remove', (c) => {
    const name = c.req.param('name')
    const door: Door = { name, may: (actor) => can(actor, 'roles:delete') }
    return submit(c, deps, door, async (tx, _form, _version, actorId) => {
      await deleteRole(tx, name, actorId)
      return '/admin/roles'
    })
  })
  return pages
}
