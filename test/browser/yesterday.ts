/** A day passes: what a clerk has done today happened yesterday, so that finance may close that day. */
import { inTransaction, select, type Database } from '../../db/connection.ts'

/** Entries cannot be changed by anybody but a test, which turns the lock off and on again in one transaction. */
const LOCK = 'ledger_entries_fixed'

export const moveToYesterday = (db: Database, clerk: string, bookings: string[]): Promise<void> =>
  inTransaction(db, async (tx) => {
    const paid = await select<{ id: string }>(
      tx,
      `UPDATE payments SET processed_at = processed_at - interval '1 day'
       WHERE owner_id = ANY($1) AND status = 'settled' RETURNING id`,
      [bookings],
    )
    await select(tx, `ALTER TABLE ledger_entries DISABLE TRIGGER ${LOCK}`, [])
    await select(
      tx,
      `UPDATE ledger_entries SET posted_at = posted_at - interval '1 day' WHERE reference = ANY($1) RETURNING id`,
      [paid.map(({ id }) => id)],
    )
    await select(tx, `ALTER TABLE ledger_entries ENABLE TRIGGER ${LOCK}`, [])
    await select(
      tx,
      `UPDATE till_sessions SET opened_at = opened_at - interval '1 day', closed_at = closed_at - interval '1 day'
       WHERE opened_by = (SELECT id FROM users WHERE email = $1) RETURNING id`,
      [clerk],
    )
  })

/** The time to pay is over; the story notices as soon as it next counts the money. */
export const letTimeRunOut = async (db: Database, booking: string): Promise<void> => {
  await inTransaction(db, (tx) =>
    select(
      tx,
      `UPDATE reservations SET hold_expires_at = now() - interval '1 second',
         cover_until = CASE WHEN cover_until IS NULL THEN NULL ELSE now() - interval '1 second' END
       WHERE id = $1 RETURNING id`,
      [booking],
    ),
  )
}
