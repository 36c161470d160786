/**
 * Photographs of a car's condition, each sealed by the key of the customer who drove it, or by the key of the house where nobody did. They
 * are sent one by one, so that a photograph that fails loses nothing else; a repeat is one photograph.
 */
import { BusinessError } from '../domain/errors.ts'
import {
  CONDITION_PHOTO_LIMITS,
  type ConditionMoment,
  type ConditionPhoto,
  type ConditionPhotoOf,
} from '../domain/condition-photos.ts'
import { select, selectOne, vaultOf, type Database, type Tx } from './connection.ts'
import { HOUSE } from './house-key.ts'
import { ownKey, type OwnKey } from './sealed-columns.ts'
import { protectBytes, type Value } from './subject-keys.ts'

const placeOf = (subjectId: string, photoId: string): Value => ({
  subjectId,
  table: 'condition_photos',
  column: 'picture_sealed',
  row: photoId,
})

const COLUMNS = `p.id, p.owner_kind AS "of", p.owner_id AS "ownerId", p.moment, p.note, p.taken_at AS "takenAt", p.width, p.height,
  p.picture_sealed IS NOT NULL AS "hasPicture"`

export type NewConditionPhoto = {
  /** Made by whoever sends it. */
  id: string
  of: ConditionPhotoOf
  ownerId: string
  /** Who drove; null: nobody, or nobody we know. */
  customerId: string | null
  moment: ConditionMoment
  note: string | null
  takenAt: Date
  actorId: string
  picture: { jpeg: Uint8Array; width: number; height: number }
}

/**
 * The caller has seen that the owner exists and may have photographs, holds its row, and writes the entry of the audit. True when it was
 * new. Throws INVALID_INPUT where there are enough, or the id belongs to something else.
 */
export async function keepConditionPhoto(tx: Tx, photo: NewConditionPhoto): Promise<boolean> {
  const known = await findConditionPhoto(tx, photo.id)
  if (known && (known.of !== photo.of || known.ownerId !== photo.ownerId))
    throw new BusinessError('INVALID_INPUT', 'This photograph belongs to something else.')
  if (known) return false
  const row = await selectOne<{ n: string }>(
    tx,
    'SELECT count(*) AS n FROM condition_photos WHERE owner_kind = $1 AND owner_id = $2',
    [photo.of, photo.ownerId],
  )
  if (Number(row?.n) >= CONDITION_PHOTO_LIMITS.each)
    throw new BusinessError(
      'INVALID_INPUT',
      `There are ${CONDITION_PHOTO_LIMITS.each} photographs already; that is enough.`,
    )
  const subjectId = photo.customerId ?? HOUSE
  const { jpeg, width, height } = photo.picture
  const sealed = await protectBytes(tx, placeOf(subjectId, photo.id), jpeg)
  await select(
    tx,
    `INSERT INTO condition_photos (id, owner_kind, owner_id, subject_id, moment, note, taken_at, taken_by, width, height, bytes, picture_sealed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      photo.id,
      photo.of,
      photo.ownerId,
      subjectId,
      photo.moment,
      photo.note,
      photo.takenAt,
      photo.actorId,
      width,
      height,
      jpeg.length,
      sealed,
    ],
  )
  return true
}

export const findConditionPhoto = (on: Database | Tx, id: string): Promise<ConditionPhoto | null> =>
  selectOne(on, `SELECT ${COLUMNS} FROM condition_photos p WHERE p.id = $1`, [id])

/** In the order in which they were taken. */
export const listConditionPhotos = (
  on: Database | Tx,
  of: ConditionPhotoOf,
  ownerId: string,
): Promise<ConditionPhoto[]> =>
  select(
    on,
    `SELECT ${COLUMNS} FROM condition_photos p WHERE p.owner_kind = $1 AND p.owner_id = $2 ORDER BY p.taken_at, p.id`,
    [of, ownerId],
  )

/** The JPEG. Null where it is gone, or whose it was is erased. Throws UnreadableValue where it was changed or moved. */
export async function readConditionPhoto(on: Database | Tx, id: string): Promise<Buffer | null> {
  const row = await selectOne<{ subjectId: string; sealed: Buffer | null; ownKey: OwnKey }>(
    on,
    `SELECT p.subject_id AS "subjectId", p.picture_sealed AS sealed, ${ownKey('p.subject_id')} AS "ownKey"
     FROM condition_photos p WHERE p.id = $1`,
    [id],
  )
  if (!row?.sealed || !row.ownKey) return null
  const [masterKeyId, wrapped] = row.ownKey
  const key = { masterKeyId, wrapped: Buffer.from(wrapped, 'hex') }
  return vaultOf(on).openBytes(key, placeOf(row.subjectId, id), row.sealed)
}
