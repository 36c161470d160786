/** What Daraja told us, word for word, stored before anybody reads it. The same body twice is one message. */
import { createHash } from 'node:crypto'
import type { MessageKind } from '../domain/callbacks.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { isReadOpen } from './older-release.ts'
import { prepared } from './prepared.ts'
import { bodyIndex, sealBody } from './provider-message-bodies.ts'

export type StoredMessage = { kind: MessageKind; subjectId: string; messageId: string }

export type NewMessage = {
  kind: MessageKind
  subjectId: string
  body: unknown
  sourceIp: string | null
}

/** In the clear as well, and under the hash that it knows it by, while the release before is at work beside this one. */
const KEEP =
  prepared(`INSERT INTO provider_messages (id, kind, subject_id, body_sealed, body, body_hash, source_ip)
  SELECT $1::uuid, $2, $3::uuid, $4::bytea, CASE WHEN older.reads THEN $5::jsonb END,
    CASE WHEN older.reads THEN $6::bytea ELSE $7::bytea END, $8
  FROM (SELECT ${isReadOpen('provider_messages')} AS reads) older
  WHERE NOT EXISTS (SELECT FROM provider_messages WHERE kind = $2 AND subject_id = $3 AND body_hash IN ($6, $7))
  ON CONFLICT DO NOTHING RETURNING id`)

export async function storeMessage(
  on: Database | Tx,
  { kind, subjectId, body, sourceIp }: NewMessage,
): Promise<{ messageId: string; repeat: boolean }> {
  const text = JSON.stringify(body)
  const plainHash = createHash('sha256').update(text).digest()
  const hashes = [plainHash, bodyIndex(on, plainHash)]
  const { messageId, sealed } = await sealBody(on, text)
  const row = await selectOne<{ id: string }>(on, KEEP, [
    messageId,
    kind,
    subjectId,
    sealed,
    text,
    ...hashes,
    sourceIp,
  ])
  if (row) return { messageId: row.id, repeat: false }
  const known = await selectOne<{ id: string }>(
    on,
    'SELECT id FROM provider_messages WHERE kind = $1 AND subject_id = $2 AND body_hash IN ($3, $4)',
    [kind, subjectId, ...hashes],
  )
  return { messageId: known?.id ?? '', repeat: true }
}

const TAKE = prepared(
  `SELECT kind, subject_id AS "subjectId", id AS "messageId" FROM provider_messages
   WHERE delivered_at IS NULL AND try_at <= now() ORDER BY try_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
)

const WAITING = prepared(
  'SELECT EXISTS (SELECT FROM provider_messages WHERE delivered_at IS NULL AND try_at <= now()) AS waiting',
)

/** One statement instead of a transaction, for those who ask many times a second. */
export async function doReportsWait(db: Database): Promise<boolean> {
  return (await selectOne<{ waiting: boolean }>(db, WAITING))?.waiting ?? false
}

/**
 * Some that wait, the longest first. They are this transaction's until it ends, so that several processes share the work;
 * whoever dies meanwhile leaves them to the others.
 */
export const takeReports = (tx: Tx, limit: number): Promise<StoredMessage[]> =>
  select(tx, TAKE, [limit])

/** What did not get through waits longer each time, and is in nobody's way meanwhile. */
const LONGEST_WAIT_SECONDS = 10

export const noteDelivery = (tx: Tx, taken: readonly string[], lost: readonly string[]) =>
  select(
    tx,
    `UPDATE provider_messages SET
       delivered_at = CASE WHEN id = ANY ($2) THEN NULL ELSE now() END,
       tries = tries + 1,
       try_at = clock_timestamp() + make_interval(secs => least(power(2, least(tries, 10)), $3))
     WHERE id = ANY ($1) RETURNING id`,
    [taken, lost, LONGEST_WAIT_SECONDS],
  )
