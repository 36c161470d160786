/**
 * `npm run database:users`: makes the users that MIGRATION_DATABASE_URL and DATABASE_URL name, with the passwords that stand
 * there, as the superuser of DATABASE_ADMIN_URL. Safe to repeat: it is also how a password is changed.
 */
import { ConfigError, loadSettings, type Settings } from '../config.ts'
import { prepareDatabaseUsers } from '../db/database-users.ts'
import { ROLES } from '../db/rights.ts'

const WANTED = { MIGRATION_DATABASE_URL: ROLES.migrate, DATABASE_URL: ROLES.app } as const

/** Throws where the address is of somebody else, or has no password. */
function passwordIn(settings: Settings, name: keyof typeof WANTED): string {
  const given = settings[name]
  const url = given === undefined ? null : new URL(given)
  if (url?.username !== WANTED[name] || url.password === '')
    throw new ConfigError([`${name} must be of the user ${WANTED[name]}, with a password`])
  return decodeURIComponent(url.password)
}

async function main(): Promise<void> {
  const settings = loadSettings()
  const admin = settings.DATABASE_ADMIN_URL
  if (!admin) throw new ConfigError(['DATABASE_ADMIN_URL is not set: a superuser of the database'])
  await prepareDatabaseUsers(admin, {
    migrate: passwordIn(settings, 'MIGRATION_DATABASE_URL'),
    app: passwordIn(settings, 'DATABASE_URL'),
  })
  process.stdout.write(`${ROLES.migrate} and ${ROLES.app} have their passwords\n`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stdout.write(`${error.message}\n`)
  process.exitCode = 1
}
