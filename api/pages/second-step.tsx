/** The second step of a sign-in: what is asked of who has an app or a passkey. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { findFactors } from '../../db/second-factors.ts'
import { SecondStepView } from '../../views/second-factor.tsx'
import { withNext } from '../../views/accounts.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { canHavePasskeys } from '../passkeys.ts'
import { deviceTokenIn } from '../known-browsers.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { localPath } from '../return-paths.ts'
import { checkSignInCode } from '../sign-in-codes.ts'
import { assertCsrf } from '../sessions.ts'
import { enterAtLast, SECOND_STEP } from './entering.ts'
import { viewerOf } from './viewer.ts'

type Told = { next: string; problems?: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { next, problems = [] }: Told,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const { waitingFor } = c.get('session')
  // Nobody is on the way in: they took too long, or are in already.
  if (!waitingFor) return c.redirect(withNext('/sign-in', next), 303)
  const { app, passkeys } = await findFactors(deps.db, waitingFor)
  const page = { app, passkeys: passkeys > 0 && canHavePasskeys(deps), next, problems }
  return c.html(<SecondStepView viewer={await viewerOf(c, deps)} page={page} />, status)
}

export function createSecondStepPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(SECOND_STEP, (c) => show(c, deps, { next: localPath(c.req.query('next')) }))
  pages.post(SECOND_STEP, async (c) => {
    const form = await c.req.parseBody<Record<string, string>>()
    const next = localPath(form['next'])
    c.set('address', withNext(SECOND_STEP, next))
    assertCsrf(c, form)
    const { waitingFor } = c.get('session')
    if (!waitingFor) return show(c, deps, { next })
    try {
      const who = { userId: waitingFor, deviceToken: deviceTokenIn(c) }
      await checkSignInCode(deps, who, form['code'] ?? '')
    } catch (thrown) {
      const error = toBusinessError(thrown)
      if (!['WRONG_CODE', 'TOO_MANY_REQUESTS'].includes(error.code)) throw thrown
      announceRetry(c, error)
      const problems = [{ path: 'code', message: error.message }]
      return show(c, deps, { next, problems }, statusOf(error.code))
    }
    const waited = c.get('session').tokenHash
    return enterAtLast(c, deps, { userId: waitingFor, showed: 'code', waited }, next)
  })
  return pages
}
