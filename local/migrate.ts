/** Brings the database's tables up to date; safe to run from several machines at once. */
import { loadConfig } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'

const applied = await migrateDatabase(loadConfig().database.url)
process.stdout.write(applied.length === 0 ? 'up to date\n' : `applied ${applied.join(', ')}\n`)
