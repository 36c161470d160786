/** Getting in: a password, or a code by SMS for guests. */
import { Hono, type Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { maskPhone } from '../../domain/payments.ts'
import { codeSignIn, credentials, phoneSignIn } from '../../domain/schemas/accounts.ts'
import { chooseLanguage } from '../../db/accounts.ts'
import { inTransaction } from '../../db/connection.ts'
import { withNext } from '../../views/accounts.tsx'
import { CodeView, SignInView } from '../../views/sign-in.tsx'
import { checkCode, checkPassword, sendCode, type CodeAsker } from '../account-steps.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { deviceTokenIn, hasSignedInBefore } from '../known-browsers.ts'
import { canHavePasskeys } from '../passkeys.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { localPath } from '../return-paths.ts'
import { assertCsrf, closeSession } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { enter } from './entering.ts'
import { LANGUAGE_COOKIE, languageOf, viewerOf } from './viewer.ts'

type Form = Record<string, string>
type Status = ReturnType<typeof statusOf> | 200
const YEAR_SECONDS = 365 * 24 * 3_600

const readForm = async (c: Context<Env>): Promise<Form> => {
  const form = await c.req.parseBody<Form>()
  c.set('address', withNext('/sign-in', localPath(form['next'])))
  assertCsrf(c, form)
  return form
}

/** Mails and SMS speak it as well from then on; a link on somebody else's page changes only what is shown. */
async function rememberLanguage(c: Context<Env>, deps: ApiDeps, language: 'en' | 'sw') {
  const { actor } = c.get('session')
  if (!actor || actor.language === language) return
  if (c.req.header('sec-fetch-site') === 'cross-site') return
  await inTransaction(deps.db, (tx) => chooseLanguage(tx, actor.userId, language))
}

const problemsOf = (
  c: Context<Env>,
  thrown: unknown,
): { problems: FieldProblem[]; status: Status } => {
  const error = toBusinessError(thrown)
  announceRetry(c, error)
  if (error.code === 'UNEXPECTED' || error.code === 'CSRF_REFUSED') throw thrown
  const problems = error.fields.length > 0 ? error.fields : [{ path: '', message: error.message }]
  return { problems, status: statusOf(error.code) }
}

async function signIn(
  c: Context<Env>,
  deps: ApiDeps,
  form: Form,
  problems: FieldProblem[] = [],
  status: Status = 200,
) {
  const page = {
    email: form['email'] ?? '',
    name: form['name'] ?? '',
    phone: form['phone'] ?? '',
    problems,
    next: localPath(form['next']),
    samples: [...deps.samplePeople],
    passkeys: canHavePasskeys(deps),
  }
  return c.html(<SignInView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function codePage(
  c: Context<Env>,
  deps: ApiDeps,
  form: Form,
  problems: FieldProblem[] = [],
  status: Status = 200,
) {
  const { phone = '', name = '' } = form
  const page = {
    phone,
    maskedPhone: maskPhone(phone),
    name,
    problems,
    next: localPath(form['next']),
  }
  return c.html(<CodeView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** A code belongs to the browser that asked for it, so that nobody else's asking or guessing touches it. */
const codeAsker = (c: Context<Env>, deps: ApiDeps): CodeAsker => ({
  browser: c.get('session').tokenHash,
  source: sourceOf(c, deps),
})

function createGuestPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.post('/sign-in/phone', async (c) => {
    const form = await readForm(c)
    try {
      const { phone, name } = parseInput(phoneSignIn, form)
      await sendCode(deps, phone, codeAsker(c, deps))
      return await codePage(c, deps, { ...form, phone, name })
    } catch (error) {
      const { problems, status } = problemsOf(c, error)
      return signIn(c, deps, form, problems, status)
    }
  })
  pages.post('/sign-in/code', async (c) => {
    const form = await readForm(c)
    try {
      const userId = await checkCode(
        deps,
        parseInput(codeSignIn, form),
        codeAsker(c, deps),
        languageOf(c),
      )
      return await enter(c, deps, { userId }, form['next'] ?? '/')
    } catch (error) {
      const { problems, status } = problemsOf(c, error)
      return codePage(c, deps, form, problems, status)
    }
  })
  return pages
}

export function createAccountPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/sign-in', (c) => signIn(c, deps, c.req.query()))
  pages.post('/sign-in', async (c) => {
    const form = await readForm(c)
    try {
      const wish = parseInput(credentials, form)
      const known = hasSignedInBefore(deps, deviceTokenIn(c), wish.email)
      const who = await checkPassword(deps, wish, { source: sourceOf(c, deps), known })
      return await enter(c, deps, who, form['next'] ?? '/')
    } catch (error) {
      const { problems, status } = problemsOf(c, error)
      return signIn(c, deps, form, problems, status)
    }
  })
  pages.post('/sign-out', async (c) => {
    await readForm(c)
    await closeSession(deps, c.get('session').tokenHash)
    return c.redirect('/', 303)
  })
  pages.get('/language/:lang', async (c) => {
    const lang = c.req.param('lang')
    if (lang !== 'en' && lang !== 'sw') {
      throw new BusinessError('NOT_FOUND', 'We speak English and Swahili.')
    }
    setCookie(c, LANGUAGE_COOKIE, lang, {
      path: '/',
      maxAge: YEAR_SECONDS,
      sameSite: 'Lax',
      secure: true,
      httpOnly: true,
    })
    await rememberLanguage(c, deps, lang)
    return c.redirect(localPath(c.req.query('next')), 303)
  })
  pages.route('/', createGuestPages(deps))
  return pages
}
