/**
 * One PostgreSQL for a whole test run, with the template that every test database is cloned from. A process of
 * its own, because jest's set-up cannot read TypeScript; it ends when its standard input does, so that it never
 * outlives the run.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectDatabase } from '../../db/connection.ts'
import { prepareDatabaseUsers } from '../../db/database-users.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { ROLES } from '../../db/rights.ts'
import { freePort } from '../../local/ports.ts'
import { startPostgres } from '../../local/postgres.ts'
import { seed } from '../../local/seed.ts'
import { testVault } from './database.ts'

const TEMPLATE = 'gari_template'

/** Of every user of this server. */
const PASSWORD = 'tests'

const dir = await mkdtemp(join(tmpdir(), 'gari-test-postgres-'))
const server = await startPostgres({
  dir,
  port: await freePort(),
  password: PASSWORD,
  durable: false,
})
const admin = connectDatabase({ url: server.url, pool: 1, applicationName: 'gari-tests' })
await admin.sequelize.query(`CREATE DATABASE ${TEMPLATE}`)
await admin.close()
const templateUrl = (user: string) => {
  const url = new URL(server.databaseUrl(TEMPLATE))
  url.username = user
  return url.href
}
await prepareDatabaseUsers(server.databaseUrl(TEMPLATE), { migrate: PASSWORD, app: PASSWORD })
await migrateDatabase(templateUrl(ROLES.migrate))
const template = connectDatabase({
  url: templateUrl(ROLES.app),
  pool: 3,
  applicationName: 'gari-tests',
  vault: testVault,
})
await seed(template)
await template.close()
process.stdout.write(`${JSON.stringify({ adminUrl: server.url, template: TEMPLATE })}\n`)

process.stdin.resume()
await new Promise<void>((resolve) => {
  process.stdin.once('end', resolve)
  process.stdin.once('error', () => resolve())
})
await server.stop()
await rm(dir, { recursive: true, force: true })
