/**
 * What is committed between the moment in which a hold begins to look and the moment in which it takes the car. The looking is
 * made to last: whoever reads the calendar waits at a gate that the test opens.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { holdVehicle } from '../../db/holds.ts'
import { at, count, keepCars } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/stack.ts'

const GATE = 4_711
/** The store's name for the table becomes a view of it. */
const SLOW_CALENDAR = `
  ALTER TABLE holds RENAME TO real_holds;
  CREATE FUNCTION pass_the_gate() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(${GATE}); RETURN true; END $$;
  CREATE VIEW holds AS SELECT * FROM real_holds WHERE pass_the_gate();
  GRANT SELECT, INSERT, UPDATE ON holds TO gari_app`

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const write = (car: string, [from, to]: [Date, Date], returned: string) =>
  select(
    db,
    `INSERT INTO real_holds (resource_id, period, purpose, owner, state, from_location, to_location)
     VALUES ($1, tstzrange($2, $3), 'reservation', 'somebody', 'confirmed', 'NBO-JKIA', $4) RETURNING id`,
    [car, from, to, returned],
  )
const take = (vehicleId: string) =>
  inTransaction(db, (tx) =>
    holdVehicle(tx, {
      vehicleId,
      categoryCode: 'SEDAN',
      pickupLocation: 'NBO-JKIA',
      returnLocation: 'NBO-JKIA',
      from: at(20),
      to: at(22),
      owner: `reservation:${randomUUID()}`,
      expiresAt: at(1),
      purpose: 'reservation',
    }),
  )
const isWaiting = async () =>
  (await count(db, "pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted", [GATE])) >
  0

it('a car that was driven elsewhere meanwhile is not held', async () => {
  const [car = ''] = await keepCars(db, 'SEDAN', 1)
  await db.owner.sequelize.query(SLOW_CALENDAR)
  await write(car, [at(10), at(12)], 'NBO-JKIA')
  const taking = await inTransaction(db, async (tx) => {
    await select(tx, `SELECT pg_advisory_xact_lock(${GATE})`)
    const begun = take(car)
    await eventually('somebody looks', isWaiting)
    // As every hold does: its drive ends in town, and the car's version goes up.
    await write(car, [at(14), at(16)], 'NBO-CBD')
    await select(
      db,
      'UPDATE vehicles SET event_version = event_version + 1 WHERE id = $1 RETURNING id',
      [car],
    )
    return { begun }
  })
  expect(await taking.begun).toBeNull()
})
