/** The steps of a big amount, for bookings and charges alike. */
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { cents, ZERO } from '../../domain/money.ts'
import type { PlanPage } from '../../domain/charge-pages.ts'
import { PLAN_PHONES } from '../../domain/payment-plans.ts'
import { payerPhone, unmaskPhone } from '../../domain/masking.ts'
import { maskPhone } from '../../domain/payments.ts'
import { planPhones } from '../../domain/schemas/charges.ts'
import { kenyanMobile } from '../../domain/schemas/phones.ts'
import { findRunningPlan } from '../../db/payment-plans.ts'
import { listPlanRefusals } from '../../db/plan-refusals.ts'
import { PlanLive, planVersion, PlanView } from '../../views/plan.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import {
  addPlanPhone,
  findPlanOf,
  findPlanOwner,
  goOnWithPlan,
  readPlanState,
  startPlan,
  type PlanOwner,
} from '../planning.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { viewerOf } from './viewer.ts'

type Owner = PlanOwner & { backPath: string }

async function ownerOf(c: Context<Env>, deps: ApiDeps, purpose: Owner['purpose']): Promise<Owner> {
  const owner = await findPlanOwner(deps, signedIn(c), purpose, idParam(c))
  const backPath = purpose === 'charge' ? `/charges/${owner.id}` : `/bookings/${owner.id}/pay`
  return { ...owner, backPath }
}

async function toPage(
  deps: ApiDeps,
  owner: Owner,
  phones: string,
  problems: FieldProblem[],
  added = '',
): Promise<PlanPage> {
  const now = deps.now()
  const plan = await findRunningPlan(deps.db, owner.id)
  const state = plan && (await readPlanState(deps, plan, now))
  const refused = plan ? await listPlanRefusals(deps.db, plan.id, now) : []
  const refusals = refused.map(({ phone, code }) => ({ maskedPhone: maskPhone(phone), code }))
  return {
    number: owner.number,
    backPath: owner.backPath,
    path: `${owner.backPath}/plan`,
    amount: plan?.amount ?? owner.total,
    paid: state?.paid ?? owner.paid,
    asked: state?.asked ?? ZERO,
    left: state?.left ?? cents(Math.max(0, owner.total - owner.paid)),
    plan: plan && state && { id: plan.id, step: state.step, over: false, refusals },
    phones,
    added: state && state.phones.length < PLAN_PHONES ? added : null,
    bank: deps.bank,
    problems,
    now,
  }
}

const firstPhone = ({ parties, actor, customerId }: Owner): string =>
  parties[0] ? payerPhone(actor, customerId, parties[0].phone) : ''

/** A phone that was shown masked stands for the one of this booking or charge. */
const phoneBehind = ({ parties }: Owner, typed: string): string =>
  unmaskPhone(
    typed,
    parties.map(({ phone }) => phone),
  )

async function show(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const page = await toPage(deps, owner, firstPhone(owner), [])
  return c.html(<PlanView viewer={await viewerOf(c, deps)} page={page} />)
}

async function live(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const page = await toPage(deps, owner, '', [])
  if (c.req.query('v') === planVersion(page)) return c.body(null, 204)
  return c.html(<PlanLive viewer={await viewerOf(c, deps)} page={page} />)
}

async function start(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const typed = typeof form['phones'] === 'string' ? form['phones'] : ''
  const refuse = async (message: string, status: ReturnType<typeof statusOf>) => {
    const page = await toPage(deps, owner, typed, [{ path: 'phones', message }])
    return c.html(<PlanView viewer={await viewerOf(c, deps)} page={page} />, status)
  }
  const lines = typed.split(/[\n,;]/).filter((line) => line.trim() !== '')
  const parsed = planPhones.safeParse(lines.map((line) => phoneBehind(owner, line)))
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message ?? '', 400)
  const minute = deps.now().toISOString().slice(0, 16)
  const planId = uuidFrom('plan', owner.id, String(owner.paid), minute)
  try {
    await startPlan(deps, owner, planId, parsed.data)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED') throw error
    return refuse(known.message, statusOf(known.code))
  }
  return c.redirect(`${owner.backPath}/plan`, 303)
}

/** One more phone while the plan runs; what is wrong with it stands beside its field. */
async function addPhone(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const plan = await findPlanOf(deps, owner.id, idParam(c, 'planId'))
  const typed = typeof form['phone'] === 'string' ? form['phone'].slice(0, 40) : ''
  const refuse = async (message: string, status: ReturnType<typeof statusOf>) => {
    const page = await toPage(deps, owner, '', [{ path: 'phone', message }], typed)
    return c.html(<PlanView viewer={await viewerOf(c, deps)} page={page} />, status)
  }
  const parsed = kenyanMobile.safeParse(typed)
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message ?? '', 400)
  try {
    await addPlanPhone(deps, owner.actor, plan, parsed.data)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED') throw error
    return refuse(known.message, statusOf(known.code))
  }
  return c.redirect(`${owner.backPath}/plan`, 303)
}

async function change(c: Context<Env>, deps: ApiDeps, owner: Owner, deed: 'go-on' | 'stop') {
  assertCsrf(c, await c.req.parseBody())
  const plan = await findPlanOf(deps, owner.id, idParam(c, 'planId'))
  if (deed === 'stop') await deps.workflows.charges.stopPlan(plan.id, owner.actor.userId)
  else await goOnWithPlan(deps, owner.actor, plan)
  return c.redirect(`${owner.backPath}/plan`, 303)
}

export function createPlanPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  const doors = [
    ['/bookings/:id/pay/plan', 'reservation'],
    ['/charges/:id/plan', 'charge'],
  ] as const
  for (const [at, purpose] of doors) {
    pages.get(at, async (c) => show(c, deps, await ownerOf(c, deps, purpose)))
    pages.post(at, async (c) => start(c, deps, await ownerOf(c, deps, purpose)))
    pages.get(`${at}/live`, async (c) => live(c, deps, await ownerOf(c, deps, purpose)))
    pages.post(`${at}/:planId/phone`, async (c) =>
      addPhone(c, deps, await ownerOf(c, deps, purpose)),
    )
    for (const deed of ['go-on', 'stop'] as const) {
      pages.post(`${at}/:planId/${deed}`, async (c) =>
        change(c, deps, await ownerOf(c, deps, purpose), deed),
      )
    }
  }
  return pages
}
