/** What the fleet needed before cars could be added: a number for each, and a version, on tables that people use meanwhile. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { lists } from '../../db/migrations/0057-lists.ts'
import { givingWay } from '../../db/migrations/migration.ts'
import { createVehicle } from '../../db/vehicle-writes.ts'
import { toVehicleFacts, vehicleRequest } from '../../domain/schemas/vehicles.ts'
import { buildCar } from '../support/cars.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const add = async (): Promise<string> => {
  const facts = toVehicleFacts(vehicleRequest.parse(buildCar()))
  const car = { id: randomUUID(), facts, actorId: 'test' }
  return (await inTransaction(db, (tx) => createVehicle(tx, car))).number
}

it('numbers go on behind those of the cars that were there, also when it is done again', async () => {
  await select(db, "UPDATE vehicles SET number = 'VEH-7000' WHERE number = 'VEH-0060' RETURNING id")
  for (let times = 0; times < 2; times += 1)
    for (const step of lists.steps) await db.owner.sequelize.query(step)
  expect([await add(), await add()]).toEqual(['VEH-7001', 'VEH-7002'])
  for (const step of lists.steps) await db.owner.sequelize.query(step)
  expect(Number((await add()).slice(4))).toBeGreaterThan(7_002)
})

it('a step that needs a table for itself lets others through while it waits', async () => {
  const changing = await inTransaction(db, async (tx) => {
    await select(tx, 'SELECT count(*) FROM vehicles')
    const asked = db.owner.sequelize.query(givingWay('ALTER TABLE vehicles ADD COLUMN later text'))
    // It stands in the queue for a moment only, and whoever comes behind it comes through.
    for (let others = 0; others < 5; others += 1)
      expect(await select(db, 'SELECT id FROM vehicles LIMIT 1')).toHaveLength(1)
    return { asked }
  })
  await changing.asked
  expect(
    await selectOne(
      db,
      "SELECT FROM information_schema.columns WHERE table_name = 'vehicles' AND column_name = 'later'",
    ),
  ).not.toBeNull()
})
