/**
 * Encrypts what Temporal stores: inputs, results, signals, failures. AES-256-GCM with a fresh nonce for each payload
 * and the key's id as associated data, so that a payload can neither be changed nor be claimed for another key.
 * Layout of the data: nonce (12 bytes), ciphertext, tag (16 bytes).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import {
  METADATA_ENCODING_KEY,
  ValueError,
  type Payload,
  type PayloadCodec,
} from '@temporalio/common'
import proto from '@temporalio/proto'

export type PayloadKey = { keyId: string; key: Buffer }
export type PayloadKeys = PayloadKey & {
  /** Keys of former days, for reading only. */
  oldKeys?: PayloadKey[]
}

const ENCODING = 'binary/encrypted'
const KEY_ID = 'encryption-key-id'
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

const { Payload: Wire } = proto.temporal.api.common.v1

/** Throws RangeError on a key that is not 256 bits long. */
export function createPayloadCodec({ keyId, key, oldKeys = [] }: PayloadKeys): PayloadCodec {
  const keys = new Map([...oldKeys, { keyId, key }].map((one) => [one.keyId, one.key]))
  for (const [id, bytes] of keys) {
    if (bytes.length !== KEY_BYTES) throw new RangeError(`payload key ${id} is not 256 bits long`)
  }
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, keyId, key)),
    /** What was never encrypted passes: search attributes, and payloads of other tools. */
    decode: async (payloads) =>
      payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, keys) : payload)),
  }
}

function encrypt(payload: Payload, keyId: string, key: Buffer): Payload {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(keyId))
  const body = Buffer.concat([cipher.update(Wire.encode(payload).finish()), cipher.final()])
  return {
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(keyId) },
    data: Buffer.concat([nonce, body, cipher.getAuthTag()]),
  }
}

/** Says which key is missing or that the payload was changed; never what is in it. */
function decrypt(payload: Payload, keys: Map<string, Buffer>): Payload {
  const keyId = textOf(payload, KEY_ID)
  const key = keys.get(keyId)
  if (!key) throw new ValueError(`no key ${keyId} for an encrypted payload`)
  const data = Buffer.from(payload.data ?? [])
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new ValueError('an encrypted payload is cut')
  const nonce = data.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(keyId))
  decipher.setAuthTag(data.subarray(-TAG_BYTES))
  try {
    const clear = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
    return Wire.decode(Buffer.concat(clear))
  } catch {
    throw new ValueError(`an encrypted payload was changed, or key ${keyId} is not its key`)
  }
}

const isEncrypted = (payload: Payload): boolean =>
  textOf(payload, METADATA_ENCODING_KEY) === ENCODING

const textOf = ({ metadata }: Payload, name: string): string =>
  Buffer.from(metadata?.[name] ?? []).toString('utf8')
