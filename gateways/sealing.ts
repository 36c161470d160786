/** The key of the audit's chain. It is derived, so that the same secret can serve another purpose without being the same key. */
import { createHmac, hkdfSync } from 'node:crypto'
import type { Seal } from '../domain/audit-chain.ts'

const KEY_BYTES = 32

export function createSeal(secret: Buffer): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'gari audit chain', KEY_BYTES))
  return (text) => createHmac('sha256', key).update(text).digest('hex')
}
