/** Links that are mailed: asked for in a transaction, sent by a worker, used once. */
import { select, selectOne, type Database, type Tx } from './connection.ts'

export const LINK_PURPOSES = [
  'verify_email',
  'reset_password',
  'invitation',
  /** Tells that it happened; its link leads to a new password, for whoever did not do it. */
  'password_changed',
  /** The same for the second step. */
  'factor_changed',
  /** Somebody typed the right password and wrong codes. */
  'wrong_codes',
  /** A key was made, or a program registered: which, and what it may do. */
  'key_made',
  /** Proves an address that is to become theirs. */
  'new_email',
  /** Goes to the proven address that was theirs; its link takes it back. */
  'email_changed',
  /** The same to one that was never proven: it may be a stranger's, and its link opens nothing. */
  'email_left',
  /** Tells that a phone opens the account now; its link takes that back. */
  'phone_changed',
] as const

/** Those that are good for an address other than the account's. */
const ELSEWHERE = "('new_email', 'email_changed')"
const SENT_ELSEWHERE = "('new_email', 'email_changed', 'email_left')"
export type LinkPurpose = (typeof LINK_PURPOSES)[number]

/** What a notice names; each of them is sent, also where the next is asked for before. */
export type KeyNamed = { beginning: string; scopes: readonly string[] }
type NewLink = {
  userId: string | null
  purpose: LinkPurpose
  expiresAt: Date
  /** The account's own without it. */
  email?: string
  detail?: KeyNamed
}

/**
 * The ones before of the same purpose are no longer good. Without an account it only takes as long, so that nobody learns
 * from the time who has one. Answers its id.
 */
export async function askForLink(
  tx: Tx,
  { userId, purpose, expiresAt, email, detail }: NewLink,
): Promise<string> {
  // Who has changed an address twice would else end the first owner's way back.
  await select(
    tx,
    `UPDATE account_links SET used_at = now()
     WHERE user_id = $1 AND purpose = $2 AND purpose <> 'email_changed' AND used_at IS NULL AND detail IS NULL`,
    [userId, purpose],
  )
  const [made] = await select<{ id: string }>(
    tx,
    `INSERT INTO account_links (user_id, purpose, email, expires_at, detail)
     VALUES ($1, $2, coalesce($4, (SELECT email FROM users WHERE id = $1)), $3, $5::jsonb) RETURNING id`,
    [userId, purpose, expiresAt, email ?? null, detail ? JSON.stringify(detail) : null],
  )
  return made?.id ?? ''
}

export type WaitingLink = {
  id: string
  purpose: LinkPurpose
  email: string
  language: 'en' | 'sw'
  detail: KeyNamed | null
}

/** Nobody else takes it for a minute; one that could not be sent comes again, ever later. */
export const takeWaitingLinks = (db: Database, most: number): Promise<WaitingLink[]> =>
  select(
    db,
    `WITH taken AS (
       UPDATE account_links SET attempts = attempts + 1, next_try_at = now() + least(attempts + 1, 30) * interval '1 minute'
       WHERE id IN (SELECT id FROM account_links WHERE sent_at IS NULL AND used_at IS NULL AND user_id IS NOT NULL
         AND next_try_at <= now() AND expires_at > now() ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, user_id, purpose, email, detail)
     SELECT t.id, t.purpose, t.email, t.detail, u.language
     FROM taken t JOIN users u ON u.id = t.user_id AND u.status = 'active'
       AND (u.email = t.email OR t.purpose IN ${SENT_ELSEWHERE})`,
    [most],
  )

export async function markLinkSent(db: Database, id: string): Promise<void> {
  await select(db, 'UPDATE account_links SET sent_at = now() WHERE id = $1', [id])
}

export type OpenLink = {
  id: string
  userId: string
  purpose: LinkPurpose
  email: string
  /** As text, to the microsecond: what happened in the same transaction has the same moment. */
  askedAt: string
}

const OPEN = `l.used_at IS NULL AND l.expires_at > $2 AND u.status = 'active'
  AND (u.email = l.email OR l.purpose IN ${ELSEWHERE})`
const COLUMNS = 'l.id, l.user_id AS "userId", l.purpose, l.email, l.asked_at::text AS "askedAt"'

/** Null where it was used, is too old, was asked for again, or the account has another address now. */
export const findOpenLink = (db: Database, id: string, now: Date): Promise<OpenLink | null> =>
  selectOne(
    db,
    `SELECT ${COLUMNS} FROM account_links l JOIN users u ON u.id = l.user_id WHERE l.id = $1 AND ${OPEN}`,
    [id, now],
  )

/** Once: of two at the same moment one gets null. */
export const useLink = (tx: Tx, id: string, now: Date): Promise<OpenLink | null> =>
  selectOne(
    tx,
    `UPDATE account_links l SET used_at = now() FROM users u WHERE u.id = l.user_id AND l.id = $1 AND ${OPEN}
     RETURNING ${COLUMNS}`,
    [id, now],
  )
