import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client'
import { paymentWorkflowId, planWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { add, shillings, ZERO } from '../../domain/money.ts'
import { DAY_LIMIT, type PlanInput } from '../../domain/payment-plans.ts'
import { MAXIMUM_PUSH } from '../../domain/payments.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, startOfDay } from '../../domain/time.ts'
import {
  addPhone,
  awaitPlan,
  goOn,
  planStatus,
  stopPlan,
} from '../../workflows/payment-plan-messages.ts'
import type { paymentPlan } from '../../workflows/payment-plan.ts'
import { paymentReported } from '../../workflows/payment-messages.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let books: FakeBooks
let clock = 0

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  // Nine in the morning: no story of a few minutes then meets midnight.
  const now = await world.env.currentTimeMs()
  await world.env.sleep(startOfDay(new Date(now)).getTime() + DAY_MS + 9 * HOUR_MS - now)
  clock = await world.env.currentTimeMs()
  books = createFakeBooks(shillings(5_000_000), () => clock)
  books.time = () => world.env.currentTimeMs()
})
afterEach(() => world.stop())

const PHONES = ['+254712000001', '+254712000002']
type Plan = WorkflowHandle<typeof paymentPlan>

async function begin(amount: number, phones = PHONES, days = 30): Promise<Plan> {
  const input: PlanInput = {
    planId: randomUUID(),
    purpose: 'reservation',
    ownerId: randomUUID(),
    partyId: 'p1',
    actorId: 'c1',
    amount: shillings(amount),
    phones: phones.map((phone) => ({ phone, phoneHash: phone })),
    deadline: new Date(clock + days * DAY_MS).toISOString(),
  }
  const workflowId = planWorkflowId(input.planId)
  const operation = new WithStartWorkflowOperation<typeof paymentPlan>('paymentPlan', {
    workflowId,
    taskQueue: TASK_QUEUES.payments,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  await world.env.client.workflow.executeUpdateWithStart(awaitPlan, {
    startWorkflowOperation: operation,
  })
  return world.env.client.workflow.getHandle<typeof paymentPlan>(workflowId)
}

/** What each request in turn meets on its phone; paid when nothing is said. */
function answerWith(...codes: string[]): void {
  const { push } = books
  books.push = async (wish) => {
    const messageId = randomUUID()
    const result = codes.shift() ?? '0'
    books.reports.set(messageId, { result, ...(result === '0' ? { amount: wish.amount } : {}) })
    const handle = world.env.client.workflow.getHandle(paymentWorkflowId(wish.paymentId))
    await handle.signal(paymentReported, { messageId })
    return push(wish)
  }
}

async function until(plan: Plan, words: string): Promise<void> {
  for (;;) {
    if ((await plan.query(planStatus)).waitingFor.includes(words)) return
    await world.env.sleep(20_000)
  }
}

const settled = () =>
  [...books.payments.values()]
    .filter(({ status }) => status === 'settled')
    .reduce((sum, { input }) => add(sum, input.amount), ZERO)
const day = (at: number) => startOfDay(new Date(at)).getTime()

describe('a plan', () => {
  it('asks two phones for their day, waits two minutes between equal amounts, and ends exactly', () =>
    world.during(books.activities, async () => {
      answerWith()
      const plan = await begin(900_001)
      expect(await plan.result()).toEqual({ status: 'done' })
      expect(settled()).toBe(shillings(900_001))
      for (const phone of PHONES) {
        const own = books.plan.asked.filter((one) => one.phone === phone)
        expect(add(ZERO, ...own.map(({ amount }) => amount))).toBeLessThanOrEqual(DAY_LIMIT)
        const [first, second] = own.filter(({ amount }) => amount === MAXIMUM_PUSH)
        if (first && second)
          expect(second.at - first.at).toBeGreaterThanOrEqual(2 * MINUTE_MS - 1_000)
      }
    }))

  it('goes on at once with one more phone, and takes none when it is over', () =>
    world.during(books.activities, async () => {
      answerWith()
      const plan = await begin(600_000, PHONES.slice(0, 1))
      await until(plan, 'day_limit')
      const wish = { phone: PHONES[1] ?? '', phoneHash: 'second', actorId: 'c1' }
      await plan.executeUpdate(addPhone, { args: [wish] })
      expect(await plan.result()).toEqual({ status: 'done' })
      expect(settled()).toBe(shillings(600_000))
      const days = new Set(books.plan.asked.map(({ at }) => day(at)))
      expect(days.size).toBe(1)
      expect(books.plan.asked.at(-1)?.phone).toBe(PHONES[1])
      await expect(plan.executeUpdate(addPhone, { args: [wish] })).rejects.toThrow()
    }))

  it('goes on the next day when somebody starts it again', () =>
    world.during(books.activities, async () => {
      answerWith()
      const plan = await begin(600_000, PHONES.slice(0, 1))
      await until(plan, 'day_limit')
      expect(settled()).toBe(DAY_LIMIT)
      await world.env.sleep(DAY_MS)
      await until(plan, 'consent')
      await plan.executeUpdate(goOn, { args: [{ actorId: 'c1' }] })
      expect(await plan.result()).toEqual({ status: 'done' })
      expect(settled()).toBe(shillings(600_000))
      const days = new Set(books.plan.asked.map(({ at }) => day(at)))
      expect(days.size).toBe(2)
    }))

  it('pauses when there is not enough money, until somebody says go on', () =>
    world.during(books.activities, async () => {
      answerWith('1')
      const plan = await begin(300_000, PHONES.slice(0, 1))
      await until(plan, 'resting')
      expect(books.plan.asked).toHaveLength(1)
      await plan.executeUpdate(goOn, { args: [{ actorId: 'c1' }] })
      expect(await plan.result()).toEqual({ status: 'done' })
    }))

  it.each(['3', '4'])('rests a phone at its limit (%s) and goes on with the other', (code) =>
    world.during(books.activities, async () => {
      answerWith(code)
      const plan = await begin(300_000)
      expect(await plan.result()).toEqual({ status: 'done' })
      // Both phones were asked at once, and either may have been the one that was refused.
      expect([...books.plan.rests.values()]).toMatchObject([{ code }])
      const [resting] = [...books.plan.rests.keys()].map((position) => PHONES[position])
      expect(books.plan.asked.filter(({ phone }) => phone === resting)).toHaveLength(1)
    }),
  )

  it('waits out rule 17 and asks again', () =>
    world.during(books.activities, async () => {
      answerWith('17')
      const plan = await begin(100_000, PHONES.slice(0, 1))
      expect(await plan.result()).toEqual({ status: 'done' })
      const [first, second] = books.plan.asked
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2 * MINUTE_MS - 1_000)
    }))

  it('never asks a phone again while its request may still be paid', () =>
    world.during(books.activities, async () => {
      const plan = await begin(400_000, PHONES.slice(0, 1))
      await until(plan, 'answer')
      await world.env.sleep(HOUR_MS)
      expect(books.plan.asked).toHaveLength(1)
      await plan.terminate()
    }))

  it('ends when the customer stops it, and at its deadline', () =>
    world.during(books.activities, async () => {
      answerWith('1', '1')
      const stopped = await begin(300_000, PHONES.slice(0, 1))
      await until(stopped, 'resting')
      await stopped.executeUpdate(stopPlan, { args: [{ actorId: 'c1' }] })
      expect(await stopped.result()).toEqual({ status: 'stopped' })
    }))

  it('expires at its deadline', () =>
    world.during(books.activities, async () => {
      answerWith('1')
      const plan = await begin(300_000, PHONES.slice(0, 1), 2)
      expect(await plan.result()).toEqual({ status: 'expired' })
      expect((await world.env.currentTimeMs()) - clock).toBeGreaterThan(2 * DAY_MS - MINUTE_MS)
    }))

  it('that was stopped while its prompt was on the phone leaves nobody without word of the money', () =>
    world.during(books.activities, async () => {
      const asked: string[] = []
      const { push } = books
      books.push = (wish) => {
        asked.push(wish.paymentId)
        return push(wish)
      }
      books.query = async () => ({ outcome: 'pending' })
      const plan = await begin(200_000, PHONES.slice(0, 1))
      while (asked.length === 0) await world.env.sleep(1_000)
      await plan.executeUpdate(stopPlan, { args: [{ actorId: 'c1' }] })
      await plan.result()
      const messageId = randomUUID()
      books.reports.set(messageId, { result: '0', amount: shillings(200_000) })
      const payment = world.env.client.workflow.getHandle(paymentWorkflowId(asked[0] ?? ''))
      await payment.signal(paymentReported, { messageId })
      expect(await payment.result()).toMatchObject({ outcome: 'settled' })
      const { events } = await payment.fetchHistory()
      const told = events?.filter(
        (one) => one.signalExternalWorkflowExecutionInitiatedEventAttributes,
      )
      expect(told).toHaveLength(1)
    }))
})
