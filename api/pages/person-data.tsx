/** What we hold about one customer, for staff: having it copied or erased for them, and keeping it where the law asks. */
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import type { PersonDataPage } from '../../domain/privacy-pages.ts'
import { erasureForm, legalHoldForm } from '../../domain/schemas/erasures.ts'
import { exportForm } from '../../domain/schemas/exports.ts'
import { whatForbidsErasing } from '../../db/account-needs.ts'
import { inTransaction } from '../../db/connection.ts'
import { findErasure } from '../../db/erasures.ts'
import { findLastExport } from '../../db/exports.ts'
import { findLegalHold, liftLegalHold, setLegalHold } from '../../db/legal-holds.ts'
import { findPerson, type Person } from '../../db/people.ts'
import { PersonDataView } from '../../views/person-data.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { assertErasable, requestErasure, takeBack } from '../erasing.ts'
import { requestExport, toCopyState } from '../exporting.ts'
import { idParam, parseInput } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/admin/people/:id'
type Form = Record<string, string>

const mayErase = (actor: Actor) => can(actor, 'erasures:create')
const mayCopy = (actor: Actor) => can(actor, 'exports:create')
const mayHold = (actor: Actor) => can(actor, 'legal_holds:update')

async function customerOf(c: Context<Env>, deps: ApiDeps): Promise<Person> {
  const found = await findPerson(deps.db, idParam(c))
  if (found?.kind !== 'customer') throw new BusinessError('NOT_FOUND', 'We have no such customer.')
  return found
}

type Typed = { form: Form; problems: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form, problems }: Typed = { form: {}, problems: [] },
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, (who) => mayErase(who) || mayCopy(who) || mayHold(who))
  const person = await customerOf(c, deps)
  const now = deps.now()
  const [erasure, needs, hold, last] = await Promise.all([
    findErasure(deps.db, person.id),
    whatForbidsErasing(deps.db, person.id),
    findLegalHold(deps.db, person.id),
    findLastExport(deps.db, person.id),
  ])
  const page: PersonDataPage = {
    person,
    erasure,
    needs,
    hold,
    copy: last && toCopyState(last, now),
    mayErase: mayErase(actor),
    mayCopy: mayCopy(actor),
    mayHold: mayHold(actor),
    form,
    problems,
    now,
  }
  return c.html(<PersonDataView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** What somebody can mend is said on the page, with what they typed. */
const MENDABLE = ['INVALID_INPUT', 'ACCOUNT_NEEDED', 'SECOND_PERSON', 'TOO_MANY_REQUESTS']

type Deed = (who: { userId: string; actorId: string }, form: Form) => Promise<unknown>

async function submit(
  c: Context<Env>,
  deps: ApiDeps,
  may: (actor: Actor) => boolean,
  deed: Deed,
): Promise<Response> {
  const actor = staff(c, may)
  const { id: userId } = await customerOf(c, deps)
  const form = await c.req.parseBody<Form>()
  const address = `/admin/people/${userId}/data`
  c.set('address', address)
  assertCsrf(c, form)
  try {
    await assertErasable(deps, userId, actor.userId)
    await deed({ userId, actorId: actor.userId }, form)
    return c.redirect(address, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.includes(refused.code)) throw error
    return show(c, deps, { form, problems: problemsIn(refused) }, statusOf(refused.code))
  }
}

export function createPersonDataPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(`${PATH}/data`, (c) => show(c, deps))
  pages.post(`${PATH}/erasure`, (c) =>
    submit(c, deps, mayErase, (who, form) => {
      const { why_erased: why } = parseInput(erasureForm, form)
      return requestErasure(deps, { ...who, why })
    }),
  )
  pages.post(`${PATH}/erasure/taking-back`, (c) =>
    submit(c, deps, mayErase, ({ userId, actorId }) => takeBack(deps, userId, actorId)),
  )
  pages.post(`${PATH}/exports`, (c) =>
    submit(c, deps, mayCopy, (who, form) => {
      const { why_copied: why } = parseInput(exportForm, form)
      return requestExport(deps, { ...who, why })
    }),
  )
  pages.post(`${PATH}/legal-hold`, (c) =>
    submit(c, deps, mayHold, (who, form) => {
      const { why_held: why } = parseInput(legalHoldForm, form)
      return inTransaction(deps.db, (tx) => setLegalHold(tx, { ...who, why }))
    }),
  )
  pages.post(`${PATH}/legal-hold/removal`, (c) =>
    submit(c, deps, mayHold, (who, form) => {
      const { why_held: why } = parseInput(legalHoldForm, form)
      return inTransaction(deps.db, (tx) => liftLegalHold(tx, { ...who, why }))
    }),
  )
  return pages
}
