/** A report for a payment that had ended: believed only when M-Pesa confirms it, and never dropped. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { lateMoneyWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import type { PushState } from '../../domain/payments.ts'
import { lateReport, type lateMoney } from '../../workflows/late-money.ts'
import { resolveManually } from '../../workflows/parking.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const AMOUNT = shillings(6_500)
let world: WorkflowEnvironment
let books: FakeBooks
let paymentId: string

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(AMOUNT, () => clock)
  books.status = 'expired'
  books.carFree = false
  paymentId = randomUUID()
  books.payments.set(paymentId, {
    input: { paymentId, amount: AMOUNT } as never,
    status: 'refused',
    reason: '1037',
    counted: false,
  })
})
afterEach(() => world.stop())

type Late = WorkflowHandle<typeof lateMoney>

/** As Daraja's door does it: the report comes with the start, or to the story that runs already. */
async function report(result: string, amount = AMOUNT): Promise<Late> {
  const messageId = randomUUID()
  books.reports.set(messageId, { result, amount })
  return world.env.client.workflow.signalWithStart<typeof lateMoney, [{ messageId: string }]>(
    'lateMoney',
    {
      workflowId: lateMoneyWorkflowId(paymentId),
      taskQueue: TASK_QUEUES.payments,
      args: [{ paymentId }],
      signal: lateReport,
      signalArgs: [{ messageId }],
    },
  )
}

const paid = { outcome: 'paid' } as const
const unpaid = { outcome: 'refused', reason: { code: '1037', class: 'U' } } as const
const answers = (...list: PushState[]) => {
  books.query = async () => list.shift() ?? { outcome: 'pending' }
}

describe('late money', () => {
  it('is no money when the reports themselves say so; nobody is asked', () =>
    world.during(books.activities, async () => {
      expect(await (await report('1037')).result()).toEqual({ outcome: 'no_money' })
      expect(books.calls).not.toContain('queryStkPush')
    }))

  it('finds its home when M-Pesa confirms it', () =>
    world.during(books.activities, async () => {
      answers({ outcome: 'unknown', why: '500' }, paid)
      expect(await (await report('0')).result()).toEqual({ outcome: 'refunding' })
      expect(books.payments.get(paymentId)?.status).toBe('settled')
    }))

  it('is found behind a failure that came first, while we were still asking', () =>
    world.during(books.activities, async () => {
      answers({ outcome: 'unknown', why: '500' }, paid)
      await report('0', shillings(6_499))
      await report('1037')
      const story = await report('0')
      expect(await story.result()).toEqual({ outcome: 'refunding' })
      expect(books.payments.get(paymentId)?.status).toBe('settled')
    }))

  it('that M-Pesa took but no report fits waits for a person, and a fitting report ends the wait', () =>
    world.during(books.activities, async () => {
      answers(paid, paid)
      const story = await report('0', shillings(6_499))
      await world.env.sleep('1 hour')
      expect((await story.describe()).status.name).toBe('RUNNING')
      await report('0')
      expect(await story.result()).toEqual({ outcome: 'refunding' })
    }))

  it('in contradiction with M-Pesa’s answer is settled by the receipt that a person found', () =>
    world.during(books.activities, async () => {
      answers(unpaid)
      const story = await report('0')
      const how = { reason: 'in the portal', actorId: 'ops', receipt: 'UKL5ABC12D' }
      await whenParked(() => story.executeUpdate(resolveManually, { args: [how] }))
      expect(await story.result()).toEqual({ outcome: 'refunding' })
      expect(books.payments.get(paymentId)?.status).toBe('settled')
    }))

  it('that a person found not to exist ends as no money', () =>
    world.during(books.activities, async () => {
      answers(unpaid)
      const story = await report('0')
      const how = { reason: 'not in the portal', actorId: 'ops' }
      await whenParked(() => story.executeUpdate(resolveManually, { args: [how] }))
      expect(await story.result()).toEqual({ outcome: 'no_money' })
    }))
})
