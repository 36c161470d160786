/** Ratings: counted from the books, set where there is something new, kept as they were, ended by a day, and gone with their owner. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { endCharge } from '../../db/charges.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { findCustomer } from '../../db/customers.ts'
import { makeNameless } from '../../db/erasing-account.ts'
import { decideIdentity } from '../../db/identity-documents.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { readStanding } from '../../db/rating-facts.ts'
import {
  answerReview,
  askForReview,
  listReviewsOf,
  listWaitingReviews,
} from '../../db/rating-reviews.ts'
import { listRatings, lookAgain, rateByHand, rateByRule, readRating } from '../../db/ratings.ts'
import { completeReservation, endReservation } from '../../db/reservation-ends.ts'
import type { EndReason } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS, toNairobiIso } from '../../domain/time.ts'
import { NOBODY_YET, rateBatch } from '../../workers/nightly-ratings.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  count,
  NOW,
  progress,
  type Booking,
} from '../support/builders.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildIdentity } from '../support/identity.ts'
import { underWay } from '../support/moments.ts'

let db: TestDatabase
let actorId: string
beforeAll(async () => {
  db = await createTestDatabase()
  const row = await selectOne<{ id: string }>(db, "SELECT id FROM users WHERE kind = 'employee'")
  actorId = row?.id ?? ''
})
afterAll(() => db.drop())

/** Behind whatever a test has done. */
const SOON = new Date(NOW.getTime() + HOUR_MS)
const daysOn = (days: number) => new Date(SOON.getTime() + days * DAY_MS)
const dayOf = (at: Date) => toNairobiIso(at).slice(0, 10)
const factsOf = async (customerId: string, now = SOON) =>
  (await readStanding(db, customerId, now))?.facts
const rate = (customerId: string, now = SOON) =>
  inTransaction(db, (tx) => rateByRule(tx, customerId, now))
const byHand = (customerId: string, over: Partial<Parameters<typeof rateByHand>[1]> = {}) =>
  inTransaction(db, (tx) =>
    rateByHand(tx, {
      id: randomUUID(),
      customerId,
      actorId,
      level: 'high',
      why: 'Two keys were lost',
      until: dayOf(daysOn(30)),
      now: SOON,
      ...over,
    }),
  )
const end = ({ input }: Booking, reason: EndReason) =>
  inTransaction(db, (tx) =>
    endReservation(tx, {
      reservationId: input.reservationId,
      reason,
      actorId: input.customerId,
      note: null,
    }),
  )
const historyOf = async (customerId: string) => {
  const wish = { customerId, sort: 'created_at' as const, descending: true, limit: 50 }
  return (await listRatings(db, wish)).items
}
const unpaid = async (customerId: string) => {
  const { input } = await buildCharge(db, { customerId })
  const over = { chargeId: input.chargeId, actorId: 'gari', note: null }
  await inTransaction(db, (tx) => endCharge(tx, { ...over, reason: 'deadline' }))
}

describe('what is counted', () => {
  it('is nothing for somebody new but what they have proven', async () => {
    const customerId = await buildCustomer(db)
    const none = { rentals: 0, years: 0, phone: 0, email: 0, papers: 0, damage: 0, unpaid: 0 }
    expect(await factsOf(customerId)).toEqual({ ...none, late: 0, expired: 0, cancelled: 0 })
    await select(
      db,
      "UPDATE users SET phone_verified = true, email_verified = true, created_at = now() - interval '30 months' WHERE id = $1",
      [customerId],
    )
    expect(await factsOf(customerId)).toMatchObject({ phone: 1, email: 1, years: 2 })
  })

  it('tells rentals that are over from bookings that ran out, were called off, or ended otherwise', async () => {
    const customerId = await buildCustomer(db)
    const book = () => buildBooking(db, { customerId })
    const over = await book()
    await buildPaid(db, over, over.held.total)
    await progress(db, over.input.reservationId)
    await inTransaction(db, (tx) => completeReservation(tx, over.input.reservationId))
    await end(await book(), 'deadline')
    await end(await book(), 'customer')
    const paid = await book()
    await buildPaid(db, paid, paid.held.total)
    await progress(db, paid.input.reservationId)
    await end(paid, 'customer')
    const ours = await book()
    await buildPaid(db, ours, ours.held.total)
    await progress(db, ours.input.reservationId)
    await end(ours, 'desk')
    expect(await factsOf(customerId)).toMatchObject({ rentals: 1, expired: 1, cancelled: 1 })
    expect(await factsOf(customerId, daysOn(740))).toMatchObject({
      rentals: 0,
      expired: 0,
      cancelled: 0,
    })
  })

  it('counts damage that was not taken back, and charges that nobody paid by their day', async () => {
    const customerId = await buildCustomer(db)
    await buildCharge(db, { customerId, type: 'damage' })
    const wrong = await buildCharge(db, { customerId, type: 'damage' })
    const over = { chargeId: wrong.input.chargeId, actorId: 'gari', note: null }
    await inTransaction(db, (tx) => endCharge(tx, { ...over, reason: 'desk' }))
    await unpaid(customerId)
    expect(await factsOf(customerId)).toMatchObject({ damage: 1, unpaid: 1 })
  })

  it('believes papers that one of us accepted, until they are over', async () => {
    const customerId = await buildCustomer(db)
    const accept = async (kind: 'passport' | 'licence_front') => {
      const id = await buildIdentity(db, customerId, kind)
      const decision = { status: 'accepted' as const, validUntil: dayOf(daysOn(90)) }
      await inTransaction(db, (tx) => decideIdentity(tx, { id, actorId, decision, now: NOW }))
    }
    await accept('passport')
    expect(await factsOf(customerId)).toMatchObject({ papers: 0 })
    await accept('licence_front')
    expect(await factsOf(customerId)).toMatchObject({ papers: 1 })
    expect(await factsOf(customerId, daysOn(92))).toMatchObject({ papers: 0 })
  })
})

describe('the rule', () => {
  it('sets a rating with its reasons, once, and shows it in the customer’s row', async () => {
    const customerId = await buildCustomer(db)
    await unpaid(customerId)
    const { version } = (await findCustomer(db, customerId))!
    expect([await rate(customerId), await rate(customerId)]).toEqual([true, false])
    expect(await readRating(db, customerId)).toMatchObject({
      score: 48,
      level: 'medium',
      rule: 'v1',
      byHand: false,
      facts: { unpaid: 1 },
      reasons: [
        { code: 'start', points: 60 },
        { code: 'unpaid', count: 1, points: -12 },
      ],
    })
    const now = await findCustomer(db, customerId)
    expect(now).toMatchObject({ riskLevel: 'medium', creditScore: 48 })
    expect(now?.version).toBeGreaterThan(version)
    const where = "audit_entries WHERE action = 'rating.set' AND entity_id = $1 AND actor = 'gari'"
    expect(await count(db, where, [customerId])).toBe(1)
  })

  it('sets one rating when two look at once', async () => {
    const customerId = await buildCustomer(db)
    let second: Promise<boolean> = Promise.resolve(true)
    await inTransaction(db, async (tx) => {
      expect(await rateByRule(tx, customerId, SOON)).toBe(true)
      second = rate(customerId)
      await underWay(db, second)
    })
    expect(await second).toBe(false)
    expect(await historyOf(customerId)).toHaveLength(1)
  })

  it('passes by night over everybody in batches, and writes nothing the second time', async () => {
    const some = await Promise.all([1, 2, 3].map(() => buildCustomer(db)))
    const night = async () => {
      const told: object[] = []
      let after: string | null = NOBODY_YET
      const world = { db, log: { info: (one: object) => void told.push(one) } }
      for (let rounds = 0; after !== null && rounds < 500; rounds += 1)
        after = await rateBatch(world, after, SOON, 2)
      return { after, told: told.length }
    }
    expect((await night()).told).toBeGreaterThan(0)
    for (const customerId of some) expect(await historyOf(customerId)).toHaveLength(1)
    expect(await night()).toEqual({ after: null, told: 0 })
  })

  it('puts back what a release from before has written over', async () => {
    const [ruled, held] = [await buildCustomer(db), await buildCustomer(db)]
    await rate(ruled)
    await byHand(held)
    for (const id of [ruled, held])
      await select(db, "UPDATE customers SET risk_level = 'medium' WHERE user_id = $1", [id])
    expect([await rate(ruled), await rate(held)]).toEqual([true, true])
    expect(await findCustomer(db, ruled)).toMatchObject({ riskLevel: 'low' })
    expect(await findCustomer(db, held)).toMatchObject({ riskLevel: 'high' })
  })
})

describe('a colleague', () => {
  it('sets a level for a while, with a reason, and the rule decides again afterwards', async () => {
    const customerId = await buildCustomer(db)
    const id = randomUUID()
    await byHand(customerId, { id })
    await byHand(customerId, { id })
    expect(await readRating(db, customerId)).toMatchObject({
      level: 'high',
      score: 60,
      byHand: true,
      why: 'Two keys were lost',
    })
    const where = "audit_entries WHERE action = 'rating.set' AND actor = $1 AND entity_id = $2"
    expect(await count(db, where, [actorId, customerId])).toBe(1)
    expect(await rate(customerId, daysOn(29))).toBe(false)
    expect(await rate(customerId, daysOn(32))).toBe(true)
    expect(await readRating(db, customerId)).toMatchObject({ level: 'low', byHand: false })
  })

  it('has the rule look again, which ends what was set by hand', async () => {
    const customerId = await buildCustomer(db)
    const look = () => inTransaction(db, (tx) => lookAgain(tx, { customerId, actorId, now: SOON }))
    await byHand(customerId)
    expect([await look(), await look()]).toEqual([true, false])
    expect(await historyOf(customerId)).toMatchObject([{ level: 'low' }, { level: 'high' }])
  })

  it.each([
    ['a day that is over', -2],
    ['more than a year', 380],
  ])('sets none until %s', async (_, days) => {
    const customerId = await buildCustomer(db)
    const until = dayOf(daysOn(days))
    await expect(byHand(customerId, { until })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'until' }],
    })
    expect(await readRating(db, customerId)).toBeNull()
  })

  it('sets none for themselves, and none for who was erased', async () => {
    const customerId = await buildCustomer(db)
    const own = { code: 'SECOND_PERSON' }
    await expect(byHand(customerId, { actorId: customerId })).rejects.toMatchObject(own)
    const asked = { customerId, actorId: customerId, now: SOON }
    const look = inTransaction(db, (tx) => lookAgain(tx, asked))
    await expect(look).rejects.toMatchObject(own)
    await inTransaction(db, (tx) => makeNameless(tx, customerId))
    await expect(byHand(customerId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the database', () => {
  it('lets nobody change a rating or take one away, also its owner', async () => {
    const customerId = await buildCustomer(db)
    await rate(customerId)
    for (const statement of [
      "UPDATE customer_ratings SET level = 'low' WHERE customer_id = $1",
      'DELETE FROM customer_ratings WHERE customer_id = $1',
    ])
      await expect(select(db.owner, statement, [customerId])).rejects.toThrow('append-only')
    await expect(select(db.owner, 'TRUNCATE customer_ratings')).rejects.toThrow('append-only')
    const change = select(db, 'UPDATE customer_ratings SET score = 1')
    await expect(change).rejects.toThrow('permission denied')
  })

  it('lets them go with whoever is erased', async () => {
    const customerId = await buildCustomer(db)
    await byHand(customerId)
    const words = 'It was not me'
    await inTransaction(db, (tx) => askForReview(tx, { id: randomUUID(), customerId, words }))
    await inTransaction(db, (tx) => makeNameless(tx, customerId))
    for (const table of ['customer_ratings', 'rating_reviews'])
      expect(await count(db, `${table} WHERE customer_id = $1`, [customerId])).toBe(0)
    const shown = 'SELECT risk_level, credit_score FROM customers WHERE user_id = $1'
    expect(await selectOne(db, shown, [customerId])).toEqual({
      risk_level: 'low',
      credit_score: null,
    })
  })

  it('keeps levels that were set before there was a rule, for ninety days', async () => {
    const customerId = await buildCustomer(db)
    await select(db, "UPDATE customers SET risk_level = 'high' WHERE user_id = $1", [customerId])
    const found = MIGRATIONS.find(({ name }) => name === '0099-rating-reviews')
    const up = found && 'up' in found ? found.up : ''
    await select(db.owner, up.slice(up.indexOf('WITH set AS')))
    expect(await readRating(db, customerId)).toMatchObject({ level: 'high', byHand: true })
    expect([await rate(customerId, daysOn(80)), await rate(customerId, daysOn(91))]).toEqual([
      false,
      true,
    ])
  })
})

describe('a customer', () => {
  const ask = (customerId: string, id: string = randomUUID()) =>
    inTransaction(db, (tx) => askForReview(tx, { id, customerId, words: 'The scratch was old' }))
  const answer = (id: string, over: { actorId?: string } = {}) =>
    inTransaction(db, (tx) => answerReview(tx, { id, answer: 'You are right', actorId, ...over }))

  it('asks for a person once at a time, and is answered once, by somebody else', async () => {
    const [customerId, id] = [await buildCustomer(db), randomUUID()]
    await expect(ask(customerId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await rate(customerId)
    await ask(customerId, id)
    await ask(customerId, id)
    await expect(ask(customerId)).rejects.toMatchObject({ code: 'REVIEW_OPEN' })
    const waiting = { sort: 'asked_at' as const, descending: false, limit: 50 }
    expect((await listWaitingReviews(db, waiting)).items).toMatchObject([{ id, customerId }])
    const own = answer(id, { actorId: customerId })
    await expect(own).rejects.toMatchObject({ code: 'SECOND_PERSON' })
    expect(await answer(id)).toBe(customerId)
    await expect(answer(id)).rejects.toMatchObject({ code: 'FINDING_CLOSED' })
    expect(await listReviewsOf(db, customerId)).toMatchObject([{ answer: 'You are right' }])
    expect((await listWaitingReviews(db, waiting)).items).toEqual([])
    await ask(customerId)
    const where = "audit_entries WHERE action LIKE 'rating_review.%' AND entity_id = $1"
    expect(await count(db, where, [customerId])).toBe(3)
  })
})
