/**
 * The pictures themselves, each sealed by its owner's key for the one row it stands in. The only statements that know where they lie: a store
 * of objects would take their place here, and be handed the same sealed bytes.
 */
import { select, selectOne, vaultOf, type Database, type Tx } from './connection.ts'
import { ownKey, type OwnKey } from './sealed-columns.ts'
import { protectBytes, type Value } from './subject-keys.ts'

const placeOf = (userId: string, documentId: string): Value => ({
  subjectId: userId,
  table: 'identity_pictures',
  column: 'picture_sealed',
  row: documentId,
})

type Kept = { documentId: string; userId: string; jpeg: Uint8Array }

export async function keepPicture(tx: Tx, { documentId, userId, jpeg }: Kept): Promise<void> {
  const sealed = await protectBytes(tx, placeOf(userId, documentId), jpeg)
  await select(
    tx,
    `INSERT INTO identity_pictures (document_id, user_id, picture_sealed) VALUES ($1, $2, $3)`,
    [documentId, userId, sealed],
  )
}

const NOT_HELD = `NOT EXISTS (SELECT FROM legal_holds h WHERE h.user_id = p.user_id AND h.lifted_at IS NULL)`

/** Unless a hold of the law keeps it; then it goes when the last hold is lifted. */
export async function destroyPicture(tx: Tx, documentId: string): Promise<void> {
  await select(tx, `DELETE FROM identity_pictures p WHERE document_id = $1 AND ${NOT_HELD}`, [
    documentId,
  ])
}

/** What was replaced while a hold kept it. */
export async function destroyReplacedPictures(tx: Tx, userId: string): Promise<void> {
  await select(
    tx,
    `DELETE FROM identity_pictures p USING identity_documents d
     WHERE d.id = p.document_id AND d.status = 'replaced' AND p.user_id = $1 AND ${NOT_HELD}`,
    [userId],
  )
}

/** Null where it is gone, or its owner was erased. Throws UnreadableValue where it was changed or moved. */
export async function readPicture(on: Database | Tx, documentId: string): Promise<Buffer | null> {
  const row = await selectOne<{ userId: string; sealed: Buffer; ownKey: OwnKey }>(
    on,
    `SELECT user_id AS "userId", picture_sealed AS sealed, ${ownKey('user_id')} AS "ownKey"
     FROM identity_pictures WHERE document_id = $1`,
    [documentId],
  )
  if (!row?.ownKey) return null
  const [masterKeyId, wrapped] = row.ownKey
  const key = { masterKeyId, wrapped: Buffer.from(wrapped, 'hex') }
  return vaultOf(on).openBytes(key, placeOf(row.userId, documentId), row.sealed)
}
