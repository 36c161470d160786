/** What happens to an account when its password or its address is proven or changed. */
import { revokeApiKeysOf } from './api-keys.ts'
import { appendAudit } from './audit.ts'
import { askForLink } from './account-links.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { dropUnconfirmed } from './second-factors.ts'
import { endSessionsOf } from './sessions.ts'

export const findPasswordHash = async (db: Database, userId: string): Promise<string | null> =>
  (
    await selectOne<{ hash: string | null }>(
      db,
      "SELECT password_hash AS hash FROM users WHERE id = $1 AND status = 'active'",
      [userId],
    )
  )?.hash ?? null

type NewPassword = {
  userId: string
  passwordHash: string
  /** The session in which it was done; all others end. */
  keep: Buffer | null
  how: 'changed' | 'reset'
  /** Until when the link in the notice leads to yet another one. */
  noticeUntil: Date
}

/**
 * Every other session ends, links for a new password are no longer good, and the owner is told by mail. What was mailed to take a
 * changed address or phone back stays good: whoever changed them would end it by this.
 */
export async function setPassword(tx: Tx, change: NewPassword): Promise<void> {
  const { userId, passwordHash, keep, how, noticeUntil } = change
  await select(tx, 'UPDATE users SET password_hash = $2, updated_by = $3 WHERE id = $1', [
    userId,
    passwordHash,
    userId,
  ])
  await endSessionsOf(tx, userId, keep)
  await dropUnconfirmed(tx, userId)
  // Whoever forgot theirs, or says that it was not they, begins anew; a change in peace leaves programs running.
  if (how === 'reset') await revokeApiKeysOf(tx, userId, userId)
  await select(
    tx,
    `UPDATE account_links SET used_at = now() WHERE user_id = $1 AND used_at IS NULL
       AND purpose NOT IN ('verify_email', 'email_changed', 'email_left', 'phone_changed')`,
    [userId],
  )
  await askForLink(tx, { userId, purpose: 'password_changed', expiresAt: noticeUntil })
  await appendAudit(tx, {
    actor: userId,
    action: `user.password_${how}`,
    entity: 'user',
    entityId: userId,
  })
}

/** A link that was mailed there has come back. */
export async function markEmailVerified(tx: Tx, userId: string): Promise<void> {
  const rows = await select(
    tx,
    'UPDATE users SET email_verified = true WHERE id = $1 AND NOT email_verified RETURNING id',
    [userId],
  )
  if (rows.length === 0) return
  await appendAudit(tx, {
    actor: userId,
    action: 'user.email_verified',
    entity: 'user',
    entityId: userId,
  })
}
