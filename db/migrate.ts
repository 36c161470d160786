/** Applies what is missing, one transaction each. Two processes at once: the second waits, then finds nothing. */
import { SequelizeStorage, Umzug } from 'umzug'
import { selectOne, type Database } from './connection.ts'
import { MIGRATIONS } from './migrations/index.ts'

const LOCK = 7_261_401

/** Answers the names of what it applied. */
export async function migrateDatabase(db: Database): Promise<string[]> {
  const umzug = new Umzug({
    migrations: MIGRATIONS.map(({ name, up }) => ({
      name,
      up: async () => {
        await db.sequelize.transaction((transaction) => db.sequelize.query(up, { transaction }))
      },
    })),
    storage: new SequelizeStorage({ sequelize: db.sequelize, tableName: 'migrations' }),
    logger: undefined,
  })
  // umzug takes no lock of its own; this one is held by a transaction beside it.
  return db.sequelize.transaction(async (tx) => {
    await selectOne(tx, 'SELECT pg_advisory_xact_lock($1)', [LOCK])
    const applied = await umzug.up()
    return applied.map(({ name }) => name)
  })
}
