/** A forgotten password, and the pages behind mailed links. */
import { Hono, type Context } from 'hono'
import type { LinkPurpose } from '../../db/account-links.ts'
import type { FieldProblem } from '../../domain/errors.ts'
import type { LinkPage } from '../../domain/security-pages.ts'
import { forgotPassword, newPassword } from '../../domain/schemas/accounts.ts'
import { ForgotView, LinkView } from '../../views/recovery.tsx'
import { z } from 'zod'
import { askForReset, openLink, proveEmail, resetPassword } from '../account-recovery.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { isId, parseInput } from '../input.ts'
import { proveNewEmail } from '../own-contacts.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { localPath } from '../return-paths.ts'
import { assertCsrf } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { enter } from './entering.ts'
import { viewerOf } from './viewer.ts'

type Form = Record<string, string>
type Status = ReturnType<typeof statusOf> | 200

const problemsOf = (c: Context<Env>, thrown: unknown) => {
  const error = toBusinessError(thrown)
  announceRetry(c, error)
  if (error.code === 'UNEXPECTED' || error.code === 'CSRF_REFUSED') throw thrown
  const problems: FieldProblem[] =
    error.fields.length > 0 ? error.fields : [{ path: '', message: error.message }]
  return { problems, status: statusOf(error.code), code: error.code }
}

function createForgotPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const show = async (
    c: Context<Env>,
    page: Parameters<typeof ForgotView>[0]['page'],
    status: Status,
  ) => c.html(<ForgotView viewer={await viewerOf(c, deps)} page={page} />, status)
  pages.get('/forgot-password', (c) => {
    const next = localPath(c.req.query('next'))
    return show(c, { email: c.req.query('email') ?? '', sent: false, problems: [], next }, 200)
  })
  pages.post('/forgot-password', async (c) => {
    const form = await c.req.parseBody<Form>()
    c.set('address', '/forgot-password')
    assertCsrf(c, form)
    const next = localPath(form['next'])
    try {
      const { email } = parseInput(forgotPassword, form)
      await askForReset(deps, email, sourceOf(c, deps))
      return await show(c, { email, sent: true, problems: [], next }, 200)
    } catch (error) {
      const { problems, status } = problemsOf(c, error)
      return show(c, { email: form['email'] ?? '', sent: false, problems, next }, status)
    }
  })
  return pages
}

const linkOf = (c: Context<Env>) => {
  const { id = '', token = '' } = c.req.param() as { id?: string; token?: string }
  return { id: isId(id) ? id.toLowerCase() : '00000000-0000-0000-0000-000000000000', token }
}
/** A press is enough; by the others somebody chooses a password. */
const PROVING: ReadonlySet<LinkPurpose> = new Set(['verify_email', 'new_email'])
const OVER = { state: 'over', path: '', email: '', problems: [] } as const satisfies LinkPage

export function createRecoveryPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const show = async (c: Context<Env>, page: LinkPage, status: Status = 200) =>
    c.html(<LinkView viewer={await viewerOf(c, deps)} page={page} />, status)
  const pathOf = ({ id, token }: { id: string; token: string }) => `/account-links/${id}/${token}`
  pages.get('/account-links/:id/:token', async (c) => {
    const link = linkOf(c)
    try {
      const { purpose, email } = await openLink(deps, link, sourceOf(c, deps))
      const state = PROVING.has(purpose) ? 'prove' : 'reset'
      return await show(c, { state, path: pathOf(link), email, problems: [] })
    } catch (error) {
      const { status, code } = problemsOf(c, error)
      if (code !== 'LINK_OVER') throw error
      return show(c, OVER, status)
    }
  })
  pages.post('/account-links/:id/:token', async (c) => {
    const link = linkOf(c)
    const form = await c.req.parseBody<Form>()
    c.set('address', pathOf(link))
    assertCsrf(c, form)
    const source = sourceOf(c, deps)
    let email = ''
    try {
      const open = await openLink(deps, link, source)
      email = open.email
      if (PROVING.has(open.purpose)) {
        const prove = open.purpose === 'new_email' ? proveNewEmail : proveEmail
        await prove(deps, link, source)
        return await show(c, { state: 'proven', path: '', email, problems: [] })
      }
      const { password } = parseInput(z.object({ password: newPassword }), form)
      const { userId } = await resetPassword(deps, link, password, source)
      return await enter(c, deps, { userId }, '/account/security?done=password')
    } catch (error) {
      const { problems, status, code } = problemsOf(c, error)
      if (code === 'LINK_OVER') return show(c, OVER, status)
      if (code !== 'INVALID_INPUT') throw error
      return show(c, { state: 'reset', path: pathOf(link), email, problems }, status)
    }
  })
  pages.route('/', createForgotPages(deps))
  return pages
}
