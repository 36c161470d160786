/** For container health checks: ends with 0 when a worker of this machine has given a sign of life lately, else with 1. */
import { hostname } from 'node:os'
import { loadConfig } from '../config.ts'
import { connectDatabase } from '../db/connection.ts'
import { listHeartbeats } from '../db/heartbeats.ts'

/** Four beats (workers/upkeep.ts). */
const LIFE_MS = 20_000

const { database } = loadConfig()
const db = connectDatabase({ url: database.url, pool: 1, applicationName: 'gari-health' })
try {
  const beats = await listHeartbeats(db)
  const alive = beats.some(
    ({ instance, at }) =>
      instance.startsWith(`${hostname()}-`) && Date.now() - at.getTime() < LIFE_MS,
  )
  process.stdout.write(alive ? 'alive\n' : 'no sign of life\n')
  process.exitCode = alive ? 0 : 1
} finally {
  await db.close()
}
