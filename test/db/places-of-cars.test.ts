import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { searchFree } from '../../db/availability.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { isFree, mayStandAt } from '../../db/free-cars.ts'
import { confirmHold, holdVehicle, releaseHold } from '../../db/holds.ts'
import { placesBefore } from '../../db/migrations/0041-places-before.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { at, count, keepCars } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** Every test finds the cars where they belong, and nobody who drives them. */
afterEach(async () => {
  await select(db, "UPDATE holds SET state = 'released'")
  await select(db, "UPDATE vehicles SET location_code = 'NBO-JKIA' WHERE category_code = 'VAN'")
})

const PLACES = ['NBO-JKIA', 'NBO-CBD', 'MBA-NYALI']
/** Days between the beginnings of two drives, of which each takes one. */
const EVERY = 3
const CALLERS = 24

type Drive = { to: string; became: 'confirmed' | 'ended' | 'released' }

/** Days when the drive begins, and when nobody drives any more. */
const begins = (nth: number) => at(40 + nth * EVERY)
const rests = (nth: number) => at(42 + nth * EVERY)

async function drive(from: string, { to, became }: Drive, nth: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    const held = await holdVehicle(tx, {
      vehicleId: null,
      categoryCode: 'VAN',
      pickupLocation: from,
      returnLocation: to,
      from: begins(nth),
      to: new Date(rests(nth).getTime() - HOUR_MS),
      owner: `drive:${nth}`,
      expiresAt: at(39),
      purpose: 'reservation',
    })
    if (!held) throw new Error(`the car is not at ${from} for drive ${nth}`)
    if (became === 'confirmed') await confirmHold(tx, held.holdId)
    else await releaseHold(tx, held.holdId, became)
  })
}

const belongsTo = (place: string) =>
  select(db, "UPDATE vehicles SET location_code = $1 WHERE category_code = 'VAN' AND active", [
    place,
  ])

async function foundAt(nth: number): Promise<string[]> {
  const [from, to] = [rests(nth), new Date(rests(nth).getTime() + HOUR_MS)]
  const answers = await Promise.all(
    PLACES.map((place) =>
      searchFree(db, { pickupLocation: place, returnLocation: place, from, to }),
    ),
  )
  return PLACES.filter((_, index) =>
    answers[index]?.some(({ categoryCode, free }) => categoryCode === 'VAN' && free > 0),
  )
}

/** Pairs of a car and a place at which it is free and not looked for. */
const overlooked = (from: Date) =>
  count(
    db,
    `(SELECT FROM vehicles v CROSS JOIN locations l
      WHERE ${isFree({ pickup: 'l.code', back: 'l.code', from: '$1', to: '$2' })} AND NOT ${mayStandAt('l.code')}) car`,
    [from, new Date(from.getTime() + HOUR_MS)],
  )

const drives = fc
  .record({
    past: fc.array(fc.constantFrom(...PLACES), { maxLength: 4 }),
    coming: fc.array(
      fc.record({
        to: fc.constantFrom(...PLACES),
        became: fc.constantFrom('confirmed' as const, 'released' as const),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ past, coming }): { over: number; all: Drive[] } => ({
    over: past.length,
    all: [...past.map((to) => ({ to, became: 'ended' as const })), ...coming],
  }))

describe('a car', () => {
  it('is found where its drives have left it, and nowhere else, now and between all that are to come', async () => {
    await keepCars(db, 'VAN', 1)
    await fc.assert(
      fc.asyncProperty(drives, async ({ over, all }) => {
        // Each round starts on an empty calendar.
        await select(db, "UPDATE holds SET state = 'released'")
        const stands: string[] = []
        for (const [nth, next] of all.entries()) {
          const before = stands.at(-1) ?? 'NBO-JKIA'
          await drive(before, next, nth)
          stands.push(next.became === 'released' ? before : next.to)
        }
        for (let nth = Math.max(0, over - 1); nth < all.length; nth += 1)
          expect([await foundAt(nth), await overlooked(rests(nth))]).toEqual([[stands[nth]], 0])
      }),
      { numRuns: 25 },
    )
  })
})

describe('the places of a car', () => {
  it('are known as well where its drives were written down before anybody kept them', async () => {
    await keepCars(db, 'VAN', 1)
    await drive('NBO-JKIA', { to: 'MBA-NYALI', became: 'confirmed' }, 0)
    await select(db.owner, 'TRUNCATE car_places')
    expect(await foundAt(0)).toEqual([])
    for (const step of placesBefore.steps) await select(db.owner, step)
    expect(await foundAt(0)).toEqual(['MBA-NYALI'])
    await select(db, "UPDATE holds SET state = 'released'")
    expect(await foundAt(0)).toEqual(['NBO-JKIA'])
  })

  it('follow from a drive that ended before its time', async () => {
    await keepCars(db, 'VAN', 1)
    await drive('NBO-JKIA', { to: 'MBA-NYALI', became: 'ended' }, 0)
    const rest = { from: new Date(begins(0).getTime() + HOUR_MS), to: rests(0) }
    const free = (place: string) =>
      searchFree(db, { pickupLocation: place, returnLocation: place, ...rest })
    const vans = async (place: string) =>
      (await free(place)).find(({ categoryCode }) => categoryCode === 'VAN')?.free
    expect([await vans('MBA-NYALI'), await vans('NBO-JKIA')]).toEqual([1, 0])
  })

  it('count for nothing where a hold from before that drive is still there', async () => {
    const [vehicleId = ''] = await keepCars(db, 'VAN', 1)
    const wish = (from: Date, to: Date) => ({
      vehicleId: null,
      categoryCode: 'VAN',
      pickupLocation: 'NBO-JKIA',
      returnLocation: 'NBO-JKIA',
      from,
      to,
      owner: 'late',
      expiresAt: at(39),
      purpose: 'reservation',
    })
    const hold = (from: Date, to: Date) =>
      inTransaction(db, (tx) => holdVehicle(tx, wish(from, to)))
    await drive('NBO-JKIA', { to: 'NBO-JKIA', became: 'ended' }, 0)
    // Asked for before that drive, and held only now: nobody drives back into the past.
    expect(await hold(new Date(begins(0).getTime() - HOUR_MS), rests(2))).toBeNull()
    await select(
      db,
      `INSERT INTO holds (resource_id, period, purpose, owner, state)
       VALUES ($1, tstzrange($2, NULL), 'sale', 'sale', 'active')`,
      [vehicleId, at(30)],
    )
    expect(await foundAt(1)).toEqual([])
    expect(await hold(rests(0), rests(1))).toBeNull()
  })

  it('are more by one when it belongs elsewhere', async () => {
    await keepCars(db, 'VAN', 1)
    await belongsTo('NBO-CBD')
    expect(await foundAt(0)).toEqual(['NBO-CBD'])
    await drive('NBO-CBD', { to: 'NBO-CBD', became: 'confirmed' }, 0)
    await belongsTo('MBA-NYALI')
    expect(await foundAt(0)).toEqual(['NBO-CBD'])
  })
})

describe('everybody at once', () => {
  it('gets no drive that starts where its car will not be', async () => {
    await keepCars(db, 'SUV', 3)
    const trip = fc.record({
      day: fc.integer({ min: 100, max: 220 }),
      hours: fc.integer({ min: 2, max: 20 }),
      from: fc.constantFrom(...PLACES),
      to: fc.constantFrom(...PLACES),
    })
    const whole = (text: string) => select<{ id: string }>(db, text, ['drives'])
    await fc.assert(
      fc.asyncProperty(fc.array(trip, { minLength: 150, maxLength: 150 }), async (trips) => {
        const left = trips.values()
        const caller = async () => {
          for (const { day, hours, from, to } of left)
            await inTransaction(db, async (tx) => {
              const held = await holdVehicle(tx, {
                vehicleId: null,
                categoryCode: 'SUV',
                pickupLocation: from,
                returnLocation: to,
                from: at(day),
                to: new Date(at(day).getTime() + hours * HOUR_MS),
                owner: 'drives',
                expiresAt: at(99),
                purpose: 'reservation',
              })
              if (held) await confirmHold(tx, held.holdId)
            })
        }
        await Promise.all(Array.from({ length: CALLERS }, caller))
        // Each drive beside the one before it, or the car's own place.
        const lost = await whole(
          `SELECT id FROM (SELECT h.id, h.from_location, lag(h.to_location, 1, v.location_code)
               OVER (PARTITION BY h.resource_id ORDER BY lower(h.period)) AS stands
             FROM holds h JOIN vehicles v ON v.id = h.resource_id
             WHERE h.owner = $1 AND h.state = 'confirmed') drive WHERE from_location <> stands`,
        )
        expect(lost).toEqual([])
        await whole("UPDATE holds SET state = 'released' WHERE owner = $1 RETURNING id")
      }),
      { numRuns: 8 },
    )
  })
})
