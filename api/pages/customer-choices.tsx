/** What a customer has said about offers and news, for the desk, which writes it down when they say it there. */
import { Hono, type Context } from 'hono'
import { can } from '../../domain/policies.ts'
import type { CustomerChoicesPage } from '../../domain/choice-pages.ts'
import { choicesForm } from '../../domain/schemas/marketing.ts'
import { CustomerChoicesView } from '../../views/customer-choices.tsx'
import { findForStaff } from '../customers.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { changeChoices, readChoices } from '../marketing.ts'
import { assertCan } from '../permitted.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/desk/customers/:id/choices'
type Form = Record<string, string>

async function show(c: Context<Env>, deps: ApiDeps) {
  const actor = signedIn(c)
  const customer = await findForStaff(deps, actor, idParam(c))
  const { id, number, firstName, lastName, language } = customer
  const page: CustomerChoicesPage = {
    ...(await readChoices(deps, customer)),
    customer: { id, number, name: `${firstName} ${lastName}`.trim() },
    language,
    mayChange: can(actor, 'customers:update') && customer.status !== 'deleted',
    done: c.req.query('done') === 'choices' ? 'choices' : null,
    problems: [],
  }
  return c.html(<CustomerChoicesView viewer={await viewerOf(c, deps)} page={page} />)
}

export function createCustomerChoicesPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, async (c) => {
    const actor = signedIn(c)
    assertCan(actor, 'customers:update')
    const { id, language } = await findForStaff(deps, actor, idParam(c))
    const address = `/desk/customers/${id}/choices`
    const form = await c.req.parseBody<Form>()
    c.set('address', address)
    assertCsrf(c, form)
    const whose = { userId: id, actorId: actor.userId, language, now: deps.now() }
    await changeChoices(deps, parseInput(choicesForm, form), { ...whose, place: 'desk' })
    return c.redirect(`${address}?done=choices`, 303)
  })
  return pages
}
