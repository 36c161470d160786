/** A rental as a story on the real database, with time skipped: keys out, late, back, argued about, and its deposit home again. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client'
import { select, selectOne } from '../../db/connection.ts'
import { readRental } from '../../db/rental-rows.ts'
import { readRentalCharges } from '../../db/rental-charge-rows.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import {
  refundWorkflowId,
  rentalWorkflowId,
  reservationWorkflowId,
  TASK_QUEUES,
} from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import { DEFAULT_RENTAL_POLICY, type ReturnWish } from '../../domain/rentals.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import {
  agreeCharges,
  claimDamage,
  decideCharges,
  disputeCharges,
  rentalStatus,
  returnVehicle,
} from '../../workflows/rental-messages.ts'
import type { rental } from '../../workflows/rental.ts'
import { awaitHold, cancelReservation, pickUp } from '../../workflows/reservation-messages.ts'
import type { reservation } from '../../workflows/reservation.ts'
import { count, eventsOf } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildReady, CHECK, pickUpWish, returnWish, type Ready } from '../support/rentals.ts'
import { createSkippedBooks, type SkippedBooks } from '../support/skipped-books.ts'
import { eventually } from '../support/stack.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let db: TestDatabase
let world: WorkflowEnvironment
let books: SkippedBooks
let lastDay = 0

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  world = await startWorkflowEnvironment()
  books = createSkippedBooks(world, db)
  await select(db, "UPDATE vehicles SET status = 'available', mileage_km = 0 WHERE mileage_km >= 0")
  await select(
    db.owner,
    "UPDATE rentals SET status = 'returned', returned_at = due_at, returned_to = return_location WHERE status = 'on_the_road'",
  )
})
afterEach(() => world.stop())

const { reminderMs, overdueEveryMs, answerMs, releaseMs } = DEFAULT_RENTAL_POLICY
const GRACE_MS = 59 * MINUTE_MS
const now = () => world.env.currentTimeMs()
const sleepUntil = async (at: number) => {
  const left = at - (await now())
  if (left > 0) await world.env.sleep(left)
}

type Out = { ready: Ready; rentalId: string; due: number; story: WorkflowHandle<typeof rental> }

/** The keys go out at the booked moment, through the booking's own story. */
async function drive(days = 2): Promise<Out> {
  const from = Math.max(lastDay, await now()) + 3 * DAY_MS
  lastDay = from + days * DAY_MS
  const trip = {
    pickupAt: new Date(from).toISOString(),
    returnAt: new Date(from + days * DAY_MS).toISOString(),
  }
  const ready = await buildReady(db, { trip })
  const { input } = ready.booking
  const operation = new WithStartWorkflowOperation<typeof reservation>('reservation', {
    workflowId: reservationWorkflowId(input.reservationId),
    taskQueue: TASK_QUEUES.business,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  await world.env.client.workflow.executeUpdateWithStart(awaitHold, {
    startWorkflowOperation: operation,
  })
  await sleepUntil(from)
  const wish = pickUpWish(ready)
  const answer = await bookingOf(ready).executeUpdate(pickUp, { args: [wish] })
  if (answer.outcome !== 'started') throw new Error(answer.message)
  const { rentalId } = answer
  const story = world.env.client.workflow.getHandle<typeof rental>(rentalWorkflowId(rentalId))
  return { ready, rentalId, due: Date.parse(answer.dueAt), story }
}

const bookingOf = ({ booking }: Ready) =>
  world.env.client.workflow.getHandle<typeof reservation>(
    reservationWorkflowId(booking.input.reservationId),
  )
const bring = ({ story }: Out, over: Partial<ReturnWish> = {}) =>
  story.executeUpdate(returnVehicle, { args: [returnWish(over)] })
const DENT = { place: 'boot', kind: 'dent' } as const
const dented = (kes: number): Partial<ReturnWish> => ({
  check: { ...CHECK, odometerKm: 60_100, marks: [...CHECK.marks, DENT] },
  damage: [{ mark: DENT, amount: shillings(kes) }],
})
const statusOf = async ({ rentalId }: Out) => (await readRental(db, rentalId))?.status
const isSettled = (out: Out) =>
  eventually('it is settled', async () => (await statusOf(out)) === 'settled')
const told = async ({ rentalId }: Out, action: string) =>
  count(db, 'audit_entries WHERE entity_id = $1 AND action = $2', [rentalId, action])
const refundsOf = ({ rentalId }: Out) =>
  select<{ id: string; amount: string }>(
    db,
    'SELECT refund_id AS id, amount_cents AS amount FROM rental_refunds WHERE rental_id = $1 ORDER BY decided_at',
    [rentalId],
  )
/** Each runs, and whatever M-Pesa says next it goes on by itself. */
const areUnderWay = (out: Out) =>
  eventually('the refunds run', async () => {
    for (const { id } of await refundsOf(out)) {
      const found = world.env.client.workflow.getHandle(refundWorkflowId(id))
      if (!(await found.describe().catch(() => null))) return false
    }
    return true
  })
const inPlay = (work: () => Promise<void>) =>
  world.during({ ...books.activities, requestPayout: async () => accepted }, work)
const accepted = { outcome: 'accepted', conversationId: 'AG_1', originatorConversationId: 'o-1' }

describe('a rental', () => {
  it(
    'that comes back in time is told once before, ends its booking, and its deposit goes home by itself a day later',
    () =>
      inPlay(async () => {
        const out = await drive()
        await sleepUntil(out.due - reminderMs - MINUTE_MS)
        expect(await told(out, 'rental.reminded')).toBe(0)
        await sleepUntil(out.due - MINUTE_MS)
        expect(await told(out, 'rental.reminded')).toBe(1)
        expect(await bring(out)).toMatchObject({ outcome: 'returned', charges: [], total: 0 })
        await sleepUntil(out.due + releaseMs - 5 * MINUTE_MS)
        expect(await statusOf(out)).toBe('returned')
        await sleepUntil(out.due + releaseMs + MINUTE_MS)
        await isSettled(out)
        expect((await refundsOf(out)).map(({ amount }) => Number(amount))).toEqual([
          out.ready.deposit,
        ])
        await areUnderWay(out)
        expect(await told(out, 'rental.overdue')).toBe(0)
        await eventually('the booking’s story has ended', async () => {
          const { status } = await bookingOf(out.ready).describe()
          return status.name === 'COMPLETED'
        })
        const { input } = out.ready.booking
        expect((await readReservation(db, input.reservationId))?.status).toBe('completed')
      }),
    120_000,
  )

  it(
    'that is late is told of at the end of its grace and again every three hours, and not any more once it is back',
    () =>
      inPlay(async () => {
        const out = await drive()
        await sleepUntil(out.due + GRACE_MS - MINUTE_MS)
        expect(await told(out, 'rental.overdue')).toBe(0)
        await sleepUntil(out.due + GRACE_MS + MINUTE_MS)
        await eventually('it is told', async () => (await told(out, 'rental.overdue')) === 1)
        expect(await out.story.query(rentalStatus)).toMatchObject({ overdue: true })
        await sleepUntil(out.due + GRACE_MS + overdueEveryMs + MINUTE_MS)
        await eventually('it is told again', async () => (await told(out, 'rental.overdue')) === 2)
        expect(await bring(out)).toMatchObject({ charges: [{ kind: 'late' }] })
        await sleepUntil(out.due + GRACE_MS + 3 * overdueEveryMs)
        expect(await told(out, 'rental.overdue')).toBe(2)
        const types = (await eventsOf(db, out.rentalId)).map(({ type }) => type)
        expect(types.slice(0, 4)).toEqual([
          'rental.started',
          'rental.reminded',
          'rental.overdue',
          'rental.returned',
        ])
        await agree(out)
        await isSettled(out)
      }),
    120_000,
  )

  it(
    'with damage that is agreed to keeps its price and sends the rest back at once',
    () =>
      inPlay(async () => {
        const out = await drive()
        await sleepUntil(out.due - HOUR_MS)
        await bring(out, dented(4_000))
        await agree(out)
        await isSettled(out)
        const row = await readRental(db, out.rentalId)
        expect(row).toMatchObject({ kept: 400_000, owed: 0 })
        expect((await refundsOf(out)).map(({ amount }) => Number(amount))).toEqual([
          out.ready.deposit - 400_000,
        ])
        await areUnderWay(out)
      }),
    120_000,
  )

  it(
    'with damage that is disputed freezes that part only, for as long as a person takes',
    () =>
      inPlay(async () => {
        const out = await drive()
        await sleepUntil(out.due - HOUR_MS)
        await bring(out, dented(4_000))
        await out.story.executeUpdate(disputeCharges, {
          args: [{ actorId: 'customer', because: 'It was there before.' }],
        })
        await sleepUntil((await now()) + 10 * answerMs)
        expect(await statusOf(out)).toBe('disputed')
        expect((await refundsOf(out)).map(({ amount }) => Number(amount))).toEqual([
          out.ready.deposit - 400_000,
        ])
        const [line] = await readRentalCharges(db, out.rentalId)
        await out.story.executeUpdate(decideCharges, {
          args: [{ actorId: 'manager', finals: { [line?.id ?? '']: shillings(1_500) } }],
        })
        await isSettled(out)
        expect(await readRental(db, out.rentalId)).toMatchObject({ kept: 150_000, owed: 0 })
        await areUnderWay(out)
      }),
    120_000,
  )

  it(
    'with damage about which nobody says anything is settled after two days, counted from the last claim',
    () =>
      inPlay(async () => {
        const out = await drive()
        await sleepUntil(out.due - HOUR_MS)
        await bring(out)
        await sleepUntil((await now()) + releaseMs - HOUR_MS)
        await out.story.executeUpdate(claimDamage, {
          args: [{ id: randomUUID(), actorId: 'desk', mark: DENT, amount: shillings(2_000) }],
        })
        const claimedAt = await now()
        await sleepUntil(claimedAt + answerMs - 10 * MINUTE_MS)
        expect(await statusOf(out)).toBe('returned')
        await sleepUntil(claimedAt + answerMs + 10 * MINUTE_MS)
        await isSettled(out)
        expect(await readRental(db, out.rentalId)).toMatchObject({ kept: 200_000 })
      }),
    120_000,
  )

  it(
    'with more damage than deposit starts a charge for the rest',
    () =>
      inPlay(async () => {
        const out = await drive()
        await sleepUntil(out.due - HOUR_MS)
        await bring(out, dented(out.ready.deposit / 100 + 6_000))
        await agree(out)
        await isSettled(out)
        const row = await readRental(db, out.rentalId)
        expect(row).toMatchObject({ kept: out.ready.deposit, owed: 600_000 })
        await eventually('the charge runs', async () => {
          const found = world.env.client.workflow.getHandle(`charge:${row?.owedChargeId}`)
          return (await found.describe().catch(() => null)) !== null
        })
        expect(
          await selectOne(db, 'SELECT total_cents AS total FROM charges WHERE id = $1', [
            row?.owedChargeId,
          ]),
        ).toEqual({ total: '600000' })
      }),
    120_000,
  )

  it(
    'cannot be cancelled, is not returned by a wrong odometer, and says no to agreeing before it is back',
    () =>
      inPlay(async () => {
        const out = await drive()
        const refused = async (work: Promise<unknown>) =>
          work.then(
            () => 'done',
            (error: { cause?: { type?: string } }) => error.cause?.type,
          )
        const wish = { reason: 'customer' as const, actorId: 'customer', note: null }
        expect(
          await refused(bookingOf(out.ready).executeUpdate(cancelReservation, { args: [wish] })),
        ).toBe('RESERVATION_CLOSED')
        expect(await refused(agree(out))).toBe('RENTAL_REFUSED')
        expect(await bring(out, { check: { ...CHECK, odometerKm: 1 } })).toMatchObject({
          outcome: 'refused',
        })
        expect(await statusOf(out)).toBe('on_the_road')
        await bring(out)
        await agree(out)
        await isSettled(out)
      }),
    120_000,
  )
})

const agree = ({ story }: Out) =>
  story.executeUpdate(agreeCharges, { args: [{ actorId: 'customer' }] })
