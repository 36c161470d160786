/** Money going back: sent once, parked for a person when it cannot go on, and every result is read. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { refundWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { resolveManually, retryStep } from '../../workflows/parking.ts'
import { refundReported, type refund } from '../../workflows/refund.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let books: FakeBooks

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  books = createFakeBooks(shillings(6_500), Date.now)
})
afterEach(() => world.stop())

type Refund = WorkflowHandle<typeof refund>

async function begin(): Promise<Refund> {
  const paymentId = randomUUID()
  books.payments.set(paymentId, {
    input: { paymentId, amount: shillings(6_500) } as never,
    status: 'settled',
    reason: '',
    counted: true,
  })
  return world.env.client.workflow.start<typeof refund>('refund', {
    workflowId: refundWorkflowId(paymentId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ refundId: paymentId, paymentId, reason: 'as tested', actorId: 'clock' }],
  })
}

async function report(handle: Refund, result: string): Promise<void> {
  const messageId = randomUUID()
  books.reports.set(messageId, { result })
  await handle.signal(refundReported, { messageId })
}

const times = (call: string) => books.calls.filter((one) => one === call).length
const how = { reason: 'sent from the till', actorId: 'ops' }

describe('a refund', () => {
  it('is sent once and done when M-Pesa says so', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('requestReversal')).toBe(1)
    }))

  it('is never sent again while nobody knows what became of it', () =>
    world.during(books.activities, async () => {
      books.reversal = () => Promise.reject(new Error('socket hang up'))
      const handle = await begin()
      await world.env.sleep('31 minutes')
      await whenParked(() => handle.executeUpdate(retryStep))
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('requestReversal')).toBe(1)
    }))

  it('is sent again after a definite no, when a person says so', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      await report(handle, '2001')
      await whenParked(() => handle.executeUpdate(retryStep))
      // A success that overtakes the second request makes it needless, so it comes after it here.
      while (times('requestReversal') < 2) await handle.describe()
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('requestReversal')).toBe(2)
    }))

  it('goes on by itself when the result comes while it is parked', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      await world.env.sleep('31 minutes')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('settleRefundByHand')).toBe(0)
    }))

  it('refused at the door is done by hand without a word that it was sent', () =>
    world.during(books.activities, async () => {
      books.reversal = async () => ({ outcome: 'refused', code: '2001' })
      const handle = await begin()
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      expect(await handle.result()).toEqual({ outcome: 'by_hand' })
      expect([times('recordRefundSent'), times('settleRefundByHand')]).toEqual([0, 1])
    }))

  it('without a receipt is prepared and done by hand', () =>
    world.during(
      {
        ...books.activities,
        openRefund: async () => ({ outcome: 'blocked', why: 'no receipt' }),
      },
      async () => {
        const handle = await begin()
        await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
        expect(await handle.result()).toEqual({ outcome: 'by_hand' })
        expect([times('requestReversal'), times('settleRefundByHand')]).toEqual([0, 1])
      },
    ))
})
