/** Proving who one is, for the API and the pages alike. */
import { randomInt } from 'node:crypto'
import { findActor, findByEmail, findOrCreateGuest } from '../db/accounts.ts'
import { inTransaction, type Tx } from '../db/connection.ts'
import { createCode, useCode, type CodeAnswer } from '../db/one-time-codes.ts'
import { recordSecurityEvent } from '../db/security.ts'
import { ONE_TIME_CODE } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps } from './deps.ts'
import { countOf, forgive, forgiveAll, limit, limitAll, type Count } from './limits.ts'
import { wrongCredentials, type SignedIn } from './sessions.ts'

/** In which we write to them from then on. */
type Language = 'en' | 'sw'

type Credentials = { email: string; password: string }
/** Where a password comes from; `known` when its browser or program has signed in to this account before. */
export type Guesser = { source: string; known: boolean; isProgram?: boolean }

/**
 * Guesses from many addresses add up for the account. Browsers and programs that its owner has used are counted apart, so that
 * strangers who guess do not keep the owner out.
 */
const accountCount = (email: string, { known, isProgram }: Guesser): Count => ({
  ...countOf(known ? 'signInToKnown' : 'signInTo', email),
  words: isProgram
    ? 'Too many wrong passwords for this account. Wait an hour, or send the device_token of an earlier sign-in.'
    : 'Too many wrong passwords for this account. Wait an hour, or use a browser that you signed in with before.',
})

/** One answer for a wrong password, an unknown e-mail and a closed account, in the same time. */
export const checkPassword = (
  deps: ApiDeps,
  credentials: Credentials,
  guesser: Guesser,
): Promise<SignedIn> => deps.signInLine(guesser, () => checkInTurn(deps, credentials, guesser))

async function checkInTurn(
  deps: ApiDeps,
  { email, password }: Credentials,
  guesser: Guesser,
): Promise<SignedIn> {
  const { source } = guesser
  const account = `${email} ${source}`
  const guesses = accountCount(email, guesser)
  await limit(deps, 'signInFrom', source)
  await limit(deps, 'signIn', account)
  await limitAll(deps, [guesses])
  const found = await findByEmail(deps.db, email)
  const known = found?.passwordHash
  const right = known
    ? await deps.passwords.verify(known, password)
    : await deps.passwords.verifyAgainstNothing(password).then(() => false)
  if (!found || !right || found.status !== 'active') {
    await inTransaction(deps.db, (tx) => recordSecurityEvent(tx, 'sign_in_failed', { source }))
    throw wrongCredentials()
  }
  // Counted before the check, so that guesses sent at once cannot pass together; only failures stay counted.
  await forgiveAll(deps, [countOf('signInFrom', source), countOf('signIn', account), guesses])
  return { userId: found.userId, ...(known ? { passwordHash: known } : {}) }
}

/** A code for one is none for the other. */
type CodePurpose = 'sign-in' | 'prove-phone'

/** Who asks for a code: the browser that must bring it back, and where it is. */
export type CodeAsker = { browser: Buffer; source: string }

/**
 * An SMS costs money and rings a phone, so each phone gets only so many; but the browser's and the source's parts of
 * that are smaller, so that no single stranger can use up what the owner of the phone needs.
 */
const countsOf = (phone: string, { browser, source }: CodeAsker): Count[] => [
  countOf('codes', `${phone} ${browser.toString('hex')}`),
  countOf('codesToPhoneFrom', `${phone} ${source}`),
  countOf('codesFrom', source),
  {
    ...countOf('codesToPhone', phone),
    words: 'We have sent this phone many codes. Wait an hour and try again, or sign in by e-mail.',
  },
]

/** The same for known and unknown phones. Only this browser can use the code. */
export async function sendCode(
  deps: ApiDeps,
  phone: string,
  asker: CodeAsker,
  purpose: CodePurpose = 'sign-in',
): Promise<void> {
  const counts = countsOf(phone, asker)
  await limitAll(deps, counts)
  const code = String(randomInt(10 ** ONE_TIME_CODE.digits)).padStart(ONE_TIME_CODE.digits, '0')
  await inTransaction(deps.db, (tx) =>
    createCode(tx, {
      phoneHash: deps.keyedHash(`phone\n${phone}`),
      codeHash: deps.keyedHash(`code\n${phone}\n${code}`),
      purpose,
      askedBy: asker.browser,
      expiresAt: new Date(deps.now().getTime() + ONE_TIME_CODE.lifeMs),
    }),
  )
  const text = `${code} is your gari code. It is good for 10 minutes. We never ask for it by phone.`
  const key = deps.keyedHash(`sms\n${phone}\n${code}`).toString('hex')
  const outcome = await deps.sms.send({ to: phone, text, key }).catch((error: unknown) => {
    deps.log.warn({ error: String(error) }, 'a sign-in code could not be sent')
    return 'refused'
  })
  if (outcome === 'refused') {
    await forgiveAll(deps, counts)
    throw new BusinessError(
      'TEMPORARILY_UNAVAILABLE',
      'We cannot send SMS right now. Try again in a minute, or sign in by e-mail.',
    )
  }
}

type Proof = { phone: string; name: string; code: string }

const REFUSED = {
  wrong: 'The code is not right. Look at the SMS again.',
  expired: 'The code is too old, was used, or was asked for in another browser. Ask for a new one.',
  locked: 'Too many wrong codes. Ask for a new one.',
} as const

type Typed = { phone: string; code: string; browser: Buffer; purpose: CodePurpose }

/** A wrong one is counted in the same transaction, so whoever asks throws after it only. */
export const useTyped = (tx: Tx, deps: ApiDeps, typed: Typed): Promise<CodeAnswer> =>
  useCode(tx, {
    phoneHash: deps.keyedHash(`phone\n${typed.phone}`),
    codeHash: deps.keyedHash(`code\n${typed.phone}\n${typed.code}`),
    purpose: typed.purpose,
    askedBy: typed.browser,
    now: deps.now(),
    maxAttempts: ONE_TIME_CODE.attempts,
  })

/** Throws WRONG_CODE. */
export function assertRight(answer: CodeAnswer): void {
  if (answer === 'ok') return
  throw new BusinessError('WRONG_CODE', REFUSED[answer], {
    fields: [{ path: 'code', message: REFUSED[answer] }],
  })
}

/** Answers the customer's user id. The code is used up in the same transaction that makes the account. */
export async function checkCode(
  deps: ApiDeps,
  { phone, name, code }: Proof,
  { browser, source }: CodeAsker,
  language: Language = 'en',
): Promise<string> {
  await limit(deps, 'codeChecksFrom', source)
  const [firstName = name, ...rest] = name.split(/\s+/)
  const { answer, userId } = await inTransaction(deps.db, async (tx) => {
    const answer = await useTyped(tx, deps, { phone, code, browser, purpose: 'sign-in' })
    if (answer !== 'ok') return { answer, userId: '' }
    const { userId } = await findOrCreateGuest(tx, {
      phone,
      firstName,
      lastName: rest.join(' '),
      language,
    })
    return { answer, userId }
  })
  assertRight(answer)
  await forgive(deps, 'codeChecksFrom', source)
  if (!(await findActor(deps.db, userId))) {
    throw new BusinessError('FORBIDDEN', 'This account is closed. Call us and we will look at it.')
  }
  return userId
}
