/** Tables change while people go on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { holdVehicle } from '../../db/holds.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { buildIndex, type Migration } from '../../db/migrations/migration.ts'
import { at, count, keepCars } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const migrate = (one: Migration) => migrateDatabase(db.migrationUrl, [...MIGRATIONS, one])
const WAITING = `pg_stat_activity WHERE application_name = 'gari-migrate' AND datname = current_database()
  AND state = 'active' AND query LIKE $1`

const hold = (day: number) =>
  inTransaction(db, (tx) =>
    holdVehicle(tx, {
      vehicleId: null,
      categoryCode: 'SEDAN',
      pickupLocation: 'NBO-JKIA',
      returnLocation: 'NBO-JKIA',
      from: at(day),
      to: at(day + 1),
      owner: `reservation:${day}`,
      expiresAt: at(300),
      purpose: 'reservation',
    }),
  )

/** Somebody reads the calendar for as long as `during` takes. */
const whileSomebodyReads = <T>(during: () => Promise<T>): Promise<T> =>
  inTransaction(db, async (tx) => {
    await select(tx, 'SELECT count(*) FROM holds')
    return during()
  })
const until = async (what: string): Promise<void> => {
  while ((await count(db.owner, WAITING, [`%${what}%`])) === 0)
    await new Promise((resolve) => setImmediate(resolve))
}

describe('a migration that must wait for a table', () => {
  it('lets everybody else through meanwhile, and is done as soon as it can be', async () => {
    await keepCars(db, 'SEDAN', 1)
    const { migrated, held } = await whileSomebodyReads(async () => {
      const migrating = migrate({
        name: '9001-later',
        up: 'ALTER TABLE holds ADD COLUMN later text',
      })
      await until('ADD COLUMN later')
      return { migrated: migrating, held: [await hold(10), await hold(12)] }
    }).then(async ({ migrated: waiting, held: taken }) => ({
      migrated: await waiting,
      held: taken,
    }))
    expect(held.every((one) => one !== null)).toBe(true)
    expect(migrated).toEqual(['9001-later'])
  })

  it('builds an index beside those who write, and again after an interrupted try', async () => {
    const steps = buildIndex('holds_purpose', 'holds (purpose)')
    await select(db.owner, 'CREATE INDEX holds_purpose ON holds (owner)')
    const migrating = await inTransaction(db, async (tx) => {
      await select(tx, "UPDATE holds SET purpose = 'rental' RETURNING id")
      const building = migrate({ name: '9002-purpose', steps })
      await until('INDEX CONCURRENTLY')
      expect(await hold(14)).not.toBeNull()
      return { building }
    })
    expect(await migrating.building).toEqual(['9002-purpose'])
    expect(
      await count(
        db,
        "pg_indexes WHERE indexname = 'holds_purpose' AND indexdef LIKE '%(purpose)'",
      ),
    ).toBe(1)
  })
})

/** The first that had to think of it. */
const SINCE = '0033'

it.each(MIGRATIONS.filter(({ name }) => name >= SINCE))(
  '$name builds no index in a transaction, except on a table of its own',
  (migration) => {
    const text = 'up' in migration ? migration.up : ''
    const own = [...text.matchAll(/CREATE TABLE (\w+)/g)].map(([, table]) => table)
    const indexed = [...text.matchAll(/CREATE (?:UNIQUE )?INDEX \w+\s+ON (\w+)/g)].map(
      ([, table]) => table,
    )
    expect(indexed.filter((table) => !own.includes(table))).toEqual([])
  },
)
