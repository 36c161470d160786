/** One's own details: proving a phone, and another e-mail. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import type { OwnDetailsPage } from '../../domain/own-pages.ts'
import { maskPhone } from '../../domain/payments.ts'
import { newEmail, newPhone, provenPhone } from '../../domain/schemas/accounts.ts'
import { findOwnAccount } from '../../db/accounts.ts'
import { withNext } from '../../views/accounts.tsx'
import { OwnDetailsView, ProvePhoneView } from '../../views/own-details.tsx'
import type { CodeAsker } from '../account-steps.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { askForEmail, askForPhone, provePhone } from '../own-contacts.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { assertFresh } from '../second-factor.ts'
import { assertCsrf, closeSession, signedIn } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/details'
type Form = Record<string, string>
type Status = ReturnType<typeof statusOf> | 200
type Wrong = { problems: FieldProblem[]; status: Status }
const NOTHING: Wrong = { problems: [], status: 200 }

async function readForm(c: Context<Env>): Promise<Form> {
  const form = await c.req.parseBody<Form>()
  c.set('address', PATH)
  assertCsrf(c, form)
  return form
}

const BESIDE = new Set([
  'INVALID_INPUT',
  'TOO_MANY_REQUESTS',
  'WRONG_CODE',
  'CONTACT_PROVEN',
  'TEMPORARILY_UNAVAILABLE',
])

/** What is wrong with what was typed is shown beside it; everything else is the error page's. */
function besideField(c: Context<Env>, thrown: unknown, path: string): Wrong {
  const error = toBusinessError(thrown)
  if (!BESIDE.has(error.code)) throw thrown
  announceRetry(c, error)
  const problems = error.fields.length > 0 ? error.fields : [{ path, message: error.message }]
  return { problems, status: statusOf(error.code) }
}

const DONE = ['phone', 'email'] as const

async function show(c: Context<Env>, deps: ApiDeps, form: Form = {}, wrong: Wrong = NOTHING) {
  const actor = signedIn(c)
  const own = await findOwnAccount(deps.db, actor.userId)
  const page: OwnDetailsPage = {
    name: `${actor.firstName} ${actor.lastName}`.trim(),
    email: actor.email,
    emailProven: own?.emailVerified ?? false,
    phone: actor.phone,
    phoneProven: own?.phoneVerified ?? false,
    mayChange: actor.kind === 'customer',
    fresh: c.get('session').isFresh === true,
    typed: { email: form['email'] ?? '', phone: form['phone'] ?? '' },
    problems: wrong.problems,
    done: DONE.find((one) => one === c.req.query('done')) ?? null,
  }
  return c.html(<OwnDetailsView viewer={await viewerOf(c, deps)} page={page} />, wrong.status)
}

async function showCode(c: Context<Env>, deps: ApiDeps, phone: string, wrong: Wrong = NOTHING) {
  const page = { phone, maskedPhone: maskPhone(phone), problems: wrong.problems }
  return c.html(<ProvePhoneView viewer={await viewerOf(c, deps)} page={page} />, wrong.status)
}

const askerOf = (c: Context<Env>, deps: ApiDeps): CodeAsker => ({
  browser: c.get('session').tokenHash,
  source: sourceOf(c, deps),
})

export function createOwnDetailsPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(`${PATH}/again`, async (c) => {
    signedIn(c)
    await readForm(c)
    await closeSession(deps, c.get('session').tokenHash)
    return c.redirect(withNext('/sign-in', PATH), 303)
  })
  pages.post(`${PATH}/phone`, async (c) => {
    const actor = signedIn(c)
    const form = await readForm(c)
    assertFresh(c.get('session'))
    try {
      const { phone } = parseInput(newPhone, form)
      await askForPhone(deps, actor, phone, askerOf(c, deps))
      return await showCode(c, deps, phone)
    } catch (error) {
      return show(c, deps, form, besideField(c, error, 'phone'))
    }
  })
  pages.post(`${PATH}/phone/prove`, async (c) => {
    const actor = signedIn(c)
    const form = await readForm(c)
    assertFresh(c.get('session'))
    try {
      await provePhone(deps, actor, parseInput(provenPhone, form), askerOf(c, deps))
    } catch (error) {
      const wrong = besideField(c, error, 'code')
      const aboutPhone = wrong.problems.some(({ path }) => path === 'phone')
      return aboutPhone ? show(c, deps, form, wrong) : showCode(c, deps, form['phone'] ?? '', wrong)
    }
    return c.redirect(`${PATH}?done=phone`, 303)
  })
  pages.post(`${PATH}/email`, async (c) => {
    const actor = signedIn(c)
    const form = await readForm(c)
    assertFresh(c.get('session'))
    try {
      await askForEmail(deps, actor, parseInput(newEmail, form).email)
    } catch (error) {
      return show(c, deps, form, besideField(c, error, 'email'))
    }
    return c.redirect(`${PATH}?done=email`, 303)
  })
  return pages
}
