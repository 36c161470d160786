/** The second step of a sign-in, behind a right password: for the pages and for programs. */
import { inTransaction } from '../db/connection.ts'
import { tellOfWrongCodes } from '../db/password-notices.ts'
import { findFactors } from '../db/second-factors.ts'
import { LINK_LIFE_MS } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps } from './deps.ts'
import { hasShownFactorBefore } from './known-browsers.ts'
import { countOf, isWithin } from './limits.ts'
import { checkSecondFactor } from './second-factor.ts'

/** `deviceToken`: as it was shown, or empty. */
type SigningIn = { userId: string; deviceToken: string }

/** Throws WRONG_CODE, TOO_MANY_REQUESTS. After several wrong ones its owner hears that somebody knows the password. */
export async function checkSignInCode(
  deps: ApiDeps,
  { userId, deviceToken }: SigningIn,
  code: string,
): Promise<void> {
  const isKnown = hasShownFactorBefore(deps, deviceToken, userId)
  try {
    await checkSecondFactor(deps, { userId, isKnown }, code)
  } catch (error) {
    if (error instanceof BusinessError && error.code === 'WRONG_CODE')
      await noteWrongCode(deps, userId)
    throw error
  }
}

async function noteWrongCode(deps: ApiDeps, userId: string): Promise<void> {
  if (await isWithin(deps, countOf('wrongCodes', userId))) return
  const expiresAt = new Date(deps.now().getTime() + LINK_LIFE_MS.wrong_codes)
  await inTransaction(deps.db, (tx) => tellOfWrongCodes(tx, { userId, expiresAt }))
}

export const codeNeeded = () =>
  new BusinessError('SECOND_FACTOR_NEEDED', 'Send `code`: the one that your app shows now.', {
    fields: [{ path: 'code', message: 'Type the code that your app shows now.' }],
  })

/**
 * For programs, which send it with the password. Answers whether one was shown: who has none needs none. Throws
 * SECOND_FACTOR_NEEDED, WRONG_CODE.
 */
export async function assertSecondFactor(
  deps: ApiDeps,
  who: SigningIn,
  code: string | undefined,
): Promise<boolean> {
  const { app, passkeys } = await findFactors(deps.db, who.userId)
  if (!app && passkeys === 0) return false
  if (!app)
    throw new BusinessError(
      'SECOND_FACTOR_NEEDED',
      'This account signs in with a passkey, which needs a browser. Set up an app there to sign in here.',
    )
  if (code === undefined) throw codeNeeded()
  await checkSignInCode(deps, who, code)
  return true
}
