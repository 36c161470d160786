/** Idempotency keys: each remembers a hash of its request and the first answer to it. */
import { select, selectOne, WITHOUT_WAITING, type Database } from './connection.ts'

type Claim = { scope: string; key: string; requestHash: Buffer; subjectId: string }
export type Claimed = {
  state: 'new' | 'same' | 'other'
  subjectId: string
  response: { status: number; body: unknown } | null
}

/**
 * A key's memory may be lost in a crash: the booking's id follows from the key, so a repeat still meets the same
 * booking. Not waiting for the disk spares time before the real work begins.
 */
export async function claimKey(db: Database, claim: Claim): Promise<Claimed> {
  const { scope, key, requestHash, subjectId } = claim
  const fresh = await select(
    db,
    `INSERT INTO idempotency_keys (scope, key, request_hash, subject_id)
     SELECT $1, $2, $3::bytea, $4::uuid FROM ${WITHOUT_WAITING}
     ON CONFLICT DO NOTHING RETURNING key`,
    [scope, key, requestHash, subjectId],
  )
  if (fresh.length > 0) return { state: 'new', subjectId, response: null }
  const row = await selectOne<{
    same: boolean
    subjectId: string
    status: number | null
    body: unknown
  }>(
    db,
    `SELECT request_hash = $3 AS same, subject_id AS "subjectId", response_status AS status, response AS body
     FROM idempotency_keys WHERE scope = $1 AND key = $2`,
    [scope, key, requestHash],
  )
  if (!row?.same) return { state: 'other', subjectId: row?.subjectId ?? subjectId, response: null }
  const response = row.status === null ? null : { status: row.status, body: row.body }
  return { state: 'same', subjectId: row.subjectId, response }
}

type Answer = { scope: string; key: string; status: number; body: unknown }

/** The first answer stands. */
export async function storeResponse(db: Database, answer: Answer): Promise<void> {
  const { scope, key, status, body } = answer
  await select(
    db,
    `UPDATE idempotency_keys SET response_status = $3, response = $4::jsonb FROM ${WITHOUT_WAITING}
     WHERE scope = $1 AND key = $2 AND response_status IS NULL`,
    [scope, key, status, JSON.stringify(body)],
  )
}
