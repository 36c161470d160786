/**
 * The second factor: codes of an app (RFC 6238, as every such app does it: SHA-1, six digits, half a minute), ten codes on
 * paper, and the rule who must have one. Passkeys are in passkeys.ts.
 */
import { randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { inTransaction } from '../db/connection.ts'
import {
  beginAuthenticator,
  confirmAuthenticator,
  findAuthenticator,
  noteNewRecoveryCodes,
  removeAuthenticator,
  replaceRecoveryCodes,
  useRecoveryCode,
  useStep,
} from '../db/second-factors.ts'
import { recordSecurityEvent } from '../db/security.ts'
import { RECOVERY_CODES, type Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps, Session } from './deps.ts'
import { countOf, forgiveAll, limitAll } from './limits.ts'

const ISSUER = 'Gari'
const PERIOD_S = 30
/** Clocks of phones are a few seconds off; one code before and one after count as well. */
const TOLERANCE_S = PERIOD_S

/** Whoever works here and has none may do nothing but get one, where the house asks for it. */
export const mustEnrol = (deps: Pick<ApiDeps, 'secondFactor'>, actor: Actor): boolean =>
  deps.secondFactor === 'required' && actor.kind !== 'customer' && actor.hasSecondFactor !== true

export type Enrolment = { secret: string; uri: string }

/** Nothing happens where an app is set up already. */
export async function beginEnrolment(deps: ApiDeps, { userId }: Actor): Promise<void> {
  await inTransaction(deps.db, (tx) => beginAuthenticator(tx, userId, generateSecret()))
}

/** What the app is given. Null where nothing was begun, or it is done already. */
export async function openEnrolment(deps: ApiDeps, actor: Actor): Promise<Enrolment | null> {
  const found = await findAuthenticator(deps.db, actor.userId)
  if (!found || found.confirmed) return null
  const label = actor.email ?? actor.phone ?? actor.firstName
  const { secret } = found
  return { secret, uri: generateURI({ issuer: ISSUER, label, secret }) }
}

/** A browser that stands open is not enough to change how somebody comes in. Throws SIGN_IN_AGAIN. */
export function assertFresh(
  { isFresh }: Pick<Session, 'isFresh'>,
  words = 'Sign in again first, then change how you come in.',
): void {
  if (!isFresh) throw new BusinessError('SIGN_IN_AGAIN', words)
}

const wrongCode = (message: string) =>
  new BusinessError('WRONG_CODE', message, { fields: [{ path: 'code', message }] })

/** Who has shown one before, or is in already, is counted apart from strangers who know the password. */
export type CodeTry = { userId: string; isKnown: boolean }
const counted = ({ userId, isKnown }: CodeTry) => ({
  ...countOf(isKnown ? 'secondFactorKnown' : 'secondFactor', userId),
  words: 'Too many wrong codes. Wait a quarter of an hour and try again.',
})

const SIX_DIGITS = /^\d{6}$/
/** Apps and people write it in two groups. */
const withoutGaps = (text: string): string => text.replaceAll(/[\s-]/g, '')

/** The half minute that the code is of; null where it is of none, or was used. */
function stepOf(deps: ApiDeps, secret: string, typed: string, lastStep: number): number | null {
  const code = withoutGaps(typed)
  if (!SIX_DIGITS.test(code)) return null
  const epoch = Math.floor(deps.now().getTime() / 1000)
  const result = verifySync({
    secret,
    token: code,
    epoch,
    epochTolerance: TOLERANCE_S,
    ...(lastStep > 0 ? { afterTimeStep: lastStep } : {}),
  })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}

/** Answers ten codes for paper, which nobody sees again. Throws WRONG_CODE. */
export async function confirmEnrolment(
  deps: ApiDeps,
  { userId, code, keep }: { userId: string; code: string; keep: Buffer },
): Promise<string[]> {
  const counts = [counted({ userId, isKnown: true })]
  await limitAll(deps, counts)
  const found = await findAuthenticator(deps.db, userId)
  if (!found || found.confirmed) throw wrongCode('Your app is set up already. Load the page again.')
  const step = stepOf(deps, found.secret, code, found.lastStep)
  const codes = newRecoveryCodes()
  const done =
    step !== null &&
    (await inTransaction(deps.db, async (tx) => {
      if (!(await confirmAuthenticator(tx, { userId, step, keep }))) return false
      await replaceRecoveryCodes(tx, userId, hashesOf(deps, userId, codes))
      return true
    }))
  if (!done)
    throw wrongCode('The code is not right. Wait for the next one in your app and type that.')
  await forgiveAll(deps, counts)
  return codes
}

/** Letters that nobody mistakes for another when reading them from paper (Crockford's alphabet). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES.number }, () => {
    const letters = [...randomBytes(RECOVERY_CODES.letters)].map((byte) => LETTERS[byte % 32])
    return letters.join('')
  })

const hashesOf = (deps: ApiDeps, userId: string, codes: readonly string[]): Buffer[] =>
  codes.map((code) => deps.keyedHash(`recovery\n${userId}\n${code}`))

/** As it was typed: perhaps with gaps, in small letters, an O for a nought. */
const readRecoveryCode = (text: string): string =>
  text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')

/** A code of the app, or one from paper; each counts once. Throws WRONG_CODE, TOO_MANY_REQUESTS. */
export async function checkSecondFactor(
  deps: ApiDeps,
  { userId, isKnown }: CodeTry,
  typed: string,
): Promise<void> {
  const counts = [counted({ userId, isKnown })]
  await limitAll(deps, counts)
  const right = SIX_DIGITS.test(withoutGaps(typed))
    ? await isAppCode(deps, userId, typed)
    : await isRecoveryCode(deps, userId, typed)
  if (!right) {
    await recordSecurityEvent(deps.db, 'second_factor_failed', { userId })
    throw wrongCode('The code is not right, or was used already. Type the next one.')
  }
  await forgiveAll(deps, counts)
}

async function isAppCode(deps: ApiDeps, userId: string, code: string): Promise<boolean> {
  const found = await findAuthenticator(deps.db, userId)
  if (!found?.confirmed) return false
  const step = stepOf(deps, found.secret, code, found.lastStep)
  return step !== null && inTransaction(deps.db, (tx) => useStep(tx, userId, step))
}

const isRecoveryCode = (deps: ApiDeps, userId: string, typed: string): Promise<boolean> => {
  const [hash = Buffer.alloc(0)] = hashesOf(deps, userId, [readRecoveryCode(typed)])
  return inTransaction(deps.db, (tx) => useRecoveryCode(tx, userId, hash))
}

/** Throws WRONG_CODE: an open browser alone is not enough. */
export async function renewRecoveryCodes(
  deps: ApiDeps,
  userId: string,
  code: string,
): Promise<string[]> {
  await checkSecondFactor(deps, { userId, isKnown: true }, code)
  const codes = newRecoveryCodes()
  await inTransaction(deps.db, async (tx) => {
    await replaceRecoveryCodes(tx, userId, hashesOf(deps, userId, codes))
    await noteNewRecoveryCodes(tx, userId)
  })
  return codes
}

/** Throws WRONG_CODE. Whoever must have one sets up the next at once. */
export async function removeApp(deps: ApiDeps, userId: string, code: string): Promise<void> {
  await checkSecondFactor(deps, { userId, isKnown: true }, code)
  await inTransaction(deps.db, (tx) => removeAuthenticator(tx, userId))
}
