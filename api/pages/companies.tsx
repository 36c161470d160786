/** Finance keeps the companies that pay on invoice, and says who may book on their account. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Company } from '../../domain/companies.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { toShillings } from '../../domain/money.ts'
import { mayKeepCompanies } from '../../domain/policies.ts'
import { email } from '../../domain/schemas/accounts.ts'
import { companyForm } from '../../domain/schemas/tenders.ts'
import { findByEmail } from '../../db/accounts.ts'
import {
  addMember,
  changeCompany,
  createCompany,
  findCompany,
  listCompanies,
  removeMember,
} from '../../db/companies.ts'
import { inTransaction, type Tx } from '../../db/connection.ts'
import { CompaniesView, CompanyView } from '../../views/companies.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, isId, parseInput } from '../input.ts'
import { toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const MOST = 500
type Form = Record<string, string>

const formOf = (company: Company | null): Form =>
  company
    ? {
        name: company.name,
        kra_pin: company.kraPin,
        line1: company.billing.line1,
        line2: company.billing.line2,
        city: company.billing.city,
        postcode: company.billing.postcode,
        country: company.billing.country,
        contact_name: company.contact.name,
        contact_email: company.contact.email,
        contact_phone: company.contact.phone,
        credit_limit: String(toShillings(company.creditLimit)),
        terms_days: String(company.termsDays),
        active: company.active ? 'yes' : '',
        version: String(company.version),
      }
    : { id: randomUUID(), country: 'Kenya', terms_days: '30', active: 'yes' }

async function companyOf(c: Context<Env>, deps: ApiDeps): Promise<Company> {
  const company = await findCompany(deps.db, idParam(c))
  if (!company) throw new BusinessError('NOT_FOUND', 'We have no such company.')
  return company
}

type Shown = { company: Company | null; form: Form; problems: FieldProblem[] }

const show = async (c: Context<Env>, deps: ApiDeps, page: Shown, status: 200 | 400 = 200) =>
  c.html(<CompanyView viewer={await viewerOf(c, deps)} page={page} />, status)

type Deed = (tx: Tx, form: Form, actorId: string) => Promise<{ id: string }>

async function submit(
  c: Context<Env>,
  deps: ApiDeps,
  company: Company | null,
  deed: Deed,
): Promise<Response> {
  const actor = staff(c, mayKeepCompanies)
  const fields = await c.req.parseBody()
  assertCsrf(c, fields)
  const form = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.slice(0, 300)]] : [],
    ),
  )
  try {
    const { id } = await inTransaction(deps.db, (tx) => deed(tx, form, actor.userId))
    return c.redirect(`/finance/companies/${id}`, 303)
  } catch (error) {
    const { code, fields: wrong, message } = toBusinessError(error)
    if (code !== 'INVALID_INPUT') throw error
    const problems = wrong.length > 0 ? wrong : [{ path: '', message }]
    return show(c, deps, { company, form: typedOver(company, form), problems }, 400)
  }
}

/** A box that is not ticked is not sent. */
const typedOver = (company: Company | null, form: Form): Form => ({
  ...formOf(company),
  ...('name' in form ? { active: '' } : {}),
  ...form,
})

async function memberBy(tx: Tx, typed: string): Promise<string> {
  const parsed = email.safeParse(typed)
  const user = parsed.success ? await findByEmail(tx, parsed.data) : null
  if (user) return user.userId
  const message = 'No customer has an account with this e-mail.'
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'member_email', message }] })
}

export function createCompanyPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/finance/companies', async (c) => {
    staff(c, mayKeepCompanies)
    const rows = await listCompanies(deps.db, { limit: MOST })
    return c.html(<CompaniesView viewer={await viewerOf(c, deps)} page={{ rows }} />)
  })
  pages.get('/finance/companies/new', (c) => {
    staff(c, mayKeepCompanies)
    return show(c, deps, { company: null, form: formOf(null), problems: [] })
  })
  pages.post('/finance/companies', (c) =>
    submit(c, deps, null, (tx, form, actorId) => {
      const id = isId(form['id'] ?? '') ? String(form['id']) : randomUUID()
      return createCompany(tx, id, parseInput(companyForm, form), actorId)
    }),
  )
  pages.get('/finance/companies/:id', async (c) => {
    staff(c, mayKeepCompanies)
    const company = await companyOf(c, deps)
    return show(c, deps, { company, form: formOf(company), problems: [] })
  })
  pages.post('/finance/companies/:id', async (c) => {
    staff(c, mayKeepCompanies)
    const company = await companyOf(c, deps)
    return submit(c, deps, company, (tx, form, actorId) => {
      const facts = parseInput(companyForm, form)
      return changeCompany(tx, company.id, {
        facts,
        version: Number(form['version']) || 0,
        actorId,
      })
    })
  })
  pages.post('/finance/companies/:id/members/:what{remove}?', async (c) => {
    staff(c, mayKeepCompanies)
    const company = await companyOf(c, deps)
    return submit(c, deps, company, async (tx, form, actorId) => {
      const gone = form['user_id'] ?? ''
      const change = { companyId: company.id, actorId }
      if (c.req.param('what') !== 'remove') {
        const userId = await memberBy(tx, form['member_email'] ?? '')
        await addMember(tx, { ...change, userId })
      } else if (isId(gone)) await removeMember(tx, { ...change, userId: gone })
      return company
    })
  })
  return pages
}
