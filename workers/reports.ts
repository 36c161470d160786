/**
 * Hands what Daraja told us to the stories it is about. The door has stored it and answered; the table is the queue. A
 * report is handed on again when this process dies before it is noted: a repeat changes nothing.
 */
import { inTransaction } from '../db/connection.ts'
import {
  doReportsWait,
  noteDelivery,
  takeReports,
  type StoredMessage,
} from '../db/provider-messages.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

/** Together they take no longer than the slowest of them, which has three seconds: a transaction may rest for fifteen. */
const AT_ONCE = 8
/** Of what a customer waits for, this is nothing; asking so often costs nothing either (decision 0005). */
const REST_MS = 40
const LONGEST_REST_MS = 2_000

export type Deliver = (report: StoredMessage) => Promise<void>

/** True when there may be more. */
export const deliverSome = ({ db, log }: Pick<World, 'db' | 'log'>, deliver: Deliver) =>
  inTransaction(db, async (tx) => {
    const taken = await takeReports(tx, AT_ONCE)
    if (taken.length === 0) return false
    const ends = await Promise.allSettled(taken.map(deliver))
    const lost = taken.filter((_, index) => ends[index]?.status === 'rejected')
    const idOf = ({ messageId }: StoredMessage) => messageId
    await noteDelivery(tx, taken.map(idOf), lost.map(idOf))
    if (lost.length > 0) {
      const error = ends.find((end) => end.status === 'rejected')?.reason
      log.warn({ reports: lost.map(idOf), error: String(error) }, 'reports wait for delivery')
    }
    return taken.length === AT_ONCE
  })

export const startReports = (world: World, deliver: Deliver): Running =>
  startLoop(world, {
    name: 'reports',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => (await doReportsWait(world.db)) && deliverSome(world, deliver),
  })
