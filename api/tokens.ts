/** Opaque tokens: 256 random bits for the holder, their SHA-256 for us. */
import { createHash, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * A stable UUID for (who, key): the same Idempotency-Key of the same person names the same thing, also when
 * the first answer was lost. Version 8 (RFC 9562: made by our own rule).
 */
export const uuidFrom = (...parts: string[]): string => {
  const bytes = createHash('sha256').update(parts.join('\u0000')).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex)
}
