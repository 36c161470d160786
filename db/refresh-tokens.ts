/** Refresh tokens: each is good once. Only hashes are stored. */
import { SESSION } from '../domain/accounts.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { recordSecurityEvent } from './security.ts'
import { endSession } from './sessions.ts'

export async function addRefreshToken(
  tx: Tx,
  { tokenHash, sessionHash }: { tokenHash: Buffer; sessionHash: Buffer },
): Promise<void> {
  await select(tx, 'INSERT INTO refresh_tokens (token_hash, session_hash) VALUES ($1, $2)', [
    tokenHash,
    sessionHash,
  ])
}

export type Refreshed = { userId: string; sessionHash: Buffer }

/**
 * Uses one up. Null when it is unknown, its session is over, or it was used before: then somebody has a copy of it, and the
 * whole session ends. The caller must commit that, not throw it away.
 */
export async function useRefreshToken(tx: Tx, tokenHash: Buffer): Promise<Refreshed | null> {
  const used = await selectOne<{ sessionHash: Buffer }>(
    tx,
    `UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1 AND used_at IS NULL
     RETURNING session_hash AS "sessionHash"`,
    [tokenHash],
  )
  if (!used) {
    await endWhereUsedTwice(tx, tokenHash)
    return null
  }
  const { sessionHash } = used
  const live = await selectOne<{ userId: string }>(
    tx,
    `UPDATE sessions s SET last_seen_at = now() FROM users u
     WHERE s.token_hash = $1 AND s.kind = 'bearer' AND s.revoked_at IS NULL AND s.expires_at > now()
       AND s.last_seen_at > now() - make_interval(secs => $2) AND u.id = s.user_id AND u.status = 'active'
     RETURNING s.user_id AS "userId"`,
    [sessionHash, SESSION.idleMs / 1000],
  )
  return live && { userId: live.userId, sessionHash }
}

async function endWhereUsedTwice(tx: Tx, tokenHash: Buffer): Promise<void> {
  const family = await selectOne<{ sessionHash: Buffer; userId: string | null; live: boolean }>(
    tx,
    `SELECT r.session_hash AS "sessionHash", s.user_id AS "userId", s.revoked_at IS NULL AS live
     FROM refresh_tokens r JOIN sessions s ON s.token_hash = r.session_hash WHERE r.token_hash = $1`,
    [tokenHash],
  )
  if (!family?.live) return
  await endSession(tx, family.sessionHash)
  await recordSecurityEvent(tx, 'refresh_token_reused', { userId: family.userId })
}
