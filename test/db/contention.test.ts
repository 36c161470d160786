import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { holdVehicle, releaseHold } from '../../db/holds.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import type { HoldAnswer, ReservationInput } from '../../domain/reservations.ts'
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
const all = (inputs: ReservationInput[]) => Promise.all(inputs.map(hold))
const many = (length: number, categoryCode: string) =>
  Array.from({ length }, () => buildReservationInput(customerId, { trip: { categoryCode } }))
const split = (answers: HoldAnswer[]) => ({
  held: answers.filter((one) => one.outcome === 'held'),
  refused: answers.filter((one) => one.outcome === 'refused'),
})

describe('everybody at once', () => {
  it('gives the last car of a category to exactly one of 200, and the others an alternative', async () => {
    await keepCars(db, 'SEDAN', 1)
    const { held, refused } = split(await all(many(200, 'SEDAN')))
    expect(held).toHaveLength(1)
    expect(refused).toHaveLength(199)
    for (const one of refused) {
      expect(one.code).toBe('VEHICLE_UNAVAILABLE')
      expect(one.alternatives.filter(({ kind }) => kind === 'category')).toHaveLength(3)
      expect(one.alternatives.at(-1)).toMatchObject({
        kind: 'time',
        categoryCode: 'SEDAN',
        pickupAt: at(9).toISOString(),
      })
    }
    expect(await count(db, "reservations WHERE category_code = 'SEDAN'")).toBe(1)
  })

  it('hands out every free car, each once', async () => {
    await keepCars(db, 'SUV', 3)
    const { held } = split(await all(many(60, 'SUV')))
    expect(new Set(held.map(({ vehicle }) => vehicle.id)).size).toBe(3)
    expect(held).toHaveLength(3)
  })

  it('sorts out holds that come, lapse and go all at once', async () => {
    await keepCars(db, 'ECONOMY', 3)
    const churn = Array.from({ length: 90 }, async (_, index) => {
      const day = 300 + (index % 9)
      const from = at(day)
      const held = await inTransaction(db, (tx) =>
        holdVehicle(tx, {
          vehicleId: null,
          categoryCode: 'ECONOMY',
          pickupLocation: 'NBO-JKIA',
          returnLocation: 'NBO-JKIA',
          from,
          to: at(day + 1 + (index % 3)),
          owner: `churn:${index}`,
          expiresAt: index % 2 === 0 ? at(-1) : at(2),
          purpose: 'reservation',
        }),
      )
      if (held && index % 3 === 0) {
        await inTransaction(db, (tx) => releaseHold(tx, held.holdId, 'released'))
      }
      return held !== null
    })
    expect((await Promise.all(churn)).filter(Boolean).length).toBeGreaterThan(9)
  })

  it('makes one booking of one request, however often it runs at the same time', async () => {
    const input = buildReservationInput(customerId, { trip: { categoryCode: 'VAN' } })
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => hold(input)))
    const again = await hold(input)
    expect(again.outcome).toBe('held')
    const answers = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(answers.length).toBeGreaterThan(0)
    for (const answer of answers) expect(answer).toEqual(again)
    const owner = `reservation:${input.reservationId}`
    expect(await count(db, 'holds WHERE owner = $1', [owner])).toBe(1)
    expect(await count(db, 'outbox WHERE key = $1', [input.reservationId])).toBe(1)
  })

  it('leaves no two holds of one car overlapping', async () => {
    const rows = await select(
      db,
      `SELECT a.id FROM holds a JOIN holds b ON a.resource_id = b.resource_id AND a.id < b.id
       AND a.period && b.period AND a.state = 'held' AND b.state = 'held'`,
    )
    expect(rows).toEqual([])
  })

  it('costs no deadlock', async () => {
    const found = await selectOne(
      db,
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    )
    expect(found).toEqual({ deadlocks: '0' })
  })
})
