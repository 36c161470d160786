import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { insertOpenBookings, readOpenBookings, today } from '../../bench/open-bookings.ts'
import { inTransaction } from '../../db/connection.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { buildReservationInput, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  const since = today()
  await insertOpenBookings(db.owner, { from: 0, to: 30, since })
  await insertOpenBookings(db.owner, { from: 30, to: 2_040, since })
})
afterAll(() => db.drop())

describe('open bookings of the benches', () => {
  it('are one in ten unpaid, however many steps they were made in', async () => {
    const all = await readOpenBookings(db, { from: 0, to: 2_040 })
    expect(all).toHaveLength(2_040)
    expect(new Set(all.map(({ id }) => id)).size).toBe(2_040)
    expect(all.filter(({ status }) => status === 'pending')).toHaveLength(204)
  })

  it('have their money in the books of the booking', async () => {
    const [unpaid, paid] = await readOpenBookings(db, { from: 0, to: 2 })
    expect(await findReservation(db, unpaid?.id ?? '')).toMatchObject({
      status: 'pending',
      paid: 0,
    })
    expect(await findReservation(db, paid?.id ?? '')).toMatchObject({
      status: 'confirmed',
      balance: 0,
      parties: [{ paid: expect.any(Number) }],
    })
  })

  it('answer a story that is started for them with what stands', async () => {
    const [booking] = await readOpenBookings(db, { from: 7, to: 8 })
    const input = buildReservationInput(booking?.customerId ?? '', {
      reservationId: booking?.id ?? '',
    })
    const answer = await inTransaction(db, (tx) => holdReservation(tx, input, NOW))
    expect(answer).toMatchObject({
      outcome: 'held',
      number: booking?.number,
      status: 'confirmed',
      vehicle: { plate: booking?.plate },
    })
  })
})
