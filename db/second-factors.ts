/** What somebody shows besides a password: a code of their app, one from paper, or a passkey. */
import { LINK_LIFE_MS } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { askForLink } from './account-links.ts'
import { lockAccount } from './accounts.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { isOnePerson } from './one-person.ts'
import { endSessionsOf } from './sessions.ts'
import { protect, reveal } from './subject-keys.ts'

const secretOf = (userId: string) => ({
  subjectId: userId,
  table: 'authenticators',
  column: 'secret',
  row: userId,
})

export type Factors = { app: boolean; recoveryCodes: number; passkeys: number }

export async function findFactors(on: Database | Tx, userId: string): Promise<Factors> {
  const row = await selectOne<Factors>(
    on,
    `SELECT EXISTS (SELECT FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS app,
       (SELECT count(*)::int FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS "recoveryCodes",
       (SELECT count(*)::int FROM passkeys WHERE user_id = $1) AS passkeys`,
    [userId],
  )
  return row ?? { app: false, recoveryCodes: 0, passkeys: 0 }
}

/** Each beginning has a secret of its own: what somebody else began, and has seen, is never what is confirmed. */
export async function beginAuthenticator(tx: Tx, userId: string, secret: string): Promise<void> {
  await select(
    tx,
    `INSERT INTO authenticators (user_id, secret) VALUES ($1, $2)
     ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = now()
     WHERE authenticators.confirmed_at IS NULL`,
    [userId, await protect(tx, secretOf(userId), secret)],
  )
}

export type Authenticator = { secret: string; lastStep: number; confirmed: boolean }

export async function findAuthenticator(
  on: Database | Tx,
  userId: string,
): Promise<Authenticator | null> {
  const row = await selectOne<{ secret: Buffer; lastStep: string; confirmed: boolean }>(
    on,
    `SELECT secret, last_step AS "lastStep", confirmed_at IS NOT NULL AS confirmed
     FROM authenticators WHERE user_id = $1`,
    [userId],
  )
  if (!row) return null
  const secret = await reveal(on, secretOf(userId), row.secret)
  return { secret, lastStep: Number(row.lastStep), confirmed: row.confirmed }
}

/** Each half minute's code counts once: of two at the same moment one gets false. */
export async function useStep(tx: Tx, userId: string, step: number): Promise<boolean> {
  const rows = await select(
    tx,
    'UPDATE authenticators SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id',
    [userId, step],
  )
  return rows.length > 0
}

export async function replaceRecoveryCodes(
  tx: Tx,
  userId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await select(tx, 'DELETE FROM recovery_codes WHERE user_id = $1', [userId])
  await select(
    tx,
    'INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS hash',
    [userId, hashes],
  )
}

/** Once: of two at the same moment one gets false. */
export async function useRecoveryCode(tx: Tx, userId: string, hash: Buffer): Promise<boolean> {
  const rows = await select(
    tx,
    `UPDATE recovery_codes SET used_at = now() WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL
     RETURNING user_id`,
    [userId, hash],
  )
  if (rows.length === 0) return false
  await note(tx, userId, 'user.recovery_code_used')
  return true
}

const note = (tx: Tx, userId: string, action: string): Promise<void> =>
  appendAudit(tx, { actor: userId, action, entity: 'user', entityId: userId })

type FactorChange = { userId: string; action: string; actor?: string; why?: string }

/** In the audit, and by mail to whom it is about. */
export async function tellFactorChanged(tx: Tx, change: FactorChange): Promise<void> {
  const { userId, action, actor = userId, why } = change
  await appendAudit(tx, {
    actor,
    action,
    entity: 'user',
    entityId: userId,
    ...(why ? { why } : {}),
  })
  const expiresAt = new Date(Date.now() + LINK_LIFE_MS.factor_changed)
  await askForLink(tx, { userId, purpose: 'factor_changed', expiresAt })
}

type Confirming = { userId: string; step: number; keep: Buffer | null }

/** False where it is confirmed already, or the code was used. Every other session ends: it was opened without. */
export async function confirmAuthenticator(
  tx: Tx,
  { userId, step, keep }: Confirming,
): Promise<boolean> {
  await lockAccount(tx, userId)
  if (!(await useStep(tx, userId, step))) return false
  const rows = await select(
    tx,
    'UPDATE authenticators SET confirmed_at = now() WHERE user_id = $1 AND confirmed_at IS NULL RETURNING user_id',
    [userId],
  )
  if (rows.length === 0) return false
  await endSessionsOf(tx, userId, keep)
  await tellFactorChanged(tx, { userId, action: 'user.second_factor_added' })
  return true
}

/** What was begun and not confirmed, perhaps by somebody else. */
export async function dropUnconfirmed(tx: Tx, userId: string): Promise<void> {
  await select(tx, 'DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at IS NULL', [
    userId,
  ])
}

/** What was added at that very moment, or since, whose owner says that it was not they. */
export async function takeBackFactors(
  tx: Tx,
  userId: string,
  addedAt: string,
  orLater = false,
): Promise<void> {
  const [found] = await select<{ n: number }>(
    tx,
    `WITH keys AS (DELETE FROM passkeys WHERE user_id = $1
         AND (created_at = $2::timestamptz OR $3 AND created_at > $2::timestamptz) RETURNING id),
       apps AS (DELETE FROM authenticators WHERE user_id = $1
         AND (confirmed_at = $2::timestamptz OR $3 AND confirmed_at > $2::timestamptz) RETURNING user_id),
       papers AS (DELETE FROM recovery_codes WHERE user_id = $1 AND EXISTS (SELECT FROM apps))
     SELECT ((SELECT count(*) FROM keys) + (SELECT count(*) FROM apps))::int AS n`,
    [userId, addedAt, orLater],
  )
  if (found?.n) await note(tx, userId, 'user.second_factor_taken_back')
}

/** The paper codes go with the app. */
export async function removeAuthenticator(tx: Tx, userId: string): Promise<void> {
  await select(tx, 'DELETE FROM recovery_codes WHERE user_id = $1', [userId])
  const rows = await select(
    tx,
    'DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL RETURNING user_id',
    [userId],
  )
  if (rows.length > 0) await tellFactorChanged(tx, { userId, action: 'user.second_factor_removed' })
}

/**
 * For whoever has lost their phone and the codes on paper. Nobody does it for themselves; they are signed out everywhere and
 * come in with the password alone. Throws SECOND_PERSON, NOT_FOUND.
 */
export async function removeFactorsOf(
  tx: Tx,
  userId: string,
  { actorId, why }: { actorId: string; why: string },
): Promise<void> {
  if (await isOnePerson(tx, userId, actorId))
    throw new BusinessError('SECOND_PERSON', 'Nobody turns off their own second step here.')
  await lockAccount(tx, userId)
  const [found] = await select<{ n: number }>(
    tx,
    `WITH papers AS (DELETE FROM recovery_codes WHERE user_id = $1),
       keys AS (DELETE FROM passkeys WHERE user_id = $1 RETURNING id),
       apps AS (DELETE FROM authenticators WHERE user_id = $1 RETURNING user_id)
     SELECT ((SELECT count(*) FROM keys) + (SELECT count(*) FROM apps))::int AS n`,
    [userId],
  )
  if (!found?.n) throw new BusinessError('NOT_FOUND', 'This account has no second step.')
  await endSessionsOf(tx, userId)
  await tellFactorChanged(tx, { userId, action: 'user.second_factor_removed', actor: actorId, why })
}

export const noteNewRecoveryCodes = (tx: Tx, userId: string): Promise<void> =>
  note(tx, userId, 'user.recovery_codes_made')
