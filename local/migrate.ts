/** Brings the database's tables up to date; safe to run from several machines at once. */
import { loadConfig } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { MIGRATIONS } from '../db/migrations/index.ts'
import { createVault } from '../gateways/vault.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)

const { database, secrets } = loadConfig()
const { url, migrationUrl } = database
const applied = await migrateDatabase(migrationUrl, MIGRATIONS, createVault(secrets.vault))
say(applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`)
if (url === migrationUrl)
  say(
    'MIGRATION_DATABASE_URL is not set: Gari works as the owner of its tables, who may do anything with them.',
  )
