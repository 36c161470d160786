/** Two who act in the same moment: one holds a lock, and the other is known to wait for it, without anybody sleeping. */
import type { Database } from '../../db/connection.ts'
import { count } from './builders.ts'

/** Until it has answered, or waits for somebody's lock. */
export async function underWay(db: Database, answer: Promise<unknown>): Promise<void> {
  const waits = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
  const asked = async (): Promise<unknown> => (await count(db, waits)) > 0 || asked()
  await Promise.race([answer, asked()])
}
