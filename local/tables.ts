/** What a local start needs of its database, by one program: the tables, and the sample data where it is asked for. */
import { loadConfig } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { MIGRATIONS } from '../db/migrations/index.ts'
import { createVault } from '../gateways/vault.ts'
import { seedSampleData } from './seed.ts'

const config = loadConfig()
const vault = createVault(config.secrets.vault)
await migrateDatabase(config.database.migrationUrl, MIGRATIONS, vault)
if (config.sampleData) await seedSampleData(config)
