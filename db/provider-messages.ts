/** What Daraja told us, word for word, stored before anybody reads it. The same body twice is one message. */
import { createHash } from 'node:crypto'
import type { MessageKind } from '../domain/callbacks.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { recordSecurityEvent } from './security.ts'

export type StoredMessage = { kind: MessageKind; subjectId: string; messageId: string }

export type NewMessage = {
  kind: MessageKind
  subjectId: string
  body: unknown
  sourceIp: string | null
}

export async function storeMessage(
  on: Database | Tx,
  { kind, subjectId, body, sourceIp }: NewMessage,
): Promise<{ messageId: string; repeat: boolean }> {
  const text = JSON.stringify(body)
  const hash = createHash('sha256').update(text).digest()
  const row = await selectOne<{ id: string }>(
    on,
    `INSERT INTO provider_messages (kind, subject_id, body, body_hash, source_ip)
     VALUES ($1, $2, $3::jsonb, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
    [kind, subjectId, text, hash, sourceIp],
  )
  if (row) return { messageId: row.id, repeat: false }
  const known = await selectOne<{ id: string }>(
    on,
    'SELECT id FROM provider_messages WHERE kind = $1 AND subject_id = $2 AND body_hash = $3',
    [kind, subjectId, hash],
  )
  return { messageId: known?.id ?? '', repeat: true }
}

export async function markDelivered(db: Database, messageIds: string[]): Promise<void> {
  await select(
    db,
    'UPDATE provider_messages SET delivered_at = now() WHERE id = ANY ($1) AND delivered_at IS NULL',
    [messageIds],
  )
}

/** A result whose refund has ended: for people to read, because money may have moved once more than we know. */
export async function noteOrphan(db: Database, { kind, messageId, subjectId }: StoredMessage) {
  await recordSecurityEvent(db, 'result_without_refund', { kind, messageId, refundId: subjectId })
}

/** Oldest first. */
export const listUndelivered = (
  db: Database,
  olderThanMs: number,
  limit: number,
): Promise<StoredMessage[]> =>
  select(
    db,
    `SELECT kind, subject_id AS "subjectId", id AS "messageId" FROM provider_messages
     WHERE delivered_at IS NULL AND received_at < now() - make_interval(secs => $1 / 1000.0)
     ORDER BY received_at LIMIT $2`,
    [olderThanMs, limit],
  )
