/** Keys for programs. Only their SHA-256 is stored: 256 random bits need no slower hash. */
import type { Actor } from '../domain/accounts.ts'
import { API_KEY_LIMITS, permissionsOfKey, type ApiKey } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Permission } from '../domain/permissions.ts'
import { ACTOR_COLUMNS, toActor, type SealedActor } from './accounts.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, WITHOUT_WAITING, type Database, type Tx } from './connection.ts'
import { tellKeyMade } from './key-notices.ts'
import { prepared } from './prepared.ts'

/** Neither taken back nor over. */
const GOOD = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())'

export type NewApiKey = {
  userId: string
  name: string
  keyHash: Buffer
  beginning: string
  scopes: Permission[]
  expiresAt: Date | null
}

const refuse = (message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'name', message }] })

/** Throws INVALID_INPUT for a name that another key of theirs has, and for one key too many. */
export async function createApiKey(
  tx: Tx,
  key: NewApiKey,
): Promise<{ id: string; createdAt: Date }> {
  // One after the other, so that two at once cannot pass the limit together.
  await select(tx, 'SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [key.userId])
  const standing = await select(tx, `SELECT 1 FROM api_keys WHERE user_id = $1 AND ${GOOD}`, [
    key.userId,
  ])
  if (standing.length >= API_KEY_LIMITS.perPerson)
    throw refuse(`You have ${API_KEY_LIMITS.perPerson} keys. Take one back that nobody needs.`)
  const made = await selectOne<{ id: string; createdAt: Date }>(
    tx,
    `INSERT INTO api_keys (user_id, name, key_hash, beginning, scopes, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, lower(name)) WHERE revoked_at IS NULL DO NOTHING
     RETURNING id, created_at AS "createdAt"`,
    [key.userId, key.name, key.keyHash, key.beginning, key.scopes, key.expiresAt],
  )
  if (!made)
    throw refuse('You have a key of this name. Take that one back, or choose another name.')
  await appendAudit(tx, {
    actor: key.userId,
    action: 'api_key.made',
    entity: 'api_key',
    entityId: made.id,
    after: { name: key.name, scopes: key.scopes, expiresAt: key.expiresAt },
  })
  await tellKeyMade(tx, key.userId, { beginning: key.beginning, scopes: key.scopes })
  return made
}

/** False where this person has no such key, or not any more. */
export async function revokeApiKey(tx: Tx, userId: string, id: string): Promise<boolean> {
  const gone = await selectOne<{ name: string }>(
    tx,
    `UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
     RETURNING name`,
    [id, userId],
  )
  if (!gone) return false
  await appendAudit(tx, {
    actor: userId,
    action: 'api_key.revoked',
    entity: 'api_key',
    entityId: id,
    before: { name: gone.name },
  })
  return true
}

/** All of theirs: whoever had their password, or was shut out, may have made some. */
export async function revokeApiKeysOf(tx: Tx, userId: string, actor: string): Promise<void> {
  const gone = await select<{ id: string; name: string }>(
    tx,
    'UPDATE api_keys SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING id, name',
    [userId],
  )
  const entry = { actor, action: 'api_key.revoked', entity: 'api_key' }
  for (const { id, name } of gone)
    await appendAudit(tx, { ...entry, entityId: id, before: { name } })
}

/** Those not taken back, the newest first; one that is over is shown until it is swept. */
export const listApiKeys = (on: Database | Tx, userId: string): Promise<ApiKey[]> =>
  select(
    on,
    `SELECT id, name, beginning, scopes, created_at AS "createdAt", expires_at AS "expiresAt",
       last_used_at AS "lastUsedAt", coalesce((
         SELECT jsonb_agg(jsonb_build_object('day', u.day, 'uses', u.uses) ORDER BY u.day DESC)
         FROM api_key_uses u WHERE u.key_id = k.id AND u.day > current_date - ${API_KEY_LIMITS.usesDays}
       ), '[]') AS uses
     FROM api_keys k WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id`,
    [userId],
  )

type Raw = SealedActor & { keyId: string; scopes: Permission[] }

const FIND = prepared(
  `SELECT k.id AS "keyId", k.scopes, ${ACTOR_COLUMNS}
   FROM api_keys k JOIN users u ON u.id = k.user_id AND u.status = 'active'
   WHERE k.key_hash = $1 AND ${GOOD}`,
)

/** Every use is counted; when it was last used is written at most once a minute. */
const COUNT = prepared(
  `WITH counted AS (
     INSERT INTO api_key_uses (key_id, day, uses)
     SELECT $1::uuid, (now() AT TIME ZONE 'Africa/Nairobi')::date, 1 FROM ${WITHOUT_WAITING}
     ON CONFLICT (key_id, day) DO UPDATE SET uses = api_key_uses.uses + 1)
   UPDATE api_keys SET last_used_at = now()
   WHERE id = $1::uuid AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
)

export type KeyHolder = { actor: Actor; keyId: string }

/** Who acts by this key, narrowed to what it may do; null when it is unknown, over, or its owner may have no keys. */
export async function findApiKey(db: Database, keyHash: Buffer): Promise<KeyHolder | null> {
  const raw = await selectOne<Raw>(db, FIND, [keyHash])
  if (!raw?.permissions.includes('api_keys:create')) return null
  const { keyId, scopes, ...actor } = raw
  await select(db, COUNT, [keyId])
  const permissions = permissionsOfKey(scopes, actor.permissions)
  return { actor: toActor(db, { ...actor, permissions }), keyId }
}
