/** What time it is for the database. */
import { selectOne, type Database } from './connection.ts'

export async function readClock(db: Database): Promise<Date> {
  const row = await selectOne<{ at: Date }>(db, 'SELECT clock_timestamp() AS at')
  if (!row) throw new Error('PostgreSQL did not say what time it is')
  return row.at
}
