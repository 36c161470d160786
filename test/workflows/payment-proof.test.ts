/** Whatever is in doubt is cleared up by M-Pesa itself, before a person is troubled and without asking the phone again. */
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { paymentWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import { resolveManually } from '../../workflows/parking.ts'
import { awaitPrompt, paymentReported } from '../../workflows/payment-messages.ts'
import type { payment } from '../../workflows/payment.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const ASKED = shillings(6_500)
let world: WorkflowEnvironment
let books: FakeBooks
beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(ASKED, () => clock)
  books.claimed = 'UKL5ABC12D'
  books.query = async () => ({ outcome: 'paid' })
})
afterEach(() => world.stop())

async function start(paymentId: string = randomUUID()) {
  const input: PaymentInput = {
    paymentId,
    purpose: 'reservation',
    ownerId: randomUUID(),
    ownerNumber: 'RSV-26-000001',
    partyId: 'p1',
    customerId: 'c1',
    actorId: 'c1',
    phone: '+254712345678',
    amount: ASKED,
  }
  return world.env.client.workflow.start<typeof payment>('payment', {
    workflowId: paymentWorkflowId(input.paymentId),
    taskQueue: TASK_QUEUES.payments,
    args: [input],
  })
}
type Payment = Awaited<ReturnType<typeof start>>

async function report(handle: Payment, amount: number) {
  const messageId = randomUUID()
  books.reports.set(messageId, { result: '0', amount: shillings(amount) })
  await handle.signal(paymentReported, { messageId })
}
const questions = () => books.calls.filter((name) => name === 'requestTransactionStatus').length

const LOST = { outcome: 'unknown', why: 'the answer to our request was lost' } as const

it.each<[string, FakeBooks['push'] | null]>([
  ['', null],
  [
    ', also when the answer to our push was lost, and with it the id to ask about',
    async () => LOST,
  ],
])('is settled by the answer to our question about its receipt%s', (_, push) =>
  world.during(books.activities, async () => {
    if (push) books.push = push
    const handle = await start()
    await report(handle, 6_499)
    await world.env.sleep('1 minute')
    expect(questions()).toBe(1)
    await report(handle, 6_500)
    expect(await handle.result()).toMatchObject({ outcome: 'settled' })
  }),
)

it('waits for a person when M-Pesa has not said after three questions', () =>
  world.during(books.activities, async () => {
    const handle = await start()
    await report(handle, 6_499)
    await world.env.sleep('20 minutes')
    expect(questions()).toBe(3)
    const how = { reason: 'seen in the portal', actorId: 'ops', receipt: 'UKL5ABC12D' }
    await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
    expect(await handle.result()).toMatchObject({ outcome: 'settled' })
  }))

const REFUSED = { outcome: 'refused', reason: { code: '1', class: 'N' } } as const

it.each<[string, FakeBooks['push'] | null]>([
  ['settled', null],
  ['refused', async () => REFUSED],
])('put back to its beginning, one that was %s says so again and asks nobody', (outcome, push) =>
  world.during(books.activities, async () => {
    if (push) books.push = push
    const first = await start()
    const { paymentId } = (await first.result()) as { paymentId: string }
    const asked = books.calls.length
    const again = await start(paymentId)
    expect(await again.result()).toMatchObject({ outcome })
    expect(books.calls.slice(asked)).toEqual(['openPayment', 'readDecision'])
  }),
)

it('put back to its beginning with its prompt on the phone, it waits for that and sends no other', () =>
  world.during(books.activities, async () => {
    books.query = async () => ({ outcome: 'pending' })
    const paymentId = randomUUID()
    const first = await start(paymentId)
    await first.executeUpdate(awaitPrompt)
    const row = books.payments.get(paymentId)
    if (row) row.status = 'prompted'
    await first.terminate('put back')
    books.query = async () => ({ outcome: 'paid' })
    const again = await start(paymentId)
    expect(await again.result()).toMatchObject({ outcome: 'settled' })
    expect(books.calls.filter((name) => name === 'requestStkPush')).toHaveLength(1)
  }))
