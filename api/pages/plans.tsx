/** The steps of a big amount, for bookings and charges alike. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { add, cents, ZERO, type Cents } from '../../domain/money.ts'
import type { PlanPage } from '../../domain/charge-pages.ts'
import { nextStep, PLAN_PHONES } from '../../domain/payment-plans.ts'
import { maskPhone, printedPhone } from '../../domain/payments.ts'
import { mayPayCharge, mayPayReservation } from '../../domain/policies.ts'
import { kenyanMobile } from '../../domain/schemas/phones.ts'
import { findPlan, findRunningPlan, readPlanFacts } from '../../db/payment-plans.ts'
import { listPlanRefusals } from '../../db/plan-refusals.ts'
import { PlanLive, planVersion, PlanView } from '../../views/plan.tsx'
import { findVisible } from '../booking.ts'
import { findVisibleCharge } from '../charging.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { viewerOf } from './viewer.ts'

type Owner = {
  purpose: 'reservation' | 'charge'
  id: string
  number: string
  total: Cents
  paid: Cents
  balance: Cents
  parties: { id: string; phone: string; share: Cents; paid: Cents }[]
  deadline: Date
  actor: Actor
  backPath: string
}

async function ownerOf(c: Context<Env>, deps: ApiDeps, purpose: Owner['purpose']): Promise<Owner> {
  const actor = signedIn(c)
  const id = idParam(c)
  if (purpose === 'charge') {
    const found = await findVisibleCharge(deps, actor, id)
    if (!mayPayCharge(actor, found)) throw mayNot()
    return { ...found, purpose, actor, deadline: found.dueAt, backPath: `/charges/${id}` }
  }
  const found = await findVisible(deps, actor, id)
  if (!mayPayReservation(actor, found)) throw mayNot()
  return { ...found, purpose, actor, deadline: found.pickupAt, backPath: `/bookings/${id}/pay` }
}
const mayNot = () => new BusinessError('FORBIDDEN', 'You may see this, but not pay for it.')

async function toPage(
  deps: ApiDeps,
  owner: Owner,
  phones: string,
  problems: FieldProblem[],
  added = '',
): Promise<PlanPage> {
  const now = deps.now()
  const plan = await findRunningPlan(deps.db, owner.id)
  const facts = plan && (await readPlanFacts(deps.db, plan.id, now))
  const asked = facts ? cents(Math.max(0, facts.owed - facts.free)) : ZERO
  const refused = plan ? await listPlanRefusals(deps.db, plan.id, now) : []
  const refusals = refused.map(({ phone, code }) => ({ maskedPhone: maskPhone(phone), code }))
  const amount = plan && facts ? plan.amount : owner.total
  const paid = facts ? cents(amount - facts.owed) : owner.paid
  return {
    number: owner.number,
    backPath: owner.backPath,
    path: `${owner.backPath}/plan`,
    amount,
    paid,
    asked,
    left: cents(Math.max(0, amount - add(paid, asked))),
    plan: plan &&
      facts && { id: plan.id, step: nextStep(facts, now.getTime()), over: false, refusals },
    phones,
    added: facts && facts.phones.length < PLAN_PHONES ? added : null,
    bank: deps.bank,
    problems,
    now,
  }
}

const firstPhone = ({ parties }: Owner): string => printedPhone(parties[0]?.phone ?? '')

async function show(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const page = await toPage(deps, owner, firstPhone(owner), [])
  return c.html(<PlanView viewer={await viewerOf(c, deps)} page={page} />)
}

async function live(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const page = await toPage(deps, owner, '', [])
  if (c.req.query('v') === planVersion(page)) return c.body(null, 204)
  return c.html(<PlanLive viewer={await viewerOf(c, deps)} page={page} />)
}

const phoneList = z
  .array(kenyanMobile)
  .min(1, 'Give a mobile number.')
  .max(PLAN_PHONES, 'Name at most 5 phones.')
  .refine((all) => new Set(all).size === all.length, 'Name each phone once.')

/** The whole balance, by the first of its people; where each has a share, theirs. */
async function start(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const typed = typeof form['phones'] === 'string' ? form['phones'] : ''
  const refuse = async (message: string, status: ReturnType<typeof statusOf>) => {
    const page = await toPage(deps, owner, typed, [{ path: 'phones', message }])
    return c.html(<PlanView viewer={await viewerOf(c, deps)} page={page} />, status)
  }
  const parsed = phoneList.safeParse(typed.split(/[\n,;]/).filter((line) => line.trim() !== ''))
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message ?? '', 400)
  const [party] = owner.parties
  try {
    const answer = await deps.workflows.charges.startPlan({
      planId: uuidFrom('plan', owner.id, String(owner.paid), deps.now().toISOString().slice(0, 16)),
      purpose: owner.purpose,
      ownerId: owner.id,
      partyId: party?.id ?? '',
      actorId: owner.actor.userId,
      amount: owner.balance,
      phones: parsed.data.map((phone) => ({
        phone,
        phoneHash: deps.keyedHash(`phone\n${phone}`).toString('hex'),
      })),
      deadline: owner.deadline.toISOString(),
    })
    if (answer.outcome === 'refused') return await refuse(answer.message, statusOf(answer.code))
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED') throw error
    return refuse(known.message, statusOf(known.code))
  }
  return c.redirect(`${owner.backPath}/plan`, 303)
}

async function planOf(c: Context<Env>, deps: ApiDeps, owner: Owner): Promise<string> {
  const plan = await findPlan(deps.db, idParam(c, 'planId'))
  if (plan?.ownerId === owner.id) return plan.id
  throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
}

/** One more phone while the plan runs; what is wrong with it stands beside its field. */
async function addPhone(c: Context<Env>, deps: ApiDeps, owner: Owner) {
  const form = await c.req.parseBody()
  assertCsrf(c, form)
  const planId = await planOf(c, deps, owner)
  const typed = typeof form['phone'] === 'string' ? form['phone'].slice(0, 40) : ''
  const refuse = async (message: string, status: ReturnType<typeof statusOf>) => {
    const page = await toPage(deps, owner, '', [{ path: 'phone', message }], typed)
    return c.html(<PlanView viewer={await viewerOf(c, deps)} page={page} />, status)
  }
  const parsed = kenyanMobile.safeParse(typed)
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message ?? '', 400)
  const phone = parsed.data
  const phoneHash = deps.keyedHash(`phone\n${phone}`).toString('hex')
  try {
    const wish = { phone, phoneHash, actorId: owner.actor.userId }
    await deps.workflows.charges.addPlanPhone(planId, wish)
  } catch (error) {
    const known = toBusinessError(error)
    if (known.code === 'UNEXPECTED') throw error
    return refuse(known.message, statusOf(known.code))
  }
  return c.redirect(`${owner.backPath}/plan`, 303)
}

async function change(c: Context<Env>, deps: ApiDeps, owner: Owner, deed: 'go-on' | 'stop') {
  assertCsrf(c, await c.req.parseBody())
  const planId = await planOf(c, deps, owner)
  const { charges } = deps.workflows
  if (deed === 'stop') await charges.stopPlan(planId, owner.actor.userId)
  else await charges.goOn(planId, owner.actor.userId)
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
