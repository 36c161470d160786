/** Programs of others, as administrators have registered them. */
import type { OauthClient, ShownClient } from '../domain/oauth.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { tellKeyMade } from './key-notices.ts'

const COLUMNS = 'id, name, kind, redirect_uris AS "redirectUris", scopes, created_at AS "createdAt"'

export type NewOauthClient = Omit<OauthClient, 'id' | 'createdAt'> & {
  ownerId: string
  secretHash: Buffer | null
}

export async function createOauthClient(tx: Tx, one: NewOauthClient): Promise<OauthClient> {
  const made = (await selectOne<OauthClient>(
    tx,
    `INSERT INTO oauth_clients (name, kind, redirect_uris, scopes, secret_hash, owner_id)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
    [one.name, one.kind, one.redirectUris, one.scopes, one.secretHash, one.ownerId],
  )) as OauthClient
  const { name, kind, redirectUris, scopes } = made
  await appendAudit(tx, {
    actor: one.ownerId,
    action: 'oauth_client.registered',
    entity: 'oauth_client',
    entityId: made.id,
    after: { name, kind, redirectUris, scopes },
  })
  await tellKeyMade(tx, one.ownerId, { beginning: made.id, scopes })
  return made
}

type Row = Omit<ShownClient, 'owner'> & { ownerId: string; ownerName: string }

/** Those that may be let in, the newest first. */
export async function listOauthClients(on: Database | Tx): Promise<ShownClient[]> {
  const rows = await select<Row>(
    on,
    `SELECT c.id, c.name, c.kind, c.redirect_uris AS "redirectUris", c.scopes, c.created_at AS "createdAt",
       c.owner_id AS "ownerId", trim(u.first_name || ' ' || u.last_name) AS "ownerName",
       c.last_used_at AS "lastUsedAt", c.last_used_from AS "lastUsedFrom",
       (SELECT count(DISTINCT g.account_id)::int FROM oauth_records g
        WHERE g.client_id = c.id AND g.model IN ('AccessToken', 'RefreshToken') AND g.expires_at > now()) AS people
     FROM oauth_clients c JOIN users u ON u.id = c.owner_id
     WHERE c.revoked_at IS NULL ORDER BY c.created_at DESC, c.id LIMIT 500`,
  )
  return rows.map(({ ownerId, ownerName, ...row }) => ({
    ...row,
    owner: { id: ownerId, name: ownerName },
  }))
}

type Renewal = { id: string; ownerId: string; secretHash: Buffer }

/**
 * What was given for the old secret is over with it. Null where they have registered no such server: a server acts for its owner,
 * so whoever else had its secret could do what its owner may.
 */
export async function renewSecret(tx: Tx, one: Renewal): Promise<OauthClient | null> {
  const found = await selectOne<OauthClient>(
    tx,
    `UPDATE oauth_clients SET secret_hash = $3
     WHERE id = $1 AND owner_id = $2 AND kind = 'server' AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [one.id, one.ownerId, one.secretHash],
  )
  if (!found) return null
  await select(tx, 'DELETE FROM oauth_records WHERE client_id = $1', [one.id])
  await appendAudit(tx, {
    actor: one.ownerId,
    action: 'oauth_client.secret_renewed',
    entity: 'oauth_client',
    entityId: one.id,
  })
  await tellKeyMade(tx, one.ownerId, { beginning: one.id, scopes: found.scopes })
  return found
}

export type KnownClient = OauthClient & { secretHash: Buffer | null }

/** Null once it was taken back. */
export const findOauthClient = (on: Database | Tx, id: string): Promise<KnownClient | null> =>
  selectOne(
    on,
    `SELECT ${COLUMNS}, secret_hash AS "secretHash" FROM oauth_clients
     WHERE id::text = $1 AND revoked_at IS NULL`,
    [id],
  )

/** Everything it was given is gone with it. False where there is no such program. */
export async function revokeOauthClient(tx: Tx, id: string, actorId: string): Promise<boolean> {
  const gone = await selectOne<{ name: string }>(
    tx,
    'UPDATE oauth_clients SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING name',
    [id],
  )
  if (!gone) return false
  await select(tx, 'DELETE FROM oauth_records WHERE client_id = $1', [id])
  await appendAudit(tx, {
    actor: actorId,
    action: 'oauth_client.revoked',
    entity: 'oauth_client',
    entityId: id,
    before: { name: gone.name },
  })
  return true
}
