/** Passkeys, and the questions that were put to browsers about them. */
import { lockAccount } from './accounts.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { tellFactorChanged } from './second-factors.ts'
import { endSessionsOf } from './sessions.ts'
import { toCount } from './values.ts'

export type ChallengePurpose = 'register' | 'sign_in'

/** The newest question to a browser is the only one that counts. `askedBy` is the hash of its session's id. */
export async function keepChallenge(
  on: Database | Tx,
  wish: { askedBy: Buffer; purpose: ChallengePurpose; challenge: string; expiresAt: Date },
): Promise<void> {
  await select(
    on,
    `INSERT INTO passkey_challenges (asked_by, purpose, challenge, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (asked_by, purpose) DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at`,
    [wish.askedBy, wish.purpose, wish.challenge, wish.expiresAt],
  )
}

/** Once: whoever brings the answer again finds no question. Null where there was none, or it is too old. */
export async function takeChallenge(
  on: Database | Tx,
  askedBy: Buffer,
  purpose: ChallengePurpose,
  now: Date,
): Promise<string | null> {
  const row = await selectOne<{ challenge: string; expiresAt: Date }>(
    on,
    `DELETE FROM passkey_challenges WHERE asked_by = $1 AND purpose = $2
     RETURNING challenge, expires_at AS "expiresAt"`,
    [askedBy, purpose],
  )
  return row && row.expiresAt > now ? row.challenge : null
}

export type Passkey = {
  id: string
  userId: string
  credentialId: string
  publicKey: Buffer
  counter: number
  transports: string[]
  name: string
  lastUsedAt: Date | null
}

const COLUMNS = `p.id, p.user_id AS "userId", p.credential_id AS "credentialId", p.public_key AS "publicKey",
  p.counter, p.transports, p.name, p.last_used_at AS "lastUsedAt"`
type Raw = Omit<Passkey, 'counter'> & { counter: string }
const toPasskey = (row: Raw): Passkey => ({ ...row, counter: toCount(row.counter) })

export const listPasskeys = async (on: Database | Tx, userId: string): Promise<Passkey[]> =>
  (
    await select<Raw>(
      on,
      `SELECT ${COLUMNS} FROM passkeys p WHERE p.user_id = $1 ORDER BY p.created_at, p.id`,
      [userId],
    )
  ).map(toPasskey)

/** Of somebody who may sign in. */
export async function findPasskey(
  on: Database | Tx,
  credentialId: string,
): Promise<Passkey | null> {
  const row = await selectOne<Raw>(
    on,
    `SELECT ${COLUMNS} FROM passkeys p JOIN users u ON u.id = p.user_id AND u.status = 'active'
     WHERE p.credential_id = $1`,
    [credentialId],
  )
  return row && toPasskey(row)
}

type NewPasskey = Omit<Passkey, 'id' | 'lastUsedAt'> & { keep: Buffer }

/** False where somebody has it already. With the first factor every other session ends: it was opened without. */
export async function addPasskey(tx: Tx, one: NewPasskey): Promise<boolean> {
  const { userId, credentialId, publicKey, counter, transports, name, keep } = one
  await lockAccount(tx, userId)
  const rows = await select(
    tx,
    `INSERT INTO passkeys (user_id, credential_id, public_key, counter, transports, name)
     VALUES ($1, $2, $3, $4, $5::text[], $6) ON CONFLICT DO NOTHING RETURNING id`,
    [userId, credentialId, publicKey, counter, transports, name],
  )
  if (rows.length === 0) return false
  await endSessionsOf(tx, userId, keep)
  await tellFactorChanged(tx, { userId, action: 'user.passkey_added' })
  return true
}

/** Sessions that were opened by it end with it, as all others but the one in which it is done. */
export async function removePasskey(
  tx: Tx,
  { userId, id, keep }: { userId: string; id: string; keep: Buffer },
): Promise<boolean> {
  await lockAccount(tx, userId)
  const rows = await select(
    tx,
    'DELETE FROM passkeys WHERE user_id = $1 AND id = $2 RETURNING id',
    [userId, id],
  )
  if (rows.length === 0) return false
  await endSessionsOf(tx, userId, keep)
  await tellFactorChanged(tx, { userId, action: 'user.passkey_removed' })
  return true
}

/** A counter that does not grow belongs to a copy; those that never count stay at nought. Of two at once one gets false. */
export async function usePasskey(tx: Tx, id: string, counter: number): Promise<boolean> {
  const rows = await select(
    tx,
    `UPDATE passkeys SET counter = $2, last_used_at = now()
     WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING id`,
    [id, counter],
  )
  return rows.length > 0
}
