/** Administrators look after accounts: who may come in, and with which roles. */
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { maskPhone } from '../../domain/payments.ts'
import type { PeopleKind, PersonRow } from '../../domain/people-pages.ts'
import { accountEmail } from '../../domain/masking.ts'
import { can, mayRevealContacts } from '../../domain/policies.ts'
import { isOwn } from '../../domain/permissions.ts'
import { BY_KIND, inheritedBy } from '../../domain/roles.ts'
import { factorRemovalForm, roleGiftForm, statusRequest } from '../../domain/schemas/roles.ts'
import { inTransaction, type Tx } from '../../db/connection.ts'
import { changeStatus, findPerson, listPeople, type Person } from '../../db/people.ts'
import { giveRole, takeRole } from '../../db/role-assignments.ts'
import { listAssignments, listRoles } from '../../db/role-reads.ts'
import { removeFactorsOf } from '../../db/second-factors.ts'
import { PeopleView } from '../../views/people.tsx'
import { PersonView } from '../../views/person.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { noteReveal } from '../revealing.ts'
import { assertCsrf } from '../sessions.ts'
import { createInvitingPages } from './new-colleagues.tsx'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 50
type Form = Record<string, string>

const KINDS = { staff: ['employee', 'admin'], customers: ['customer'] } as const
const KIND_NAMES = Object.keys(KINDS) as PeopleKind[]

const toRow = (actor: Actor, person: Person): PersonRow => ({
  ...person,
  email: accountEmail(actor, person),
  maskedPhone: person.phone ? maskPhone(person.phone) : '',
  staff: person.kind !== 'customer',
})

const seesPeople = (actor: Actor) => can(actor, 'users:read')

async function personOf(c: Context<Env>, deps: ApiDeps): Promise<Person> {
  const found = await findPerson(deps.db, idParam(c))
  if (!found) throw new BusinessError('NOT_FOUND', 'There is no such account.')
  return found
}

/** What this account could be given and has not. */
async function choicesFor(deps: ApiDeps, person: Person, actor: Actor) {
  if (!can(actor, 'role_assignments:create') || person.status === 'deleted') return []
  const roles = await listRoles(deps.db)
  return roles
    .filter(({ name }) => name !== BY_KIND && !person.roles.includes(name))
    .filter((role) => {
      const allowed = [...role.permissions, ...inheritedBy(role, roles)]
      return person.kind !== 'customer' || allowed.every(isOwn)
    })
    .map(({ name, description }) => ({ value: name, text: `${name}: ${description}` }))
}

/** Any of them opens the page of what we hold about somebody. */
const RIGHTS = ['erasures:create', 'exports:create', 'legal_holds:update'] as const

/** `isRevealed`: how to reach them is shown whole, by this answer alone. */
type Typed = { form: Form; problems: FieldProblem[]; isRevealed?: boolean }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form, problems, isRevealed = false }: Typed = { form: {}, problems: [] },
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, seesPeople)
  const person = await personOf(c, deps)
  const page = {
    person: { ...toRow(actor, person), createdAt: person.createdAt },
    contact: isRevealed ? { email: person.email, phone: person.phone } : null,
    mayReveal: person.kind === 'customer' && mayRevealContacts(actor),
    assignments: await listAssignments(deps.db, person.id),
    choices: await choicesFor(deps, person, actor),
    mayTake: can(actor, 'role_assignments:delete'),
    mayChangeStatus: can(actor, 'users:update'),
    hasSecondFactor: person.hasSecondFactor,
    seesRights: RIGHTS.some((right) => can(actor, right)),
    seesCustomers: can(actor, 'customers:read'),
    isViewer: person.id === actor.userId,
    form,
    problems,
    now: deps.now(),
  }
  return c.html(<PersonView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function list(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, seesPeople)
  const { q = '', cursor, kind: wanted } = c.req.query()
  const kind = KIND_NAMES.find((one) => one === wanted) ?? 'staff'
  const { items, next } = await listPeople(deps.db, {
    text: q.slice(0, 100),
    kinds: KINDS[kind],
    limit: PAGE_SIZE,
    ...(cursor ? { cursor } : {}),
  })
  const mayInvite = can(actor, 'users:create')
  const page = {
    rows: items.map((one) => toRow(actor, one)),
    search: q,
    kind,
    next,
    mayInvite,
    now: deps.now(),
  }
  return c.html(<PeopleView viewer={await viewerOf(c, deps)} page={page} />)
}

/** What an administrator can mend is said beside the form, with what they typed. */
const MENDABLE = ['INVALID_INPUT', 'ROLE_REFUSED', 'SECOND_PERSON']

type Deed = (tx: Tx, form: Form, person: Person, actorId: string) => Promise<unknown>

async function submit(
  c: Context<Env>,
  deps: ApiDeps,
  may: (actor: Actor) => boolean,
  deed: Deed,
): Promise<Response> {
  const actor = staff(c, may)
  const person = await personOf(c, deps)
  const form = await c.req.parseBody<Form>()
  c.set('address', `/admin/people/${person.id}`)
  assertCsrf(c, form)
  try {
    await inTransaction(deps.db, (tx) => deed(tx, form, person, actor.userId))
    return c.redirect(`/admin/people/${person.id}`, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.includes(refused.code)) throw error
    return show(c, deps, { form, problems: problemsIn(refused) }, statusOf(refused.code))
  }
}

function createContactPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.post('/admin/people/:id/contact', async (c) => {
    const actor = staff(c, (who) => seesPeople(who) && mayRevealContacts(who))
    assertCsrf(c, await c.req.parseBody())
    const person = await personOf(c, deps)
    if (person.kind !== 'customer')
      throw new BusinessError('NOT_FOUND', 'There is no such customer.')
    await noteReveal(deps, actor, { subjectId: person.id })
    // The page's own address shows it masked again.
    c.set('address', `/admin/people/${person.id}`)
    return show(c, deps, { form: {}, problems: [], isRevealed: true })
  })
  return pages
}

export function createPeoplePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/admin/people', (c) => list(c, deps))
  pages.route('/', createInvitingPages(deps))
  pages.get('/admin/people/:id', (c) => show(c, deps))
  pages.route('/', createContactPages(deps))
  pages.post('/admin/people/:id/roles', (c) =>
    submit(
      c,
      deps,
      (actor) => can(actor, 'role_assignments:create'),
      (tx, form, { id: userId }, actorId) => {
        const { role, expires_at: expiresAt } = parseInput(roleGiftForm, form)
        return giveRole(tx, { userId, role, expiresAt }, actorId)
      },
    ),
  )
  pages.post('/admin/people/:id/roles/remove', (c) =>
    submit(
      c,
      deps,
      (actor) => can(actor, 'role_assignments:delete'),
      (tx, form, { id: userId }, actorId) =>
        takeRole(tx, { userId, role: form['role'] ?? '' }, actorId),
    ),
  )
  pages.post('/admin/people/:id/second-factor', (c) =>
    submit(
      c,
      deps,
      (actor) => can(actor, 'users:update'),
      (tx, form, { id }, actorId) => {
        const { why_no_factor: why } = parseInput(factorRemovalForm, form)
        return removeFactorsOf(tx, id, { actorId, why })
      },
    ),
  )
  pages.post('/admin/people/:id/status', (c) =>
    submit(
      c,
      deps,
      (actor) => can(actor, 'users:update'),
      (tx, form, { id }, actorId) => {
        const { status, why } = parseInput(statusRequest, {
          status: form['status'],
          why: form['why'],
        })
        return changeStatus(tx, id, { status, why, actorId })
      },
    ),
  )
  return pages
}
