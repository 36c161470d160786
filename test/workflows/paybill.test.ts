/** The story of money sent by hand: it waits for a prompt, for a person, and never ends without an owner. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client'
import { paymentWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings, ZERO } from '../../domain/money.ts'
import type { Allocation, PaybillStanding } from '../../domain/paybill.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import { allocatePayment, paybillReported, returnMoney } from '../../workflows/paybill-messages.ts'
import type { payment } from '../../workflows/payment.ts'
import type { paybillPayment } from '../../workflows/paybill-payment.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const AMOUNT = shillings(6_500)
const RECEIPT = 'UKL5ABC12D'
let world: WorkflowEnvironment
let books: FakeBooks
let paymentId: string

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(AMOUNT, () => clock)
  paymentId = randomUUID()
})
afterEach(() => world.stop())

type Story = WorkflowHandle<typeof paybillPayment>

const settled = (ownerOpen = true): PaybillStanding => ({
  standing: 'settled',
  paymentId,
  ownerOpen,
  told: { purpose: 'reservation', ownerId: 'r1', number: 'RSV-26-000001' },
})
const waiting: PaybillStanding = { standing: 'waiting', receipt: RECEIPT, amount: AMOUNT }
const unmatched: PaybillStanding = { standing: 'unmatched', receipt: RECEIPT, amount: AMOUNT }

/** One after the other; the last one stays. */
const standings = (...list: PaybillStanding[]) => {
  books.match = () => (list.length > 1 ? list.shift() : list[0]) as PaybillStanding
}
const allocated = (wish: Allocation) => {
  standings(settled())
  const { purpose, ownerId } = wish.target
  const told = { purpose, ownerId, number: 'RSV-26-000001' }
  return { outcome: 'allocated' as const, paymentId, applied: AMOUNT, credited: ZERO, told }
}

/** As Daraja's door does it. */
const report = (): Promise<Story> =>
  world.env.client.workflow.signalWithStart<typeof paybillPayment, [{ messageId: string }]>(
    'paybillPayment',
    {
      workflowId: paymentWorkflowId(paymentId),
      taskQueue: TASK_QUEUES.payments,
      args: [{ paymentId }],
      signal: paybillReported,
      signalArgs: [{ messageId: randomUUID() }],
    },
  )

const promptOf = (ownerId: string): Omit<PaymentInput, 'paymentId'> => ({
  purpose: 'reservation',
  ownerId,
  ownerNumber: 'RSV-26-000001',
  partyId: 'p1',
  customerId: 'c1',
  actorId: 'c1',
  phone: '+254712345678',
  amount: AMOUNT,
})

const wish = (ownerId = 'r1'): Allocation => ({
  target: { purpose: 'reservation', ownerId },
  actorId: 'finance',
  why: 'she called',
})
const looks = () => books.calls.filter((name) => name === 'matchPaybill').length
/** What a refused update says. The test server may lose one, which is then said again; after the end it is too late. */
async function allocate(story: Story, what = wish()) {
  for (;;) {
    const answer = await story
      .executeUpdate(allocatePayment, { args: [what] })
      .catch((error: unknown) => error as Error & { cause?: { type?: string } })
    if ('applied' in answer || answer.cause?.type) return answer
    const ended = answer instanceof WorkflowNotFoundError && !answer.message.startsWith('update ')
    if (ended) return { cause: { type: 'MONEY_TAKEN' } }
    if (!(answer instanceof WorkflowNotFoundError)) throw answer
  }
}

describe('money by hand', () => {
  it('that names a booking is counted at the first look', () =>
    world.during(books.activities, async () => {
      standings(settled())
      expect(await (await report()).result()).toEqual({ outcome: 'settled' })
      expect(looks()).toBe(1)
    }))

  it('waits while a prompt may have brought it', () =>
    world.during(books.activities, async () => {
      standings(waiting, waiting, waiting, settled())
      expect(await (await report()).result()).toEqual({ outcome: 'settled' })
      expect(looks()).toBe(4)
    }))

  it('ends the watch of the prompt whose money it was', () =>
    world.during(books.activities, async () => {
      const prompt = randomUUID()
      const { workflow } = world.env.client
      const watched = await workflow.start<typeof payment>('payment', {
        workflowId: paymentWorkflowId(prompt),
        taskQueue: TASK_QUEUES.payments,
        args: [{ ...promptOf('r1'), paymentId: prompt }],
      })
      const found = settled()
      standings(waiting, { ...found, paymentId: prompt } as PaybillStanding)
      expect(await (await report()).result()).toEqual({ outcome: 'settled' })
      expect(await watched.result()).toMatchObject({ outcome: 'settled', paymentId: prompt })
      expect(books.calls).toContain('settleFromReceipt')
      expect(books.payments.size).toBe(1)
    }))

  it('without an owner waits for days, and a person’s word ends it', () =>
    world.during(books.activities, async () => {
      standings(unmatched)
      books.allocate = allocated
      const story = await report()
      // Between two looks, not at one: the test server forgets a task that ends a timer as it rings (sdk-java 3088).
      await world.env.sleep('84 hours')
      expect((await story.describe()).status.name).toBe('RUNNING')
      expect((await story.describe()).searchAttributes['NeedsAttention']).toEqual([true])
      expect(await allocate(story)).toMatchObject({ applied: AMOUNT, credited: 0 })
      expect(await story.result()).toEqual({ outcome: 'settled' })
      expect((await story.describe()).searchAttributes['NeedsAttention']).toEqual([false])
    }))

  it('is decided by one of two people; the other is told', () =>
    world.during(books.activities, async () => {
      standings(unmatched)
      let free = true
      books.allocate = (one) => {
        if (!free) return { outcome: 'refused', code: 'MONEY_TAKEN', why: 'too late' }
        free = false
        return allocated(one)
      }
      const story = await report()
      const answers = await Promise.all([allocate(story), allocate(story, wish('r2'))])
      expect(answers.filter((one) => 'applied' in one)).toHaveLength(1)
      expect(answers.find((one) => 'cause' in one)).toMatchObject({
        cause: { type: 'MONEY_TAKEN' },
      })
    }))

  it('cannot be given away while it may be a prompt’s', () =>
    world.during(books.activities, async () => {
      standings(waiting)
      const story = await report()
      const refused = await allocate(story)
      expect(refused).toMatchObject({ cause: { type: 'MONEY_WAITING' } })
      standings(settled())
      expect(await story.result()).toEqual({ outcome: 'settled' })
    }))

  it('goes back under a new id each time, and never twice at once', async () => {
    const asked: string[] = []
    const openRefund = async ({ refundId }: { refundId: string }) => {
      asked.push(refundId)
      return { outcome: 'refused' as const, why: 'as tested' }
    }
    await world.during({ ...books.activities, openRefund }, async () => {
      standings(unmatched)
      const story = await report()
      while (looks() < 1) await story.describe()
      const wish = { actorId: 'finance', why: 'unknown to us' }
      // The test server may lose an update, which is then said again.
      const back = (): Promise<void> =>
        story.executeUpdate(returnMoney, { args: [wish] }).catch((error: unknown) => {
          if (error instanceof WorkflowNotFoundError) return back()
          throw error
        })
      await back()
      while (asked.length < 1) await story.describe()
      books.returnAskedFor = true
      await expect(back()).rejects.toThrow()
      // The second person said no; it may be asked for again.
      books.returnAskedFor = false
      await back()
      while (asked.length < 2) await story.describe()
      await story.terminate()
    })
    expect(new Set([...asked, paymentId]).size).toBe(3)
  })

  it('stays in the queue when what it should count for has ended', () =>
    world.during(books.activities, async () => {
      standings(unmatched)
      books.allocate = () => ({ outcome: 'refused', code: 'RESERVATION_CLOSED', why: 'ended' })
      const story = await report()
      expect(await allocate(story)).toMatchObject({ cause: { type: 'RESERVATION_CLOSED' } })
      books.allocate = allocated
      expect(await allocate(story)).toMatchObject({ applied: AMOUNT })
      expect(await story.result()).toEqual({ outcome: 'settled' })
    }))

  it('that a prompt claims later leaves the queue by itself', () =>
    world.during(books.activities, async () => {
      standings(unmatched, unmatched, settled())
      expect(await (await report()).result()).toEqual({ outcome: 'settled' })
    }))

  it('reported again while its story runs, and after its end, is looked at and nothing more', () =>
    world.during(books.activities, async () => {
      standings(unmatched, settled())
      await report()
      const story = await report()
      expect(await story.result()).toEqual({ outcome: 'settled' })
      expect(await (await report()).result()).toEqual({ outcome: 'settled' })
    }))

  it('that came too late for its booking looks for a home', () =>
    world.during(books.activities, async () => {
      standings(settled(false))
      const input = { paymentId, amount: AMOUNT } as never
      books.payments.set(paymentId, { input, status: 'settled', reason: '', counted: false })
      books.status = 'expired'
      books.carFree = false
      await (await report()).result()
      const late = world.env.client.workflow.getHandle(`late-money:${paymentId}`)
      expect(await late.result()).toEqual({ outcome: 'refunding' })
    }))
})
