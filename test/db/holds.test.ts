import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { type HoldWish, confirmHold, extendHold, holdVehicle, releaseHold } from '../../db/holds.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { at, count, keepCars, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const buildWish = (over: Partial<HoldWish> = {}): HoldWish => ({
  vehicleId: null,
  categoryCode: 'SEDAN',
  pickupLocation: 'NBO-JKIA',
  returnLocation: 'NBO-JKIA',
  from: at(7),
  to: at(9),
  owner: `reservation:${randomUUID()}`,
  expiresAt: new Date(NOW.getTime() + 15 * MINUTE_MS),
  purpose: 'reservation',
  ...over,
})
const hold = (over: Partial<HoldWish> = {}) =>
  inTransaction(db, (tx) => holdVehicle(tx, buildWish(over)))

const OVERLAPS = `holds a JOIN holds b ON a.resource_id = b.resource_id AND a.id < b.id
  AND a.period && b.period WHERE a.state IN ('held', 'confirmed', 'active')
  AND b.state IN ('held', 'confirmed', 'active')`

describe('one car', () => {
  it('is never held twice at overlapping times, but back to back is fine', async () => {
    const [car = ''] = await keepCars(db, 'SEDAN', 1)
    const first = await hold({ vehicleId: car })
    expect(first?.vehicle.id).toBe(car)
    expect(await hold({ vehicleId: car, from: at(8), to: at(10) })).toBeNull()
    expect(await hold({ vehicleId: car, from: at(6), to: at(7, 11) })).toBeNull()
    expect(await hold({ vehicleId: car, from: at(7, 12), to: at(7, 14) })).toBeNull()
    expect((await hold({ vehicleId: car, from: at(9), to: at(10) }))?.vehicle.id).toBe(car)
    expect((await hold({ vehicleId: car, from: at(6), to: at(7) }))?.vehicle.id).toBe(car)
  })

  it('counts its events up by one for each hold and each release', async () => {
    const [car = ''] = await keepCars(db, 'VAN', 1)
    const wish = { vehicleId: car, categoryCode: 'VAN' }
    const first = await hold(wish)
    const freed = await inTransaction(db, (tx) => releaseHold(tx, first?.holdId ?? '', 'released'))
    const second = await hold(wish)
    expect([first?.version, freed?.version, second?.version]).toEqual([1, 2, 3])
  })
})

describe('the constraint, whoever writes', () => {
  const insert = async (car: string, period: string) => {
    await select(
      db,
      `INSERT INTO holds (resource_id, period, purpose, owner, state)
       VALUES ($1, $2::tstzrange, 'maintenance', 'by hand', 'held')`,
      [car, period],
    )
  }
  const anyCar = async () =>
    (await selectOne<{ id: string }>(
      db,
      "SELECT id FROM vehicles WHERE category_code = 'PICKUP' ORDER BY number LIMIT 1",
    ))!.id

  it('refuses an overlap written past the store', async () => {
    const car = await anyCar()
    await insert(car, '[2030-01-01,2030-01-03)')
    await expect(insert(car, '[2030-01-02,2030-01-04)')).rejects.toMatchObject({
      constraint: 'holds_never_overlap',
    })
    await insert(car, '[2030-01-03,2030-01-04)')
  })

  it.each([
    ['empty', 'empty'],
    ['without a start', '[,2031-01-01)'],
    ['without an end', '[2031-01-01,)'],
    ['closed at its end', '[2031-01-01,2031-01-02]'],
  ])('refuses a period that is %s', async (_, period) => {
    await expect(insert(await anyCar(), period)).rejects.toThrow(/check constraint/)
  })
})

describe('a car that is sold', () => {
  it('is free until the day of its sale, and never again', async () => {
    const [car = ''] = await keepCars(db, 'PICKUP', 1)
    await select(
      db,
      `INSERT INTO holds (resource_id, period, purpose, owner, state, from_location, to_location)
       VALUES ($1, tstzrange($2, NULL), 'sale', 'by hand', 'confirmed', 'NBO-JKIA', 'NBO-JKIA')`,
      [car, at(200)],
    )
    const wish = { categoryCode: 'PICKUP' }
    expect(await hold({ ...wish, from: at(198), to: at(200) })).not.toBeNull()
    expect(await hold({ ...wish, from: at(199), to: at(201) })).toBeNull()
    expect(await hold({ ...wish, from: at(300), to: at(301) })).toBeNull()
  })
})

describe('where the car stands', () => {
  it('is where its last trip ends, and it must be back where its next one starts', async () => {
    const [car = ''] = await keepCars(db, 'SUV', 1)
    const wish = { categoryCode: 'SUV', vehicleId: null }
    const away = await hold({ ...wish, returnLocation: 'MBA-NYALI' })
    expect(away?.vehicle.id).toBe(car)
    expect(await hold({ ...wish, from: at(10), to: at(11) })).toBeNull()
    const back = { ...wish, pickupLocation: 'MBA-NYALI', returnLocation: 'NBO-JKIA' }
    // Nobody has paid for the drive there, so nobody can count on the car being there.
    expect(await hold({ ...back, from: at(10), to: at(11) })).toBeNull()
    await inTransaction(db, (tx) => confirmHold(tx, away?.holdId ?? ''))
    expect(await hold({ ...back, from: at(10), to: at(11) })).not.toBeNull()
    // Before its trip it may only be lent to somebody who brings it back to the airport.
    expect(await hold({ ...wish, returnLocation: 'NBO-CBD', from: at(5), to: at(6) })).toBeNull()
    expect(await hold({ ...wish, from: at(5), to: at(6) })).not.toBeNull()
  })
})

describe('a hold ends once', () => {
  it('is confirmed, and confirmed again without harm; after its release neither works', async () => {
    const held = await hold({ categoryCode: 'ECONOMY' })
    const id = held?.holdId ?? ''
    expect(await inTransaction(db, (tx) => extendHold(tx, id, at(1)))).toBe(true)
    expect(await inTransaction(db, (tx) => confirmHold(tx, id))).toBe(true)
    expect(await inTransaction(db, (tx) => confirmHold(tx, id))).toBe(true)
    expect(await inTransaction(db, (tx) => extendHold(tx, id, at(1)))).toBe(false)
    const freed = await inTransaction(db, (tx) => releaseHold(tx, id, 'released'))
    expect(freed).toMatchObject({ vehicleId: held?.vehicle.id, from: at(7), to: at(9) })
    expect(await inTransaction(db, (tx) => releaseHold(tx, id, 'expired'))).toBeNull()
    expect(await inTransaction(db, (tx) => confirmHold(tx, id))).toBe(false)
  })

  it('gives way when its end and the grace are over, not a moment earlier', async () => {
    const [car = ''] = await keepCars(db, '4X4', 1)
    const wish = { categoryCode: '4X4', vehicleId: null }
    const within = new Date(Date.now() - 4 * MINUTE_MS)
    const held = await hold({ ...wish, expiresAt: within })
    expect(held?.vehicle.id).toBe(car)
    expect(await hold(wish)).toBeNull()
    await select(db, "UPDATE holds SET expires_at = now() - interval '6 minutes' WHERE id = $1", [
      held?.holdId,
    ])
    expect((await hold(wish))?.vehicle.id).toBe(car)
    expect(await inTransaction(db, (tx) => confirmHold(tx, held?.holdId ?? ''))).toBe(false)
  })

  it('never gives way once confirmed', async () => {
    const [car = ''] = await keepCars(db, 'PICKUP', 1)
    const wish = { categoryCode: 'PICKUP', vehicleId: car, from: at(20), to: at(21) }
    const held = await hold({ ...wish, expiresAt: new Date(Date.now() - HOUR_MS) })
    await inTransaction(db, (tx) => confirmHold(tx, held?.holdId ?? ''))
    expect(await hold(wish)).toBeNull()
  })
})

describe('neighbours', () => {
  it('waits for a free car that somebody merely has locked, instead of refusing it', async () => {
    const [car = ''] = await keepCars(db, 'VAN', 1)
    const wish = { categoryCode: 'VAN', from: at(30), to: at(31) }
    let second: Promise<unknown> = Promise.resolve()
    await inTransaction(db, async (tx) => {
      await select(tx, 'SELECT id FROM vehicles WHERE id = $1 FOR NO KEY UPDATE', [car])
      second = hold(wish)
      // It has come as far as our lock when PostgreSQL says that somebody waits for one.
      await waitUntil(async () => (await count(db, 'pg_locks WHERE NOT granted')) > 0)
    })
    expect(await second).toMatchObject({ vehicle: { id: car } })
  })

  it('get no overlap between them whatever they ask for at the same time', async () => {
    await keepCars(db, 'ECONOMY', 3)
    const request = fc.record({
      day: fc.integer({ min: 40, max: 52 }),
      hours: fc.integer({ min: 2, max: 80 }),
      back: fc.constantFrom('NBO-JKIA', 'NBO-CBD', 'MBA-NYALI'),
      lapsed: fc.boolean(),
      release: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 8, maxLength: 24 }), async (requests) => {
        await Promise.all(
          requests.map(async ({ day, hours, back, lapsed, release }) => {
            const from = at(day)
            const held = await hold({
              categoryCode: 'ECONOMY',
              returnLocation: back,
              from,
              to: new Date(from.getTime() + hours * HOUR_MS),
              expiresAt: lapsed ? new Date(Date.now() - HOUR_MS) : at(39),
            })
            if (held && release) {
              await inTransaction(db, (tx) => releaseHold(tx, held.holdId, 'released'))
            }
          }),
        )
        expect(await count(db, OVERLAPS)).toBe(0)
        // The next round starts on an empty calendar.
        await select(db, "UPDATE holds SET state = 'released' WHERE owner <> 'by hand'")
      }),
      { numRuns: 25 },
    )
    expect(await count(db, 'holds')).toBeGreaterThan(100)
  })
})

/** Asks again until it is so; the test's own time-out is the limit. */
async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}
