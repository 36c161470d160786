/** One's own choices about offers and news; and the link in an offer, which needs no sign-in. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { choicesForm } from '../../domain/schemas/marketing.ts'
import { findCustomer } from '../../db/customers.ts'
import { OwnChoicesView } from '../../views/own-choices.tsx'
import { UnsubscribeView } from '../../views/unsubscribe.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { changeChoices, openUnsubscribe, readChoices, unsubscribe } from '../marketing.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { languageOf, viewerOf } from './viewer.ts'

const PATH = '/account/choices'
const LINK = '/unsubscribe/:id/:channel/:token'
type Form = Record<string, string>

async function customerOf(c: Context<Env>, deps: ApiDeps) {
  const found = await findCustomer(deps.db, signedIn(c).userId)
  if (!found) throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  return found
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  problems: FieldProblem[] = [],
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const page = {
    ...(await readChoices(deps, await customerOf(c, deps))),
    done: c.req.query('done') === 'choices' ? ('choices' as const) : null,
    problems,
  }
  return c.html(<OwnChoicesView viewer={await viewerOf(c, deps)} page={page} />, status)
}

async function showLink(c: Context<Env>, deps: ApiDeps, done: boolean) {
  const { id, channel, token } = c.req.param() as { id: string; channel: string; token: string }
  const link = await openUnsubscribe(deps, { id, channel, token }, sourceOf(c, deps))
  if (done) await unsubscribe(deps, link)
  const page = { channel: link.channel, path: c.req.path, done }
  return c.html(<UnsubscribeView viewer={await viewerOf(c, deps)} page={page} />)
}

export function createOwnChoicesPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, async (c) => {
    const { id } = await customerOf(c, deps)
    const form = await c.req.parseBody<Form>()
    c.set('address', PATH)
    assertCsrf(c, form)
    try {
      const ticked = parseInput(choicesForm, form)
      const whose = { userId: id, actorId: id, language: languageOf(c), now: deps.now() }
      await changeChoices(deps, ticked, { ...whose, place: 'account' })
    } catch (error) {
      const { code, fields } = toBusinessError(error)
      if (code !== 'INVALID_INPUT') throw error
      return show(c, deps, fields, statusOf(code))
    }
    return c.redirect(`${PATH}?done=choices`, 303)
  })
  pages.get(LINK, (c) => showLink(c, deps, false))
  // Without the form's token: mail programs press it for people (RFC 8058), and whoever has the link may.
  pages.post(LINK, (c) => showLink(c, deps, true))
  return pages
}
