/** Loyalty points: one's own, and a customer's for whoever works here. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import { adjustmentForm } from '../../domain/schemas/loyalty.ts'
import { inTransaction } from '../../db/connection.ts'
import { adjustPoints } from '../../db/loyalty.ts'
import { listLoyalty, readLoyalty } from '../../db/loyalty-reads.ts'
import { LoyaltyView } from '../../views/loyalty.tsx'
import { StaffLoyaltyView } from '../../views/staff-loyalty.tsx'
import { findForStaff } from '../customers.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { assertCan } from '../permitted.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 20
const OWN = '/account/points'
type Form = Record<string, string>
type Typed = { form: Form; problems: FieldProblem[] }

async function pageOf(c: Context<Env>, deps: ApiDeps, customerId: string) {
  const cursor = c.req.query('cursor')
  const [account, { items, next }] = await Promise.all([
    readLoyalty(deps.db, customerId),
    listLoyalty(deps.db, {
      customerId,
      sort: 'created_at',
      descending: true,
      limit: PAGE_SIZE,
      cursor,
    }),
  ])
  return { account, entries: items, next, now: deps.now() }
}

async function showToStaff(
  c: Context<Env>,
  deps: ApiDeps,
  { form, problems }: Typed = { form: {}, problems: [] },
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, (who) => can(who, 'loyalty:read'))
  const { id, firstName, lastName, number } = await findForStaff(deps, actor, idParam(c))
  const page = {
    ...(await pageOf(c, deps, id)),
    customer: { id, name: `${firstName} ${lastName}`.trim(), number },
    mayAdjust: can(actor, 'loyalty:create'),
    requestId: form['request_id'] || randomUUID(),
    form,
    problems,
  }
  return c.html(<StaffLoyaltyView viewer={await viewerOf(c, deps)} page={page} />, status)
}

export function createLoyaltyPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(OWN, async (c) => {
    const actor = signedIn(c)
    assertCan(actor, 'own_loyalty:read')
    const page = await pageOf(c, deps, actor.userId)
    return c.html(<LoyaltyView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/desk/customers/:id/points', (c) => showToStaff(c, deps))
  pages.post('/desk/customers/:id/points', async (c) => {
    const actor = staff(c, (who) => can(who, 'loyalty:create'))
    const form = await c.req.parseBody<Form>()
    const address = `/desk/customers/${idParam(c)}/points`
    c.set('address', address)
    assertCsrf(c, form)
    const { id: customerId } = await findForStaff(deps, actor, idParam(c))
    try {
      const { points, reason } = parseInput(adjustmentForm, form)
      const id = uuidFrom('points', actor.userId, customerId, form['request_id'] ?? '')
      const wish = { id, customerId, points, reason, actorId: actor.userId }
      await inTransaction(deps.db, (tx) => adjustPoints(tx, wish))
    } catch (error) {
      const refused = toBusinessError(error)
      if (!['INVALID_INPUT', 'SECOND_PERSON'].includes(refused.code)) throw error
      return showToStaff(c, deps, { form, problems: problemsIn(refused) }, statusOf(refused.code))
    }
    return c.redirect(address, 303)
  })
  return pages
}
