/** What programs of others were given. By hashes only: whoever reads the table can use none of it. */
import type { Actor } from '../domain/accounts.ts'
import { scopesFor } from '../domain/api-keys.ts'
import type { LetIn } from '../domain/oauth.ts'
import { isPermission, type Permission } from '../domain/permissions.ts'
import { ACTOR_COLUMNS, toActor, type SealedActor } from './accounts.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { prepared } from './prepared.ts'

export type OauthRecord = {
  model: string
  idHash: Buffer
  grantHash: Buffer | null
  accountId: string | null
  clientId: string | null
  scopes: string[]
  sealed: Buffer
  expiresAt: Date
}

export async function keepRecord(on: Database | Tx, one: OauthRecord): Promise<void> {
  await select(
    on,
    `INSERT INTO oauth_records
       (model, id_hash, grant_hash, account_id, client_id, scopes, sealed, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (model, id_hash) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at,
       scopes = excluded.scopes`,
    [
      one.model,
      one.idHash,
      one.grantHash,
      one.accountId,
      one.clientId,
      one.scopes,
      one.sealed,
      one.expiresAt,
    ],
  )
}

type Named = { model: string; idHash: Buffer }
export type KeptRecord = { sealed: Buffer; consumedAt: Date | null }

/** Null once it is over. */
export const findRecord = (
  on: Database | Tx,
  { model, idHash }: Named,
): Promise<KeptRecord | null> =>
  selectOne(
    on,
    `SELECT sealed, consumed_at AS "consumedAt" FROM oauth_records
     WHERE model = $1 AND id_hash = $2 AND expires_at > now()`,
    [model, idHash],
  )

/** True once only, whoever asks at the same moment. */
export async function consumeRecord(on: Database | Tx, { model, idHash }: Named): Promise<boolean> {
  const rows = await select(
    on,
    `UPDATE oauth_records SET consumed_at = now()
     WHERE model = $1 AND id_hash = $2 AND consumed_at IS NULL RETURNING model`,
    [model, idHash],
  )
  return rows.length > 0
}

export async function dropRecord(on: Database | Tx, { model, idHash }: Named): Promise<void> {
  await select(on, 'DELETE FROM oauth_records WHERE model = $1 AND id_hash = $2', [model, idHash])
}

/** One consent, and everything that came of it. */
export async function dropGranted(on: Database | Tx, grantHash: Buffer): Promise<void> {
  await select(on, 'DELETE FROM oauth_records WHERE grant_hash = $1', [grantHash])
}

/** The consent of which one record is part ends with everything that came of it. */
export async function dropFamily(on: Database | Tx, { model, idHash }: Named): Promise<void> {
  await select(
    on,
    `DELETE FROM oauth_records WHERE grant_hash = (
       SELECT grant_hash FROM oauth_records WHERE model = $1 AND id_hash = $2)`,
    [model, idHash],
  )
}

/** By name. What each may do stands in what came of the consent; where nothing came of it, nobody acts by it. */
export async function listLetIn(on: Database | Tx, userId: string): Promise<LetIn[]> {
  const rows = await select<Omit<LetIn, 'scopes'> & { scopes: string[] }>(
    on,
    `SELECT c.id AS "clientId", c.name, max(g.expires_at) AS until, coalesce((
       SELECT array_agg(DISTINCT scope ORDER BY scope) FROM oauth_records r, unnest(r.scopes) AS scope
       WHERE r.account_id = $1 AND r.client_id = c.id AND r.expires_at > now()), '{}') AS scopes
     FROM oauth_records g JOIN oauth_clients c ON c.id = g.client_id AND c.revoked_at IS NULL
     WHERE g.account_id = $1 AND g.model = 'Grant' AND g.expires_at > now()
     GROUP BY c.id, c.name ORDER BY lower(c.name), c.id`,
    [userId],
  )
  const known = rows.map((row) => ({ ...row, scopes: row.scopes.filter(isPermission) }))
  return known.filter(({ scopes }) => scopes.length > 0)
}

/** As whoever let it in asks for it. False where no such program could act for them. */
export async function shutOut(tx: Tx, userId: string, clientId: string): Promise<boolean> {
  const gone = await select(
    tx,
    'DELETE FROM oauth_records WHERE account_id = $1 AND client_id = $2 RETURNING model',
    [userId, clientId],
  )
  if (gone.length === 0) return false
  await appendAudit(tx, {
    actor: userId,
    action: 'oauth_client.shut_out',
    entity: 'oauth_client',
    entityId: clientId,
  })
  return true
}

/** Every program that somebody has let in is out. */
export async function dropRecordsOf(tx: Tx, userId: string): Promise<void> {
  await select(tx, 'DELETE FROM oauth_records WHERE account_id = $1', [userId])
}

type Raw = SealedActor & { model: string; clientId: string; scopes: Permission[]; isNew: boolean }

const FIND = prepared(
  `SELECT r.model, r.client_id AS "clientId", r.scopes,
     c.last_used_at IS NULL OR c.last_used_at < now() - interval '1 minute' AS "isNew", ${ACTOR_COLUMNS}
   FROM oauth_records r JOIN oauth_clients c ON c.id = r.client_id AND c.revoked_at IS NULL
     JOIN users u ON u.status = 'active'
       AND u.id = CASE r.model WHEN 'ClientCredentials' THEN c.owner_id ELSE r.account_id END
   WHERE r.model IN ('AccessToken', 'ClientCredentials') AND r.id_hash = $1 AND r.expires_at > now()
     AND (r.model = 'ClientCredentials' OR EXISTS (
       SELECT FROM oauth_records g WHERE g.model = 'Grant' AND g.id_hash = r.grant_hash AND g.expires_at > now()))`,
)

/** At most once a minute, and by one of many who ask at once: the others do not wait for it. */
const NOTE_USE = prepared(
  `UPDATE oauth_clients SET last_used_at = now(), last_used_from = CASE kind WHEN 'server' THEN $2 END
   WHERE id = (SELECT id FROM oauth_clients WHERE id = $1::uuid
     AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute') FOR NO KEY UPDATE SKIP LOCKED)`,
)

export type ProgramActing = { actor: Actor; clientId: string }

/**
 * For whom a program acts by this token, narrowed to what the token says; null when it is unknown or over. A server acts for
 * whoever registered it, as long as they may register any. `address`: where the request came from.
 */
export async function findOauthToken(
  db: Database,
  idHash: Buffer,
  address: string | null,
): Promise<ProgramActing | null> {
  const raw = await selectOne<Raw>(db, FIND, [idHash])
  if (!raw) return null
  const { model, clientId, scopes, isNew, ...actor } = raw
  if (model === 'ClientCredentials' && !actor.permissions.includes('oauth_clients:create'))
    return null
  if (isNew) await select(db, NOTE_USE, [clientId, address])
  const permissions = scopesFor(actor.permissions).filter((one) => scopes.includes(one))
  return { actor: toActor(db, { ...actor, permissions }), clientId }
}
