/** One-time codes by SMS: hashed, short-lived, few tries, used once, by the browser that asked. */
import { select, selectOne, type Database, type Tx } from './connection.ts'

type NewCode = {
  phoneHash: Buffer
  codeHash: Buffer
  purpose: string
  /** Hash of the asking browser's session id. */
  askedBy: Buffer
  expiresAt: Date
}

export async function createCode(tx: Tx, code: NewCode): Promise<void> {
  await select(
    tx,
    `INSERT INTO one_time_codes (phone_hash, code_hash, purpose, asked_by, expires_at)
     VALUES ($1, $2, $3, $4, $5)`,
    [code.phoneHash, code.codeHash, code.purpose, code.askedBy, code.expiresAt],
  )
}

type Use = Omit<NewCode, 'expiresAt'> & { now: Date; maxAttempts: number }
export type CodeAnswer = 'ok' | 'wrong' | 'expired' | 'locked'

/** Only the browser's newest code counts; every try is counted, also a right one that comes too late. */
export async function useCode(tx: Tx, use: Use): Promise<CodeAnswer> {
  const row = await selectOne<{
    id: string
    fits: boolean
    attempts: number
    expires: Date
    used: boolean
  }>(
    tx,
    `SELECT id, code_hash = $3 AS fits, attempts, expires_at AS expires, used_at IS NOT NULL AS used
     FROM one_time_codes WHERE phone_hash = $1 AND purpose = $2 AND asked_by = $4
     ORDER BY created_at DESC LIMIT 1 FOR UPDATE`,
    [use.phoneHash, use.purpose, use.codeHash, use.askedBy],
  )
  if (!row || row.used || row.expires <= use.now) return 'expired'
  if (row.attempts >= use.maxAttempts) return 'locked'
  await select(
    tx,
    `UPDATE one_time_codes SET attempts = attempts + 1, used_at = CASE WHEN $2 THEN now() END
     WHERE id = $1`,
    [row.id, row.fits],
  )
  return row.fits ? 'ok' : 'wrong'
}

export async function recentCodes(
  db: Database | Tx,
  phoneHash: Buffer,
  sinceMs: number,
): Promise<number> {
  const row = await selectOne<{ n: number }>(
    db,
    `SELECT count(*)::int AS n FROM one_time_codes
     WHERE phone_hash = $1 AND created_at > now() - make_interval(secs => $2)`,
    [phoneHash, sinceMs / 1000],
  )
  return row?.n ?? 0
}
