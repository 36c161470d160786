/** Whether two accounts are one person, so that nobody is their own second person. */
import { selectOne, type Database, type Tx } from './connection.ts'

/**
 * One account, or one phone: whoever of us books with their own phone has an account as a guest beside the one for work.
 * What acts without an account (the clock, a friend by a link) is nobody else.
 */
export async function isOnePerson(on: Database | Tx, one: string, other: string): Promise<boolean> {
  if (one === other) return true
  const row = await selectOne(
    on,
    `SELECT a.id FROM users a JOIN users b ON b.phone_index = a.phone_index WHERE a.id::text = $1 AND b.id::text = $2`,
    [one, other],
  )
  return row !== null
}

/** Whether this is one of them. */
export async function isOneOf(
  on: Database | Tx,
  actorId: string,
  others: readonly (string | null)[],
): Promise<boolean> {
  for (const other of others) if (other && (await isOnePerson(on, actorId, other))) return true
  return false
}
