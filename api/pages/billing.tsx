/** Who is billed for what of a booking or a charge: said by its customer, or by the desk. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import type { BillForm, BillingPage } from '../../domain/billing-pages.ts'
import type { FieldProblem } from '../../domain/errors.ts'
import { add, cents, formatKes, readShillings, toShillings, ZERO } from '../../domain/money.ts'
import { can } from '../../domain/policies.ts'
import { billedPerson } from '../../domain/schemas/billing.ts'
import { listPlanned, planBilling, planningRest, type BillingPlan } from '../../db/billing-plans.ts'
import { listCompanies } from '../../db/companies.ts'
import { inTransaction } from '../../db/connection.ts'
import { BillingView } from '../../views/billing.tsx'
import { findBilled, type Billed } from '../billed.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { fieldProblems, idParam, isId } from '../input.ts'
import { toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { viewerOf } from './viewer.ts'

const MOST_COMPANIES = 500
type Fields = Record<string, unknown>
type Desk = { actor: Actor; billed: Billed; companies: BillingPage['companies'] }

async function deskOf(c: Context<Env>, deps: ApiDeps, purpose: Billed['purpose']): Promise<Desk> {
  const actor = signedIn(c)
  const billed = await findBilled(deps, actor, purpose, idParam(c))
  const whose = can(actor, 'documents:update') ? {} : { memberId: actor.userId }
  const companies = await listCompanies(deps.db, { ...whose, limit: MOST_COMPANIES })
  const choices = companies.filter(({ active }) => active)
  return { actor, billed, companies: choices.map(({ id, name }) => ({ value: id, text: name })) }
}

/** A customer changes what they said; the desk whatever was said. */
const replaces = ({ actor }: Desk): string | null =>
  can(actor, 'documents:update') ? null : actor.userId

const NOBODY: BillForm = { partyId: '', amount: '', companyId: '', name: '', pin: '', email: '' }

/** A row for everybody who shares it, and one for somebody else. */
const rowsOf = ({ parties, customerEmail }: Billed): BillForm[] => [
  ...parties.map(({ id, name, share }, index) => ({
    ...NOBODY,
    partyId: id,
    name,
    amount: String(toShillings(share)),
    email: index === 0 ? (customerEmail ?? '') : '',
  })),
  NOBODY,
]

const typedRows = (billed: Billed, fields: Fields): BillForm[] =>
  rowsOf(billed).map((row, index) => {
    const typed = (name: keyof BillForm) => {
      const value = fields[`bills[${index}][${name}]`]
      return typeof value === 'string' ? value.trim().slice(0, 200) : ''
    }
    return {
      partyId: row.partyId,
      amount: typed('amount'),
      companyId: typed('companyId'),
      name: typed('name'),
      pin: typed('pin'),
      email: typed('email'),
    }
  })

type Shown = { rows: BillForm[]; problems: FieldProblem[]; key: string }

async function show(c: Context<Env>, deps: ApiDeps, desk: Desk, shown: Shown) {
  const { billed, companies } = desk
  const planned = await listPlanned(deps.db, billed.id, replaces(desk))
  const page: BillingPage = {
    ...shown,
    purpose: billed.purpose,
    path: `${billed.path}/billing`,
    backPath: billed.backPath,
    number: billed.number,
    rest: await planningRest(deps.db, billed, planned),
    people: billed.parties.map(({ name }) => name),
    companies,
    prepared: planned.map(({ name, amount }) => ({ name, amount })),
  }
  const status = shown.problems.length > 0 ? 400 : 200
  return c.html(<BillingView viewer={await viewerOf(c, deps)} page={page} />, status)
}

type Bills = BillingPlan['bills']
type Read = { bills: Bills; problems: FieldProblem[] }

/** Rows without an amount are nobody's. Ids follow from the form's key, so that it counts once. */
function readBills({ billed, companies }: Desk, rows: BillForm[], key: string): Read {
  const [bills, problems]: [Bills, FieldProblem[]] = [[], []]
  for (const [index, row] of rows.entries()) {
    if (row.amount === '') continue
    const wrong = (field: string, message: string) =>
      problems.push({ path: `bills.${index}.${field}`, message })
    const weight = readShillings(row.amount)
    if (!weight) wrong('amount', 'Write an amount in whole shillings, like 4500.')
    const company = companies.find(({ value }) => value === row.companyId)
    if (row.companyId && !company) wrong('companyId', 'Choose one from the list.')
    const person = billedPerson.safeParse(company ? { ...row, name: company.text } : row)
    if (!person.success) for (const one of fieldProblems(person.error)) wrong(one.path, one.message)
    if (!weight || !person.success) continue
    bills.push({
      id: uuidFrom('billing', billed.id, key, String(index)),
      billTo: { ...person.data, address: [] },
      weight,
      partyId: row.partyId || null,
      companyId: company?.value ?? null,
    })
  }
  return { bills, problems }
}

/** Beside the last amount that was typed. */
async function sumProblem(
  deps: ApiDeps,
  desk: Desk,
  { bills }: Read,
  rows: BillForm[],
): Promise<FieldProblem[]> {
  const { billed } = desk
  const planned = await listPlanned(deps.db, billed.id, replaces(desk))
  const rest = await planningRest(deps.db, billed, planned)
  const over = add(ZERO, ...bills.map(({ weight }) => weight)) - rest
  if (over === 0) return []
  const last = rows.findLastIndex(({ amount }) => amount !== '')
  const by = formatKes(cents(Math.abs(over)))
  const gap = over < 0 ? `${by} is missing` : `${by} is too much`
  const message = `The shares must add up to ${formatKes(rest)}: ${gap}.`
  return [{ path: `bills.${Math.max(0, last)}.amount`, message }]
}

async function save(c: Context<Env>, deps: ApiDeps, purpose: Billed['purpose']) {
  const fields = await c.req.parseBody()
  assertCsrf(c, fields)
  const desk = await deskOf(c, deps, purpose)
  const { actor, billed } = desk
  const key = typeof fields['key'] === 'string' && isId(fields['key']) ? fields['key'] : ''
  const rows = typedRows(billed, fields)
  const read = readBills(desk, rows, key)
  const problems =
    read.problems.length > 0 ? read.problems : await sumProblem(deps, desk, read, rows)
  if (problems.length > 0 || key === '')
    return show(c, deps, desk, { rows, problems, key: key || randomUUID() })
  const plan = { purpose, ownerId: billed.id, bills: read.bills, actorId: actor.userId }
  const issue = !billed.open
  try {
    await inTransaction(deps.db, (tx) => planBilling(tx, { ...plan, by: replaces(desk), issue }))
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code !== 'SHARES_DO_NOT_ADD_UP' && known.code !== 'NOTHING_TO_INVOICE') throw error
    return show(c, deps, desk, { rows, problems: [{ path: '', message: known.message }], key })
  }
  return c.redirect(`${billed.path}/billing`, 303)
}

const DOORS = [
  ['/bookings/:id/billing', 'reservation'],
  ['/charges/:id/billing', 'charge'],
] as const

export function createBillingPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  for (const [at, purpose] of DOORS) {
    pages.get(at, async (c) => {
      const desk = await deskOf(c, deps, purpose)
      return show(c, deps, desk, { rows: rowsOf(desk.billed), problems: [], key: randomUUID() })
    })
    pages.post(at, (c) => save(c, deps, purpose))
  }
  return pages
}
