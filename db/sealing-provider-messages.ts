/** What providers said: from the column that stood open to the sealed one, as db/sealing-people.ts tells it. */
import { inTransaction, select, type Database } from './connection.ts'
import { sealInHouse } from './house-key.ts'
import { stopWritingOpen } from './older-release.ts'
import { bodyIndex, FORGOTTEN_BODY, placeOfBody } from './provider-message-bodies.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'

const TABLE = 'provider_messages'

/** As the index provider_messages_unsealed says it. */
export const UNSEALED_BODY = `body IS NOT NULL AND body_sealed IS NULL AND body <> '${FORGOTTEN_BODY}'`

/** One batch, safe to repeat; true when there may be more. */
export const sealOpenMessages = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<{ id: string; text: string }>(
      tx,
      `SELECT id, body::text AS text FROM provider_messages WHERE ${UNSEALED_BODY}
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const sealed = await sealInHouse(
      tx,
      open.map(({ id, text }) => ({ place: placeOfBody(id), text })),
    )
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE provider_messages m SET body_sealed = s.sealed
       FROM unnest($1::uuid[], $2::bytea[]) AS s (id, sealed) WHERE m.id = s.id RETURNING m.id`,
      [open.map(({ id }) => id), sealed],
    )
    await tellSealing(tx, { table: TABLE, what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

/**
 * From here on a release from before would hear nothing that was said, so nothing is written in the clear any more either. The plain
 * hash goes as well: whoever has it tries all phones. Said once more in the meantime, it has a keyed one already, and keeps that.
 */
export const emptyOpenMessages = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, TABLE)
    const open = await select<{ id: string; hash: Buffer }>(
      tx,
      `SELECT id, body_hash AS hash FROM provider_messages
       WHERE body IS NOT NULL AND (body_sealed IS NOT NULL OR body = '${FORGOTTEN_BODY}')
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE provider_messages m SET body = NULL, body_hash = CASE
         WHEN EXISTS (SELECT FROM provider_messages o WHERE o.kind = m.kind AND o.subject_id = m.subject_id
           AND o.body_hash = s.hash) THEN sha256(m.id::text::bytea) ELSE s.hash END
       FROM unnest($1::uuid[], $2::bytea[]) AS s (id, hash) WHERE m.id = s.id RETURNING m.id`,
      [open.map(({ id }) => id), open.map(({ hash }) => bodyIndex(tx, hash))],
    )
    await tellSealing(tx, { table: TABLE, what: 'emptied', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })
