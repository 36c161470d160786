/** What nobody calls for: this process's sign of life, and the broom. */
import { inTransaction } from '../db/connection.ts'
import { beat } from '../db/heartbeats.ts'
import { sweepTables } from '../db/housekeeping.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const BEAT_REST_MS = 5_000
const LONGEST_REST_MS = 10_000

const HOUSEKEEPING_REST_MS = 60 * 60_000

/** Sweeps away what nobody will ask for again. */
export function startHousekeeping(world: World): Running {
  return startLoop(world, {
    name: 'housekeeping',
    restMs: HOUSEKEEPING_REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: () => sweepTables(world.db, new Date()),
  })
}

export function startHeartbeat(world: World, parts: string[], version: string): Running {
  return startLoop(world, {
    name: 'heartbeat',
    restMs: BEAT_REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const { instance, db } = world
      await inTransaction(db, async (tx) => {
        for (const part of parts) await beat(tx, { part, instance, version, detail: null })
      })
      return false
    },
  })
}
