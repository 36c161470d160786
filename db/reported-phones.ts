/** Whether a phone that Daraja reports can be the one we asked: in clear, with stars in it, or hashed. */
import { createHash } from 'node:crypto'

const CLEAR = /^\d{12}$/
const HASHED = /^[0-9a-f]{64}$/i

/**
 * `ours` is E.164. What says nothing (missing, another shape) cannot disagree; stars hide digits, and the digits that
 * are left must stand at an end of ours; a hash is SHA-256 of the digits (C2B v1).
 */
export function samePhone(ours: string | null, theirs: string | null): boolean {
  if (ours === null || theirs === null) return true
  const digits = ours.replace(/^\+/, '')
  const said = theirs.replaceAll(/[\s+]/g, '')
  if (CLEAR.test(said)) return said === digits
  if (HASHED.test(said))
    return createHash('sha256').update(digits).digest('hex') === said.toLowerCase()
  const [head = '', ...rest] = said.split('*')
  const tail = rest.at(-1) ?? ''
  const masked = rest.length > 0 && /^\d*$/.test(head) && /^\d*$/.test(tail)
  return !masked || (digits.startsWith(head) && digits.endsWith(tail))
}
