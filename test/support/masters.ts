/** Processes with different master keys on one database, and people whose words they seal. */
import { randomUUID } from 'node:crypto'
import { connectDatabase, inTransaction, select, type Database } from '../../db/connection.ts'
import { protect, reveal } from '../../db/subject-keys.ts'
import { createVault, type MasterKey } from '../../gateways/vault.ts'
import type { Vault } from '../../domain/vault.ts'

export const INDEX = Buffer.alloc(32, 8)
export const M0: MasterKey = { keyId: 'm0', key: Buffer.alloc(32, 10) }
export const M1: MasterKey = { keyId: 'm1', key: Buffer.alloc(32, 1) }
export const M2: MasterKey = { keyId: 'm2', key: Buffer.alloc(32, 2) }
export const M3: MasterKey = { keyId: 'm3', key: Buffer.alloc(32, 3) }

export const vaultWith = (newest: MasterKey, ...oldKeys: MasterKey[]): Vault =>
  createVault({ ...newest, oldKeys, indexSecret: INDEX })

/** A process of Gari as it sees the database; close it. */
export const processWith = (url: string, newest: MasterKey, ...oldKeys: MasterKey[]): Database =>
  connectDatabase({
    url,
    pool: 8,
    acquireMs: 45_000,
    applicationName: 'gari-tests',
    vault: vaultWith(newest, ...oldKeys),
  })

export type Sealed = { subjectId: string; text: string; sealed: Buffer }
const placeOf = (subjectId: string) => ({
  subjectId,
  table: 'users',
  column: 'phone',
  row: subjectId,
})

/** Somebody new, whose key is made and wrapped by that process. */
export async function sealNew(process: Database): Promise<Sealed> {
  const subjectId = randomUUID()
  const text = `what ${subjectId} wrote`
  const sealed = await inTransaction(process, (tx) => protect(tx, placeOf(subjectId), text))
  return { subjectId, text, sealed }
}

/** True when that process reads what was written; throws UnreadableValue. */
export const isRead = async (process: Database, { subjectId, text, sealed }: Sealed) =>
  (await reveal(process, placeOf(subjectId), sealed)) === text

/** So many people at once, as that process would have made them one by one. */
export async function sealMany(process: Database, vault: Vault, many: number): Promise<Sealed[]> {
  const people = Array.from({ length: many }, () => {
    const subjectId = randomUUID()
    const text = `what ${subjectId} wrote`
    const key = vault.newKey(subjectId)
    return { subjectId, text, key, sealed: vault.seal(key, placeOf(subjectId), text) }
  })
  await select(
    process,
    `INSERT INTO subject_keys (subject_id, master_key_id, wrapped)
     SELECT subject_id, $1, decode(wrapped, 'base64') FROM unnest($2::uuid[], $3::text[]) AS one (subject_id, wrapped)`,
    [
      vault.master.keyId,
      people.map(({ subjectId }) => subjectId),
      people.map(({ key }) => key.wrapped.toString('base64')),
    ],
  )
  return people.map(({ subjectId, text, sealed }) => ({ subjectId, text, sealed }))
}
