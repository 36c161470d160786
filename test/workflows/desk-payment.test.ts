import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation } from '@temporalio/client'
import {
  lateMoneyWorkflowId,
  paymentWorkflowId,
  reservationWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import {
  TRANSFER_LIMIT_MS,
  type Tender,
  type TenderRequest,
  type TransferFound,
} from '../../domain/tenders.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  bankMoneyArrived,
  confirmTransfer,
  withdrawTransfer,
} from '../../workflows/desk-messages.ts'
import { awaitPrompt } from '../../workflows/payment-messages.ts'
import type { payment } from '../../workflows/payment.ts'
import {
  awaitHold,
  cancelReservation,
  receivePayment,
  reservationStatus,
} from '../../workflows/reservation-messages.ts'
import type { reservation } from '../../workflows/reservation.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const TOTAL = shillings(6_500)
const CASH: Tender = { method: 'cash', given: shillings(7_000), keepChange: false }
const TRANSFER: Tender = { method: 'bank_transfer', reference: 'FT26 001' }
let world: WorkflowEnvironment
let books: FakeBooks
let clock = Date.now()

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  clock = await world.env.currentTimeMs()
  books = createFakeBooks(TOTAL, () => clock)
})
afterEach(() => world.stop())

async function hold() {
  const reservationId = randomUUID()
  const trip = {
    categoryCode: 'SEDAN',
    vehicleId: null,
    pickupLocation: 'NBO-JKIA',
    returnLocation: 'NBO-JKIA',
    pickupAt: new Date(clock + 30 * DAY_MS).toISOString(),
    returnAt: new Date(clock + 32 * DAY_MS).toISOString(),
  }
  const parties = [{ id: 'p1', name: 'Wanjiku', phone: '+254712345678', share: null }]
  const who = { customerId: 'c1', actorId: 'c1', specialRequests: null }
  const operation = new WithStartWorkflowOperation<typeof reservation>('reservation', {
    workflowId: reservationWorkflowId(reservationId),
    taskQueue: TASK_QUEUES.business,
    args: [{ reservationId, trip, parties, policy: DEFAULT_POLICY, ...who }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  await world.env.client.workflow.executeUpdateWithStart(awaitHold, {
    startWorkflowOperation: operation,
    updateId: 'hold',
  })
  return world.env.client.workflow.getHandle<typeof reservation>(
    reservationWorkflowId(reservationId),
  )
}
type Booking = Awaited<ReturnType<typeof hold>>

const paymentOf = (id: string) =>
  world.env.client.workflow.getHandle<typeof payment>(paymentWorkflowId(id))

async function hand(booking: Booking, tender: Tender, over: Partial<TenderRequest> = {}) {
  const request = { paymentId: randomUUID(), partyId: 'p1', amount: TOTAL, actorId: 'clerk' }
  const wish = { ...request, tender, ...over }
  const updateId = `receive:${wish.paymentId}`
  await booking.executeUpdate(receivePayment, { args: [wish], updateId })
  return wish.paymentId
}

describe('money at the desk', () => {
  it.each<[string, Tender]>([
    ['cash', CASH],
    ['a card slip', { method: 'credit_card', terminal: 'T1', slip: '123' }],
    ['a company’s account', { method: 'account', companyId: randomUUID() }],
    ['credit', { method: 'credit' }],
  ])('pays a booking by %s, and rings no phone', (_name, tender) =>
    world.during(books.activities, async () => {
      const booking = await hold()
      const paymentId = await hand(booking, tender)
      expect(await paymentOf(paymentId).result()).toMatchObject({
        outcome: 'settled',
        ownerOpen: true,
      })
      expect(await booking.result()).toEqual({ status: 'completed' })
      expect(books.calls.filter((call) => call === 'takePayment')).toHaveLength(1)
      expect(books.calls).not.toContain('requestStkPush')
    }),
  )

  it('is one payment when the button was pressed twice', () =>
    world.during(books.activities, async () => {
      const booking = await hold()
      const paymentId = randomUUID()
      await Promise.all([1, 2].map(() => hand(booking, CASH, { paymentId })))
      await paymentOf(paymentId).result()
      expect(await booking.result()).toEqual({ status: 'completed' })
      expect(books.calls.filter((call) => call === 'takePayment')).toHaveLength(1)
    }))

  it('survives a step whose answer is lost: it is done again, and counts once', () =>
    world.during(books.activities, async () => {
      const take = books.take
      let lost = 0
      books.take = async (wish) => {
        const taken = await take(wish)
        if ((lost += 1) === 1) throw new Error('the worker died after the step')
        return taken
      }
      const booking = await hold()
      await hand(booking, CASH)
      expect(await booking.result()).toEqual({ status: 'completed' })
      expect(lost).toBe(2)
      expect(books.payments.size).toBe(1)
    }))

  it('says why it was not taken, and the booking stays open', () =>
    world.during(books.activities, async () => {
      books.take = async () => ({ outcome: 'refused', reason: reasonFor('NO_TILL') })
      const booking = await hold()
      const paymentId = await hand(booking, CASH)
      expect(await paymentOf(paymentId).result()).toMatchObject({
        outcome: 'refused',
        reason: { code: 'NO_TILL' },
      })
      expect(await booking.query(reservationStatus)).toMatchObject({ status: 'pending', paid: 0 })
      await booking.terminate()
    }))

  it('is refused above the balance, with too little cash, and after the end', () =>
    world.during(books.activities, async () => {
      const booking = await hold()
      const refused = (type: string) => ({ cause: { type } })
      const more = { amount: shillings(6_501) }
      await expect(hand(booking, CASH, more)).rejects.toMatchObject(refused('AMOUNT_ABOVE_BALANCE'))
      const little: Tender = { ...CASH, given: shillings(100) }
      await expect(hand(booking, little)).rejects.toMatchObject(refused('TENDER_REFUSED'))
      const wish = { reason: 'desk' as const, actorId: 'clerk', note: null }
      await booking.executeUpdate(cancelReservation, { args: [wish] })
      await booking.result()
      await expect(hand(booking, CASH)).rejects.toThrow()
      expect(books.payments.size).toBe(0)
    }))
})

describe('a bank transfer', () => {
  const announce = async () => {
    const booking = await hold()
    const paymentId = await hand(booking, TRANSFER)
    const answer = await paymentOf(paymentId).executeUpdate(awaitPrompt)
    expect(answer).toMatchObject({ outcome: 'prompted' })
    return { booking, paymentId }
  }

  it('settles when the bank’s list shows it', () =>
    world.during(books.activities, async () => {
      const { paymentId } = await announce()
      const line = { bankLineId: randomUUID() }
      await paymentOf(paymentId).signal(bankMoneyArrived, line)
      await paymentOf(paymentId).signal(bankMoneyArrived, line)
      expect(await paymentOf(paymentId).result()).toMatchObject({ outcome: 'settled' })
      expect(books.calls.filter((call) => call === 'settleTransfer')).toHaveLength(1)
    }))

  it('settles when finance saw it', () =>
    world.during(books.activities, async () => {
      const { paymentId } = await announce()
      const seen = { reference: 'FT26 001', actorId: 'finance' }
      await paymentOf(paymentId).executeUpdate(confirmTransfer, { args: [seen] })
      expect(await paymentOf(paymentId).result()).toMatchObject({ outcome: 'settled' })
    }))

  it('that would become much credit is waited for as before, until the bank’s list shows it', () => {
    const words = 'the bank’s list has to show it'
    const settleTransfer = async (paymentId: string, found: TransferFound) =>
      found.by === 'hand'
        ? { outcome: 'needs_list' as const, why: words }
        : books.activities.settleTransfer(paymentId, found)
    return world.during({ ...books.activities, settleTransfer }, async () => {
      const { paymentId } = await announce()
      const seen = { reference: 'FT26 001', actorId: 'finance' }
      const confirmed = paymentOf(paymentId).executeUpdate(confirmTransfer, { args: [seen] })
      await expect(confirmed).rejects.toMatchObject({ cause: { type: 'SECOND_PERSON' } })
      await paymentOf(paymentId).signal(bankMoneyArrived, { bankLineId: randomUUID() })
      expect(await paymentOf(paymentId).result()).toMatchObject({ outcome: 'settled' })
    })
  })

  it('is refused only when a person says that it will not come', () =>
    world.during(books.activities, async () => {
      const { paymentId } = await announce()
      await world.env.sleep(TRANSFER_LIMIT_MS + DAY_MS)
      const handle = paymentOf(paymentId)
      expect((await handle.describe()).status.name).toBe('RUNNING')
      const why = { reason: 'never sent', actorId: 'finance' }
      await handle.executeUpdate(withdrawTransfer, { args: [why] })
      expect(await handle.result()).toMatchObject({ reason: { code: 'TRANSFER_WITHDRAWN' } })
    }))

  it('that comes after the booking’s end is late money', () =>
    world.during(books.activities, async () => {
      const { booking, paymentId } = await announce()
      const wish = { reason: 'desk' as const, actorId: 'clerk', note: null }
      await booking.executeUpdate(cancelReservation, { args: [wish] })
      await booking.result()
      await paymentOf(paymentId).signal(bankMoneyArrived, { bankLineId: randomUUID() })
      expect(await paymentOf(paymentId).result()).toMatchObject({ ownerOpen: false })
      const late = world.env.client.workflow.getHandle(lateMoneyWorkflowId(paymentId))
      expect((await late.describe()).type).toBe('lateMoney')
    }))
})
