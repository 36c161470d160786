/** Sessions: only the hash of a token is stored. A page session may stand before anybody has signed in. */
import { SESSION, type Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import {
  ACTOR_COLUMNS,
  HAS_FACTOR,
  lockAccount,
  recordLogin,
  toActor,
  type SealedActor,
} from './accounts.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { dropRecordsOf } from './oauth-records.ts'
import { prepared } from './prepared.ts'

type NewSession = {
  userId: string | null
  kind: 'page' | 'bearer'
  tokenHash: Buffer
  csrf: string
  expiresAt: Date
  /** What its owner knows it by. */
  device?: string | null
  address?: string | null
  /** What was checked, where it was a password. */
  passwordHash?: string
  /** A second step is still to come: until then it opens nothing. */
  awaitsFactor?: boolean
  /** What else was shown: a code, or the passkey with this id. */
  showed?: 'code' | { passkeyId: string }
  /** In which the first step was done; it ends with this one. */
  waited?: Buffer
}

/** `refused`: what was shown is no longer good. `factor_needed`: they have a second factor by now, and have not shown it. */
export type Opened = 'opened' | 'refused' | 'factor_needed'

/**
 * Between what somebody showed and this, somebody else may have chosen another password, taken a passkey away or turned a second
 * factor on, to end every session there is. All of them lock the account first, as this does, and what is asked here is asked in a
 * statement of its own afterwards: so either this sees what they did, or they see the session and end it. Whoever is in by it has
 * signed in.
 */
export async function createSession(tx: Tx, one: NewSession): Promise<Opened> {
  const { userId, awaitsFactor = false, waited } = one
  if (userId && !(await lockWithPassword(tx, userId, one.passwordHash ?? null))) return 'refused'
  if (waited && !(await endWaiting(tx, waited))) return 'refused'
  const passkeyId = typeof one.showed === 'object' ? one.showed.passkeyId : null
  const rows = await select(
    tx,
    `INSERT INTO sessions (token_hash, user_id, kind, csrf, expires_at, device, address, awaits_factor)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM (SELECT $2::uuid AS id) u
     WHERE ($9 OR NOT ${HAS_FACTOR})
       AND ($10::uuid IS NULL OR EXISTS (SELECT FROM passkeys p WHERE p.id = $10 AND p.user_id = u.id)) RETURNING kind`,
    [
      one.tokenHash,
      userId,
      one.kind,
      one.csrf,
      one.expiresAt,
      one.device ?? null,
      one.address ?? null,
      awaitsFactor,
      awaitsFactor || one.showed !== undefined,
      passkeyId,
    ],
  )
  if (rows.length === 0) return passkeyId === null ? 'factor_needed' : 'refused'
  if (userId && !awaitsFactor) await recordLogin(tx, userId)
  return 'opened'
}

export type StillIn = { userId: string; tokenHash: Buffer }

async function lockWithPassword(tx: Tx, userId: string, hash: string | null): Promise<boolean> {
  const rows = await select(
    tx,
    `SELECT id FROM users WHERE id = $1 AND status = 'active' AND ($2::text IS NULL OR password_hash = $2)
     FOR NO KEY UPDATE`,
    [userId, hash],
  )
  return rows.length > 0
}

/**
 * For what outlives the session in which it is done, such as a key: whoever ends every session at that very moment locks the account
 * first, as this does. So either they find what was made, or this finds the session over. Throws SIGN_IN_REQUIRED.
 */
export async function assertStillIn(tx: Tx, { userId, tokenHash }: StillIn): Promise<void> {
  await lockAccount(tx, userId)
  const rows = await select(
    tx,
    `SELECT kind FROM sessions WHERE token_hash = $1 AND user_id = $2 AND NOT awaits_factor AND revoked_at IS NULL
       AND expires_at > now()`,
    [tokenHash, userId],
  )
  if (rows.length === 0) throw new BusinessError('SIGN_IN_REQUIRED', 'Sign in to go on.')
}

async function endWaiting(tx: Tx, tokenHash: Buffer): Promise<boolean> {
  const rows = await select(
    tx,
    `UPDATE sessions SET revoked_at = now() WHERE token_hash = $1 AND awaits_factor AND revoked_at IS NULL
     RETURNING kind`,
    [tokenHash],
  )
  return rows.length > 0
}

export type FoundSession = {
  actor: Actor | null
  csrf: string
  kind: 'page' | 'bearer'
  /** Whose second step is still to come; then there is no actor. */
  waitingFor: string | null
  /** They signed in within the last quarter of an hour. */
  isFresh: boolean
}
type Raw = Omit<SealedActor, 'userId'> & { userId: string | null } & {
  csrf: string
  sessionKind: 'page' | 'bearer'
  stale: boolean
  signedIn: boolean
  awaitsFactor: boolean
  isFresh: boolean
}

const FIND = prepared(
  `SELECT s.csrf, s.kind AS "sessionKind", s.last_seen_at < now() - interval '1 minute' AS stale,
     s.user_id IS NOT NULL AS "signedIn", s.awaits_factor AS "awaitsFactor", s.created_at > now() - interval '15 minutes' AS "isFresh",
     ${ACTOR_COLUMNS}
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
  const { csrf, sessionKind: kind, stale: _, signedIn: __, awaitsFactor, isFresh, ...rest } = raw
  const { userId } = rest
  const found = { csrf, kind, isFresh }
  if (awaitsFactor || !userId) return { ...found, actor: null, waitingFor: userId }
  return { ...found, actor: toActor(db, { ...rest, userId }), waitingFor: null }
}

export async function endSession(tx: Tx, tokenHash: Buffer): Promise<void> {
  await select(
    tx,
    'UPDATE sessions SET revoked_at = coalesce(revoked_at, now()) WHERE token_hash = $1',
    [tokenHash],
  )
}

/** All of them, but for the one to keep, and how many there were; programs that were let in are out as well. */
export async function endSessionsOf(
  tx: Tx,
  userId: string,
  keep: Buffer | null = null,
): Promise<number> {
  await lockAccount(tx, userId)
  const ended = await select(
    tx,
    `UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL
       AND ($2::bytea IS NULL OR token_hash <> $2) RETURNING kind`,
    [userId, keep],
  )
  await dropRecordsOf(tx, userId)
  return ended.length
}

const noteEnded = (tx: Tx, userId: string, after: object): Promise<void> =>
  appendAudit(tx, {
    actor: userId,
    action: 'user.sessions_ended',
    entity: 'user',
    entityId: userId,
    after,
  })

/** As its owner asks for it, so it is in the audit; what ends them otherwise has an entry of its own. */
export async function endOwnOtherSessions(tx: Tx, userId: string, keep: Buffer): Promise<void> {
  const sessions = await endSessionsOf(tx, userId, keep)
  await noteEnded(tx, userId, { which: 'all others', sessions })
}

export type ShownSession = {
  /** Part of the hash of its token: enough to name it, and nothing to sign in with. */
  handle: string
  kind: 'page' | 'bearer'
  device: string | null
  address: string | null
  openedAt: Date
  lastSeenAt: Date
  isThis: boolean
}

const HANDLE = "encode(substr(token_hash, 1, 8), 'hex')"
const OPEN = `user_id = $1 AND NOT awaits_factor AND revoked_at IS NULL AND expires_at > now()
  AND last_seen_at > now() - make_interval(secs => ${SESSION.idleMs / 1000})`

/** Those with which somebody is signed in, the one last used first. */
export const listSessions = (
  db: Database,
  userId: string,
  current: Buffer,
): Promise<ShownSession[]> =>
  select(
    db,
    `SELECT ${HANDLE} AS handle, kind, device, address, created_at AS "openedAt", last_seen_at AS "lastSeenAt",
       token_hash = $2 AS "isThis"
     FROM sessions WHERE ${OPEN} ORDER BY token_hash = $2 DESC, last_seen_at DESC LIMIT 100`,
    [userId, current],
  )

/** As its owner asks for it. False where they have no such session. */
export async function endSessionNamed(tx: Tx, userId: string, handle: string): Promise<boolean> {
  const rows = await select(
    tx,
    `UPDATE sessions SET revoked_at = now() WHERE ${OPEN} AND ${HANDLE} = $2 RETURNING kind`,
    [userId, handle],
  )
  if (rows.length > 0) await noteEnded(tx, userId, { which: 'one', sessions: rows.length })
  return rows.length > 0
}
