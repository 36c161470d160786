/** Refunds that M-Pesa refuses for sure, for reasons of ours, of the phone's or of the day. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { refundWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { UNREACHABLE } from '../../domain/refund-refusals.ts'
import { retryStep } from '../../workflows/parking.ts'
import { refundReported } from '../../workflows/refund-messages.ts'
import type { refund } from '../../workflows/refund.ts'
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
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(shillings(6_500), () => clock)
})
afterEach(() => world.stop())

type Refund = WorkflowHandle<typeof refund>

async function begin(): Promise<Refund> {
  const paymentId = randomUUID()
  const input = { paymentId, amount: shillings(6_500) } as never
  books.payments.set(paymentId, { input, status: 'settled', reason: '', counted: true })
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
const until = async (handle: Refund, call: string, count = 1) => {
  while (times(call) < count) await handle.describe()
}
const requests = () => [times('requestReversal'), times('requestPayout')]

describe('a reversal refused for a trouble of ours', () => {
  it.each([
    ['1', 'utility account'],
    ['2001', 'password'],
    ['8006', 'locked'],
  ])('with %s is a case that names it, and the same once it is mended', (code, words) =>
    world.during(books.activities, async () => {
      const handle = await begin()
      await until(handle, 'recordRefundSent')
      await report(handle, code)
      await until(handle, 'parkRefund')
      expect(books.cases).toEqual([expect.stringContaining(words)])
      expect(requests()).toEqual([1, 0])
      await whenParked(() => handle.executeUpdate(retryStep))
      await until(handle, 'recordRefundSent', 2)
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(requests()).toEqual([2, 0])
    }),
  )
})

describe('a payout refused for sure', () => {
  it.each([
    ['1', 'utility account'],
    ['2001', 'password'],
    ['8006', 'locked'],
    ['2040', 'name another phone'],
    ['ABC_1', 'ABC_1'],
  ])('with %s is a case in words, and is paid by another key when tried again', (code, words) =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'payout', whole: false, amount: shillings(500) }
      const keys: string[] = []
      books.payout = async ({ payoutId }) => {
        keys.push(payoutId)
        return { outcome: 'accepted', conversationId: 'AG', originatorConversationId: payoutId }
      }
      const handle = await begin()
      await until(handle, 'recordRefundSent')
      await report(handle, code)
      await until(handle, 'parkRefund')
      expect(books.cases).toEqual([expect.stringContaining(words)])
      await whenParked(() => handle.executeUpdate(retryStep))
      await until(handle, 'recordRefundSent', 2)
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(new Set(keys).size).toBe(2)
    }),
  )
})

describe('M-Pesa that takes no request from anybody', () => {
  it('is asked again by and by, and nobody is called', () =>
    world.during(books.activities, async () => {
      books.reversal = async () =>
        times('requestReversal') < 4
          ? { outcome: 'refused', code: UNREACHABLE }
          : { outcome: 'accepted', conversationId: 'AG', originatorConversationId: 'o' }
      const handle = await begin()
      await world.env.sleep('1 hour')
      await until(handle, 'recordRefundSent')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(requests()).toEqual([4, 0])
      expect([times('parkRefund'), times('refuseRefund')]).toEqual([0, 0])
    }))

  it('is asked to pay out under one key, however often, so that it never pays twice', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'payout', whole: false, amount: shillings(500) }
      const keys: string[] = []
      books.payout = async ({ payoutId }) => {
        keys.push(payoutId)
        return keys.length < 3
          ? { outcome: 'refused', code: UNREACHABLE, class: 'W' }
          : { outcome: 'duplicate' }
      }
      const handle = await begin()
      await world.env.sleep('1 hour')
      await until(handle, 'recordRefundSent')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(keys).toEqual(Array(3).fill(handle.workflowId.replace('refund:', '')))
    }))

  it('but has paid all the same, says so, and is not asked again', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'payout', whole: false, amount: shillings(500) }
      books.payout = async () => ({ outcome: 'refused', code: UNREACHABLE, class: 'W' })
      const handle = await begin()
      await until(handle, 'requestPayout')
      await world.env.sleep('5 seconds')
      await report(handle, '0')
      await world.env.sleep('1 hour')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(requests()).toEqual([0, 1])
    }))

  it('for a whole day is a case for a reversal, too: no other way would be open', () =>
    world.during(books.activities, async () => {
      books.reversal = async () => ({ outcome: 'refused', code: UNREACHABLE })
      const handle = await begin()
      await world.env.sleep('2 days')
      await until(handle, 'parkRefund')
      expect(books.cases).toEqual([expect.stringContaining('could not be reached')])
      expect([times('switchToPayout'), times('requestPayout')]).toEqual([0, 0])
      await handle.terminate()
    }))

  it('for a whole day is a case', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'payout', whole: false, amount: shillings(500) }
      books.payout = async () => ({ outcome: 'refused', code: UNREACHABLE, class: 'W' })
      const handle = await begin()
      await world.env.sleep('2 days')
      await until(handle, 'parkRefund')
      expect(books.cases).toEqual([expect.stringContaining('could not be reached')])
      books.payout = async () => ({
        outcome: 'accepted',
        conversationId: 'AG',
        originatorConversationId: 'o',
      })
      await whenParked(() => handle.executeUpdate(retryStep))
      await until(handle, 'recordRefundSent')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
    }))
})
