/**
 * One PostgreSQL for a whole test run, with the template that every test database is cloned from. A process of
 * its own, because jest's set-up cannot read TypeScript; it ends when its standard input does, so that it never
 * outlives the run.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectDatabase } from '../../db/connection.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { freePort } from '../../local/ports.ts'
import { startPostgres } from '../../local/postgres.ts'
import { seed } from '../../local/seed.ts'

const TEMPLATE = 'gari_template'

const dir = await mkdtemp(join(tmpdir(), 'gari-test-postgres-'))
const server = await startPostgres({
  dir,
  port: await freePort(),
  password: 'tests',
  durable: false,
})
const admin = connectDatabase({ url: server.url, pool: 1, applicationName: 'gari-tests' })
await admin.sequelize.query(`CREATE DATABASE ${TEMPLATE}`)
await admin.close()
await migrateDatabase(server.databaseUrl(TEMPLATE))
const template = connectDatabase({
  url: server.databaseUrl(TEMPLATE),
  pool: 3,
  applicationName: 'gari-tests',
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
