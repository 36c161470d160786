/** Papers of customers for whoever looks at them: which wait, one beside what is known, and what is decided. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import type { IdentityDocument } from '../../domain/identity-documents.ts'
import type { ReviewPage } from '../../domain/identity-pages.ts'
import { showPersonal } from '../../domain/masking.ts'
import { mayDecideIdentity, mayReviewIdentity } from '../../domain/policies.ts'
import { acceptance, refusal } from '../../domain/schemas/identity-documents.ts'
import { inTransaction } from '../../db/connection.ts'
import { findCustomer } from '../../db/customers.ts'
import { decideIdentity, type Decision } from '../../db/identity-documents.ts'
import { listWaitingIdentity } from '../../db/identity-reviews.ts'
import { IdentityReviewsView, IdentityReviewView } from '../../views/identity-reviews.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { findSeen, noteLook } from '../picture-links.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { picturePath } from './identity.tsx'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const LIST = '/desk/identity-documents'
const PAGE_SIZE = 50
type Form = Record<string, string>

type Told = { seen: boolean; form?: Form; problems?: FieldProblem[] }

async function facts(deps: ApiDeps, { customerId }: IdentityDocument) {
  const customer = await findCustomer(deps.db, customerId)
  if (!customer) throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  return customer
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { seen, form = {}, problems = [] }: Told,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, mayReviewIdentity)
  const document = await findSeen(deps, actor, idParam(c))
  const customer = await facts(deps, document)
  if (seen) await noteLook(deps, actor, document)
  const { id, number, licence, bornOn } = customer
  const { tokenHash } = c.get('session')
  const page: ReviewPage = {
    document,
    customer: { id, number, name: `${customer.firstName} ${customer.lastName}`.trim() },
    seen: seen
      ? {
          pictureUrl: document.hasPicture ? picturePath(deps, document.id, tokenHash) : null,
          bornOn,
        }
      : null,
    licence: licence && {
      country: licence.country,
      expiresOn: licence.expiresOn,
      number: seen ? licence.number : showPersonal(actor, id, 'licence', licence.number),
    },
    mayDecide: mayDecideIdentity(actor),
    form,
    problems,
    now: deps.now(),
  }
  return c.html(<IdentityReviewView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function readForm(c: Context<Env>): Promise<Form> {
  const { _csrf, ...form } = await c.req.parseBody<Form>()
  c.set('address', `${LIST}/${idParam(c)}`)
  assertCsrf(c, { _csrf })
  return form
}

const MENDABLE = ['INVALID_INPUT', 'SECOND_PERSON', 'FINDING_CLOSED']

async function decide(c: Context<Env>, deps: ApiDeps, read: (form: Form) => Decision) {
  const actor = staff(c, mayDecideIdentity)
  const form = await readForm(c)
  try {
    const wish = { id: idParam(c), actorId: actor.userId, decision: read(form), now: deps.now() }
    await inTransaction(deps.db, (tx) => decideIdentity(tx, wish))
    return c.redirect(LIST, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.includes(refused.code)) throw error
    const told = { seen: true, form, problems: problemsIn(refused) }
    return show(c, deps, told, statusOf(refused.code))
  }
}

export function createIdentityReviewPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(LIST, async (c) => {
    staff(c, mayReviewIdentity)
    const cursor = c.req.query('cursor')
    const wish = { sort: 'received_at' as const, descending: false, limit: PAGE_SIZE, cursor }
    const { items, next } = await listWaitingIdentity(deps.db, wish)
    const page = { rows: items, next, now: deps.now() }
    return c.html(<IdentityReviewsView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get(`${LIST}/:id`, (c) => show(c, deps, { seen: false }))
  // A look is written down, so it is asked for by a form.
  pages.post(`${LIST}/:id`, async (c) => {
    await readForm(c)
    return show(c, deps, { seen: true })
  })
  pages.post(`${LIST}/:id/acceptance`, (c) =>
    decide(c, deps, (form) => {
      const { valid_until: validUntil } = parseInput(acceptance, form)
      return { status: 'accepted', validUntil }
    }),
  )
  pages.post(`${LIST}/:id/refusal`, (c) =>
    decide(c, deps, (form) => {
      const { reason } = parseInput(refusal, form)
      return { status: 'refused', refusal: reason }
    }),
  )
  return pages
}
