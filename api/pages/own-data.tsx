/** One's own data: having it erased; and how we treat everybody's, for everybody. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import type { OwnDataPage } from '../../domain/privacy-pages.ts'
import { REGISTER, type KindOfData } from '../../domain/retention.ts'
import { erasureConfirmation } from '../../domain/schemas/erasures.ts'
import { DAY_MS } from '../../domain/time.ts'
import { whatForbidsErasing } from '../../db/account-needs.ts'
import { findErasure } from '../../db/erasures.ts'
import { withNext } from '../../views/accounts.tsx'
import { OwnDataView } from '../../views/own-data.tsx'
import { PrivacyView } from '../../views/privacy.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { requestErasure, takeBack } from '../erasing.ts'
import { parseInput } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertFresh } from '../second-factor.ts'
import { assertCsrf, closeSession, signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/data'
type Form = Record<string, string>
type Told = { form?: Form; problems?: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form = {}, problems = [] }: Told = {},
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = signedIn(c)
  const [erasure, needs] = await Promise.all([
    findErasure(deps.db, actor.userId),
    whatForbidsErasing(deps.db, actor.userId),
  ])
  const page: OwnDataPage = {
    erasure,
    needs,
    fresh: c.get('session').isFresh === true,
    worksHere: actor.kind !== 'customer',
    coolingDays: Math.round(deps.privacy.coolingMs / DAY_MS),
    contact: deps.privacy.contact,
    form,
    problems,
    now: deps.now(),
  }
  return c.html(<OwnDataView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function readForm(c: Context<Env>): Promise<Form> {
  const form = await c.req.parseBody<Form>()
  c.set('address', PATH)
  assertCsrf(c, form)
  return form
}

const KINDS = Object.keys(REGISTER) as KindOfData[]

export function createOwnDataPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/privacy', async (c) => {
    const { controller, contact } = deps.privacy
    const rows = KINDS.map((kind) => ({ kind, ...REGISTER[kind] }))
    const page = { controller, contact, rows }
    return c.html(<PrivacyView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get(PATH, (c) => show(c, deps))
  pages.post(`${PATH}/again`, async (c) => {
    await readForm(c)
    await closeSession(deps, c.get('session').tokenHash)
    return c.redirect(withNext('/sign-in', PATH), 303)
  })
  pages.post(`${PATH}/erasure`, async (c) => {
    const { userId } = signedIn(c)
    const form = await readForm(c)
    assertFresh(c.get('session'))
    try {
      parseInput(erasureConfirmation, { confirmation: form['confirmation'] })
      await requestErasure(deps, { userId, actorId: userId })
    } catch (error) {
      const { code, fields } = toBusinessError(error)
      // What stands in its way is named on the page itself.
      if (!['INVALID_INPUT', 'ACCOUNT_NEEDED'].includes(code)) throw error
      return show(c, deps, { form, problems: fields }, statusOf(code))
    }
    return c.redirect(PATH, 303)
  })
  pages.post(`${PATH}/erasure/taking-back`, async (c) => {
    const { userId } = signedIn(c)
    await readForm(c)
    await takeBack(deps, userId, userId)
    return c.redirect(PATH, 303)
  })
  return pages
}
