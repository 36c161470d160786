/** Letters about an erasure, each with the address of its day: the account may soon have none. */
import type { LetterKind, Need } from '../domain/erasures.ts'
import type { Erasure } from './erasures.ts'
import { findContact } from './accounts.ts'
import { select, type Database, type Tx } from './connection.ts'

/** By mail, or by SMS where they have none. Once for each kind, but for a delay, which may come for another reason. */
export async function queueLetter(
  tx: Tx,
  { id, userId, needs }: Pick<Erasure, 'id' | 'userId' | 'needs'>,
  kind: LetterKind,
): Promise<void> {
  const contact = await findContact(tx, userId)
  await select(
    tx,
    `INSERT INTO erasure_letters (erasure_id, kind, channel, address, language, needs)
     SELECT $1, $3, CASE WHEN email IS NULL THEN 'sms' ELSE 'email' END, coalesce(email::text, $5), language, $4
     FROM users WHERE id = $2 AND coalesce(email::text, $5) IS NOT NULL ON CONFLICT DO NOTHING`,
    [id, userId, kind, needs, contact?.phone ?? null],
  )
}

export type WaitingLetter = {
  id: string
  kind: LetterKind
  channel: 'email' | 'sms'
  address: string
  language: 'en' | 'sw'
  needs: Need[]
  dueAt: Date
}

/** Nobody else takes it for a minute; one that could not be sent comes again, ever later. */
export const takeLetters = (db: Database, most: number): Promise<WaitingLetter[]> =>
  select(
    db,
    `WITH taken AS (
       UPDATE erasure_letters SET attempts = attempts + 1, next_try_at = now() + least(attempts + 1, 30) * interval '1 minute'
       WHERE id IN (SELECT id FROM erasure_letters WHERE address IS NOT NULL AND next_try_at <= now()
         ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING *)
     SELECT t.id, t.kind, t.channel, t.address, t.language, t.needs, e.due_at AS "dueAt"
     FROM taken t JOIN erasures e ON e.id = t.erasure_id ORDER BY t.created_at`,
    [most],
  )

/** The address goes with the letter. */
export async function markLetterSent(db: Database, id: string): Promise<void> {
  await select(db, 'UPDATE erasure_letters SET sent_at = now(), address = NULL WHERE id = $1', [id])
}

/** What could not be sent for so long is given up, so that no address stays behind. */
export async function giveUpLetters(db: Database, olderThanMs: number): Promise<void> {
  await select(
    db,
    `UPDATE erasure_letters SET address = NULL
     WHERE address IS NOT NULL AND created_at < now() - make_interval(secs => $1)`,
    [olderThanMs / 1000],
  )
}
