/**
 * Envelope encryption of columns: AES-256-GCM with a fresh nonce for each value, and the place where it stands as associated
 * data, so that it can neither be changed nor be put beside another name. Layout: version (1 byte), nonce (12), ciphertext,
 * tag (16).
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { UnreadableValue, type Place, type Vault, type WrappedKey } from '../domain/vault.ts'

export type MasterKey = { keyId: string; key: Buffer }
export type MasterKeys = MasterKey & {
  /** Keys of former days, for reading only. */
  oldKeys?: MasterKey[]
  /** What the keys of the look-up columns are derived from. It stays when the master key is replaced. */
  indexSecret: Buffer
}

const CIPHER = 'aes-256-gcm'
const VERSION = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SHORTEST = 1 + NONCE_BYTES + TAG_BYTES
/** Enough that two phones of a whole country never meet. */
const INDEX_BYTES = 16

/** Throws RangeError on a key that is not 256 bits long, and on two keys of one name or two names of one key. */
export function createVault({ keyId, key, oldKeys = [], indexSecret }: MasterKeys): Vault {
  const masters = mastersOf([{ keyId, key }, ...oldKeys])
  const indexKeys = new Map<string, Buffer>()
  const indexKeyOf = (kind: string): Buffer => {
    const known = indexKeys.get(kind)
    if (known) return known
    const made = Buffer.from(hkdfSync('sha256', indexSecret, '', `gari look-up ${kind}`, KEY_BYTES))
    indexKeys.set(kind, made)
    return made
  }
  const wrap = (subjectId: string, own: Buffer): WrappedKey => ({
    masterKeyId: keyId,
    wrapped: encrypt(key, wrapOf(subjectId, keyId), own),
  })
  const unwrap = (subjectId: string, { masterKeyId, wrapped }: WrappedKey): Buffer => {
    const master = masters.get(masterKeyId)
    if (!master) throw new UnreadableValue(`no master key ${masterKeyId}`)
    return decrypt(master, wrapOf(subjectId, masterKeyId), wrapped)
  }
  const sealBytes = (own: WrappedKey, place: Place, bytes: Uint8Array) =>
    encrypt(unwrap(place.subjectId, own), placeOf(place), bytes)
  const openBytes = (own: WrappedKey, place: Place, sealed: Buffer) =>
    decrypt(unwrap(place.subjectId, own), placeOf(place), sealed)
  return {
    master: { keyId, mark: markOf(key) },
    known: [...masters.keys()],
    newKey: (subjectId) => wrap(subjectId, randomBytes(KEY_BYTES)),
    rewrap: (subjectId, own) =>
      own.masterKeyId === keyId ? null : wrap(subjectId, unwrap(subjectId, own)),
    opens: (subjectId, own) => {
      try {
        return unwrap(subjectId, own).length === KEY_BYTES
      } catch {
        return false
      }
    },
    seal: (own, place, text) => sealBytes(own, place, Buffer.from(text)),
    open: (own, place, sealed) => openBytes(own, place, sealed).toString(),
    sealBytes,
    openBytes,
    index: (kind, text) =>
      createHmac('sha256', indexKeyOf(kind)).update(text).digest().subarray(0, INDEX_BYTES),
  }
}

function mastersOf(all: readonly MasterKey[]): Map<string, Buffer> {
  const masters = new Map<string, Buffer>()
  for (const { keyId, key } of all) {
    if (key.length !== KEY_BYTES) throw new RangeError(`master key ${keyId} is not 256 bits long`)
    if (masters.has(keyId)) throw new RangeError(`two master keys are named ${keyId}`)
    for (const [other, bytes] of masters)
      if (bytes.equals(key)) throw new RangeError(`master keys ${other} and ${keyId} are the same`)
    masters.set(keyId, key)
  }
  return masters
}

const MARK_DIGITS = 16
const markOf = (key: Buffer): string =>
  createHmac('sha256', key).update('gari mark of a master key').digest('hex').slice(0, MARK_DIGITS)

/** As JSON, so that no two different places read the same. */
const placeOf = ({ subjectId, table, column, row }: Place): string =>
  JSON.stringify(['value', subjectId, table, column, row])
const wrapOf = (subjectId: string, masterKeyId: string): string =>
  JSON.stringify(['key', subjectId, masterKeyId])

function encrypt(key: Buffer, about: string, clear: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(clear), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, body, cipher.getAuthTag()])
}

function decrypt(key: Buffer, about: string, sealed: Buffer): Buffer {
  if (sealed.length < SHORTEST) throw new UnreadableValue('a protected value is cut')
  if (sealed[0] !== VERSION) throw new UnreadableValue('a protected value is of another release')
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(about))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    const body = sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch {
    throw new UnreadableValue('a protected value was changed or moved, or its key is another')
  }
}
