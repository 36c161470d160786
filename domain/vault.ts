/**
 * What protects personal columns. Each person has a key of their own, kept wrapped by a master key that stands nowhere in
 * the database: whoever has the tables alone reads nothing, and whose key is destroyed is forgotten, also in backups.
 */

/** A person's key as it is stored. */
export type WrappedKey = { masterKeyId: string; wrapped: Buffer }

/** Whose value it is, and the one place where it can be opened. */
export type Place = { subjectId: string; table: string; column: string; row: string }

export type Vault = {
  /** What keys are wrapped by now. The mark tells two master keys of one name apart, and says nothing of either. */
  readonly master: { keyId: string; mark: string }
  /** Every master key that is known here, the newest too. */
  readonly known: readonly string[]
  newKey(subjectId: string): WrappedKey
  /** The same key under the newest master key; null where it is that already. */
  rewrap(subjectId: string, key: WrappedKey): WrappedKey | null
  /** Whether anything that is sealed by it could be read here. */
  opens(subjectId: string, key: WrappedKey): boolean
  seal(key: WrappedKey, place: Place, text: string): Buffer
  /** Throws UnreadableValue where it was changed, moved, or its key is not known here. */
  open(key: WrappedKey, place: Place, sealed: Buffer): string
  /** The same for what is no text: a picture. */
  sealBytes(key: WrappedKey, place: Place, bytes: Uint8Array): Buffer
  /** Throws UnreadableValue as `open` does. */
  openBytes(key: WrappedKey, place: Place, sealed: Buffer): Buffer
  /** The same bytes for the same text, so that it can be looked up; `kind` keeps a phone apart from a licence. */
  index(kind: string, text: string): Buffer
}

/** Never says what the value is. */
export class UnreadableValue extends Error {}
