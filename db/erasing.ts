/** Overwriting rows of somebody who is forgotten, a few hundred at a time, so that none holds its locks for long. */
import { findContact } from './accounts.ts'
import { select, type Database, type Tx } from './connection.ts'
import { phoneIndex } from './sealed-columns.ts'

export type Overwriting = {
  table: string
  /** Rows still to be overwritten, by the account's id ($1), perhaps by the hash of its phone ($2). */
  find: string
  set: string
  /** What `find` answers, where it is not the id. */
  key?: string
}

/** The hash of their number ($2), where it was proven to be theirs: anybody may write a stranger's beside an account. */
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

/** Where a statement asks for the hash of their phone. */
export const phoneFor = (tx: Tx, find: string, phone: string | null): (Buffer | null)[] =>
  find.includes(OWN_PHONE_INDEX) ? [phone ? phoneIndex(tx, phone) : null] : []
