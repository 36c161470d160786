/** What a local start needs of its database, by one program: the tables, and the sample data where it is asked for. */
import { loadConfig } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { seedSampleData } from './seed.ts'

const config = loadConfig()
await migrateDatabase(config.database.migrationUrl)
if (config.sampleData) await seedSampleData(config)
