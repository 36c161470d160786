/** What every worker process needs from outside, connected once and closed in reverse. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Config } from '../config.ts'
import { connectDatabase, type Database } from '../db/connection.ts'
import { createLog, type Log } from '../gateways/log.ts'
import { openVault } from '../gateways/master-keys.ts'

export type World = {
  config: Config
  db: Database
  log: Log
  /** Names this process in heartbeats and leases. */
  instance: string
}

/** A running part of a worker process. `done` rejects when it cannot go on; the process then ends. */
export type Running = { name: string; done: Promise<void>; stop(): Promise<void> }

export const createWorld = async (config: Config): Promise<World> => ({
  config,
  db: connectDatabase({
    url: config.database.url,
    pool: config.database.pool,
    applicationName: 'gari-worker',
    vault: await openVault(config.secrets.vault),
  }),
  log: createLog({ level: config.log.level, name: 'worker' }),
  instance: `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`,
})
