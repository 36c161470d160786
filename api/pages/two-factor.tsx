/** Setting up a second factor, for oneself. */
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import type { FactorPage } from '../../domain/security-pages.ts'
import { inTransaction } from '../../db/connection.ts'
import { listPasskeys, removePasskey } from '../../db/passkeys.ts'
import { findFactors } from '../../db/second-factors.ts'
import { withNext } from '../../views/accounts.tsx'
import { FactorView, PapersView, ScanView } from '../../views/second-factor.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { canHavePasskeys } from '../passkeys.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import {
  assertFresh,
  beginEnrolment,
  confirmEnrolment,
  openEnrolment,
  removeApp,
  renewRecoveryCodes,
} from '../second-factor.ts'
import { assertCsrf, closeSession, signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/two-factor'
type Form = Record<string, string>
type Status = ReturnType<typeof statusOf> | 200

/** Who must have a second factor is led here from everywhere else; without it nothing else is open to them anyway. */
export const enrolFirst: MiddlewareHandler<Env> = async (c, next) => {
  const isOpen = /^\/(?:account\/|language\/|static\/)/.test(c.req.path)
  if (c.get('session').actor?.mustEnrol && c.req.method === 'GET' && !isOpen)
    return c.redirect(PATH, 303)
  return next()
}

async function readForm(c: Context<Env>): Promise<Form> {
  const form = await c.req.parseBody<Form>()
  c.set('address', PATH)
  assertCsrf(c, form)
  return form
}

const DONE = ['app', 'off', 'passkey', 'no-passkey'] as const

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  problems: FieldProblem[] = [],
  status: Status = 200,
) {
  const actor = signedIn(c)
  const [{ app, recoveryCodes }, passkeys] = await Promise.all([
    findFactors(deps.db, actor.userId),
    listPasskeys(deps.db, actor.userId),
  ])
  const page: FactorPage = {
    must: actor.mustEnrol === true,
    app,
    recoveryCodes,
    passkeys: passkeys.map(({ id, name, lastUsedAt }) => ({ id, name, lastUsedAt })),
    canHavePasskeys: canHavePasskeys(deps),
    fresh: c.get('session').isFresh === true,
    problems,
    done: DONE.find((one) => one === c.req.query('done')) ?? null,
    now: deps.now(),
  }
  return c.html(<FactorView viewer={await viewerOf(c, deps)} page={page} />, status)
}

const GROUP = /.{1,4}/g

async function showScan(
  c: Context<Env>,
  deps: ApiDeps,
  problems: FieldProblem[] = [],
  status: Status = 200,
) {
  const open = await openEnrolment(deps, signedIn(c))
  if (!open) return c.redirect(PATH, 303)
  const secret = open.secret.match(GROUP)?.join(' ') ?? ''
  const page = { secret, qrSvg: await deps.qrSvg(open.uri), problems }
  return c.html(<ScanView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** What is wrong with a code is shown beside it; everything else is the error page's. */
function codeProblem(
  c: Context<Env>,
  thrown: unknown,
): { problems: FieldProblem[]; status: Status } {
  const error = toBusinessError(thrown)
  if (!['WRONG_CODE', 'TOO_MANY_REQUESTS'].includes(error.code)) throw thrown
  announceRetry(c, error)
  return { problems: [{ path: 'code', message: error.message }], status: statusOf(error.code) }
}

function createAppPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const papers = async (c: Context<Env>, codes: readonly string[]) =>
    c.html(<PapersView viewer={await viewerOf(c, deps)} codes={codes} />)
  pages.get(`${PATH}/app`, (c) => showScan(c, deps))
  pages.post(`${PATH}/app`, async (c) => {
    const actor = signedIn(c)
    await readForm(c)
    assertFresh(c.get('session'))
    await beginEnrolment(deps, actor)
    return c.redirect(`${PATH}/app`, 303)
  })
  pages.post(`${PATH}/app/confirm`, async (c) => {
    const { userId } = signedIn(c)
    const { code = '' } = await readForm(c)
    assertFresh(c.get('session'))
    try {
      const keep = c.get('session').tokenHash
      return await papers(c, await confirmEnrolment(deps, { userId, code, keep }))
    } catch (error) {
      const { problems, status } = codeProblem(c, error)
      return showScan(c, deps, problems, status)
    }
  })
  pages.post(`${PATH}/codes`, async (c) => {
    const { userId } = signedIn(c)
    const { code = '' } = await readForm(c)
    try {
      return await papers(c, await renewRecoveryCodes(deps, userId, code))
    } catch (error) {
      const { problems, status } = codeProblem(c, error)
      return show(c, deps, problems, status)
    }
  })
  pages.post(`${PATH}/remove`, async (c) => {
    const { userId } = signedIn(c)
    const { code = '' } = await readForm(c)
    try {
      await removeApp(deps, userId, code)
    } catch (error) {
      const { problems, status } = codeProblem(c, error)
      return show(c, deps, problems, status)
    }
    return c.redirect(`${PATH}?done=off`, 303)
  })
  return pages
}

export function createTwoFactorPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(`${PATH}/again`, async (c) => {
    await readForm(c)
    await closeSession(deps, c.get('session').tokenHash)
    return c.redirect(withNext('/sign-in', PATH), 303)
  })
  pages.route('/', createAppPages(deps))
  pages.post(`${PATH}/passkeys/remove`, async (c) => {
    const { userId } = signedIn(c)
    const { passkey = '' } = await readForm(c)
    assertFresh(c.get('session'))
    const { tokenHash: keep } = c.get('session')
    const removed =
      isId(passkey) &&
      (await inTransaction(deps.db, (tx) => removePasskey(tx, { userId, id: passkey, keep })))
    if (!removed) throw new BusinessError('NOT_FOUND', 'You have no such passkey.')
    return c.redirect(`${PATH}?done=no-passkey`, 303)
  })
  return pages
}
