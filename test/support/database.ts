/** A real PostgreSQL for a test file: one server, a migrated template, a clone for each caller. */
import { randomUUID } from 'node:crypto'
import { inject } from './shared-server.ts'
import { connectDatabase, type Database } from '../../db/connection.ts'
import { ROLES } from '../../db/rights.ts'
import { createVault } from '../../gateways/vault.ts'

/** Connected as Gari is; `owner` may do anything, for what a test plants or breaks behind Gari's back. */
export type TestDatabase = Database & {
  url: string
  /** As migrations connect. */
  migrationUrl: string
  owner: Database
  ownerUrl: string
  drop(): Promise<void>
}

const ACQUIRE_MS = 45_000
/** As the processes of Gari have one. */
export const TEST_MASTER = { keyId: 'test', key: Buffer.alloc(32, 9) }
export const testVault = createVault({ ...TEST_MASTER, indexSecret: Buffer.alloc(32, 8) })

/** Clones the template; tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = inject()
  const name = `t_${randomUUID().replaceAll('-', '')}`
  const admin = connectDatabase({ url: adminUrl, pool: 1, applicationName: 'gari-tests' })
  await admin.sequelize.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${ROLES.migrate}`)
  const urlOf = (user: string) => {
    const url = new URL(adminUrl)
    url.pathname = `/${name}`
    url.username = user
    return url.href
  }
  // Hundreds at once are to be decided, however busy the machine is with other tests.
  const patience = { pool: 40, acquireMs: ACQUIRE_MS, vault: testVault }
  const url = urlOf(ROLES.app)
  const db = connectDatabase({ url, ...patience, applicationName: 'gari-tests' })
  const ownerUrl = urlOf(new URL(adminUrl).username)
  const owner = connectDatabase({
    url: ownerUrl,
    pool: 2,
    applicationName: 'gari-tests',
    vault: testVault,
  })
  return {
    ...db,
    url,
    migrationUrl: urlOf(ROLES.migrate),
    owner,
    ownerUrl,
    drop: async () => {
      await Promise.all([db.close(), owner.close()])
      await admin.sequelize.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.close()
    },
  }
}
