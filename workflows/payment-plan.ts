/**
 * A big amount in steps: one prompt after the other, over days, until it is paid.
 *
 * running -> done | stopped | expired. What to do next follows from the books and the clock (domain/payment-plans.ts),
 * so a crash forgets nothing.
 * - page: `awaitPlan` (update, sent with the start) waits for "opened" or "refused".
 * - customer: `goOn` (update) is the consent of a new day and ends the rests that a person can end;
 *   `addPhone` (update) names one more phone; `stopPlan` (update) ends it.
 * - each request is a `payment` child, as if the customer had asked for it; its owner is told of what settles.
 * Long plans go on as new runs, with nothing carried over but who they are for.
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
  uuid4,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow'
import { TypedSearchAttributes } from '@temporalio/common'
import type { WrittenFacts } from '../activities/payment-plans.ts'
import { paymentWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import { cents, formatKes, toShillings } from '../domain/money.ts'
import {
  NEVER,
  nextStep,
  restAfter,
  type OpenedPlan,
  type PlanFacts,
  type PlanInput,
  type PlanPayment,
  type PlanStatus,
  type PlanStep,
} from '../domain/payment-plans.ts'
import type { PaymentInput, PaymentResult } from '../domain/payments.ts'
import { DAY_MS, HOUR_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'
import {
  addPhone,
  awaitPlan,
  goOn,
  planStatus,
  stopPlan,
  type PlanPhoneWish,
} from './payment-plan-messages.ts'
import type { payment } from './payment.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'
import { AMOUNT_KES, BOOKING_NUMBER, CUSTOMER_ID, PHONE_HASH } from './search-attributes.ts'
import { tellOwner } from './telling-owners.ts'

/** At most this long without a look at the books: somebody else may have paid. */
const LOOK_AGAIN_MS = HOUR_MS
/** Nobody's turn but the customer's: it need not look as often. */
const IDLE_MS = DAY_MS / 4
const LONG_HISTORY = 4_000

type Plan = {
  input: PlanInput
  parking: Parking
  answer: OpenedPlan | null
  status: PlanStatus
  waitingFor: string
  stoppedBy: string | null
  /** Something has happened since the books were read. */
  stirred: boolean
  /** Requests whose end we wait for; the newest may not stand in the books yet. */
  asked: Map<string, PlanPayment>
}

export async function paymentPlan(input: PlanInput): Promise<{ status: PlanStatus | 'refused' }> {
  const plan: Plan = {
    input,
    parking: createParking(),
    answer: null,
    status: 'running',
    waitingFor: 'writing it down',
    stoppedBy: null,
    stirred: false,
    asked: new Map(),
  }
  registerHandlers(plan)
  const status = await run(plan)
  await condition(allHandlersFinished)
  return { status }
}

function registerHandlers(plan: Plan): void {
  setHandler(awaitPlan, async () => {
    await condition(() => plan.answer !== null)
    return plan.answer as OpenedPlan
  })
  setHandler(goOn, async ({ actorId }) => {
    await plan.parking.insist('go on', () => books.goOnWithPlan(plan.input.planId, actorId))
    plan.stirred = true
  })
  setHandler(addPhone, (wish) => addOne(plan, wish), {
    validator: (_wish) => {
      if (plan.status !== 'running' || plan.stoppedBy) refuse('PLAN_OVER', 'This plan is over.')
    },
  })
  setHandler(stopPlan, async ({ actorId }) => {
    plan.stoppedBy = actorId
    await condition(() => plan.status !== 'running')
  })
  setHandler(planStatus, () => ({ status: plan.status, waitingFor: plan.waitingFor }))
}

/** The books say its place in line; it is asked once we know it as well. */
async function addOne(plan: Plan, { phone, phoneHash, actorId }: PlanPhoneWish): Promise<void> {
  const { planId } = plan.input
  const added = await plan.parking.insist('add the phone', () =>
    books.addPlanPhone({ planId, phone, actorId }),
  )
  if (added.outcome === 'refused') return refuse(added.code, added.message)
  const phones = [...plan.input.phones]
  phones[added.position] = { phone, phoneHash }
  plan.input = { ...plan.input, phones }
  plan.stirred = true
}

async function run(plan: Plan): Promise<PlanStatus | 'refused'> {
  const { parking } = plan
  const { planId } = plan.input
  plan.answer = await parking.insist('write the plan down', () => books.openPlan(plan.input))
  if (plan.answer.outcome === 'refused') return 'refused'
  for (;;) {
    if (plan.stoppedBy) return end(plan, 'stopped', plan.stoppedBy)
    plan.stirred = false
    const facts = await parking.insist('read the plan', () => books.readPlanFacts(planId))
    const step = nextStep(withAsked(plan, facts), Date.now())
    plan.waitingFor = wordsOf(step)
    setCurrentDetails(plan.waitingFor)
    if (step.do === 'end') return end(plan, step.as, 'gari')
    if (step.do === 'push') await ask(plan, step, plan.answer)
    else await rest(plan, step)
    if (workflowInfo().historyLength > LONG_HISTORY && plan.asked.size === 0) {
      // Whoever stops it waits for its end, which only this run can bring.
      await condition(() => allHandlersFinished() || plan.stoppedBy !== null)
      if (plan.stoppedBy === null) await continueAsNew<typeof paymentPlan>(plan.input)
    }
  }
}

/** A request that we have just started counts as open, also before it stands in the books. */
function withAsked(plan: Plan, written: WrittenFacts): PlanFacts {
  // One that is just being added stands in the books a moment before we know it.
  const ours = written.phones.filter(({ position }) => plan.input.phones[position] !== undefined)
  const phones = ours.map((phone) => ({
    ...phone,
    restsUntil: phone.restsUntil ?? NEVER,
  }))
  const known = (one: PlanPayment) =>
    written.payments.some(({ position, at }) => position === one.position && at >= one.at)
  const unknown = [...plan.asked.values()].filter((one) => !known(one))
  const amount = unknown.reduce((sum, one) => sum + one.amount, 0)
  const free = cents(Math.max(0, written.free - amount))
  return { ...written, phones, free, payments: [...written.payments, ...unknown] }
}

const wordsOf = (step: PlanStep): string => {
  if (step.do === 'push') return `asking for ${formatKes(step.amount)}`
  if (step.do === 'wait') return `waiting: ${step.why}`
  return step.do === 'ask' ? `waiting for the customer: ${step.why}` : step.as
}

async function end(
  plan: Plan,
  as: Exclude<PlanStatus, 'running'>,
  actorId: string,
): Promise<PlanStatus> {
  plan.status = await plan.parking.insist('end the plan', () =>
    books.endPlan(plan.input.planId, as, actorId),
  )
  return plan.status
}

async function rest(plan: Plan, step: Exclude<PlanStep, { do: 'push' | 'end' }>): Promise<void> {
  const ms = step.do === 'wait' ? Math.min(step.until - Date.now(), LOOK_AGAIN_MS) : IDLE_MS
  await condition(() => plan.stirred || plan.stoppedBy !== null, Math.max(1_000, ms))
}

type Opened = Extract<OpenedPlan, { outcome: 'opened' }>
type Push = Extract<PlanStep, { do: 'push' }>

function paymentOf({ input }: Plan, { position, amount }: Push, opened: Opened): PaymentInput {
  const { purpose, ownerId, partyId, actorId } = input
  const { ownerNumber, customerId } = opened
  const phone = input.phones[position] ?? { phone: '', phoneHash: '' }
  const who = { purpose, ownerId, ownerNumber, partyId, customerId, actorId }
  return { paymentId: uuid4(), ...who, ...phone, amount }
}

async function ask(plan: Plan, step: Push, opened: Opened): Promise<void> {
  const wish = paymentOf(plan, step, opened)
  const { position, amount } = step
  plan.asked.set(wish.paymentId, { position, amount, at: Date.now(), state: 'open' })
  const handle = await startChild<typeof payment>('payment', {
    workflowId: paymentWorkflowId(wish.paymentId),
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    taskQueue: TASK_QUEUES.payments,
    args: [wish],
    staticSummary: `${formatKes(amount)} for ${wish.ownerNumber}, by a plan`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: BOOKING_NUMBER, value: wish.ownerNumber },
      { key: CUSTOMER_ID, value: wish.customerId },
      { key: AMOUNT_KES, value: toShillings(amount) },
      ...(wish.phoneHash ? [{ key: PHONE_HASH, value: wish.phoneHash }] : []),
    ]),
  })
  void handle
    .result()
    .catch((): PaymentResult => ({ outcome: 'unknown', paymentId: wish.paymentId }))
    .then((result) => hear(plan, result, position))
}

/** A refusal rests the phone; what settled is told to whoever is paid. */
async function hear(plan: Plan, result: PaymentResult, position: number): Promise<void> {
  const { planId, purpose, ownerId } = plan.input
  if (result.outcome === 'refused') {
    const until = restAfter(result.reason, Date.now())
    const rested = { planId, position, code: result.reason.code }
    await plan.parking.insist('rest the phone', () =>
      books.restPlanPhone({ ...rested, until: until === NEVER ? null : until }),
    )
  }
  if (result.outcome === 'settled')
    await tellOwner({ paymentId: result.paymentId, purpose, ownerId })
  plan.asked.delete(result.paymentId)
  plan.stirred = true
}
