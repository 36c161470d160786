/** Rules of prices, for whoever looks after them: which are live, one tried on last month, made, replaced and closed. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import type { RuleForm } from '../../domain/price-pages.ts'
import { areRivals } from '../../domain/pricing-rules.ts'
import type { Rehearsal } from '../../domain/rehearsals.ts'
import { pricingRuleRequest } from '../../domain/schemas/pricing.ts'
import { inTransaction } from '../../db/connection.ts'
import { listCategories, listLocations } from '../../db/fleet.ts'
import {
  closeRule,
  createRule,
  findRule,
  listRules,
  readLiveRules,
  type RuleFactsTyped,
} from '../../db/pricing-rules.ts'
import { PriceRuleView } from '../../views/price-rule.tsx'
import { PricesView } from '../../views/prices.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, parseInput } from '../input.ts'
import { checkedRule, tryRule } from '../pricing-rules.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { formOf, NEW_RULE, toRequest, typedRule } from './price-form.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/admin/prices'
const PAGE_SIZE = 50

async function showList(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, (who) => can(who, 'pricing_rules:read'))
  const closed = c.req.query('closed') === 'yes'
  const { items, next } = await listRules(deps.db, {
    sort: 'created_at',
    descending: true,
    limit: PAGE_SIZE,
    cursor: c.req.query('cursor'),
    live: closed ? null : true,
  })
  const mayCreate = can(actor, 'pricing_rules:create')
  const page = { rules: items, closed, next, mayCreate, now: deps.now() }
  return c.html(<PricesView viewer={await viewerOf(c, deps)} page={page} />)
}

type Shown = {
  id: string | null
  form?: RuleForm
  rehearsal?: Rehearsal
  facts?: RuleFactsTyped
  problems?: FieldProblem[]
}

async function showRule(
  c: Context<Env>,
  deps: ApiDeps,
  { id, form, rehearsal, facts, problems = [] }: Shown,
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, (who) => can(who, 'pricing_rules:read'))
  const rule = id === null ? null : await findRule(deps.db, id)
  if (id !== null && !rule) throw new BusinessError('NOT_FOUND', 'We have no such rule.')
  const [categories, places] = await Promise.all([listCategories(deps.db), listLocations(deps.db)])
  const looked = facts ?? rule
  const live = looked ? await readLiveRules(deps.db) : []
  const rivals = live.filter(
    (one) => one.id !== id && looked && areRivals(one, { ...looked, id: id ?? '' }),
  )
  const page = {
    rule,
    form: form ?? (rule ? formOf(rule) : NEW_RULE),
    categories: categories.map(({ code, name }) => ({ value: code, text: name })),
    places: places.map(({ code, name }) => ({ value: code, text: name })),
    rehearsal: rehearsal ?? null,
    rivals: rivals.map(({ name }) => name),
    maySave: can(actor, rule ? 'pricing_rules:update' : 'pricing_rules:create') && !rule?.closedAt,
    mayClose: can(actor, 'pricing_rules:update'),
    problems,
    now: deps.now(),
  }
  return c.html(<PriceRuleView viewer={await viewerOf(c, deps)} page={page} />, status)
}

const MENDABLE = ['INVALID_INPUT', 'CHANGED_MEANWHILE', 'TEMPORARILY_UNAVAILABLE']
/** The fields that rates are typed into stand for them all. */
const besideFields = (problems: FieldProblem[]) =>
  problems.map((one) => (one.path === 'rates' ? { ...one, path: 'rates.daily' } : one))

async function submit(c: Context<Env>, deps: ApiDeps, id: string | null) {
  const may = id === null ? 'pricing_rules:create' : 'pricing_rules:update'
  const actor = staff(c, (who) => can(who, may))
  const fields = await c.req.parseBody({ all: true })
  c.set('address', `${PATH}/${id ?? 'new'}`)
  assertCsrf(c, fields)
  const form = typedRule(fields)
  try {
    const facts = checkedRule(deps, parseInput(pricingRuleRequest, toRequest(form)))
    if (fields['action'] !== 'save') {
      const rehearsal = await tryRule(deps, facts, id)
      return await showRule(c, deps, { id, form, facts, rehearsal })
    }
    const made = { id: randomUUID(), facts, replaces: id, actorId: actor.userId }
    await inTransaction(deps.db, (tx) => createRule(tx, made))
    return c.redirect(`${PATH}/${made.id}`, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.includes(refused.code)) throw error
    const problems = besideFields(problemsIn(refused))
    return showRule(c, deps, { id, form, problems }, statusOf(refused.code))
  }
}

export function createPricePages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => showList(c, deps))
  pages.get(`${PATH}/new`, (c) => showRule(c, deps, { id: null }))
  pages.post(`${PATH}/new`, (c) => submit(c, deps, null))
  pages.get(`${PATH}/:id`, (c) => showRule(c, deps, { id: idParam(c) }))
  pages.post(`${PATH}/:id`, (c) => submit(c, deps, idParam(c)))
  pages.post(`${PATH}/:id/close`, async (c) => {
    const actor = staff(c, (who) => can(who, 'pricing_rules:update'))
    const id = idParam(c)
    const fields = await c.req.parseBody<Record<string, string>>()
    c.set('address', `${PATH}/${id}`)
    assertCsrf(c, fields)
    await inTransaction(deps.db, (tx) => closeRule(tx, id, { actorId: actor.userId }))
    return c.redirect(PATH, 303)
  })
  return pages
}
