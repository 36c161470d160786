/** Seals with a key of ours what is no person's yet, or a program's: reading the table opens nothing. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

export type Sealer<Content extends object> = {
  seal: (content: Content, place: Buffer) => Buffer
  /** Null for what another key has sealed: what is not known can be asked for anew. */
  open: (sealed: Buffer, place: Buffer) => Content | null
}

/** Bound to the record that it stands in, so that nobody can put one in the place of another. `key`: 32 bytes. */
export const createSealer = <Content extends object>(key: Buffer): Sealer<Content> => ({
  seal: (content, place) => {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(CIPHER, key, iv).setAAD(place)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed])
  },
  open: (sealed, place) => {
    const iv = sealed.subarray(0, IV_BYTES)
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
      .setAAD(place)
      .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES))
    try {
      return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8')) as Content
    } catch {
      return null
    }
  },
})
