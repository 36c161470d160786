/**
 * Reading and writing sealed columns on the way of statements that are made anyway. A key travels with what it opens and is kept in no
 * memory: taking it off costs ten microseconds, and whoever is erased is unreadable from the next statement on.
 */
import { plainLicence, plainPhone } from '../domain/personal-words.ts'
import type { WrappedKey } from '../domain/vault.ts'
import { vaultOf, type Database, type Tx } from './connection.ts'
import { protectAll, type Value } from './subject-keys.ts'

/** As PostgreSQL tells it: the master key's id, and the wrapped key in hexadecimal. Null where it is destroyed or never was. */
export type OwnKey = [masterKeyId: string, wrapped: string] | null

/** A column of a statement; `subject` is SQL of ours that names the person. */
export const ownKey = (subject: string): string =>
  `(SELECT json_build_array(k.master_key_id, encode(k.wrapped, 'hex')) FROM subject_keys k WHERE k.subject_id = ${subject})`

/** Null where nothing was known, and about whom was erased. Throws UnreadableValue where it was changed or moved. */
export function openColumn(
  on: Database | Tx,
  key: OwnKey,
  place: Value,
  sealed: Buffer | null,
): string | null {
  if (!sealed || !key) return null
  return vaultOf(on).open(wrappedKey(key), place, sealed)
}

const wrappedKey = ([masterKeyId, wrapped]: NonNullable<OwnKey>): WrappedKey => ({
  masterKeyId,
  wrapped: Buffer.from(wrapped, 'hex'),
})

/** All about one person, in this order, by the key that came along; only where they have none yet it is made by statements of its own. */
export async function sealWith(
  tx: Tx,
  key: OwnKey,
  values: readonly { place: Value; text: string }[],
): Promise<Buffer[]> {
  if (!key) return protectAll(tx, values)
  const vault = vaultOf(tx)
  return values.map(({ place, text }) => vault.seal(wrappedKey(key), place, text))
}

/** For whom there is no key yet: it has to be kept by the statement that keeps what it seals. */
export function newSubject(on: Database | Tx, subjectId: string) {
  const vault = vaultOf(on)
  const key = vault.newKey(subjectId)
  return {
    ...key,
    seal: (table: string, column: string, text: string | null): Buffer | null =>
      text === null ? null : vault.seal(key, { subjectId, table, column, row: subjectId }, text),
  }
}

/** By what a whole phone is found. The same key for every table, because money is matched with people by it. */
export const phoneIndex = (on: Database | Tx, phone: string): Buffer =>
  vaultOf(on).index('phone', plainPhone(phone))

/** Addresses are the same without regard to case, as where people sign in. */
export const mailIndex = (on: Database | Tx, email: string): Buffer =>
  vaultOf(on).index('mail', email.trim().toLowerCase())

/** Null for what has neither letters nor digits, which is no licence. */
export function licenceIndex(on: Database | Tx, number: string): Buffer | null {
  const plain = plainLicence(number)
  return plain === '' ? null : vaultOf(on).index('licence', plain)
}
