import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client'
import type { ChargeInput, ChargeStatusView } from '../../domain/charges.ts'
import {
  chargeWorkflowId,
  paymentWorkflowId,
  refundWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import type { Tender } from '../../domain/tenders.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import {
  awaitCharge,
  cancelCharge,
  chargeStatus,
  coverShare,
  shrinkOrder,
} from '../../workflows/charge-messages.ts'
import type { charge } from '../../workflows/charge.ts'
import { paymentReported } from '../../workflows/payment-messages.ts'
import { bankMoneyArrived } from '../../workflows/desk-messages.ts'
import {
  declineShare,
  receivePayment,
  requestPayment,
} from '../../workflows/reservation-messages.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const TOTAL = shillings(20_000)
let world: WorkflowEnvironment
let books: FakeBooks
let clock = Date.now()

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  clock = await world.env.currentTimeMs()
  books = createFakeBooks(TOTAL, () => clock)
})
afterEach(() => world.stop())

const buildInput = (over: Partial<ChargeInput> = {}): ChargeInput => ({
  chargeId: randomUUID(),
  type: 'damage',
  customerId: 'c1',
  reservationId: null,
  actorId: 'desk',
  description: 'Left mirror',
  total: TOTAL,
  mode: 'anybody',
  shrinkable: false,
  dueAt: new Date(clock + 3 * DAY_MS).toISOString(),
  parties: [{ id: 'p1', name: 'Wanjiku', phone: '+254712345678', share: null }],
  ...over,
})

type Charge = WorkflowHandle<typeof charge>

async function begin(input: ChargeInput): Promise<Charge> {
  const workflowId = chargeWorkflowId(input.chargeId)
  const operation = new WithStartWorkflowOperation<typeof charge>('charge', {
    workflowId,
    taskQueue: TASK_QUEUES.business,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  })
  await world.env.client.workflow.executeUpdateWithStart(awaitCharge, {
    startWorkflowOperation: operation,
  })
  return world.env.client.workflow.getHandle<typeof charge>(workflowId)
}

async function ask(of: Charge, amount: number, phone = '+254712345678') {
  const paymentId = randomUUID()
  const wish = { paymentId, partyId: 'p1', phone, amount: shillings(amount), actorId: 'c1' }
  await of.executeUpdate(requestPayment, { args: [wish] })
  return paymentId
}

async function pay(of: Charge, amount: number, phone?: string) {
  const paymentId = await ask(of, amount, phone)
  const messageId = randomUUID()
  books.reports.set(messageId, { result: '0', amount: shillings(amount) })
  const handle = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
  await handle.signal(paymentReported, { messageId })
  await handle.result()
  return paymentId
}

async function until(of: Charge, so: (view: ChargeStatusView) => boolean) {
  for (;;) {
    const view = await of.query(chargeStatus)
    if (so(view)) return view
  }
}

const cancel = { reason: 'desk' as const, actorId: 'desk', note: 'not our customer’s fault' }
const refundOf = async (paymentId: string) =>
  (await world.env.client.workflow.getHandle(refundWorkflowId(paymentId)).describe()).type

describe('a charge', () => {
  it('is paid by parts that add up', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      await pay(of, 5_000)
      expect(await until(of, ({ paid }) => paid > 0)).toMatchObject({ status: 'processing' })
      await pay(of, 15_000, '+254711000000')
      expect(await of.result()).toEqual({ status: 'paid' })
    }))

  it('is one charge for a double click', () =>
    world.during(books.activities, async () => {
      const input = buildInput()
      await Promise.all([begin(input), begin(input)])
      expect(books.calls.filter((call) => call === 'openCharge')).toHaveLength(1)
    }))

  it('refuses more than the balance and a second request on one phone', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      await expect(ask(of, 20_001)).rejects.toMatchObject({
        cause: { type: 'AMOUNT_ABOVE_BALANCE' },
      })
      await ask(of, 100)
      await expect(ask(of, 100)).rejects.toMatchObject({ cause: { type: 'PUSH_OPEN' } })
      await of.terminate()
    }))

  it('expires at its deadline and sends back what came', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      const paymentId = await pay(of, 5_000)
      expect(await of.result()).toEqual({ status: 'expired' })
      expect(await refundOf(paymentId)).toBe('refund')
      expect((await world.env.currentTimeMs()) - clock).toBeGreaterThan(3 * DAY_MS - HOUR_MS)
    }))

  it('that is cancelled sends back what came', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      const paymentId = await pay(of, 5_000)
      const ended = await of.executeUpdate(cancelCharge, { args: [cancel] })
      expect(ended).toEqual({ status: 'cancelled', refunds: [{ paymentId }] })
      expect(await of.result()).toEqual({ status: 'cancelled' })
      expect(await refundOf(paymentId)).toBe('refund')
    }))

  it('that was paid is begun again to be cancelled', () =>
    world.during(books.activities, async () => {
      const input = buildInput()
      const first = await begin(input)
      const paymentId = await pay(first, 20_000)
      expect(await first.result()).toEqual({ status: 'paid' })
      const again = await begin({ ...input, parties: [], resumed: true })
      await again.executeUpdate(cancelCharge, { args: [cancel] })
      expect(await again.result()).toEqual({ status: 'cancelled' })
      expect(await refundOf(paymentId)).toBe('refund')
    }))

  it('begun again and told nothing stays paid', () =>
    world.during(books.activities, async () => {
      const input = buildInput()
      const first = await begin(input)
      await pay(first, 20_000)
      await first.result()
      const again = await begin({ ...input, parties: [], resumed: true })
      expect(await again.result()).toEqual({ status: 'paid' })
    }))

  it('ends when everybody says that they do not pay', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      await of.executeUpdate(declineShare, { args: [{ partyId: 'p1' }] })
      expect(await of.result()).toEqual({ status: 'cancelled' })
    }))
})

describe('at the desk', () => {
  const hand = async (of: Charge, tender: Tender, amount = TOTAL) => {
    const wish = { paymentId: randomUUID(), partyId: 'p1', amount, actorId: 'clerk', tender }
    await of.executeUpdate(receivePayment, { args: [wish] })
    return wish.paymentId
  }

  it.each<[string, Tender]>([
    ['cash', { method: 'cash', given: TOTAL, keepChange: false }],
    ['a card slip', { method: 'credit_card', terminal: 'T1', slip: '123' }],
    ['a company’s account', { method: 'account', companyId: randomUUID() }],
    ['credit', { method: 'credit' }],
  ])('a charge is paid by %s, and no phone rings', (_name, tender) =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      await hand(of, tender)
      expect(await of.result()).toEqual({ status: 'paid' })
      expect(books.calls.filter((call) => call === 'takePayment')).toHaveLength(1)
      expect(books.calls).not.toContain('requestStkPush')
    }),
  )

  it('a charge is paid by a transfer once the bank shows it', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      const paymentId = await hand(of, { method: 'bank_transfer', reference: 'FT26 001' })
      const handle = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
      await handle.signal(bankMoneyArrived, { bankLineId: randomUUID() })
      expect(await of.result()).toEqual({ status: 'paid' })
    }))

  it('refuses more than the balance, and too little cash', () =>
    world.during(books.activities, async () => {
      const of = await begin(buildInput())
      const cash = (given: Cents): Tender => ({ method: 'cash', given, keepChange: false })
      const above = shillings(20_001)
      await expect(hand(of, cash(above), above)).rejects.toMatchObject({
        cause: { type: 'AMOUNT_ABOVE_BALANCE' },
      })
      await expect(hand(of, cash(shillings(1)))).rejects.toMatchObject({
        cause: { type: 'TENDER_REFUSED' },
      })
      await of.terminate()
    }))
})

describe('all or nobody', () => {
  const input = () => buildInput({ mode: 'all_or_nobody', shrinkable: true })

  it('waits once more at the deadline, then gives everybody their money back', () =>
    world.during(books.activities, async () => {
      books.charge.coverFor = 3 * DAY_MS + 2 * HOUR_MS
      const of = await begin(input())
      const paymentId = await pay(of, 5_000)
      expect(await of.result()).toEqual({ status: 'expired' })
      expect(await refundOf(paymentId)).toBe('refund')
      expect(books.calls.filter((call) => call === 'openCover')).toHaveLength(2)
      expect((await world.env.currentTimeMs()) - clock).toBeGreaterThan(3 * DAY_MS + HOUR_MS)
    }))

  it('is paid by the others after they took the share over', () =>
    world.during(books.activities, async () => {
      const of = await begin(input())
      await pay(of, 5_000)
      const wish = { partyId: 'p1', forPartyId: 'p2', actorId: 'c1' }
      expect(await of.executeUpdate(coverShare, { args: [wish] })).toEqual({ added: 100 })
      await pay(of, 15_000, '+254711000000')
      expect(await of.result()).toEqual({ status: 'paid' })
    }))

  it('is paid when it shrinks to what has come', () =>
    world.during(books.activities, async () => {
      const of = await begin(input())
      await pay(of, 10_000)
      const shrunk = await of.executeUpdate(shrinkOrder, {
        args: [{ partyId: 'p2', actorId: 'c1' }],
      })
      expect(shrunk).toEqual({ total: shillings(10_000) })
      expect(await of.result()).toEqual({ status: 'paid' })
    }))
})
