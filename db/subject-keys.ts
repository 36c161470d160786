/** The keys of people, each wrapped by the master key. Whose row is gone can be read by nobody any more. */
import { UnreadableValue, type Vault, type WrappedKey } from '../domain/vault.ts'
import { selectOne, vaultOf, type Database, type Tx } from './connection.ts'

const COLUMNS = 'master_key_id AS "masterKeyId", wrapped'

const findKey = (on: Database | Tx, subjectId: string): Promise<WrappedKey | null> =>
  selectOne(on, `SELECT ${COLUMNS} FROM subject_keys WHERE subject_id = $1`, [subjectId])

/** Theirs, made when they have none yet; two at once get the same. */
async function keyOf(tx: Tx, vault: Vault, subjectId: string): Promise<WrappedKey> {
  const known = await findKey(tx, subjectId)
  if (known) return known
  const { masterKeyId, wrapped } = vault.newKey(subjectId)
  const made = await selectOne<WrappedKey>(
    tx,
    `INSERT INTO subject_keys (subject_id, master_key_id, wrapped) VALUES ($1, $2, $3)
     ON CONFLICT (subject_id) DO UPDATE SET subject_id = excluded.subject_id RETURNING ${COLUMNS}`,
    [subjectId, masterKeyId, wrapped],
  )
  if (!made) throw new Error('a key was not kept')
  return made
}

type Value = { subjectId: string; table: string; column: string; row: string }

/** What is stored in that column of that row, about that person. */
export async function protect(tx: Tx, place: Value, text: string): Promise<Buffer> {
  const vault = vaultOf(tx)
  return vault.seal(await keyOf(tx, vault, place.subjectId), place, text)
}

/** Throws UnreadableValue; also where the person was erased. */
export async function reveal(on: Database | Tx, place: Value, sealed: Buffer): Promise<string> {
  const key = await findKey(on, place.subjectId)
  if (!key) throw new UnreadableValue('the key of this person is destroyed')
  return vaultOf(on).open(key, place, sealed)
}
