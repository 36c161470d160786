/** Overwriting rows of somebody who is forgotten, a few hundred at a time, so that none holds its locks for long. */
import { findContact } from './accounts.ts'
import { select, type Database, type Tx } from './connection.ts'
import { phoneIndex } from './sealed-columns.ts'

export type Overwriting = {
  table: string
  /** Rows still to be overwritten, by the account's id ($1), perhaps by its phone or that one's hash ($2). */
  find: string
  set: string
  /** What `find` answers, where it is not the id. */
  key?: string
}

/** Their number ($2), where it was proven to be theirs: anybody may write a stranger's beside an account. */
export const OWN_PHONE = '$2::text'
/** The same where phones are sealed; a statement asks for one of the two. */
export const OWN_PHONE_INDEX = '$2::bytea'
export async function ownPhone(on: Database | Tx, userId: string): Promise<string | null> {
  const contact = await findContact(on, userId)
  return contact?.verified ? contact.phone : null
}

export const ERASING_BATCH = 500

/** Answers how many rows were overwritten; a full batch means that there may be more. */
export async function overwrite(
  tx: Tx,
  { table, find, set, key = 'id' }: Overwriting,
  { userId, phone }: { userId: string; phone: string | null },
) {
  const rows = await select(
    tx,
    `UPDATE ${table} SET ${set} WHERE ${key} IN (SELECT * FROM (${find}) AS found LIMIT ${ERASING_BATCH}) RETURNING 1`,
    [userId, ...phoneFor(tx, find, phone)],
  )
  return rows.length
}

/** Where a statement asks for their phone: itself, or its index. */
export function phoneFor(tx: Tx, find: string, phone: string | null): (string | Buffer | null)[] {
  if (find.includes(OWN_PHONE)) return [phone]
  return find.includes(OWN_PHONE_INDEX) ? [phone && phoneIndex(tx, phone)] : []
}
