/**
 * What protects personal columns. Each person has a key of their own, kept wrapped by a master key that stands nowhere in
 * the database: whoever has the tables alone reads nothing, and whose key is destroyed is forgotten, also in backups.
 */

/** A person's key as it is stored. */
export type WrappedKey = { masterKeyId: string; wrapped: Buffer }

/** Whose value it is, and the one place where it can be opened. */
export type Place = { subjectId: string; table: string; column: string; row: string }

export type Vault = {
  newKey(subjectId: string): WrappedKey
  /** The same key under the newest master key; null where it is that already. */
  rewrap(subjectId: string, key: WrappedKey): WrappedKey | null
  seal(key: WrappedKey, place: Place, text: string): Buffer
  /** Throws UnreadableValue where it was changed, moved, or its key is not known here. */
  open(key: WrappedKey, place: Place, sealed: Buffer): string
  /** The same bytes for the same text, so that it can be looked up; `kind` keeps a phone apart from a licence. */
  index(kind: string, text: string): Buffer
}

/** Never says what the value is. */
export class UnreadableValue extends Error {}
