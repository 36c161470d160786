/** Opening an account: the form, the word that a mail was sent, and the page behind the link in it. */
import { Hono, type Context } from 'hono'
import type { Registration } from '../../db/registrations.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { boxName, MARKETING_CHANNELS } from '../../domain/marketing.ts'
import { maskPhone } from '../../domain/payments.ts'
import type { RegisterForm } from '../../domain/pages.ts'
import type { OpeningPage } from '../../domain/registering-pages.ts'
import { registration } from '../../domain/schemas/accounts.ts'
import { choicesForm } from '../../domain/schemas/marketing.ts'
import { RegisterView, withNext } from '../../views/accounts.tsx'
import { MailSentView, OpeningView } from '../../views/registering.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId, parseInput } from '../input.ts'
import { announceRetry, statusOf, toBusinessError } from '../problems.ts'
import { confirmRegistration, isSameBrowser, openRegistration, register } from '../registering.ts'
import { localPath } from '../return-paths.ts'
import { assertCsrf } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { enter } from './entering.ts'
import { languageOf, viewerOf } from './viewer.ts'

type Form = Record<string, string>
type Status = ReturnType<typeof statusOf> | 200

const PATH = '/register'

const problemsOf = (c: Context<Env>, thrown: unknown) => {
  const error = toBusinessError(thrown)
  announceRetry(c, error)
  if (error.code === 'UNEXPECTED' || error.code === 'CSRF_REFUSED') throw thrown
  const problems: FieldProblem[] =
    error.fields.length > 0 ? error.fields : [{ path: '', message: error.message }]
  return { problems, status: statusOf(error.code), code: error.code }
}

/** Never the password: it is typed again. */
const typedIn = (form: Form): RegisterForm => ({
  firstName: form['first_name'] ?? '',
  lastName: form['last_name'] ?? '',
  email: form['email'] ?? '',
  phone: form['phone'] ?? '',
})

const tickedIn = (form: Form) =>
  MARKETING_CHANNELS.filter((channel) => form[boxName(channel)] === 'yes')

const UNTICKED = Object.fromEntries(MARKETING_CHANNELS.map((channel) => [boxName(channel), '']))

async function showForm(
  c: Context<Env>,
  deps: ApiDeps,
  form: Form,
  problems: FieldProblem[] = [],
  status: Status = 200,
) {
  const page = {
    form: typedIn(form),
    offers: { ticked: tickedIn(form), controller: deps.privacy.controller },
    problems,
    next: localPath(form['next']),
  }
  return c.html(<RegisterView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function ask(c: Context<Env>, deps: ApiDeps, form: Form) {
  const next = localPath(form['next'])
  const wish = parseInput(registration, form)
  const offers = parseInput(choicesForm, form)
  const browser = c.get('session').tokenHash
  const shown = { language: languageOf(c), offers, next, browser }
  await register(deps, wish, sourceOf(c, deps), shown)
  const page = { form: typedIn(form), email: wish.email, ticked: tickedIn(form), next }
  return c.html(<MailSentView viewer={await viewerOf(c, deps)} page={page} />)
}

const linkOf = (c: Context<Env>) => {
  const { id = '', token = '' } = c.req.param() as { id?: string; token?: string }
  return { id: isId(id) ? id.toLowerCase() : '00000000-0000-0000-0000-000000000000', token }
}
type Link = ReturnType<typeof linkOf>

const OVER = { state: 'over' } as const
const TAKEN = { state: 'taken' } as const

const waiting = (
  c: Context<Env>,
  link: Link,
  typed: Registration,
  problems: FieldProblem[] = [],
): OpeningPage => ({
  state: 'waiting',
  path: `${PATH}/${link.id}/${link.token}`,
  name: `${typed.firstName} ${typed.lastName}`.trim(),
  email: typed.email,
  maskedPhone: maskPhone(typed.phone),
  asksPassword: !isSameBrowser(typed, c.get('session').tokenHash),
  problems,
})

function createOpeningPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const show = async (c: Context<Env>, page: OpeningPage, status: Status = 200) =>
    c.html(<OpeningView viewer={await viewerOf(c, deps)} page={page} />, status)
  /** Null where it is none of these, and somebody else's to tell. */
  const endOf = (thrown: unknown): OpeningPage | null => {
    const code = thrown instanceof BusinessError ? thrown.code : ''
    if (code === 'LINK_OVER') return OVER
    return code === 'EMAIL_TAKEN' ? TAKEN : null
  }
  pages.get(`${PATH}/:id/:token`, async (c) => {
    const link = linkOf(c)
    try {
      return await show(c, waiting(c, link, await openRegistration(deps, link, sourceOf(c, deps))))
    } catch (error) {
      const end = endOf(error)
      if (!end) throw error
      return show(c, end, problemsOf(c, error).status)
    }
  })
  pages.post(`${PATH}/:id/:token`, async (c) => {
    const link = linkOf(c)
    const form = await c.req.parseBody<Form>()
    c.set('address', `${PATH}/${link.id}/${link.token}`)
    assertCsrf(c, form)
    const source = sourceOf(c, deps)
    const browser = c.get('session').tokenHash
    try {
      const opener = { source, browser, password: form['password'] ?? '' }
      const { userId, typed } = await confirmRegistration(deps, link, opener)
      return await enter(c, deps, { userId }, typed.next || '/')
    } catch (error) {
      const { problems, status, code } = problemsOf(c, error)
      const end = endOf(error)
      if (end) return show(c, end, status)
      if (code !== 'INVALID_INPUT') throw error
      return show(c, waiting(c, link, await openRegistration(deps, link, source), problems), status)
    }
  })
  return pages
}

export function createRegisteringPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  // A link must not tick anything for anybody.
  pages.get(PATH, (c) => showForm(c, deps, { ...c.req.query(), ...UNTICKED }))
  pages.post(PATH, async (c) => {
    const form = await c.req.parseBody<Form>()
    c.set('address', withNext(PATH, localPath(form['next'])))
    assertCsrf(c, form)
    if (form['back'] === 'yes') return showForm(c, deps, form)
    try {
      return await ask(c, deps, form)
    } catch (error) {
      const { problems, status } = problemsOf(c, error)
      return showForm(c, deps, form, problems, status)
    }
  })
  pages.route('/', createOpeningPages(deps))
  return pages
}
