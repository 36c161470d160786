/** Big amounts in steps, for the API and the pages alike: whose they are, how they begin, how they stand. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { add, cents, type Cents } from '../domain/money.ts'
import { nextStep, type PlanFacts, type PlanStep } from '../domain/payment-plans.ts'
import { mayPayCharge, mayPayReservation } from '../domain/policies.ts'
import { findPlan, readPlanFacts, type PlanRow } from '../db/payment-plans.ts'
import { listPlanPhones } from '../db/plan-reads.ts'
import { findVisible } from './booking.ts'
import { findVisibleCharge } from './charging.ts'
import type { ApiDeps } from './deps.ts'
import { planWithinLimits } from './prompt-limits.ts'

export type PlanOwner = {
  purpose: 'reservation' | 'charge'
  id: string
  number: string
  customerId: string
  total: Cents
  paid: Cents
  balance: Cents
  parties: { id: string; phone: string }[]
  deadline: Date
  actor: Actor
}

const mayNot = () => new BusinessError('FORBIDDEN', 'You may see this, but not pay for it.')

/** Only for whoever may pay it; what is somebody else's is not found. */
export async function findPlanOwner(
  deps: ApiDeps,
  actor: Actor,
  purpose: PlanOwner['purpose'],
  id: string,
): Promise<PlanOwner> {
  if (purpose === 'charge') {
    const found = await findVisibleCharge(deps, actor, id)
    if (!mayPayCharge(actor, found)) throw mayNot()
    return { ...found, purpose, actor, deadline: found.dueAt }
  }
  const found = await findVisible(deps, actor, id)
  if (!mayPayReservation(actor, found)) throw mayNot()
  return { ...found, purpose, actor, deadline: found.pickupAt }
}

const withHash = (deps: ApiDeps, phone: string) => ({
  phone,
  phoneHash: deps.keyedHash(`phone\n${phone}`).toString('hex'),
})

/** The whole balance, by the first of its people. What is refused is a business error. */
export async function startPlan(
  deps: ApiDeps,
  owner: PlanOwner,
  planId: string,
  phones: string[],
): Promise<void> {
  const input = {
    planId,
    purpose: owner.purpose,
    ownerId: owner.id,
    partyId: owner.parties[0]?.id ?? '',
    actorId: owner.actor.userId,
    amount: owner.balance,
    phones: phones.map((phone) => withHash(deps, phone)),
    deadline: owner.deadline.toISOString(),
  }
  await planWithinLimits(deps, owner.actor, { ownerId: owner.id, phones }, async () => {
    const answer = await deps.workflows.charges.startPlan(input)
    if (answer.outcome === 'refused') throw new BusinessError(answer.code, answer.message)
  })
}

type Standing = Pick<PlanRow, 'id' | 'ownerId'>

/** One more phone while the plan runs. */
export const addPlanPhone = (
  deps: ApiDeps,
  actor: Actor,
  { id, ownerId }: Standing,
  phone: string,
): Promise<void> =>
  planWithinLimits(deps, actor, { ownerId, phones: [phone] }, () =>
    deps.workflows.charges.addPlanPhone(id, { ...withHash(deps, phone), actorId: actor.userId }),
  )

/** Consent for today; phones that lacked money are asked again. */
export async function goOnWithPlan(
  deps: ApiDeps,
  actor: Actor,
  { id, ownerId }: Standing,
): Promise<void> {
  const phones = (await listPlanPhones(deps.db, id)).map(({ phone }) => phone)
  await planWithinLimits(deps, actor, { ownerId, phones }, () =>
    deps.workflows.charges.goOn(id, actor.userId),
  )
}

/** A plan of somebody else's thing is no plan. */
export async function findPlanOf(deps: ApiDeps, ownerId: string, planId: string): Promise<PlanRow> {
  const plan = await findPlan(deps.db, planId)
  if (plan?.ownerId === ownerId) return plan
  throw new BusinessError('NOT_FOUND', 'There is nothing under this address.')
}

/** `asked`: on a phone now. `left`: neither paid nor asked yet. */
export type PlanState = {
  paid: Cents
  asked: Cents
  left: Cents
  step: PlanStep
  phones: PlanFacts['phones']
}

export async function readPlanState(
  deps: ApiDeps,
  { id, amount }: PlanRow,
  now: Date,
): Promise<PlanState> {
  const facts = await readPlanFacts(deps.db, id, now)
  const paid = cents(amount - facts.owed)
  const asked = cents(Math.max(0, facts.owed - facts.free))
  const left = cents(Math.max(0, amount - add(paid, asked)))
  return { paid, asked, left, step: nextStep(facts, now.getTime()), phones: facts.phones }
}
