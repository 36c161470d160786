/**
 * The step that holds a car is done twice: a worker that lost its story may still be at it when another worker begins it anew, or
 * may come to it long afterwards. Whatever one of them answered is what the other answers.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { refuseAtDoor } from '../../db/booking-answers.ts'
import { inTransaction } from '../../db/connection.ts'
import { holdVehicle, releaseHold } from '../../db/holds.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import type { Refusal, ReservationInput } from '../../domain/reservations.ts'
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

describe('a refusal at the door', () => {
  const taken: Refusal = {
    outcome: 'refused',
    code: 'VEHICLE_UNAVAILABLE',
    message: 'All our cars of the category SUV are taken for this time.',
    alternatives: [],
  }
  const refuse = ({ reservationId }: ReservationInput) => refuseAtDoor(db, reservationId, taken)

  it('is what the story answers as well that was under way, although it finds a car', async () => {
    const input = await build('SUV')
    expect(await refuse(input)).toEqual(taken)
    expect(await hold(input)).toEqual(taken)
    expect(await refuse(input)).toEqual(taken)
    expect(await holdsOf(input)).toBe(0)
  })

  it('is not said where the car is held, or is being held', async () => {
    const input = await build('SUV')
    const meanwhile = await inTransaction(db, async (tx) => {
      await holdReservation(tx, input, NOW)
      return refuse(input)
    })
    expect([meanwhile, await refuse(input)]).toEqual([null, null])
  })

  it('and a hold at the same time are never both said', async () => {
    const cars = await keepCars(db, 'ECONOMY', 3)
    const inputs = Array.from({ length: 40 }, () =>
      buildReservationInput(customerId, { trip: { categoryCode: 'ECONOMY' } }),
    )
    const answers = await Promise.all(
      inputs.map(async (input) => ({
        input,
        said: await Promise.all([hold(input), refuse(input)]),
      })),
    )
    for (const { input, said } of answers) {
      const isHeld = said[0].outcome === 'held'
      expect([isHeld, said[1] === null ? 1 : 0, await holdsOf(input)]).toEqual(
        isHeld ? [true, 1, 1] : [false, expect.any(Number), 0],
      )
    }
    expect(answers.filter(({ said }) => said[0].outcome === 'held').length).toBeLessThanOrEqual(
      cars.length,
    )
  })
})
