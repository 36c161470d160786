/** Sessions: only the hash of a token is stored. A page session may stand before anybody has signed in. */
import { SESSION, type Actor } from '../domain/accounts.ts'
import { ACTOR_COLUMNS, toActor } from './accounts.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { prepared } from './prepared.ts'

type NewSession = {
  userId: string | null
  kind: 'page' | 'bearer'
  tokenHash: Buffer
  csrf: string
  expiresAt: Date
}

export async function createSession(tx: Tx, one: NewSession): Promise<void> {
  await select(
    tx,
    'INSERT INTO sessions (token_hash, user_id, kind, csrf, expires_at) VALUES ($1, $2, $3, $4, $5)',
    [one.tokenHash, one.userId, one.kind, one.csrf, one.expiresAt],
  )
}

export type FoundSession = { actor: Actor | null; csrf: string; kind: 'page' | 'bearer' }
type Raw = Omit<Actor, 'userId'> & { userId: string | null } & {
  csrf: string
  sessionKind: 'page' | 'bearer'
  stale: boolean
  signedIn: boolean
}

const FIND = prepared(
  `SELECT s.csrf, s.kind AS "sessionKind", s.last_seen_at < now() - interval '1 minute' AS stale,
     s.user_id IS NOT NULL AS "signedIn", ${ACTOR_COLUMNS}
   FROM sessions s LEFT JOIN users u ON u.id = s.user_id AND u.status = 'active'
   WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
     AND s.last_seen_at > now() - make_interval(secs => $2)`,
)

/** Null when it is unknown, over, idle for too long, or its user may no longer sign in. */
export async function findSession(db: Database, tokenHash: Buffer): Promise<FoundSession | null> {
  const raw = await selectOne<Raw>(db, FIND, [tokenHash, SESSION.idleMs / 1000])
  if (!raw || (raw.signedIn && raw.userId === null)) return null
  if (raw.stale) {
    await select(db, 'UPDATE sessions SET last_seen_at = now() WHERE token_hash = $1', [tokenHash])
  }
  const { csrf, sessionKind, stale: _stale, signedIn: _signedIn, userId, ...rest } = raw
  return { actor: userId ? toActor({ ...rest, userId }) : null, csrf, kind: sessionKind }
}

export async function endSession(tx: Tx, tokenHash: Buffer): Promise<void> {
  await select(
    tx,
    'UPDATE sessions SET revoked_at = coalesce(revoked_at, now()) WHERE token_hash = $1',
    [tokenHash],
  )
}

export async function endSessionsOf(tx: Tx, userId: string): Promise<void> {
  await select(
    tx,
    'UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL',
    [userId],
  )
}
