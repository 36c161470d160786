/** Brings the database's tables up to date; safe to run from several machines at once. */
import { loadConfig } from '../config.ts'
import { connectDatabase } from '../db/connection.ts'
import { migrateDatabase } from '../db/migrate.ts'

const config = loadConfig()
const db = connectDatabase({ url: config.database.url, pool: 2, applicationName: 'gari-migrate' })
try {
  const applied = await migrateDatabase(db)
  process.stdout.write(applied.length === 0 ? 'up to date\n' : `applied ${applied.join(', ')}\n`)
} finally {
  await db.close()
}
