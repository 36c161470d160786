/** A booking that stands only when everybody has paid, over its deadlines. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client'
import {
  paymentWorkflowId,
  refundWorkflowId,
  reservationWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { DEFAULT_POLICY, type ReservationInput } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { coverShare, shrinkOrder } from '../../workflows/charge-messages.ts'
import { paymentReported } from '../../workflows/payment-messages.ts'
import { awaitHold, requestPayment } from '../../workflows/reservation-messages.ts'
import type { reservation } from '../../workflows/reservation.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let books: FakeBooks
let clock = 0

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  clock = await world.env.currentTimeMs()
  books = createFakeBooks(shillings(6_500), () => clock)
})
afterEach(() => world.stop())

type Booking = WorkflowHandle<typeof reservation>

async function hold(): Promise<Booking> {
  const input: ReservationInput = {
    reservationId: randomUUID(),
    customerId: 'c1',
    actorId: 'c1',
    trip: {
      categoryCode: 'SEDAN',
      vehicleId: null,
      pickupLocation: 'NBO-JKIA',
      returnLocation: 'NBO-JKIA',
      pickupAt: new Date(clock + 3 * DAY_MS).toISOString(),
      returnAt: new Date(clock + 5 * DAY_MS).toISOString(),
    },
    parties: ['p1', 'p2'].map((id) => ({ id, name: id, phone: '+254712345678', share: null })),
    specialRequests: null,
    policy: DEFAULT_POLICY,
    mode: 'all_or_nobody',
  }
  const workflowId = reservationWorkflowId(input.reservationId)
  const operation = new WithStartWorkflowOperation<typeof reservation>('reservation', {
    workflowId,
    taskQueue: TASK_QUEUES.business,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  await world.env.client.workflow.executeUpdateWithStart(awaitHold, {
    startWorkflowOperation: operation,
  })
  return world.env.client.workflow.getHandle<typeof reservation>(workflowId)
}

async function pay(booking: Booking, amount: number, phone: string) {
  const paymentId = randomUUID()
  const wish = { paymentId, partyId: 'p1', phone, amount: shillings(amount), actorId: 'c1' }
  await booking.executeUpdate(requestPayment, { args: [wish] })
  const messageId = randomUUID()
  books.reports.set(messageId, { result: '0', amount: shillings(amount) })
  const handle = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
  await handle.signal(paymentReported, { messageId })
  await handle.result()
  return paymentId
}

describe('a booking that stands only when all have paid', () => {
  it('waits for the others once after its deadline, then everybody gets their money back', () =>
    world.during(books.activities, async () => {
      books.charge.coverFor = DAY_MS + 2 * HOUR_MS
      const booking = await hold()
      const paymentId = await pay(booking, 3_250, '+254712345671')
      expect(await booking.result()).toEqual({ status: 'expired' })
      expect(books.calls.filter((call) => call === 'openCover')).toHaveLength(2)
      const refund = world.env.client.workflow.getHandle(refundWorkflowId(paymentId))
      expect((await refund.describe()).type).toBe('refund')
    }))

  it('stands when the others take the share over and pay it', () =>
    world.during(books.activities, async () => {
      books.charge.coverFor = 2 * DAY_MS
      const booking = await hold()
      await pay(booking, 3_250, '+254712345671')
      await world.env.sleep(DAY_MS + HOUR_MS)
      const wish = { partyId: 'p1', forPartyId: 'p2', actorId: 'c1' }
      expect(await booking.executeUpdate(coverShare, { args: [wish] })).toEqual({ added: 100 })
      await pay(booking, 3_250, '+254712345672')
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('is one car, which cannot be made smaller', () =>
    world.during(books.activities, async () => {
      const booking = await hold()
      const wish = { partyId: 'p2', actorId: 'c1' }
      const shrunk = booking.executeUpdate(shrinkOrder, { args: [wish] })
      await expect(shrunk).rejects.toMatchObject({ cause: { type: 'NOT_SHRINKABLE' } })
      await booking.terminate()
    }))
})
