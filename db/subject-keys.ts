/** The keys of people, each wrapped by the master key. Whose row is gone can be read by nobody any more. */
import { UnreadableValue, type Vault, type WrappedKey } from '../domain/vault.ts'
import { select, vaultOf, type Database, type Tx } from './connection.ts'

type KeyRow = WrappedKey & { subjectId: string }
const COLUMNS = 'subject_id AS "subjectId", master_key_id AS "masterKeyId", wrapped'

const bySubject = (rows: readonly KeyRow[]) => new Map(rows.map((row) => [row.subjectId, row]))

const findKeys = async (on: Database | Tx, subjectIds: readonly string[]) =>
  bySubject(
    await select<KeyRow>(
      on,
      `SELECT ${COLUMNS} FROM subject_keys WHERE subject_id = ANY ($1::uuid[])`,
      [subjectIds],
    ),
  )

/** Theirs, made for those who have none yet; two at once get the same. */
async function keysOf(tx: Tx, vault: Vault, subjectIds: readonly string[]) {
  // In one order for everybody, so that two who make keys of the same people wait for each other once.
  const ids = [...new Set(subjectIds)].toSorted()
  const known = await findKeys(tx, ids)
  const without = ids.filter((id) => !known.has(id))
  if (without.length === 0) return known
  const fresh = without.map((id) => vault.newKey(id))
  const made = await select<KeyRow>(
    tx,
    `INSERT INTO subject_keys (subject_id, master_key_id, wrapped) SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])
     ON CONFLICT (subject_id) DO UPDATE SET subject_id = excluded.subject_id RETURNING ${COLUMNS}`,
    [without, fresh.map(({ masterKeyId }) => masterKeyId), fresh.map(({ wrapped }) => wrapped)],
  )
  return new Map([...known, ...bySubject(made)])
}

/** Null where there is none yet, and where it is destroyed. */
export const findKey = async (on: Database | Tx, subjectId: string): Promise<WrappedKey | null> =>
  (await findKeys(on, [subjectId])).get(subjectId) ?? null

/** Theirs, made where there is none yet. */
export async function keyOf(tx: Tx, subjectId: string): Promise<WrappedKey> {
  const key = (await keysOf(tx, vaultOf(tx), [subjectId])).get(subjectId)
  if (!key) throw new Error('a key was not kept')
  return key
}

export type Value = { subjectId: string; table: string; column: string; row: string }

/** Each as it is stored in its column of its row, in this order; two statements at most, whoever and however many they are about. */
export async function protectAll(
  tx: Tx,
  values: readonly { place: Value; text: string }[],
): Promise<Buffer[]> {
  if (values.length === 0) return []
  const vault = vaultOf(tx)
  const keys = await keysOf(
    tx,
    vault,
    values.map(({ place }) => place.subjectId),
  )
  return values.map(({ place, text }) => {
    const key = keys.get(place.subjectId)
    if (!key) throw new Error('a key was not kept')
    return vault.seal(key, place, text)
  })
}

/** What is stored in that column of that row, about that person. */
export async function protect(tx: Tx, place: Value, text: string): Promise<Buffer> {
  const [sealed] = await protectAll(tx, [{ place, text }])
  if (!sealed) throw new Error('a value was not sealed')
  return sealed
}

/** In this order and by one statement; null about whom was erased. Throws UnreadableValue where one was changed or moved. */
export async function revealAll(
  on: Database | Tx,
  values: readonly { place: Value; sealed: Buffer }[],
): Promise<(string | null)[]> {
  if (values.length === 0) return []
  const vault = vaultOf(on)
  const keys = await findKeys(
    on,
    values.map(({ place }) => place.subjectId),
  )
  return values.map(({ place, sealed }) => {
    const key = keys.get(place.subjectId)
    return key ? vault.open(key, place, sealed) : null
  })
}

/** Throws UnreadableValue; also where the person was erased. */
export async function reveal(on: Database | Tx, place: Value, sealed: Buffer): Promise<string> {
  const [text] = await revealAll(on, [{ place, sealed }])
  if (text === null || text === undefined)
    throw new UnreadableValue('the key of this person is destroyed')
  return text
}

/** As `protect`, of what is no text. */
export async function protectBytes(tx: Tx, place: Value, bytes: Uint8Array): Promise<Buffer> {
  return vaultOf(tx).sealBytes(await keyOf(tx, place.subjectId), place, bytes)
}
