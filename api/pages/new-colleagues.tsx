/** Whom an administrator invites to work here. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import { colleague } from '../../domain/schemas/roles.ts'
import { NewColleagueView } from '../../views/new-colleague.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { invite } from '../inviting.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

type Form = Record<string, string>

async function showNew(
  c: Context<Env>,
  deps: ApiDeps,
  form: Form,
  problems: FieldProblem[],
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  staff(c, (actor) => can(actor, 'users:create'))
  const page = { form, problems }
  return c.html(<NewColleagueView viewer={await viewerOf(c, deps)} page={page} />, status)
}

export function createInvitingPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/admin/people/new', (c) => showNew(c, deps, {}, []))
  pages.post('/admin/people', async (c) => {
    const actor = staff(c, (who) => can(who, 'users:create'))
    const form = await c.req.parseBody<Form>()
    c.set('address', '/admin/people/new')
    assertCsrf(c, form)
    try {
      const { kind, email, first_name, last_name, phone } = form
      const typed = { kind, email, first_name, last_name, phone }
      const { id } = await invite(deps, parseInput(colleague, typed), actor.userId)
      return c.redirect(`/admin/people/${id}`, 303)
    } catch (error) {
      const refused = toBusinessError(error)
      if (!['INVALID_INPUT', 'EMAIL_TAKEN'].includes(refused.code)) throw error
      return showNew(c, deps, form, problemsIn(refused), statusOf(refused.code))
    }
  })
  return pages
}
