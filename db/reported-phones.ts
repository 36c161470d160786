/** Whether a phone that Daraja reports can be the one we asked: in clear, with stars in it, or hashed. */
import { createHash } from 'node:crypto'

const CLEAR = /^\d{12}$/
const HASHED = /^[0-9a-f]{64}$/i

/** As C2B v1 hashes who paid: SHA-256 of the digits, in hex. Takes E.164. */
export const hashOfPhone = (phone: string): string =>
  createHash('sha256').update(phone.replace(/^\+/, '')).digest('hex')

/**
 * `ours` is E.164. What says nothing (missing, another shape) cannot disagree; stars hide digits, and the digits that
 * are left must stand at an end of ours. Of money by hand nothing was asked: there silence is no agreement (`phoneAgrees`).
 */
export function samePhone(ours: string | null, theirs: string | null): boolean {
  if (ours === null || theirs === null) return true
  const digits = ours.replace(/^\+/, '')
  const said = theirs.replaceAll(/[\s+]/g, '')
  if (CLEAR.test(said)) return said === digits
  if (HASHED.test(said)) return hashOfPhone(ours) === said.toLowerCase()
  const [head = '', ...rest] = said.split('*')
  const tail = rest.at(-1) ?? ''
  const masked = rest.length > 0 && /^\d*$/.test(head) && /^\d*$/.test(tail)
  return !masked || (digits.startsWith(head) && digits.endsWith(tail))
}
