/** One's own account: prove the e-mail, change the password, see and end sessions. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import type { OwnAccountPage } from '../../domain/security-pages.ts'
import { changePassword as changeRequest } from '../../domain/schemas/accounts.ts'
import { findOwnAccount } from '../../db/accounts.ts'
import { inTransaction } from '../../db/connection.ts'
import { listLetIn, shutOut } from '../../db/oauth-records.ts'
import { endOwnOtherSessions, endSessionNamed, listSessions } from '../../db/sessions.ts'
import { OwnAccountView } from '../../views/own-account.tsx'
import { askForProof, changePassword } from '../account-recovery.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { deviceText } from '../devices.ts'
import { isId, parseInput } from '../input.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/security'
type Form = Record<string, string>
type Told = { problems?: FieldProblem[]; done?: OwnAccountPage['done'] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { problems = [], done = null }: Told = {},
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = signedIn(c)
  const { tokenHash } = c.get('session')
  const [own, sessions, programs] = await Promise.all([
    findOwnAccount(deps.db, actor.userId),
    listSessions(deps.db, actor.userId, tokenHash),
    listLetIn(deps.db, actor.userId),
  ])
  const page: OwnAccountPage = {
    name: `${actor.firstName} ${actor.lastName}`.trim(),
    email: actor.email,
    emailProven: own?.emailVerified ?? false,
    hasPassword: own?.hasPassword ?? false,
    isCustomer: actor.kind === 'customer',
    mayHaveKeys: can(actor, 'api_keys:create'),
    programs,
    sessions: sessions.map(({ device, ...row }) => ({ ...row, device: deviceText(device) })),
    problems,
    done,
    now: deps.now(),
  }
  return c.html(<OwnAccountView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function readForm(c: Context<Env>): Promise<Form> {
  const form = await c.req.parseBody<Form>()
  c.set('address', PATH)
  assertCsrf(c, form)
  return form
}

const DONE = ['password', 'link'] as const

export function createOwnAccountPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => {
    const done = DONE.find((one) => one === c.req.query('done')) ?? null
    return show(c, deps, { done })
  })
  pages.post(`${PATH}/password`, async (c) => {
    const actor = signedIn(c)
    const form = await readForm(c)
    try {
      const { current_password: current, new_password: next } = parseInput(changeRequest, form)
      await changePassword(deps, { actor, current, next, keep: c.get('session').tokenHash })
    } catch (error) {
      const { code, fields, message } = toBusinessError(error)
      if (!['INVALID_INPUT', 'TOO_MANY_REQUESTS'].includes(code)) throw error
      announceRetry(c, toBusinessError(error))
      const problems = fields.length > 0 ? fields : [{ path: 'current_password', message }]
      return show(c, deps, { problems }, statusOf(code))
    }
    return c.redirect(`${PATH}?done=password`, 303)
  })
  pages.post(`${PATH}/prove-email`, async (c) => {
    const { userId, email } = signedIn(c)
    await readForm(c)
    if (email) await askForProof(deps, userId, email)
    return c.redirect(`${PATH}?done=link`, 303)
  })
  pages.post(`${PATH}/sessions/end`, async (c) => {
    const { userId } = signedIn(c)
    const form = await readForm(c)
    await inTransaction(deps.db, (tx) => endSessionNamed(tx, userId, form['session'] ?? ''))
    return c.redirect(PATH, 303)
  })
  pages.post(`${PATH}/programs/end`, async (c) => {
    const { userId } = signedIn(c)
    const id = (await readForm(c))['program'] ?? ''
    if (isId(id)) await inTransaction(deps.db, (tx) => shutOut(tx, userId, id))
    return c.redirect(PATH, 303)
  })
  pages.post(`${PATH}/sessions/end-all`, async (c) => {
    const { userId } = signedIn(c)
    await readForm(c)
    const { tokenHash } = c.get('session')
    await inTransaction(deps.db, (tx) => endOwnOtherSessions(tx, userId, tokenHash))
    return c.redirect(PATH, 303)
  })
  return pages
}
