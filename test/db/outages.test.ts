/** While M-Pesa is away, requests wait for their turn and holds do not run out. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { extendForOutage } from '../../db/outage-holds.ts'
import {
  beginOutage,
  countQueued,
  endOutage,
  queuePush,
  readOutage,
  takeTurn,
} from '../../db/outages.ts'
import { openPayment } from '../../db/payments.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { AFTER_OUTAGE_MS, PUSH_PACE_MS } from '../../domain/outages.ts'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaymentInput,
  count,
  KSH_1000,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeEach(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterEach(() => db.drop())

const later = (ms: number) => new Date(NOW.getTime() + ms)
/** With times of the test's own clock, because rows are written by the database's. */
async function begin(at: Date) {
  await inTransaction(db, beginOutage)
  await select(db, 'UPDATE outages SET began_at = $1 WHERE ended_at IS NULL RETURNING id', [at])
}
async function end(at: Date) {
  await select(db, 'UPDATE outages SET ended_at = $1 WHERE ended_at IS NULL RETURNING id', [at])
}

async function buildWaiting() {
  const booking = await buildBooking(db, { customerId })
  const input = buildPaymentInput(booking, { amount: KSH_1000 })
  await inTransaction(db, (tx) => openPayment(tx, input, NOW))
  await inTransaction(db, (tx) => queuePush(tx, input.paymentId, NOW))
  return { booking, paymentId: input.paymentId }
}
const turn = (paymentId: string, now: Date) =>
  inTransaction(db, (tx) => takeTurn(tx, paymentId, now))

describe('an outage', () => {
  it('begins once, whoever notices it, and ends once', async () => {
    expect(await readOutage(db)).toBeNull()
    const begun = await Promise.all([1, 2, 3].map(() => inTransaction(db, beginOutage)))
    expect(begun.filter(Boolean)).toHaveLength(1)
    expect((await readOutage(db))?.endedAt).toBeNull()
    expect([await inTransaction(db, endOutage), await inTransaction(db, endOutage)]).toEqual([
      true,
      false,
    ])
    expect((await readOutage(db))?.endedAt).toBeInstanceOf(Date)
    expect(await count(db, "audit_entries WHERE action LIKE 'outage.%'")).toBe(2)
  })
})

describe('a request that waits', () => {
  it('is counted, goes only after the outage, and then once', async () => {
    const { paymentId } = await buildWaiting()
    await begin(NOW)
    expect(await countQueued(db)).toBe(1)
    expect(await turn(paymentId, later(MINUTE_MS))).toMatchObject({ turn: 'wait' })
    await end(later(2 * MINUTE_MS))
    expect(await turn(paymentId, later(3 * MINUTE_MS))).toEqual({ turn: 'go' })
  })

  it('goes out one after the other, at the pace', async () => {
    const waiting = [await buildWaiting(), await buildWaiting(), await buildWaiting()]
    const at = later(MINUTE_MS)
    const first = await Promise.all(waiting.map(({ paymentId }) => turn(paymentId, at)))
    expect(first.filter((one) => one.turn === 'go')).toHaveLength(1)
    const waits = first.flatMap((one) => (one.turn === 'wait' ? [one.ms] : []))
    expect(waits.toSorted((a, b) => a - b)).toEqual([PUSH_PACE_MS, 2 * PUSH_PACE_MS])
    for (const [index, one] of first.entries()) {
      const { paymentId } = waiting[index]!
      if (one.turn === 'wait')
        expect(await turn(paymentId, new Date(at.getTime() + one.ms))).toEqual({ turn: 'go' })
    }
  })

  it('is given up when its booking has ended', async () => {
    const { booking, paymentId } = await buildWaiting()
    const { reservationId } = booking.input
    await inTransaction(db, (tx) =>
      endReservation(tx, { reservationId, reason: 'customer', actorId: customerId, note: null }),
    )
    expect(await turn(paymentId, later(MINUTE_MS))).toEqual({ turn: 'over' })
  })
})

describe('a hold at its deadline', () => {
  const extend = (id: string, now: Date) => inTransaction(db, (tx) => extendForOutage(tx, id, now))

  it('stands as it is without an outage, and long after one', async () => {
    const { input, held } = await buildBooking(db, { customerId })
    const deadline = new Date(held.holdExpiresAt)
    expect(await extend(input.reservationId, deadline)).toBeNull()
    await begin(new Date(deadline.getTime() - 3 * AFTER_OUTAGE_MS))
    await end(new Date(deadline.getTime() - 2 * AFTER_OUTAGE_MS))
    expect(await extend(input.reservationId, deadline)).toBeNull()
  })

  it('moves while the outage lasts, and by its whole time from the end of it', async () => {
    const { input, held } = await buildBooking(db, { customerId })
    const deadline = new Date(held.holdExpiresAt)
    await begin(new Date(deadline.getTime() - MINUTE_MS))
    const during = new Date(deadline.getTime() + AFTER_OUTAGE_MS)
    expect(await extend(input.reservationId, deadline)).toBe(during.toISOString())
    const over = new Date(deadline.getTime() + 10 * MINUTE_MS)
    await end(over)
    const last = new Date(over.getTime() + AFTER_OUTAGE_MS)
    expect(await extend(input.reservationId, during)).toBe(last.toISOString())
    expect(await extend(input.reservationId, last)).toBeNull()
    expect((await findReservation(db, input.reservationId))?.holdExpiresAt).toEqual(last)
    expect(await count(db, 'holds WHERE expires_at = $1', [last])).toBe(1)
  })

  it('moves past neither the pick-up nor a day of outage', async () => {
    const { input, held } = await buildBooking(db, { customerId })
    const deadline = new Date(held.holdExpiresAt)
    await begin(new Date(deadline.getTime() - DAY_MS))
    expect(await extend(input.reservationId, deadline)).toBeNull()
  })
})
