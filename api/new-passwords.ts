/** Whether a new password will do, for who chooses it. */
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps } from './deps.ts'

const WORDS = {
  common: 'This password is on the lists that guessers use. Choose another.',
  personal: 'It has too much of your own name or address in it. Choose another.',
} as const

type Choice = { path: string; password: string; about: readonly (string | null)[] }

/** Throws INVALID_INPUT beside the field. */
export function assertGoodPassword(deps: ApiDeps, { path, password, about }: Choice): void {
  const known = about.filter((text) => text !== null)
  const weakness = deps.passwords.findWeakness(password, known)
  if (weakness === null) return
  const message = WORDS[weakness]
  throw new BusinessError('INVALID_INPUT', message, { fields: [{ path, message }] })
}
