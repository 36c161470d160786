/** M-Pesa is away: the booking is taken, its request waits, its hold lasts, and the phone rings once. */
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation } from '@temporalio/client'
import { paymentWorkflowId, reservationWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DEFAULT_POLICY, type ReservationInput } from '../../domain/reservations.ts'
import { DAY_MS } from '../../domain/time.ts'
import { awaitPrompt, paymentReported } from '../../workflows/payment-messages.ts'
import { awaitHold, requestPayment } from '../../workflows/reservation-messages.ts'
import type { reservation } from '../../workflows/reservation.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const TOTAL = shillings(6_500)
let world: WorkflowEnvironment
let books: FakeBooks
beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(TOTAL, () => clock)
})
afterEach(() => world.stop())

async function hold(): Promise<ReservationInput> {
  const clock = await world.env.currentTimeMs()
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
    parties: [{ id: 'p1', name: 'Wanjiku', phone: '+254712345678', share: null }],
    specialRequests: null,
    policy: DEFAULT_POLICY,
  }
  const operation = new WithStartWorkflowOperation<typeof reservation>('reservation', {
    workflowId: reservationWorkflowId(input.reservationId),
    taskQueue: TASK_QUEUES.business,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  await world.env.client.workflow.executeUpdateWithStart(awaitHold, {
    startWorkflowOperation: operation,
    updateId: 'hold',
  })
  return input
}

/** Away for so many looks; each push meanwhile is turned away at the door. */
function goAway(looks: number) {
  let left = looks
  let pushes = 0
  books.outage = () => (left -= 1) > 0
  books.push = async ({ paymentId }) => {
    pushes += 1
    return pushes === 1
      ? { outcome: 'refused', reason: reasonFor('UNREACHABLE') }
      : { outcome: 'accepted', merchantRequestId: 'm', checkoutRequestId: `ws_${paymentId}` }
  }
  return () => pushes
}

it('queues the request, tells so at once, and sends it once when M-Pesa is back', () =>
  world.during(books.activities, async () => {
    const pushes = goAway(20)
    const { reservationId } = await hold()
    const booking = world.env.client.workflow.getHandle<typeof reservation>(
      reservationWorkflowId(reservationId),
    )
    const paymentId = randomUUID()
    await booking.executeUpdate(requestPayment, {
      args: [{ paymentId, partyId: 'p1', phone: '+254712345678', amount: TOTAL, actorId: 'c1' }],
    })
    const payment = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
    expect(await payment.executeUpdate(awaitPrompt)).toEqual({ outcome: 'queued' })
    await world.env.sleep('10 minutes')
    expect(pushes()).toBe(2)
    const messageId = randomUUID()
    books.reports.set(messageId, { result: '0', amount: TOTAL })
    await payment.signal(paymentReported, { messageId })
    expect(await payment.result()).toMatchObject({ outcome: 'settled' })
    expect(await booking.result()).toEqual({ status: 'completed' })
  }))

it('keeps the car while it lasts, and ends the booking when nobody pays afterwards', () =>
  world.during(books.activities, async () => {
    let looks = 0
    books.outage = () => (looks += 1) <= 3
    const { reservationId } = await hold()
    const booking = world.env.client.workflow.getHandle<typeof reservation>(
      reservationWorkflowId(reservationId),
    )
    expect(await booking.result()).toEqual({ status: 'expired' })
    expect(books.calls.filter((name) => name === 'extendForOutage')).toHaveLength(4)
  }))
