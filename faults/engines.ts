/** PostgreSQL with Gari's tables, Temporal and Kafka, each kept alive. */
import { chown, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { childEnvironment, type Environment } from '../config.ts'
import { prepareDatabaseUsers } from '../db/database-users.ts'
import { ROLES } from '../db/rights.ts'
import { startKafka } from '../local/kafka.ts'
import type { Ports } from '../local/ports.ts'
import { startPostgres } from '../local/postgres.ts'
import { runProgram } from '../local/programs.ts'
import { PROJECT } from '../local/servers.ts'
import { startTemporal } from '../local/temporal.ts'
import type { Keeper } from './keeper.ts'

export const HOST = '127.0.0.1'
const DATABASE = 'gari'

/** Kafka tells its clients where it is: by the door that is meant for them, at the proxy. */
type Door = { port: number; advertised: number }

export type Site = {
  folder: string
  ports: Ports
  door: Door
  cache: string
  keeper: Keeper
  password: string
  smallDisk: string | null
}

/** As the owner of the server, who sees everything; Gari's own processes come as `appUrlOf` says. */
export const urlOf = ({ password }: Site, address: string, user = 'gari'): string =>
  `postgres://${user}:${password}@${address}/${DATABASE}`

export const appUrlOf = (site: Site, address: string): string => urlOf(site, address, ROLES.app)

export async function startEngines(site: Site, env: Environment): Promise<void> {
  const { folder, ports, door: outside, cache, keeper, password } = site
  const { postgres: port, kafkaController: controllerPort } = ports
  const dir = (name: string) => join(folder, name)
  const startTables = async () => {
    await keeper.keep('postgres', () => startPostgres({ dir: dir('postgres'), port, password }))
    if (site.smallDisk) await moveTables(site, site.smallDisk)
    const address = `${HOST}:${port}`
    await prepareDatabaseUsers(urlOf(site, address), { migrate: password, app: password })
    const known = childEnvironment({
      ...env,
      DATABASE_URL: appUrlOf(site, address),
      MIGRATION_DATABASE_URL: urlOf(site, address, ROLES.migrate),
    })
    for (const file of ['local/migrate.ts', 'local/seed.ts'])
      await runProgram(process.execPath, ['--import', 'tsx', file], { cwd: PROJECT, env: known })
  }
  const kafka = { dir: dir('kafka'), port: ports.kafka, controllerPort, cache, outside }
  const temporal = { dir: dir('temporal'), port: ports.temporal, cache }
  await Promise.all([
    startTables(),
    keeper.keep('temporal', () => startTemporal(temporal)),
    keeper.keep('kafka', () => startKafka(kafka)),
  ])
}

/** Before there are any, so that there is nothing to move but the catalogue. */
async function moveTables(site: Site, path: string): Promise<void> {
  const { uid, gid } = await stat(join(site.folder, 'postgres', 'data'))
  await chown(path, uid, gid)
  const url = urlOf(site, `${HOST}:${site.ports.postgres}`).replace(/gari$/, 'postgres')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE TABLESPACE small LOCATION '${path}'`)
  await client.query(`ALTER DATABASE ${DATABASE} SET TABLESPACE small`)
  await client.end()
}
