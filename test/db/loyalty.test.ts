/** Points are earned by money that stays, are spent once, come back once, run out, and never fall below nothing. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { makeNameless } from '../../db/erasing-account.ts'
import { adjustPoints, expirePoints } from '../../db/loyalty.ts'
import { listLoyalty, readLoyalty, readPoints } from '../../db/loyalty-reads.ts'
import { repairPoints } from '../../db/loyalty-repair.ts'
import {
  completeReservation,
  endReservation,
  reclaimReservation,
} from '../../db/reservation-ends.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import {
  LEAST_SPENT,
  MOST_ADJUSTED,
  mostPointsOn,
  pointsFor,
  worthOf,
} from '../../domain/loyalty.ts'
import { shillings, subtract } from '../../domain/money.ts'
import { DEFAULT_POLICY, type EndReason } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { expireBatch } from '../../workers/nightly-loyalty.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  buildPrompt,
  buildReservationInput,
  count,
  nextPeriod,
  NOW,
  settle,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { giveBack } from '../support/giving-back.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const LATER = new Date(NOW.getTime() + 3 * 366 * DAY_MS)
const give = (customerId: string, points: number, id: string = randomUUID()) =>
  inTransaction(db, (tx) =>
    adjustPoints(tx, { id, customerId, points, reason: 'as tested', actorId: 'manager' }),
  )
async function buildMember(points = 2_000): Promise<string> {
  const customerId = await buildCustomer(db)
  await give(customerId, points)
  return customerId
}
const complete = (booking: Booking) =>
  inTransaction(db, (tx) => completeReservation(tx, booking.input.reservationId))
const end = (booking: Booking, reason: EndReason) =>
  inTransaction(db, (tx) =>
    endReservation(tx, {
      reservationId: booking.input.reservationId,
      reason,
      actorId: booking.input.customerId,
      note: null,
    }),
  )
const kindsOf = async (customerId: string) => {
  const wish = { customerId, sort: 'created_at' as const, descending: true, limit: 50 }
  return (await listLoyalty(db, wish)).items.map(({ kind, points }) => [kind, points])
}
const sumOf = async (customerId: string) =>
  Number(
    (
      await selectOne<{ n: string }>(
        db,
        'SELECT coalesce(sum(points), 0) AS n FROM loyalty_entries WHERE customer_id = $1',
        [customerId],
      )
    )?.n,
  )

async function buildOver() {
  const booking = await buildBooking(db)
  const paid = await buildPaid(db, booking, booking.held.total)
  await complete(booking)
  return { booking, paid, customerId: booking.input.customerId, total: booking.held.total }
}

describe('earning', () => {
  it('comes with the end of a rental, once, for what was paid', async () => {
    const { booking, customerId, total } = await buildOver()
    await complete(booking)
    expect(await kindsOf(customerId)).toEqual([['earned', pointsFor(total)]])
    expect(await readPoints(db, customerId)).toBe(pointsFor(total))
    const where = "audit_entries WHERE action = 'loyalty.earned' AND entity_id = $1"
    expect(await count(db, where, [customerId])).toBe(1)
  })

  it('leaves out what went back before', async () => {
    const booking = await buildBooking(db)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    await giveBack(db, paymentId, shillings(1_050))
    await complete(booking)
    const kept = subtract(booking.held.total, shillings(1_050))
    expect(await readPoints(db, booking.input.customerId)).toBe(pointsFor(kept))
  })

  it('is taken back with money that goes back after it', async () => {
    const { paid, customerId, total } = await buildOver()
    await giveBack(db, paid.paymentId, shillings(1_050))
    const kept = pointsFor(subtract(total, shillings(1_050)))
    expect(await readPoints(db, customerId)).toBe(kept)
    await giveBack(db, paid.paymentId, subtract(total, shillings(1_050)))
    expect(await readPoints(db, customerId)).toBe(0)
  })

  it('takes back no more than is there, and writes down what was missing', async () => {
    const { paid, customerId, total } = await buildOver()
    await give(customerId, 0 - pointsFor(total) + 1)
    await giveBack(db, paid.paymentId, total)
    const wish = { customerId, sort: 'created_at' as const, descending: true, limit: 1 }
    const [last] = (await listLoyalty(db, wish)).items
    expect(last).toMatchObject({ kind: 'reversed', points: -1, shortPoints: pointsFor(total) - 1 })
    expect(await readPoints(db, customerId)).toBe(0)
  })

  it('has nothing to do with what came to nothing', async () => {
    const booking = await buildBooking(db)
    await buildPaid(db, booking, booking.held.total)
    await end(booking, 'customer')
    expect(await kindsOf(booking.input.customerId)).toEqual([])
  })
})

describe('spending', () => {
  it('lowers the price on the server, by a line of its own, and earns only for the money', async () => {
    const customerId = await buildMember(500)
    const booking = await buildBooking(db, { customerId, points: 300 })
    const found = await findReservation(db, booking.input.reservationId)
    const plain = await buildBooking(db)
    expect(booking.held.total).toBe(subtract(plain.held.total, worthOf(300)))
    expect(found?.quote.total).toBe(booking.held.total)
    expect(found?.quote.lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(found?.total)
    expect(found?.quote.net).toBe(subtract(booking.held.total, found!.quote.vat))
    expect(await readPoints(db, customerId)).toBe(200)
    await buildPaid(db, booking, booking.held.total)
    await complete(booking)
    expect(await readPoints(db, customerId)).toBe(200 + pointsFor(booking.held.total))
  })

  it.each([
    ['fewer than the least', LEAST_SPENT - 1, /at least/],
    ['more than there are', 2_001, /You have 2000 points/],
  ])('refuses %s, and holds no car', async (_, points, words) => {
    const customerId = await buildMember()
    const input = buildReservationInput(customerId, { points, trip: nextPeriod() })
    const answer = await inTransaction(db, (tx) => holdReservation(tx, input, NOW))
    expect(answer).toMatchObject({ outcome: 'refused', code: 'POINTS_REFUSED' })
    expect(answer.outcome === 'refused' && answer.message).toMatch(words)
    const owner = `reservation:${input.reservationId}`
    expect(await count(db, 'holds WHERE owner = $1', [owner])).toBe(0)
  })

  it('pays half of a price at most', async () => {
    const customerId = await buildMember(MOST_ADJUSTED)
    const { pickupAt } = nextPeriod()
    const returnAt = new Date(Date.parse(pickupAt) + 4 * HOUR_MS).toISOString()
    const trip = { pickupAt, returnAt }
    const { held } = await buildBooking(db, { trip })
    const points = mostPointsOn(held.total) + 1
    if (points > MOST_ADJUSTED) throw new Error('the sample is too dear for this test')
    const hold = (wish: number) => {
      const input = buildReservationInput(customerId, { points: wish, trip })
      return inTransaction(db, (tx) => holdReservation(tx, input, NOW))
    }
    expect(await hold(points)).toMatchObject({ outcome: 'refused', code: 'POINTS_REFUSED' })
    expect(await hold(points - 1)).toMatchObject({ outcome: 'held' })
  })

  it.each(['customer', 'desk', 'deadline', 'declined_by_all'] as const)(
    'gives them back once when the booking ends by %s',
    async (reason) => {
      const customerId = await buildMember(500)
      const booking = await buildBooking(db, { customerId, points: 300 })
      expect(await readPoints(db, customerId)).toBe(200)
      await end(booking, reason)
      await end(booking, reason)
      expect(await readPoints(db, customerId)).toBe(500)
      expect((await kindsOf(customerId)).filter(([kind]) => kind === 'returned')).toHaveLength(1)
    },
  )

  it('is not undone by late money: the booking stays over, and the money goes back', async () => {
    const customerId = await buildMember(500)
    const booking = await buildBooking(db, { customerId, points: 300 })
    const prompt = await buildPrompt(db, booking)
    await end(booking, 'deadline')
    await settle(db, prompt)
    const claim = { paymentId: prompt.paymentId, policy: DEFAULT_POLICY, now: NOW }
    const home = await inTransaction(db, (tx) => reclaimReservation(tx, claim))
    expect(home.outcome).toBe('refund')
    expect(await readPoints(db, customerId)).toBe(500)
  })
})

describe('the ledger', () => {
  it('stands as it was written, and alone moves the balance', async () => {
    const customerId = await buildMember()
    const change = 'UPDATE loyalty_entries SET points = 9 WHERE customer_id = $1'
    await expect(select(db.owner, change, [customerId])).rejects.toThrow()
    const remove = 'DELETE FROM loyalty_entries WHERE customer_id = $1'
    await expect(select(db.owner, remove, [customerId])).rejects.toThrow()
    const write = 'UPDATE customers SET loyalty_points = 9 WHERE user_id = $1'
    await expect(select(db, write, [customerId])).rejects.toThrow(/by an entry/)
  })

  it('refuses what would fall below nothing, whatever a program asks', async () => {
    const customerId = await buildMember(100)
    const spend = `INSERT INTO loyalty_entries (customer_id, kind, points, source, reservation_id, rule, made_by)
      VALUES ($1, 'spent', -101, $2, $2::uuid, 'v1', 'test')`
    await expect(select(db, spend, [customerId, randomUUID()])).rejects.toThrow()
    expect(await readPoints(db, customerId)).toBe(100)
  })

  it('conserves every point while many act at once', async () => {
    const deed = fc.oneof(
      fc.record({ do: fc.constant('spend' as const), points: fc.integer({ min: 50, max: 400 }) }),
      fc.record({
        do: fc.constant('adjust' as const),
        points: fc.integer({ min: -300, max: 300 }),
      }),
      fc.record({ do: fc.constant('twice' as const), points: fc.integer({ min: 50, max: 200 }) }),
    )
    const run = async (deeds: { do: 'spend' | 'adjust' | 'twice'; points: number }[]) => {
      const customerId = await buildMember(1_000)
      const book = (points: number) =>
        buildBooking(db, { customerId, points, trip: { categoryCode: 'SUV' } })
      const act = async ({ do: what, points }: (typeof deeds)[number]) => {
        if (what === 'adjust') return points === 0 ? undefined : give(customerId, points)
        const booking = await book(points)
        if (what === 'twice') await Promise.all([end(booking, 'desk'), end(booking, 'deadline')])
        return undefined
      }
      await Promise.allSettled(deeds.map(act))
      const balance = await readPoints(db, customerId)
      expect(balance).toBeGreaterThanOrEqual(0)
      expect(await sumOf(customerId)).toBe(balance)
      const { lots } = await readLoyalty(db, customerId)
      expect(lots.reduce((sum, { points }) => sum + points, 0)).toBe(balance)
      const held = await selectOne<{ n: number }>(
        db,
        `SELECT count(*)::int AS n FROM loyalty_entries s JOIN reservations r ON r.id = s.reservation_id
         WHERE s.customer_id = $1 AND s.kind = 'spent' AND (r.status = 'cancelled' OR r.status = 'expired') <>
           EXISTS (SELECT FROM loyalty_entries b WHERE b.kind = 'returned' AND b.source = s.source)`,
        [customerId],
      )
      expect(held?.n).toBe(0)
    }
    await fc.assert(fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 8 }), run), {
      numRuns: 8,
    })
  })

  it('earns once when two workers end the same rental', async () => {
    const booking = await buildBooking(db)
    await buildPaid(db, booking, booking.held.total)
    await Promise.all([complete(booking), complete(booking), complete(booking)])
    expect(await kindsOf(booking.input.customerId)).toEqual([
      ['earned', pointsFor(booking.held.total)],
    ])
  })

  it('is not spent twice by two bookings at once', async () => {
    const customerId = await buildMember(100)
    const both = [
      buildBooking(db, { customerId, points: 80 }),
      buildBooking(db, { customerId, points: 80 }),
    ]
    const done = await Promise.allSettled(both)
    expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await readPoints(db, customerId)).toBe(20)
  })
})

describe('what an older release left out', () => {
  const NIGHT = () => new Date()
  const endBeside = (booking: Booking, status: string) =>
    select(db, 'UPDATE reservations SET status = $2, ended_at = now() WHERE id = $1', [
      booking.input.reservationId,
      status,
    ])

  it.each(['cancelled', 'expired'])(
    'comes back at night, once: a booking was %s',
    async (status) => {
      const customerId = await buildMember(500)
      const booking = await buildBooking(db, { customerId, points: 300 })
      await repairPoints(db, NIGHT())
      expect(await readPoints(db, customerId)).toBe(200)
      await endBeside(booking, status)
      await Promise.all([repairPoints(db, NIGHT()), repairPoints(db, NIGHT())])
      expect(await readPoints(db, customerId)).toBe(500)
      expect(await repairPoints(db, NIGHT())).toBe(0)
    },
  )

  it('is earned at night, once: a rental was over', async () => {
    const booking = await buildBooking(db)
    await buildPaid(db, booking, booking.held.total)
    await repairPoints(db, NIGHT())
    const { customerId } = booking.input
    expect(await readPoints(db, customerId)).toBe(0)
    await endBeside(booking, 'completed')
    await repairPoints(db, NIGHT())
    expect(await repairPoints(db, NIGHT())).toBe(0)
    expect(await kindsOf(customerId)).toEqual([['earned', pointsFor(booking.held.total)]])
  })

  it('is nothing where nothing was paid, it was long ago, or the customer was forgotten', async () => {
    const [unpaid, old, forgotten] = [
      await buildBooking(db),
      await buildBooking(db),
      await buildBooking(db),
    ]
    for (const booking of [old, forgotten]) await buildPaid(db, booking, booking.held.total)
    for (const booking of [unpaid, old, forgotten]) await endBeside(booking, 'completed')
    await select(
      db,
      "UPDATE reservations SET ended_at = now() - interval '15 days' WHERE id = $1",
      [old.input.reservationId],
    )
    await inTransaction(db, (tx) => makeNameless(tx, forgotten.input.customerId))
    expect(await repairPoints(db, NIGHT())).toBe(0)
  })
})

describe('by hand', () => {
  it('counts a request once, and keeps to the most of a day', async () => {
    const customerId = await buildCustomer(db)
    const id = randomUUID()
    await give(customerId, 3_000, id)
    await give(customerId, 3_000, id)
    expect(await readPoints(db, customerId)).toBe(3_000)
    await expect(give(customerId, -2_001)).rejects.toThrow(/2000 are left/)
    await expect(give(customerId, 2_001)).rejects.toThrow(/2000 are left/)
    await give(customerId, -2_000)
    expect(await readPoints(db, customerId)).toBe(1_000)
  })

  it('takes no more than there is, and nobody gives themselves any', async () => {
    const customerId = await buildMember(10)
    await expect(give(customerId, -11)).rejects.toThrow(/They have 10 points/)
    const own = { id: randomUUID(), customerId, points: 5, reason: 'mine', actorId: customerId }
    await expect(inTransaction(db, (tx) => adjustPoints(tx, own))).rejects.toMatchObject({
      code: 'SECOND_PERSON',
    })
  })

  it('is refused for an account as a guest with the phone of whoever gives', async () => {
    const [customerId, actorId] = [await buildMember(10), await buildMember(10)]
    const wish = { id: randomUUID(), customerId, points: 5, reason: 'as tested', actorId }
    await select(
      db.owner,
      'UPDATE users SET phone_index = (SELECT phone_index FROM users WHERE id = $1) WHERE id = $2',
      [customerId, actorId],
    )
    await expect(inTransaction(db, (tx) => adjustPoints(tx, wish))).rejects.toMatchObject({
      code: 'SECOND_PERSON',
    })
    expect(await readPoints(db, customerId)).toBe(10)
  })
})

describe('the end of points', () => {
  it('takes what is left of old ones, the oldest being spent first, and only once', async () => {
    const customerId = await buildMember(500)
    await buildBooking(db, { customerId, points: 300 })
    const log = { info: () => undefined }
    const night = (at: Date) => expireBatch({ db, log }, '2026-11-01', at)
    await night(NOW)
    expect(await readPoints(db, customerId)).toBe(200)
    await night(LATER)
    await night(LATER)
    expect(await readPoints(db, customerId)).toBe(0)
    expect((await kindsOf(customerId)).at(0)).toEqual(['expired', -200])
  })

  it('leaves alone who has nothing', async () => {
    const customerId = await buildCustomer(db)
    const wish = { customerId, day: '2026-11-01' }
    expect(await inTransaction(db, (tx) => expirePoints(tx, wish, LATER))).toBe(0)
  })

  it('comes with an erasure: the entries stay and add up to nothing', async () => {
    const customerId = await buildMember(500)
    await inTransaction(db, (tx) => makeNameless(tx, customerId))
    await inTransaction(db, (tx) => makeNameless(tx, customerId))
    expect(await sumOf(customerId)).toBe(0)
    expect(await readPoints(db, customerId)).toBe(0)
  })
})
