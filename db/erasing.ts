/** Overwriting rows of somebody who is forgotten, a few hundred at a time, so that none holds its locks for long. */
import { select, type Tx } from './connection.ts'

export type Overwriting = {
  table: string
  /** Rows still to be overwritten, by the account's id ($1). */
  find: string
  set: string
  /** What `find` answers, where it is not the id. */
  key?: string
}

/** Their number, where it was proven to be theirs: anybody may write a stranger's beside an account. */
export const OWN_PHONE = '(SELECT phone FROM users WHERE id = $1 AND phone_verified)'

export const ERASING_BATCH = 500

/** Answers how many rows were overwritten; a full batch means that there may be more. */
export async function overwrite(
  tx: Tx,
  { table, find, set, key = 'id' }: Overwriting,
  userId: string,
) {
  const rows = await select(
    tx,
    `UPDATE ${table} SET ${set} WHERE ${key} IN (SELECT * FROM (${find}) AS found LIMIT ${ERASING_BATCH}) RETURNING 1`,
    [userId],
  )
  return rows.length
}
