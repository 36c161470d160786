/** What nobody calls for: reports that Temporal did not take at once, and this process's sign of life. */
import type { Client } from '@temporalio/client'
import { inTransaction } from '../db/connection.ts'
import { beat } from '../db/heartbeats.ts'
import { sweepTables } from '../db/housekeeping.ts'
import { listUndelivered, markDelivered, noteOrphan } from '../db/provider-messages.ts'
import { createReportDelivery } from '../gateways/reports.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const DRAIN_REST_MS = 1_000
const DRAIN_BATCH = 50
/** Daraja's door signals by itself; only what is older was missed. */
const MISSED_AFTER_MS = 3_000
const BEAT_REST_MS = 5_000
const LONGEST_REST_MS = 10_000

export function startReportDrain(world: World, client: Client): Running {
  const deliver = createReportDelivery(client, (report) => noteOrphan(world.db, report))
  return startLoop(world, {
    name: 'reports',
    restMs: DRAIN_REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const missed = await listUndelivered(world.db, MISSED_AFTER_MS, DRAIN_BATCH)
      let failed = false
      for (const report of missed) {
        try {
          await deliver(report)
          await markDelivered(world.db, [report.messageId])
        } catch (error) {
          // One that cannot be delivered must not keep the others waiting.
          failed = true
          const { messageId } = report
          world.log.warn({ messageId, error: String(error) }, 'a report still waits for delivery')
        }
      }
      return !failed && missed.length === DRAIN_BATCH
    },
  })
}

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
