/**
 * Money around the end of its booking: a second before, at it, a second after, and two days after. The stories and
 * the books are the real ones; whatever happens, the money has exactly one owner.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { WorkflowNotFoundError } from '@temporalio/client'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { holdVehicle } from '../../db/holds.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { lateMoneyWorkflowId, paymentWorkflowId } from '../../domain/ids.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import type { lateMoney } from '../../workflows/late-money.ts'
import { chooseOffer } from '../../workflows/late-offers.ts'
import {
  buildCustomer,
  buildReservationInput,
  count,
  keepCars,
  type Booking,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSkippedBooks, type SkippedBooks } from '../support/skipped-books.ts'
import { eventually } from '../support/stack.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let db: TestDatabase
let world: WorkflowEnvironment
let books: SkippedBooks

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  world = await startWorkflowEnvironment()
  books = createSkippedBooks(world, db)
  for (const category of ['SUV', 'PICKUP', 'VAN', '4X4']) await keepCars(db, category, 1)
})
afterEach(() => world.stop())

/** What the late money finds: its car, another one, or none at all. */
type Cars = 'free' | 'gone' | 'all gone'
type Home = 'booked' | 'offered' | 'going back'

/** Each booking has days of its own, whatever time the test server makes it. */
let lastDay = 0
/** A booking of the only car of its category, and a prompt whose outcome nobody knows. */
async function begin(): Promise<{ booking: Booking; prompt: Prompted; endsAt: number }> {
  const booking = await book()
  const prompt = await books.ask(booking)
  return { booking, prompt, endsAt: Date.parse(booking.held.holdExpiresAt) }
}

async function book(): Promise<Booking> {
  await keepCars(db, 'SEDAN', 1)
  const from = Math.max(lastDay, (await world.env.currentTimeMs()) + 7 * DAY_MS) + 3 * DAY_MS
  lastDay = from
  const pickupAt = new Date(from).toISOString()
  const trip = { pickupAt, returnAt: new Date(from + DAY_MS).toISOString() }
  return books.hold(buildReservationInput(await buildCustomer(db), { trip }))
}

const sleepUntil = async (at: number) => {
  const left = at - (await world.env.currentTimeMs())
  if (left > 0) await world.env.sleep(left)
}

/** A busy worker meets the deadline a moment late; money that comes before that is not late. */
const hasEnded = ({ input }: Booking) =>
  eventually('the booking has ended', async () => {
    return (await findReservation(db, input.reservationId))?.status === 'expired'
  })

/** Others take the car, or every car that could stand in for it, as soon as it is free. */
async function endAndTakeCars(booking: Booking, cars: Cars): Promise<void> {
  await hasEnded(booking)
  const { input, held } = booking
  const categories = {
    free: [],
    gone: ['SEDAN'],
    'all gone': ['SEDAN', 'SUV', 'PICKUP', 'VAN', '4X4'],
  }
  for (const categoryCode of categories[cars])
    await inTransaction(db, (tx) =>
      holdVehicle(tx, {
        vehicleId: categoryCode === 'SEDAN' ? held.vehicle.id : null,
        categoryCode,
        pickupLocation: input.trip.pickupLocation,
        returnLocation: input.trip.returnLocation,
        from: new Date(input.trip.pickupAt),
        to: new Date(input.trip.returnAt),
        owner: 'reservation:somebody-else',
        expiresAt: new Date(Date.parse(input.trip.returnAt)),
        purpose: 'reservation',
      }),
    )
}

/** Where this money is. More than one answer would be money counted twice, none would be money lost. */
async function homesOf({ paymentId, ownerId }: Prompted): Promise<Home[]> {
  const booked = await count(
    db,
    `payments p JOIN reservations r ON r.id = p.owner_id AND r.status = 'confirmed'
     WHERE p.id = $1 AND p.counted AND NOT p.given_back`,
    [paymentId],
  )
  const offered = await count(db, "late_offers WHERE reservation_id = $1 AND status = 'open'", [
    ownerId,
  ])
  const back = await count(db, 'refunds WHERE payment_id = $1', [paymentId])
  return [
    ...Array<Home>(booked).fill('booked'),
    ...Array<Home>(offered).fill('offered'),
    ...Array<Home>(back).fill('going back'),
  ]
}

/** Where it is once the stories have said all they have to say. No time is skipped here, so an open offer stays open. */
async function homes(prompt: Prompted): Promise<Home[]> {
  const first = await eventually('the money has a home', async () => {
    const found = await homesOf(prompt)
    return found.length > 0 && found
  })
  if (first.includes('offered')) return first
  await eventually('its story is over', async () => (await statusOf(prompt)) !== 'RUNNING')
  return homesOf(prompt)
}

const storyOf = (paymentId: string) =>
  world.env.client.workflow.getHandle(paymentWorkflowId(paymentId))
const lateOf = ({ paymentId }: Prompted) =>
  world.env.client.workflow.getHandle<typeof lateMoney>(lateMoneyWorkflowId(paymentId))

/** Money that was counted in time has no story of its own. */
const statusOf = (prompt: Prompted) =>
  lateOf(prompt)
    .describe()
    .then(
      ({ status }) => status.name,
      (error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error
        return null
      },
    )

/** Counted in once, and all accounts together are nothing. */
async function expectOneSum({ paymentId }: Prompted): Promise<void> {
  expect(
    await count(db, "ledger_entries WHERE kind = 'payment' AND reference = $1", [paymentId]),
  ).toBe(1)
  const sums = await select(
    db,
    'SELECT entry_id FROM ledger_postings GROUP BY entry_id HAVING sum(amount_cents) <> 0',
  )
  expect(sums).toEqual([])
}

const WHEN: [string, number, Cars, Home[]][] = [
  ['a second before the end', -1_000, 'free', ['booked']],
  ['a second after the end, the car still free', 1_000, 'free', ['booked']],
  ['a second after the end, the car gone', 1_000, 'gone', ['offered']],
  ['a second after the end, every car gone', 1_000, 'all gone', ['going back']],
  ['two days after the end, the car still free', 48 * HOUR_MS, 'free', ['booked']],
  ['two days after the end, the car gone', 48 * HOUR_MS, 'gone', ['offered']],
  ['two days after the end, every car gone', 48 * HOUR_MS, 'all gone', ['going back']],
]

describe('money of a prompt that nobody answered', () => {
  it.each(WHEN)('paid %s', (_, after, cars, home) =>
    world.during(books.activities, async () => {
      const { booking, prompt, endsAt } = await begin()
      await sleepUntil(endsAt + after)
      if (after > 0) await endAndTakeCars(booking, cars)
      await books.pay(prompt)
      expect(await homes(prompt)).toEqual(home)
      await expectOneSum(prompt)
    }),
  )
})

it('money at the very end of its booking has one home, whichever of the two came first', () =>
  world.during(books.activities, async () => {
    const { prompt, endsAt } = await begin()
    await sleepUntil(endsAt)
    await books.pay(prompt)
    expect([['booked'], ['going back']]).toContainEqual(await homes(prompt))
    await expectOneSum(prompt)
  }))

describe('money of a prompt that was refused', () => {
  it('and paid all the same two days later is asked about, then looks for a home', () =>
    world.during(books.activities, async () => {
      const { booking, prompt, endsAt } = await begin()
      const reason = reasonFor('1037')
      books.answers.set(prompt.checkoutRequestId, { outcome: 'refused', reason })
      expect(await storyOf(prompt.paymentId).result()).toMatchObject({ outcome: 'refused' })
      await sleepUntil(endsAt + 48 * HOUR_MS)
      await endAndTakeCars(booking, 'all gone')
      await books.pay(prompt)
      expect(await homes(prompt)).toEqual(['going back'])
      await expectOneSum(prompt)
    }))
})

describe('money of a prompt that is on the phone when the booking ends', () => {
  const GRACE: [string, number, Home[]][] = [
    ['a second before its last moment, counts', -1_000, ['booked']],
    ['a second after its last moment, is late', 1_000, ['offered']],
  ]
  it.each(GRACE)('paid %s', (_, after, home) =>
    world.during(books.activities, async () => {
      const booking = await book()
      const endsAt = Date.parse(booking.held.holdExpiresAt)
      await sleepUntil(endsAt - 30_000)
      const prompt = await books.ask(booking)
      await sleepUntil(endsAt + DEFAULT_POLICY.promptGraceMs + after)
      if (after > 0) await endAndTakeCars(booking, 'gone')
      await books.pay(prompt)
      expect(await homes(prompt)).toEqual(home)
      await expectOneSum(prompt)
    }),
  )
})

describe('the offer for late money', () => {
  const begun = async () => {
    const { booking, prompt, endsAt } = await begin()
    await sleepUntil(endsAt + 1_000)
    await endAndTakeCars(booking, 'gone')
    await books.pay(prompt)
    expect(await homes(prompt)).toEqual(['offered'])
    return { booking, prompt }
  }

  it('that is chosen books the other car', () =>
    world.during(books.activities, async () => {
      const { booking, prompt } = await begun()
      const id = booking.input.reservationId
      const option = await selectOne<{ id: string }>(
        db,
        `SELECT p.id FROM late_offer_options p JOIN late_offers o ON o.id = p.offer_id
         WHERE o.reservation_id = $1 ORDER BY p.position LIMIT 1`,
        [id],
      )
      const choice = { optionId: option?.id ?? '' }
      await lateOf(prompt).executeUpdate(chooseOffer, { args: [choice] })
      expect(await homes(prompt)).toEqual(['booked'])
      expect((await findReservation(db, id))?.vehicle.id).not.toBe(booking.held.vehicle.id)
      await expectOneSum(prompt)
    }))
})
