/** Rentals in the books: what speaks against handing over keys, what a return asks for, and where each shilling of a deposit ends. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { endCharge } from '../../db/charges.ts'
import { readRentalCharges } from '../../db/rental-charge-rows.ts'
import { readChecks, readRental } from '../../db/rental-rows.ts'
import { releaseRest, settleRental, type Settling } from '../../db/rental-settling.ts'
import { claimDamage, disputeRental, tellOverdue } from '../../db/rental-telling.ts'
import { completeUnlessOut } from '../../db/reservation-ends.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { shillings, ZERO, type Cents } from '../../domain/money.ts'
import { DEFAULT_APPROVAL_ABOVE } from '../../domain/refunds.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { buildBooking, buildPaid, count, eventsOf } from '../support/builders.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  bringBack,
  buildDriver,
  buildReady,
  buildRental,
  CHECK,
  dueAt,
  handOver,
  pickUpAt,
  pickUpWish,
  returnWish,
  type Ready,
} from '../support/rentals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
/** Cars that an earlier test has left out. */
beforeEach(async () => {
  await select(
    db.owner,
    "UPDATE rentals SET status = 'returned', returned_at = due_at, returned_to = return_location WHERE status = 'on_the_road'",
  )
  await select(
    db.owner,
    "UPDATE vehicles SET status = 'available', mileage_km = 50000 WHERE status <> 'available' OR mileage_km > 50000",
  )
})

const statusOf = async (ready: Ready) =>
  (await readReservation(db, ready.booking.input.reservationId))?.status
const carOf = (ready: Ready) =>
  selectOne<{ status: string; km: number; state: string; place: string }>(
    db,
    `SELECT v.status, v.mileage_km AS km, h.state, h.to_location AS place FROM reservations r
     JOIN vehicles v ON v.id = r.vehicle_id JOIN holds h ON h.id = r.hold_id WHERE r.id = $1`,
    [ready.booking.input.reservationId],
  )
const balanceOf = async (account: string, subject: string): Promise<number> =>
  Number(
    (
      await selectOne<{ sum: string }>(
        db,
        'SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = $1 AND subject = $2',
        [account, subject],
      )
    )?.sum,
  )
const release = (id: string, now = new Date()) =>
  inTransaction(db, (tx) => releaseRest(tx, id, now))
const settle = (rentalId: string, over: Partial<Settling> = {}) =>
  inTransaction(db, (tx) =>
    settleRental(
      tx,
      { rentalId, actorId: 'gari', how: 'agreed', ...over },
      new Date(Date.now() + 400 * DAY_MS),
    ),
  )
const SCRATCH = { place: 'boot', kind: 'scratch' } as const
const scratched = (amount: Cents) =>
  returnWish({
    check: { ...CHECK, odometerKm: 60_100, marks: [...CHECK.marks, SCRATCH] },
    damage: [{ mark: SCRATCH, amount }],
  })

describe('handing over the keys', () => {
  it('starts one rental, takes the car out of the yard, and a repeat answers the same', async () => {
    const ready = await buildReady(db)
    const wish = pickUpWish(ready)
    const first = await handOver(db, wish, pickUpAt(ready))
    expect(first).toMatchObject({ outcome: 'started', rentalId: wish.rentalId })
    const again = await handOver(db, { ...wish, rentalId: randomUUID() }, pickUpAt(ready))
    expect(again).toEqual(first)
    expect(await statusOf(ready)).toBe('in_progress')
    expect(await carOf(ready)).toMatchObject({ status: 'rented', km: 60_000, state: 'active' })
    expect((await eventsOf(db, wish.rentalId)).map(({ type }) => type)).toEqual(['rental.started'])
    expect(await readChecks(db, wish.rentalId)).toMatchObject([{ moment: 'pickup', ...CHECK }])
  })

  it('of two clerks at once is one', async () => {
    const ready = await buildReady(db)
    const answers = await Promise.all(
      [1, 2, 3].map(() => handOver(db, pickUpWish(ready), pickUpAt(ready))),
    )
    expect(new Set(answers.map((one) => one.outcome === 'started' && one.rentalId)).size).toBe(1)
  })

  it('says all that speaks against it at once', async () => {
    const customerId = await buildDriver(db, { bornOn: null, licence: null })
    const booking = await buildBooking(db, { customerId })
    await buildPaid(db, booking, booking.held.total)
    const ready = { booking, depositChargeId: '', deposit: ZERO }
    const wish = pickUpWish(ready, { idSeen: false })
    const answer = await handOver(db, wish, new Date(pickUpAt(ready).getTime() - 3 * HOUR_MS))
    expect(answer).toMatchObject({ outcome: 'refused', code: 'RENTAL_REFUSED' })
    const said = answer.outcome === 'refused' ? answer.message : ''
    for (const part of ['two hours earlier', 'licence', 'birth date', 'id card', 'deposit'])
      expect(said).toContain(part)
    expect(await statusOf(ready)).toBe('confirmed')
  })

  const dayOf = (at: Date) => at.toISOString().slice(0, 10)
  it.each<[string, (ready: Ready) => object | null, (ready: Ready) => Promise<unknown>]>([
    [
      'a licence that ends before the car is back',
      () => null,
      async (ready) =>
        select(db, 'UPDATE customers SET licence_expires_on = $2 WHERE user_id = $1', [
          ready.booking.input.customerId,
          dayOf(pickUpAt(ready)),
        ]),
    ],
    [
      'an account that is suspended',
      () => null,
      async (ready) =>
        select(db, "UPDATE users SET status = 'suspended' WHERE id = $1", [
          ready.booking.input.customerId,
        ]),
    ],
    [
      'a customer of high risk',
      () => null,
      async (ready) =>
        select(db, "UPDATE customers SET risk_level = 'high' WHERE user_id = $1", [
          ready.booking.input.customerId,
        ]),
    ],
    [
      'a car in the workshop',
      () => null,
      async (ready) =>
        select(db, "UPDATE vehicles SET status = 'maintenance' WHERE id = $1", [
          ready.booking.held.vehicle.id,
        ]),
    ],
    [
      'a car that is still out with somebody else',
      () => null,
      async (ready) =>
        select(db, "UPDATE vehicles SET status = 'rented' WHERE id = $1", [
          ready.booking.held.vehicle.id,
        ]),
    ],
    [
      'insurance that ends before the car is back',
      () => null,
      async (ready) =>
        select(db, 'UPDATE vehicles SET insurance_expires_on = $2 WHERE id = $1', [
          ready.booking.held.vehicle.id,
          dayOf(pickUpAt(ready)),
        ]),
    ],
    [
      'an odometer that ran backwards',
      () => ({ check: { ...CHECK, odometerKm: 5 } }),
      async () => null,
    ],
  ])('is refused for %s', async (_what, over, prepare) => {
    const ready = await buildReady(db)
    await prepare(ready)
    const answer = await handOver(db, pickUpWish(ready, over(ready) ?? {}), pickUpAt(ready))
    expect(answer.outcome).toBe('refused')
    expect(await statusOf(ready)).toBe('confirmed')
    await select(
      db,
      "UPDATE vehicles SET status = 'available', insurance_expires_on = NULL WHERE id = $1",
      [ready.booking.held.vehicle.id],
    )
  })

  it('waits for the whole price', async () => {
    const booking = await buildBooking(db, { customerId: await buildDriver(db) })
    const ready = { booking, depositChargeId: randomUUID(), deposit: ZERO }
    expect(await handOver(db, pickUpWish(ready), pickUpAt(ready))).toMatchObject({
      outcome: 'refused',
      message: 'This booking is not paid in full yet.',
    })
  })

  it('makes the clock leave the booking alone until the car is back', async () => {
    const ready = await buildReady(db)
    await buildRental(db, ready)
    await inTransaction(db, (tx) => completeUnlessOut(tx, ready.booking.input.reservationId))
    expect(await statusOf(ready)).toBe('in_progress')
  })
})

describe('taking a car back', () => {
  it('completes the booking, frees the car, and asks for what is owed, once', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    const wish = returnWish({ check: { ...CHECK, odometerKm: 60_200, fuelEighths: 4 } })
    const answer = await bringBack(db, id, wish, dueAt(ready))
    expect(answer).toMatchObject({ outcome: 'returned', charges: [{ kind: 'fuel' }] })
    expect(await bringBack(db, id, returnWish(), dueAt(ready))).toEqual(answer)
    expect(await readRentalCharges(db, id)).toHaveLength(1)
    expect(await statusOf(ready)).toBe('completed')
    expect(await carOf(ready)).toMatchObject({ status: 'available', km: 60_200, state: 'ended' })
    expect((await eventsOf(db, id)).map(({ type }) => type)).toEqual([
      'rental.started',
      'rental.returned',
    ])
  })

  it('elsewhere says where the car stands now', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    await bringBack(db, id, returnWish({ location: 'MBA-NYALI' }), dueAt(ready))
    expect(await carOf(ready)).toMatchObject({ place: 'MBA-NYALI' })
  })

  it.each([
    ['fewer kilometres than at pick-up', { check: { ...CHECK, odometerKm: 59_999 } }],
    ['a drive round the earth', { check: { ...CHECK, odometerKm: 999_999 } }],
    ['a place that is none of ours', { location: 'NOWHERE' }],
    [
      'damage that was there before',
      { damage: [{ mark: CHECK.marks[0], amount: shillings(100) }] },
    ],
  ])('is refused for %s, and the car stays out', async (_what, over) => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    const answer = await bringBack(db, id, returnWish(over as object), dueAt(ready))
    expect(answer).toMatchObject({ outcome: 'refused' })
    expect((await readRental(db, id))?.status).toBe('on_the_road')
  })
})

describe('a deposit', () => {
  it('goes back whole where nothing is claimed, and what nobody claims goes first', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    await bringBack(db, id, returnWish(), dueAt(ready))
    const refunds = await release(id)
    expect(refunds.map(({ amount }) => amount)).toEqual([ready.deposit])
    expect(await release(id)).toEqual(refunds)
    expect(await settle(id)).toMatchObject({ kept: 0, owed: 0, refunds })
  })

  it('keeps what stands, sends back the rest in two parts, and no shilling is left or twice', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    await bringBack(db, id, scratched(shillings(3_000)), dueAt(ready))
    const [rest] = await release(id)
    expect(rest?.amount).toBe(ready.deposit - 300_000)
    await inTransaction(db, (tx) =>
      disputeRental(tx, { rentalId: id, actorId: 'customer', because: 'It was there.' }),
    )
    const [charge] = await readRentalCharges(db, id)
    const settled = await settle(id, {
      how: 'decided',
      actorId: 'manager',
      finals: { [charge?.id ?? '']: shillings(1_000) },
    })
    expect(settled).toMatchObject({ kept: 100_000, owed: 0, owedCharge: null })
    expect(settled.refunds.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([
      200_000,
      ready.deposit - 300_000,
    ])
    for (const { refundId, paymentId, amount } of settled.refunds)
      await inTransaction(db, (tx) =>
        openRefund(
          tx,
          { refundId, paymentId, amount, reason: 'deposit', actorId: 'gari' },
          { approvalAbove: DEFAULT_APPROVAL_ABOVE, now: new Date() },
        ),
      )
    expect(await balanceOf('security_deposits', ready.depositChargeId)).toBe(0)
    expect(await settle(id)).toEqual(settled)
    expect(
      await count(db, "ledger_entries WHERE kind = 'deposit_kept' AND reference = $1", [id]),
    ).toBe(1)
  })

  it('that is not enough leaves a charge for the rest, open to whoever booked', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    await bringBack(db, id, scratched((ready.deposit + 500_000) as Cents), dueAt(ready))
    const settled = await settle(id, { how: 'silent' })
    expect(settled).toMatchObject({ kept: ready.deposit, owed: 500_000, refunds: [] })
    const charge = await selectOne<{ total: string; status: string }>(
      db,
      'SELECT total_cents AS total, status FROM charges WHERE id = $1',
      [settled.owedCharge?.chargeId],
    )
    expect(charge).toEqual({ total: '500000', status: 'open' })
    expect(settled.owedCharge?.parties).toEqual([])
    expect((await settle(id)).owedCharge?.chargeId).toBe(settled.owedCharge?.chargeId)
  })

  it('keeps no more than is left of it for what is found after the rest went back', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    await bringBack(db, id, scratched(shillings(1_000)), dueAt(ready))
    await release(id)
    const claim = { id: randomUUID(), actorId: 'desk', mark: SCRATCH, amount: shillings(2_000) }
    expect(await inTransaction(db, (tx) => claimDamage(tx, id, claim))).toEqual({
      outcome: 'claimed',
      total: 300_000,
    })
    expect(await settle(id)).toMatchObject({ kept: 100_000, owed: 200_000 })
    expect(await inTransaction(db, (tx) => claimDamage(tx, id, claim))).toMatchObject({
      outcome: 'refused',
    })
  })

  it('that is asked for and not paid yet is none', async () => {
    const customerId = await buildDriver(db)
    const booking = await buildBooking(db, { customerId })
    await buildPaid(db, booking, booking.held.total)
    const { reservationId } = booking.input
    await buildCharge(db, { type: 'deposit', customerId, reservationId, total: shillings(90_000) })
    const ready = { booking, depositChargeId: '', deposit: ZERO }
    const answer = await handOver(db, pickUpWish(ready), pickUpAt(ready))
    expect(answer.outcome === 'refused' && answer.message).toContain('deposit')
  })

  it('of a rental is cancelled by nobody', async () => {
    const ready = await buildReady(db)
    const end = { reason: 'desk', actorId: 'desk', note: null } as const
    await buildRental(db, ready)
    const answer = await inTransaction(db, (tx) =>
      endCharge(tx, { chargeId: ready.depositChargeId, ...end }),
    )
    expect(answer).toEqual({ status: 'paid', refunds: [] })
  })

  it('serves one rental only', async () => {
    const ready = await buildReady(db)
    const id = await buildRental(db, ready)
    await bringBack(db, id, returnWish(), dueAt(ready))
    const again =
      'INSERT INTO rentals SELECT (jsonb_populate_record(r, $2::jsonb)).* FROM rentals r WHERE id = $1'
    const other = { id: randomUUID(), number: 'AGR-00-000001', reservation_id: randomUUID() }
    await expect(select(db, again, [id, JSON.stringify(other)])).rejects.toThrow()
  })
})

it('an overdue car is told of once, and not at all once it is back', async () => {
  const ready = await buildReady(db)
  const id = await buildRental(db, ready)
  const tell = () => inTransaction(db, (tx) => tellOverdue(tx, id))
  await tell()
  await tell()
  await bringBack(db, id, returnWish(), dueAt(ready))
  await tell()
  const types = (await eventsOf(db, id)).map(({ type }) => type)
  expect(types.filter((type) => type === 'rental.overdue')).toHaveLength(1)
})
