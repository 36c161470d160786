/** The half hour in which somebody may choose another car for money that came too late. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { lateMoneyWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import type { OfferAnswer, OfferChoice } from '../../domain/late-offers.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import type { lateMoney } from '../../workflows/late-money.ts'
import { chooseOffer } from '../../workflows/late-offers.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import { buildReservationInput } from '../support/builders.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const HALF = shillings(6_500)
const PRICE = shillings(13_000)
const HALF_HOUR = 30 * MINUTE_MS
let world: WorkflowEnvironment
let books: FakeBooks

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(PRICE, () => clock)
  books.status = 'expired'
  books.carFree = false
  books.offer = { cars: new Set(['suv', 'van']), ms: HALF_HOUR }
})
afterEach(() => world.stop())

type Late = WorkflowHandle<typeof lateMoney>

/** Money that settled after the end, and its story. */
async function startLate(amount = PRICE): Promise<Late> {
  const paymentId = randomUUID()
  const input = { paymentId, amount } as never
  books.payments.set(paymentId, { input, status: 'settled', reason: '', counted: false })
  return world.env.client.workflow.start<typeof lateMoney>('lateMoney', {
    workflowId: lateMoneyWorkflowId(paymentId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ paymentId }],
  })
}
const begin = async () => {
  const wish = buildReservationInput(randomUUID())
  await books.activities.holdReservation(wish)
  books.status = 'expired'
}
/** Once the offer stands; before that the update is refused. */
async function choose(story: Late, choice: OfferChoice): Promise<OfferAnswer> {
  while (books.offerStatus === null) await world.env.sleep('1 second')
  await world.env.sleep('1 second')
  return story.executeUpdate(chooseOffer, { args: [choice] })
}
const called = (name: string) => books.calls.filter((one) => one === name).length

describe('an offer', () => {
  it('that is taken resumes the booking', () =>
    world.during(books.activities, async () => {
      await begin()
      const story = await startLate()
      expect(await choose(story, { optionId: 'suv' })).toEqual({ outcome: 'taken' })
      expect(await story.result()).toEqual({ outcome: 'rebooked' })
      expect(books.status).toBe('confirmed')
      expect(called('openRefund')).toBe(0)
    }))

  it('that is declined gives the money back at once', () =>
    world.during(books.activities, async () => {
      const story = await startLate()
      expect(await choose(story, 'refund')).toEqual({ outcome: 'refunding' })
      expect(await story.result()).toEqual({ outcome: 'refunding' })
      expect(books.offerStatus).toBe('declined')
    }))

  it('that nobody answers gives the money back after half an hour, not before', () =>
    world.during(books.activities, async () => {
      const story = await startLate()
      await world.env.sleep(HALF_HOUR - 5_000)
      expect(books.offerStatus).toBe('open')
      expect(await story.result()).toEqual({ outcome: 'refunding' })
      expect(books.offerStatus).toBe('expired')
    }))

  it('is refused once it is over, and the money has gone back', () =>
    world.during(books.activities, async () => {
      const story = await startLate()
      await world.env.sleep(HALF_HOUR + 1_000)
      await expect(choose(story, { optionId: 'suv' })).rejects.toThrow()
      expect(await story.result()).toEqual({ outcome: 'refunding' })
      expect(called('takeOffer')).toBe(0)
    }))

  it('whose car is gone leaves the others to choose', () =>
    world.during(books.activities, async () => {
      await begin()
      const story = await startLate()
      expect(await choose(story, { optionId: 'sold' })).toEqual({ outcome: 'gone' })
      expect(await choose(story, { optionId: 'van' })).toEqual({ outcome: 'taken' })
      expect(await story.result()).toEqual({ outcome: 'rebooked' })
    }))

  it('of which nothing is left gives the money back', () =>
    world.during(books.activities, async () => {
      books.offer?.cars.clear()
      const story = await startLate()
      expect(await choose(story, { optionId: 'suv' })).toEqual({ outcome: 'refunding' })
      expect(await story.result()).toEqual({ outcome: 'refunding' })
    }))

  it('answered twice at once is answered once', () =>
    world.during(books.activities, async () => {
      await begin()
      const story = await startLate()
      while (books.offerStatus === null) await world.env.sleep('1 second')
      await world.env.sleep('1 second')
      const both = [{ optionId: 'suv' }, 'refund'] as const
      const answers = await Promise.allSettled(
        both.map((choice) => story.executeUpdate(chooseOffer, { args: [choice] })),
      )
      const heard = answers.flatMap((one) =>
        one.status === 'fulfilled' ? [one.value.outcome] : [],
      )
      expect(new Set(heard).size).toBe(1)
      expect(called('takeOffer') + called('closeOffer')).toBe(1)
      await story.result()
    }))
})

describe('two late payments of one booking', () => {
  it('have one offer; taking it counts both', () =>
    world.during(books.activities, async () => {
      await begin()
      const one = await startLate(HALF)
      while (books.offerStatus === null) await world.env.sleep('1 second')
      const two = await startLate(HALF)
      await choose(one, { optionId: 'suv' })
      expect(await one.result()).toEqual({ outcome: 'rebooked' })
      await two.result()
      expect([...books.payments.values()].map(({ counted }) => counted)).toEqual([true, true])
      expect(called('openRefund')).toBe(0)
    }))

  it('both go back when it is declined, without waiting for the half hour', () =>
    world.during(books.activities, async () => {
      const one = await startLate(HALF)
      while (books.offerStatus === null) await world.env.sleep('1 second')
      const two = await startLate(HALF)
      await world.env.sleep('5 seconds')
      const before = await world.env.currentTimeMs()
      await choose(one, 'refund')
      expect(await Promise.all([one.result(), two.result()])).toEqual([
        { outcome: 'refunding' },
        { outcome: 'refunding' },
      ])
      expect((await world.env.currentTimeMs()) - before).toBeLessThan(5 * MINUTE_MS)
    }))
})
