/**
 * The step that holds a car is done twice: a worker that lost its story may still be at it when another worker begins it anew, or
 * may come to it long afterwards. Whatever one of them answered is what the other answers.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { holdVehicle, releaseHold } from '../../db/holds.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import {
  at,
  buildCustomer,
  buildReservationInput,
  count,
  keepCars,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const hold = (input: ReservationInput) => inTransaction(db, (tx) => holdReservation(tx, input, NOW))
/** Of the only car of its category. */
async function build(categoryCode: string): Promise<ReservationInput> {
  await keepCars(db, categoryCode, 1)
  return buildReservationInput(customerId, { trip: { categoryCode } })
}
const holdsOf = ({ reservationId }: ReservationInput) =>
  count(db, 'holds WHERE owner = $1', [`reservation:${reservationId}`])

describe('a hold that is begun twice', () => {
  it('is held for both, although the first has not said so yet', async () => {
    const input = await build('PICKUP')
    const both = await inTransaction(db, async (tx) => {
      const first = await holdReservation(tx, input, NOW)
      const second = hold(input)
      return { first, second }
    })
    expect(both.first).toMatchObject({ outcome: 'held' })
    expect(await both.second).toMatchObject({ outcome: 'held', reservationId: input.reservationId })
    expect(await holdsOf(input)).toBe(1)
  })

  it('and refused holds nothing when the other comes late and finds the car free', async () => {
    const input = await build('VAN')
    const { pickupLocation, returnLocation, pickupAt, returnAt } = input.trip
    const others = await inTransaction(db, (tx) =>
      holdVehicle(tx, {
        vehicleId: null,
        categoryCode: 'VAN',
        pickupLocation,
        returnLocation,
        from: new Date(pickupAt),
        to: new Date(returnAt),
        owner: 'somebody',
        expiresAt: at(1),
        purpose: 'reservation',
      }),
    )
    const refused = await hold(input)
    expect(refused).toMatchObject({ outcome: 'refused', code: 'VEHICLE_UNAVAILABLE' })
    await inTransaction(db, (tx) => releaseHold(tx, others?.holdId ?? '', 'released'))
    expect(await hold(input)).toEqual(refused)
    expect(await holdsOf(input)).toBe(0)
  })
})
