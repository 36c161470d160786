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
import { reasonFor } from '../../domain/payment-results.ts'
import {
  DEFAULT_POLICY,
  type CarSwap,
  type ReservationInput,
  type ReservationStatusView,
} from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { resolveManually, retryStep } from '../../workflows/parking.ts'
import { awaitPrompt, paymentReported } from '../../workflows/payment-messages.ts'
import {
  awaitHold,
  cancelReservation,
  declineShare,
  requestPayment,
  reservationStatus,
} from '../../workflows/reservation-messages.ts'
import type { reservation } from '../../workflows/reservation.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const TOTAL = shillings(6_500)
let world: WorkflowEnvironment
let books: FakeBooks
let clock = Date.now()

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  clock = await world.env.currentTimeMs()
  books = createFakeBooks(TOTAL, () => clock)
})

const buildInput = (over: Partial<ReservationInput> = {}): ReservationInput => ({
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
  ...over,
})

type Booking = WorkflowHandle<typeof reservation>

/** From the environment's client: its `result()` lets the time pass. */
const bookingOf = (id: string): Booking =>
  world.env.client.workflow.getHandle<typeof reservation>(reservationWorkflowId(id))

async function hold(input: ReservationInput): Promise<Booking> {
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
  return bookingOf(input.reservationId)
}

async function ask(booking: Booking, amount: number, phone = '+254712345678') {
  const paymentId = randomUUID()
  const wish = { paymentId, partyId: 'p1', phone, amount: shillings(amount), actorId: 'c1' }
  await booking.executeUpdate(requestPayment, { args: [wish] })
  return paymentId
}

async function report(paymentId: string, result: string, amount?: number) {
  const messageId = randomUUID()
  books.reports.set(messageId, {
    result,
    ...(amount === undefined ? {} : { amount: shillings(amount) }),
  })
  await world.env.client.workflow
    .getHandle(paymentWorkflowId(paymentId))
    .signal(paymentReported, { messageId })
}

/** Asks again until it is so; the test's own time limit ends what never becomes true. */
async function until(booking: Booking, so: (view: ReservationStatusView) => boolean) {
  for (;;) {
    const view = await booking.query(reservationStatus)
    if (so(view)) return view
  }
}

const outcomeOf = (paymentId: string) =>
  world.env.client.workflow.getHandle(paymentWorkflowId(paymentId)).result()

afterEach(() => world.stop())

describe('a reservation', () => {
  it('is confirmed when it is paid in full, and completed when the car is back', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_500)
      expect(await outcomeOf(paymentId)).toMatchObject({ outcome: 'settled', ownerOpen: true })
      expect(await booking.result()).toEqual({ status: 'completed' })
      expect(books.calls.filter((call) => call === 'requestStkPush')).toHaveLength(1)
    }))

  it('adds up what three people pay: processing, then confirmed', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const phones = ['+254712345671', '+254712345672', '+254712345673']
      const ids = await Promise.all(
        phones.map((phone, index) => ask(booking, index === 0 ? 2_500 : 2_000, phone)),
      )
      await report(ids[1] as string, '0', 2_000)
      await outcomeOf(ids[1] as string)
      const status = await until(booking, ({ paid }) => paid > 0)
      expect(status).toMatchObject({ status: 'processing', balance: shillings(4_500) })
      await report(ids[0] as string, '0', 2_500)
      await report(ids[2] as string, '0', 2_000)
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('ends by itself when nobody pays, and frees the car', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      expect(await booking.result()).toEqual({ status: 'expired' })
      expect(books.calls).toEqual([
        'holdReservation',
        'progressReservation',
        'extendForOutage',
        'endReservation',
      ])
    }))

  it('waits longer once something is paid, reminds, then gives the money back', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 2_000)
      await report(paymentId, '0', 2_000)
      expect(await booking.result()).toEqual({ status: 'expired' })
      expect(books.calls).toContain('remindReservation')
      const refund = world.env.client.workflow.getHandle(refundWorkflowId(paymentId))
      expect((await refund.describe()).type).toBe('refund')
      const lasted = (await world.env.currentTimeMs()) - clock
      expect(lasted).toBeGreaterThan(23 * HOUR_MS)
    }))

  it('lets a refused payment be tried again while the hold lives', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const first = await ask(booking, 6_500)
      await report(first, '1032')
      expect(await outcomeOf(first)).toMatchObject({ outcome: 'refused', reason: { code: '1032' } })
      const second = await ask(booking, 6_500)
      await report(second, '0', 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('refuses more than the balance, a second prompt on one phone, and fractions', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      await expect(ask(booking, 6_501)).rejects.toMatchObject({
        cause: { type: 'AMOUNT_ABOVE_BALANCE' },
      })
      await expect(ask(booking, 0)).rejects.toMatchObject({
        cause: { type: 'AMOUNT_OUT_OF_RANGE' },
      })
      await ask(booking, 1_000)
      await expect(ask(booking, 1_000)).rejects.toMatchObject({ cause: { type: 'PUSH_OPEN' } })
      await expect(ask(booking, 6_000, '+254711000000')).rejects.toMatchObject({
        cause: { type: 'AMOUNT_ABOVE_BALANCE' },
      })
      await booking.terminate()
    }))

  it('is cancelled on request and sends back what was paid', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_500)
      await outcomeOf(paymentId)
      const wish = { reason: 'customer' as const, actorId: 'c1', note: null }
      const end = await booking.executeUpdate(cancelReservation, { args: [wish] })
      expect(end).toMatchObject({ status: 'cancelled', refunds: [{ paymentId }] })
      expect(await booking.result()).toEqual({ status: 'cancelled' })
      const refund = world.env.client.workflow.getHandle(refundWorkflowId(paymentId))
      expect((await refund.describe()).type).toBe('refund')
    }))

  it('that ends gives other cars to those it strands, and waits for a person when there is none', () =>
    world.during(books.activities, async () => {
      books.stranded = 'next'
      const answers: CarSwap[] = [
        { outcome: 'swapped', next: 'one more' },
        { outcome: 'none_free', number: 'RSV-26-000009' },
        { outcome: 'swapped', next: null },
      ]
      books.swap = async () => answers.shift() ?? { outcome: 'stands' }
      const booking = await hold(buildInput())
      const wish = { reason: 'customer' as const, actorId: 'c1', note: null }
      await booking.executeUpdate(cancelReservation, { args: [wish] })
      await whenParked(() => booking.executeUpdate(retryStep))
      expect(await booking.result()).toEqual({ status: 'cancelled' })
      expect(books.calls.filter((call) => call === 'swapCar')).toHaveLength(3)
    }))

  it('cannot be cancelled once the car is on the road', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_500)
      await outcomeOf(paymentId)
      await world.env.sleep(3 * DAY_MS + HOUR_MS)
      const wish = { reason: 'customer' as const, actorId: 'c1', note: null }
      const cancelled = booking.executeUpdate(cancelReservation, { args: [wish] })
      await expect(cancelled).rejects.toMatchObject({ cause: { type: 'RESERVATION_CLOSED' } })
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('counts at its deadline what the books know and nobody told', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 2_000)
      await until(booking, () => books.payments.has(paymentId))
      const settled = books.payments.get(paymentId)
      Object.assign(settled ?? {}, { status: 'settled', counted: true })
      Object.assign(settled?.input ?? {}, { amount: TOTAL })
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('begun again counts first what was paid while nobody ran', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput({ resumed: true }))
      await until(booking, () => books.calls.includes('progressReservation'))
      expect(await booking.result()).toEqual({ status: 'expired' })
    }))

  it('ends when everybody says that they do not pay', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      await booking.executeUpdate(declineShare, { args: [{ partyId: 'p1' }] })
      expect(await booking.result()).toEqual({ status: 'cancelled' })
    }))

  it('gives a prompt that is still out at the deadline its last moment', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      await world.env.sleep(DEFAULT_POLICY.holdMs - 20_000)
      const paymentId = await ask(booking, 6_500)
      await world.env.sleep(30_000)
      await report(paymentId, '0', 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('counts one payment once, however often its report comes', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 2_000)
      await Promise.all([1, 2, 3].map(() => report(paymentId, '0', 2_000).catch(() => undefined)))
      await outcomeOf(paymentId)
      const status = await until(booking, ({ paid }) => paid > 0)
      expect(status.paid).toBe(shillings(2_000))
      await booking.terminate()
    }))
})

describe('a payment', () => {
  it('takes a report that overtakes the answer to the push', () =>
    world.during(books.activities, async () => {
      const booking = await hold(buildInput())
      const { push } = books
      books.push = async (wish) => {
        await report(wish.paymentId, '0', 6_500)
        return push(wish)
      }
      await ask(booking, 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('asks when no report comes, and believes only a definite answer', () =>
    world.during(books.activities, async () => {
      const answers = [
        { outcome: 'unknown' as const, why: '500' },
        { outcome: 'pending' as const },
        { outcome: 'paid' as const },
      ]
      books.query = async () => answers.shift() ?? { outcome: 'paid' }
      const booking = await hold(buildInput())
      await ask(booking, 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
      expect(books.calls.filter((call) => call === 'queryStkPush')).toHaveLength(3)
    }))

  it('never pushes twice when the answer to the push was lost', () =>
    world.during(books.activities, async () => {
      books.push = async () => {
        throw new Error('socket hang up')
      }
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      const handle = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
      expect(await handle.executeUpdate(awaitPrompt)).toEqual({
        outcome: 'prompted',
        checkoutRequestId: null,
      })
      await report(paymentId, '0', 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
      expect(books.calls.filter((call) => call === 'requestStkPush')).toHaveLength(1)
    }))

  it('is refused at once when M-Pesa says no to the push', () =>
    world.during(books.activities, async () => {
      books.push = async () => ({ outcome: 'refused', reason: reasonFor('1001') })
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      expect(await outcomeOf(paymentId)).toMatchObject({ outcome: 'refused' })
      expect(books.calls).toContain('refusePayment')
      await booking.terminate()
    }))

  it('does not confirm on a report with another amount; it waits for a person', () =>
    world.during(books.activities, async () => {
      books.query = async () => ({ outcome: 'paid' })
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_499)
      expect(await booking.result()).toEqual({ status: 'expired' })
      expect(books.payments.get(paymentId)?.status).toBe('unexplained')
    }))

  it('found paid by a person is settled under its receipt, and the booking goes on', () =>
    world.during(books.activities, async () => {
      books.query = async () => ({ outcome: 'paid' })
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_499)
      const payment = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
      const how = { reason: 'read in the portal', actorId: 'ops', receipt: 'UKL5ABC12D' }
      await whenParked(() => payment.executeUpdate(resolveManually, { args: [how] }))
      expect(await outcomeOf(paymentId)).toMatchObject({ outcome: 'settled', ownerOpen: true })
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('that nobody can explain is explained by a report that comes while it is parked', () =>
    world.during(books.activities, async () => {
      books.query = async () => ({ outcome: 'paid' })
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_499)
      await report(paymentId, '0', 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))

  it('found unpaid by a person ends as refused, and may be made again', () =>
    world.during(books.activities, async () => {
      books.query = async () => ({ outcome: 'paid' })
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await report(paymentId, '0', 6_499)
      const payment = world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
      const how = { reason: 'no such money', actorId: 'ops' }
      await whenParked(() => payment.executeUpdate(resolveManually, { args: [how] }))
      expect(await outcomeOf(paymentId)).toMatchObject({
        outcome: 'refused',
        reason: { code: 'RESOLVED_UNPAID' },
      })
      const second = await ask(booking, 6_500)
      await report(second, '0', 6_500)
      expect(await booking.result()).toEqual({ status: 'completed' })
    }))
})

// That it is booked again on the same id needs a real server; test/e2e and test/db cover it.
describe('money that comes late', () => {
  it('goes back when the car is taken', () =>
    world.during(books.activities, async () => {
      books.carFree = false
      const booking = await hold(buildInput())
      const paymentId = await ask(booking, 6_500)
      await booking.result()
      await report(paymentId, '0', 6_500)
      await outcomeOf(paymentId)
      const late = world.env.client.workflow.getHandle(`late-money:${paymentId}`)
      expect(await late.result()).toEqual({ outcome: 'refunding' })
      const refund = world.env.client.workflow.getHandle(refundWorkflowId(paymentId))
      expect((await refund.describe()).type).toBe('refund')
    }))
})
