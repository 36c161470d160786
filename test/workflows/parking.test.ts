/** What no repetition cures is shown to people at once; what a rest cures is not. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { refundWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { retryStep } from '../../workflows/parking.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let books: FakeBooks
beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const now = await world.env.currentTimeMs()
  books = createFakeBooks(shillings(1_000), () => now)
})
afterEach(() => world.stop())

const start = (refundId: string) =>
  world.env.client.workflow.start('refund', {
    workflowId: refundWorkflowId(refundId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ refundId, paymentId: refundId, reason: 'cancelled', actorId: 'clock' }],
  })

describe('a step of the books', () => {
  it('that breaks a constraint parks within a minute, and goes on when somebody mended it', () => {
    let mended = false
    const openRefund = async () => {
      books.calls.push('openRefund')
      if (!mended) throw new Error('violates a constraint')
      return { outcome: 'done' as const }
    }
    return world.during({ ...books.activities, openRefund }, async () => {
      const story = await start(randomUUID())
      await world.env.sleep('1 minute')
      const { searchAttributes } = await story.describe()
      expect(searchAttributes['NeedsAttention']).toEqual([true])
      expect(books.calls.filter((call) => call === 'openRefund')).toHaveLength(5)
      mended = true
      await story.executeUpdate(retryStep)
      await story.result()
    })
  })

  it('whose database is away for an hour waits for it, and nobody is called', () => {
    let away = true
    const openRefund = async () => {
      if (away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      return { outcome: 'done' as const }
    }
    return world.during({ ...books.activities, openRefund }, async () => {
      const story = await start(randomUUID())
      await world.env.sleep('1 hour')
      expect((await story.describe()).searchAttributes['NeedsAttention'] ?? [false]).toEqual([
        false,
      ])
      away = false
      await world.env.sleep('1 minute')
      await story.result()
      expect((await story.fetchHistory()).events?.length).toBeLessThan(1_000)
    })
  })
})
