/** What a provider said, as it is kept: sealed by Gari's own key, because at the door nobody knows whose it is. */
import { randomUUID } from 'node:crypto'
import { vaultOf, type Database, type Tx } from './connection.ts'
import { HOUSE_KEY, placeInHouse, sealInHouse } from './house-key.ts'
import { openColumn, type OwnKey } from './sealed-columns.ts'

export const placeOfBody = (messageId: string) =>
  placeInHouse('provider_messages', 'body_sealed', messageId)

/** What is left of one that is forgotten, where the release before still reads it, and what whoever reads it is told. */
export const FORGOTTEN_BODY = '{"erased": true}'
const FORGOTTEN = { erased: true }
/** A hash of the body would be enough to try all phones there are. */
export const FORGET_BODY = `body = CASE WHEN body IS NOT NULL THEN '${FORGOTTEN_BODY}'::jsonb END, body_sealed = NULL,
  body_hash = sha256(id::text::bytea)`
/** Of `m`: whether it still says anything. */
export const TELLS = `(m.body_sealed IS NOT NULL OR m.body <> '${FORGOTTEN_BODY}')`

export type RawBody = {
  messageId: string
  /** Written by the release before, and sealed within a minute. */
  written: unknown
  sealed: Buffer | null
  houseKey: OwnKey
}
/** Of `m`, so that whoever reads messages opens them without asking for a key. */
export const BODY_COLUMNS = `m.id AS "messageId", m.body_sealed AS sealed, ${HOUSE_KEY} AS "houseKey",
  CASE WHEN m.body_sealed IS NULL THEN m.body END AS written`

/** Throws UnreadableValue where it was changed or moved, or its key is not known here. */
export function openBody(on: Database | Tx, row: RawBody): unknown {
  if (!row.sealed) return row.written ?? FORGOTTEN
  const text = openColumn(on, row.houseKey, placeOfBody(row.messageId), row.sealed)
  return text === null ? FORGOTTEN : (JSON.parse(text) as unknown)
}

/** Two that say the same are one message; by a keyed hash of what the release before kept beside it. */
export const bodyIndex = (on: Database | Tx, plainHash: Buffer): Buffer =>
  vaultOf(on).index('provider message', plainHash.toString('hex'))

/** A new one's name, and its body as it is kept under that name. */
export async function sealBody(on: Database | Tx, text: string) {
  const messageId = randomUUID()
  const [sealed] = await sealInHouse(on, [{ place: placeOfBody(messageId), text }])
  return { messageId, sealed }
}
