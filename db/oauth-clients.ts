/** Programs of others, as administrators have registered them. */
import type { OauthClient } from '../domain/oauth.ts'
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

export const listOauthClients = (on: Database | Tx): Promise<OauthClient[]> =>
  select(
    on,
    `SELECT ${COLUMNS} FROM oauth_clients WHERE revoked_at IS NULL ORDER BY created_at DESC, id LIMIT 500`,
  )

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
