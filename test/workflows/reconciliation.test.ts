/** The comparison as a story: it reads everything or says that it did not, and money it finds reaches its payment. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import proto from '@temporalio/proto'
import {
  paymentWorkflowId,
  reconciliationWorkflowId,
  refundWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import type { RunKind } from '../../domain/reconciliation.ts'
import type { payment } from '../../workflows/payment.ts'
import { balanceReported } from '../../workflows/reconciliation-messages.ts'
import type { reconcileOnSchedule, reconciliation } from '../../workflows/reconciliation.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const AMOUNT = shillings(6_500)
const ABANDON = proto.temporal.api.enums.v1.ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON
let world: WorkflowEnvironment
let books: FakeBooks

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(AMOUNT, () => clock)
})
afterEach(() => world.stop())

type Told = { fetchHistory(): Promise<proto.temporal.api.history.v1.IHistory> }
/** Whom a story has signalled. */
const signalled = async (story: Told): Promise<(string | null | undefined)[]> =>
  ((await story.fetchHistory()).events ?? []).map(
    (event) =>
      event.signalExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution?.workflowId,
  )

const begin = (kind: RunKind, runId: string = randomUUID()) =>
  world.env.client.workflow.start<typeof reconciliation>('reconciliation', {
    workflowId: reconciliationWorkflowId(runId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ runId, kind, actorId: 'clock' }],
  })
const input = (): PaymentInput => ({
  paymentId: randomUUID(),
  purpose: 'reservation',
  ownerId: randomUUID(),
  ownerNumber: 'RSV-26-000001',
  partyId: randomUUID(),
  customerId: randomUUID(),
  actorId: 'clock',
  phone: '+254712345678',
  amount: AMOUNT,
})
const foundFor = ({ paymentId, purpose, ownerId }: PaymentInput) => ({
  paymentId,
  purpose,
  ownerId,
  receipt: 'UKL5ABC12D',
  amount: AMOUNT,
  source: 'pull' as const,
})
/** It stands in the books, and no story of it runs. */
const write = (one: PaymentInput, status: 'refused' | 'unknown') =>
  books.payments.set(one.paymentId, { input: one, status, reason: '', counted: false })
const times = (call: string) => books.calls.filter((one) => one === call).length

describe('a reconciliation', () => {
  it('reads all pages of all windows, and then looks for what the provider lacks', () =>
    world.during(books.activities, async () => {
      const offsets: number[] = []
      books.pull = async (_, offset) => {
        offsets.push(offset)
        return offset < 4
          ? { outcome: 'page', read: 2, nextOffset: offset + 2 }
          : { outcome: 'end', read: 0 }
      }
      const handle = await begin('pull')
      expect(await handle.result()).toMatchObject({ status: 'clean' })
      expect(offsets).toEqual(Array.from({ length: 8 }, () => [0, 2, 4]).flat())
      expect([times('findMissing'), times('requestAccountBalance')]).toEqual([1, 0])
    }))

  it.each<[string, FakeBooks['pull']]>([
    ['refused', async () => ({ outcome: 'refused', code: '401.003.01' })],
    ['not answered', async () => ({ outcome: 'unknown' })],
    ['answered in a circle', async () => ({ outcome: 'page', read: 1, nextOffset: 0 })],
  ])('that is %s is incomplete, and concludes nothing from what it lacks', (_, pull) =>
    world.during(books.activities, async () => {
      books.pull = pull
      expect(await (await begin('pull')).result()).toMatchObject({ status: 'incomplete' })
      expect([times('findMissing'), times('noteReconciliation')]).toEqual([0, 1])
    }),
  )

  it('tells a waiting payment of its money, which settles by it', () =>
    world.during(books.activities, async () => {
      const one = input()
      books.query = async () => ({ outcome: 'pending' })
      const waiting = await world.env.client.workflow.start<typeof payment>('payment', {
        workflowId: paymentWorkflowId(one.paymentId),
        taskQueue: TASK_QUEUES.payments,
        args: [one],
      })
      while (times('recordPrompt') === 0) await waiting.describe()
      books.status = 'pending'
      books.found = [foundFor(one)]
      expect(await (await begin('pull')).result()).toMatchObject({ status: 'clean' })
      expect(await waiting.result()).toMatchObject({ outcome: 'settled', paymentId: one.paymentId })
      expect([times('settleFromReceipt'), times('recordUnsettled')]).toEqual([1, 0])
    }))

  it('settles in the books what has no story any more; late money finds its own way', () =>
    world.during(books.activities, async () => {
      const one = input()
      write(one, 'refused')
      books.status = 'expired'
      books.carFree = false
      books.found = [foundFor(one)]
      const comparison = await begin('statement')
      expect(await comparison.result()).toMatchObject({ status: 'clean' })
      expect(times('settleFromReceipt')).toBe(1)
      // A refund that waited for the receipt hears of it.
      expect(await signalled(comparison)).toContain(refundWorkflowId(one.paymentId))
      const late = world.env.client.workflow.getHandle(`late-money:${one.paymentId}`)
      expect(await late.result()).toEqual({ outcome: 'refunding' })
    }))

  it('goes on under a history of its own after much that had to be told, and forgets nothing', () =>
    world.during(books.activities, async () => {
      const many = Array.from({ length: 230 }, input)
      for (const one of many) write(one, 'refused')
      books.status = 'pending'
      books.found = many.map((one) => ({ ...foundFor(one), receipt: randomUUID() }))
      books.pull = async (_, offset) =>
        offset === 0 ? { outcome: 'page', read: 2, nextOffset: 2 } : { outcome: 'end', read: 0 }
      const handle = await begin('pull')
      expect(await handle.result()).toMatchObject({ status: 'clean' })
      expect(times('settleFromReceipt')).toBe(230)
      expect([times('openReconciliation'), times('findMissing')]).toEqual([1, 1])
      expect((await handle.describe()).runId).not.toBe(handle.firstExecutionRunId)
    }))

  it('brings a bank transfer home that came although somebody had withdrawn it', () =>
    world.during(books.activities, async () => {
      const one = input()
      write(one, 'refused')
      books.status = 'expired'
      books.carFree = false
      const { paymentId, purpose, ownerId } = one
      books.transfers = [{ paymentId, purpose, ownerId, lineId: '7' }]
      expect(await (await begin('bank')).result()).toMatchObject({ status: 'clean' })
      expect(times('settleTransfer')).toBe(1)
      const late = world.env.client.workflow.getHandle(`late-money:${paymentId}`)
      expect(await late.result()).toEqual({ outcome: 'refunding' })
    }))

  it('gives money that nobody told of the story of money sent by hand, once', () =>
    world.during(books.activities, async () => {
      const storyId = randomUUID()
      const settled = { standing: 'settled', paymentId: storyId } as never
      books.match = () => settled
      books.unowned = [storyId]
      expect(await (await begin('pull')).result()).toMatchObject({ status: 'clean' })
      expect(await (await begin('pull')).result()).toMatchObject({ status: 'clean' })
      const story = world.env.client.workflow.getHandle(paymentWorkflowId(storyId))
      expect((await story.describe()).type).toBe('paybillPayment')
    }))

  it('leaves money that will not settle to people, and ends', () =>
    world.during(books.activities, async () => {
      const one = input()
      write(one, 'unknown')
      books.found = [{ ...foundFor(one), amount: shillings(1) }]
      expect(await (await begin('pull')).result()).toMatchObject({ status: 'clean' })
      expect(times('recordUnsettled')).toBe(1)
    }))

  it('does so however much it is, and tells nobody anew because its history is', () => {
    // As in the books: at most so many at once, and those who came last are not always told first.
    const batch = 450
    const late = 30
    const many = Array.from({ length: batch + late }, input)
    let rounds = 0
    const compareLines = async () =>
      (rounds += 1) === 1 ? books.found.slice(0, batch) : books.found.slice(-batch)
    return world.during({ ...books.activities, compareLines }, async () => {
      for (const one of many) write(one, 'unknown')
      books.found = many.map((one) => ({
        ...foundFor(one),
        receipt: randomUUID(),
        amount: shillings(1),
      }))
      expect(await (await begin('pull')).result()).toMatchObject({ status: 'clean' })
      // All once, and those who are left once more before they are left to people.
      expect(times('settleFromReceipt')).toBe(batch + late + batch)
      expect(times('recordUnsettled')).toBe(1)
    })
  })
})

describe('the daily comparison', () => {
  it('waits for the balance', () =>
    world.during(
      {
        ...books.activities,
        requestAccountBalance: async () => ({
          outcome: 'accepted',
          conversationId: 'AG_1',
          originatorConversationId: 'o-1',
        }),
      },
      async () => {
        const handle = await begin('full')
        await handle.signal(balanceReported, { messageId: randomUUID() })
        expect(await handle.result()).toMatchObject({ status: 'clean' })
        expect(times('compareReportedBalance')).toBe(1)
      },
    ))

  it('ends incomplete when the balance never comes', () =>
    world.during(books.activities, async () => {
      expect(await (await begin('full')).result()).toMatchObject({ status: 'incomplete' })
    }))

  it('is started by the clock under an id of its own', () =>
    world.during(books.activities, async () => {
      const handle = await world.env.client.workflow.start<typeof reconcileOnSchedule>(
        'reconcileOnSchedule',
        {
          workflowId: 'reconcile-hourly',
          taskQueue: TASK_QUEUES.payments,
          args: [{ kind: 'pull' }],
        },
      )
      const summary = await handle.result()
      const child = world.env.client.workflow.getHandle(
        reconciliationWorkflowId(summary?.runId ?? ''),
      )
      expect((await child.describe()).status.name).toBe('COMPLETED')
    }))

  // The test server ends no child with its parent, so that what was asked for is looked at here.
  it('is to outlive its clock, which waits two hours for it and no longer', () =>
    world.during(books.activities, async () => {
      const clock = await world.env.client.workflow.start<typeof reconcileOnSchedule>(
        'reconcileOnSchedule',
        {
          workflowId: 'reconcile-hourly',
          taskQueue: TASK_QUEUES.payments,
          args: [{ kind: 'pull' }],
        },
      )
      await clock.result()
      const { events } = await clock.fetchHistory()
      const asked = events?.flatMap(
        (one) => one.startChildWorkflowExecutionInitiatedEventAttributes ?? [],
      )
      expect(asked).toMatchObject([{ parentClosePolicy: ABANDON }])
    }))
})
