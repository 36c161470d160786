/** Bank money that finance gives to somebody: counted once, its owner told; refused in words, and tried again. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { BankAnswer } from '../../domain/bank-money.ts'
import { paymentWorkflowId, reservationWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings, ZERO } from '../../domain/money.ts'
import { allocateBankMoney } from '../../workflows/bank-money-messages.ts'
import type { bankMoney } from '../../workflows/bank-money.ts'
import { retryStep } from '../../workflows/parking.ts'
import { paymentSettled } from '../../workflows/reservation-messages.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const AMOUNT = shillings(6_500)
let world: WorkflowEnvironment
let books: FakeBooks
let lineId: string

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  books = createFakeBooks(AMOUNT, Date.now)
  lineId = randomUUID()
})
afterEach(() => world.stop())

const target = { purpose: 'reservation' as const, ownerId: 'r1' }
const wish = () => ({ lineId, target, actorId: 'finance', why: 'she sent the slip' })
const given = (): BankAnswer => ({
  outcome: 'allocated',
  paymentId: lineId,
  applied: AMOUNT,
  credited: ZERO,
  told: { ...target, number: 'RSV-26-000001' },
})
const times = () => books.calls.filter((call) => call === 'allocateBankLine').length

/** As the api does it. */
const give = (updateId: string) =>
  world.env.client.workflow.executeUpdateWithStart(allocateBankMoney, {
    startWorkflowOperation: new WithStartWorkflowOperation<typeof bankMoney>('bankMoney', {
      workflowId: paymentWorkflowId(lineId),
      taskQueue: TASK_QUEUES.payments,
      args: [],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    }),
    args: [wish()],
    updateId,
  })
const result = () =>
  world.env.client.workflow.getHandle<typeof bankMoney>(paymentWorkflowId(lineId)).result()

describe('bank money', () => {
  it('is counted once, and the story ends', () =>
    world.during(books.activities, async () => {
      books.give = given
      expect(await give('one')).toEqual({ paymentId: lineId, applied: AMOUNT, credited: ZERO })
      expect(await result()).toEqual({ outcome: 'settled' })
      expect(times()).toBe(1)
    }))

  it('is told to the story that collects for its owner, before anybody hears that it counts', () =>
    world.during(books.activities, async () => {
      books.give = given
      // Any story will do that has the owner's name and waits.
      const owner = await world.env.client.workflow.start<typeof bankMoney>('bankMoney', {
        workflowId: reservationWorkflowId(target.ownerId),
        taskQueue: TASK_QUEUES.payments,
        args: [],
      })
      await give('one')
      const { events } = await owner.fetchHistory()
      const told = events?.flatMap(
        ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? [],
      )
      expect(told).toEqual([paymentSettled.name])
      await owner.terminate()
    }))

  it('that cannot be counted waits for a person who lets it try again', () => {
    let tell = () => undefined as void
    const tried = new Promise<void>((resolve) => (tell = resolve))
    let tries = 0
    const allocateBankLine = async () => {
      tries += 1
      tell()
      if (tries === 1) throw ApplicationFailure.nonRetryable('the books are closed')
      return given()
    }
    return world.during({ ...books.activities, allocateBankLine }, async () => {
      give('one').catch(() => undefined)
      await tried
      const story = world.env.client.workflow.getHandle(paymentWorkflowId(lineId))
      await whenParked(() => story.executeUpdate(retryStep))
      expect(await result()).toEqual({ outcome: 'settled' })
      expect(tries).toBe(2)
    })
  })

  it('refused says why, ends, and is tried again by another person', () =>
    world.during(books.activities, async () => {
      const why = 'a second person has to say the same'
      books.give = () => ({ outcome: 'refused', code: 'SECOND_PERSON', why })
      await expect(give('one')).rejects.toMatchObject({ cause: { type: 'SECOND_PERSON' } })
      expect(await result()).toEqual({ outcome: 'refused' })
      books.give = given
      expect(await give('two')).toMatchObject({ applied: AMOUNT })
      expect(await result()).toEqual({ outcome: 'settled' })
    }))

  it('of a step that failed is counted when it is tried again', () => {
    let isAway = true
    const allocateBankLine = async () => {
      if (isAway) {
        isAway = false
        throw new Error('the books were away')
      }
      return given()
    }
    return world.during({ ...books.activities, allocateBankLine }, async () => {
      expect(await give('one')).toMatchObject({ paymentId: lineId })
      expect(await result()).toEqual({ outcome: 'settled' })
    })
  })
})
