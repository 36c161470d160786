import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  connectExplaining,
  unboundScans,
  type Explaining,
  type Plan,
} from '../../bench/explaining.ts'
import { insertOpenBookings, OPEN_CATEGORY, today } from '../../bench/open-bookings.ts'
import { calendarQuestions, type Question } from '../../bench/plan-questions.ts'
import { takenBack } from '../../bench/search.ts'
import { couldHold, nextFree, searchFree } from '../../db/availability.ts'
import { findStranded } from '../../db/car-swaps.ts'
import { select, selectOne, type Tx } from '../../db/connection.ts'
import { listForDesk } from '../../db/reservation-reads.ts'
import { DAY_MS } from '../../domain/time.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

const BOOKINGS = 4_000
const CALENDAR = ['holds', 'vehicles', 'car_places']
const PLACE = 'NBO-JKIA'
const DAYS = { from: new Date(Date.now() + 20 * DAY_MS), to: new Date(Date.now() + 22 * DAY_MS) }
const PLACES = { pickupLocation: PLACE, returnLocation: PLACE }
const WISH = { ...PLACES, ...DAYS, categoryCode: OPEN_CATEGORY }

let db: TestDatabase
let explaining: Explaining
let car = ''
beforeAll(async () => {
  db = await createTestDatabase()
  await insertOpenBookings(db.owner, { from: 0, to: BOOKINGS, since: today() })
  const some = await selectOne<{ id: string }>(
    db,
    'SELECT id FROM vehicles WHERE location_code = $1 ORDER BY number DESC LIMIT 1',
    [PLACE],
  )
  car = some?.id ?? ''
  // Tables of this size are read whole because that is cheaper; here it is asked whether an index can serve.
  explaining = connectExplaining(db.ownerUrl, ['SET enable_seqscan = off'], testVault)
})
afterAll(async () => {
  await explaining.db.close()
  await db.drop()
})

const unboundOf = (plans: Plan[]): string[] => plans.flatMap((plan) => unboundScans(plan, CALENDAR))

const ASKED: Record<string, (tx: Tx) => Promise<unknown>> = {
  'the search': (tx) => searchFree(tx, { ...PLACES, ...DAYS }),
  'whether one car could be held': (tx) => couldHold(tx, { ...WISH, vehicleId: car }),
  'when a car is next free': (tx) => nextFree(tx, { ...WISH, lengthMs: 2 * DAY_MS }),
  'whom a car that stays away strands': (tx) => findStranded(tx, car, DAYS.from),
}

describe('no plan reads the calendar or the fleet whole', () => {
  it.each([
    'The search',
    'Whether any car could be held',
    'Whether one car could be held',
    'A hold of any car',
    'A hold of one car',
    'When a car is next free',
    'Whom a car that stays away strands',
  ])('%s', async (wanted) => {
    const wish = { pickup: PLACE, back: PLACE, ...DAYS, category: OPEN_CATEGORY }
    const all = calendarQuestions(explaining.db, wish, car)
    const { work, shows } = all.find(({ title }) => title === wanted) as Question
    const plans = await explaining.explain(work)
    expect(plans.filter(({ statement }) => shows.test(statement))).not.toEqual([])
    expect(unboundOf(plans)).toEqual([])
  })

  it.each([
    ['the search', 'car_places_pkey'],
    ['whether one car could be held', 'holds_calendar'],
    ['when a car is next free', 'holds_returns'],
    ['whom a car that stays away strands', 'holds_calendar'],
  ])('%s would, without %s', async (name, index) => {
    const dropping = index.endsWith('_pkey')
      ? `ALTER TABLE car_places DROP CONSTRAINT ${index}`
      : `DROP INDEX ${index}`
    const without = async (tx: Tx) => {
      await select(tx, dropping)
      await ASKED[name]?.(tx)
    }
    const plans = await explaining.explain(() => takenBack(explaining.db, without))
    expect(unboundOf(plans)).not.toEqual([])
  })
})

it('what is not paid yet is found without reading the bookings of the days to come', async () => {
  const plans = await explaining.explain(() => listForDesk(explaining.db, DAYS.from))
  const unpaid = plans.filter(({ statement }) => statement.includes("'pending', 'processing'"))
  expect(unpaid).toHaveLength(1)
  expect(unpaid[0]?.lines.join('\n')).toMatch(/using reservations_unpaid on reservations r/)
})
