/**
 * Opening an account, for the API and the pages alike. What is typed waits until a mailed link is opened, so that whoever tries
 * out addresses hears the same for the same work, whether somebody has an account there (ASVS 6.3.8).
 */
import { createUser } from '../db/accounts.ts'
import { inTransaction } from '../db/connection.ts'
import { markEmailVerified } from '../db/passwords.ts'
import {
  createRegistrationSealer,
  dropRegistration,
  findRegistration,
  keepRegistration,
  takeRegistration,
  type Registration,
} from '../db/registrations.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Registration as Wish } from '../domain/schemas/accounts.ts'
import type { Ticked } from '../domain/schemas/marketing.ts'
import { linkOver } from './account-recovery.ts'
import type { ApiDeps } from './deps.ts'
import { countOf, forgive, forgiveAll, limit, limitAll } from './limits.ts'
import { keepTicked } from './marketing.ts'
import { assertGoodPassword } from './new-passwords.ts'

/** Of the page on which they registered; a program shows none of our words, so it says yes to nothing. */
type Shown = { language?: 'en' | 'sw'; offers?: Ticked; next?: string; browser?: Buffer }

const sealerOf = (deps: ApiDeps) => createRegistrationSealer((text) => deps.keyedHash(text))

/** Nobody's mail is flooded; and one stranger cannot use up what whoever has the address needs. */
const mailsTo = (email: string, source: string) => {
  const words = 'We have sent several mails to this e-mail. Look into it, or wait an hour.'
  return [
    { ...countOf('registersToFrom', `${email} ${source}`), words },
    { ...countOf('registersTo', email), words },
  ]
}

/** Who has an account is not asked here, so neither words nor time can tell: a worker looks when it mails. */
export async function register(
  deps: ApiDeps,
  wish: Wish,
  source: string,
  shown: Shown = {},
): Promise<void> {
  await limit(deps, 'register', source)
  const { email, password, first_name: firstName, last_name: lastName, phone } = wish
  assertGoodPassword(deps, { path: 'password', password, about: [email, firstName, lastName] })
  const mails = mailsTo(email, source)
  await limitAll(deps, mails)
  const passwordHash = await hashInTurn(deps, password, source).catch(async (error: unknown) => {
    await forgiveAll(deps, mails)
    throw error
  })
  const { language = 'en', offers = null, next = '' } = shown
  const browser = shown.browser?.toString('hex') ?? null
  const typed = { email, passwordHash, firstName, lastName, phone, language, offers, next, browser }
  await keepRegistration(deps.db, sealerOf(deps), typed, deps.now())
}

const hashInTurn = (deps: ApiDeps, password: string, source: string): Promise<string> =>
  deps.signInLine({ source, known: false }, () => deps.passwords.hash(password))

type LinkParts = { id: string; token: string }

/** Throws LINK_OVER, also for one that we never made. */
export async function openRegistration(
  deps: ApiDeps,
  { id, token }: LinkParts,
  source: string,
): Promise<Registration> {
  await limit(deps, 'linkTries', source)
  if (!deps.registrationFits(id, token)) throw linkOver()
  const found = await findRegistration(deps.db, sealerOf(deps), id, deps.now())
  if (!found) throw linkOver()
  await forgive(deps, 'linkTries', source)
  return found
}

/** In another browser than the one in which it was typed, whoever has the mail must know the password too. */
export const isSameBrowser = ({ browser }: Registration, here: Buffer): boolean =>
  browser === here.toString('hex')

const notTheirs = () => {
  const message = 'This is not the password that was chosen for this account.'
  return new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'password', message }] })
}

type Opener = { source: string; browser?: Buffer; password?: string }

/**
 * A stranger may have typed somebody's address with a password of their own. The one who has the mail cannot make an account of
 * that by mistake: it takes the browser in which it was typed, or the password.
 */
async function assertTheirs(
  deps: ApiDeps,
  waiting: Registration,
  { source, browser, password }: Opener,
): Promise<void> {
  if (browser && isSameBrowser(waiting, browser)) return
  if (!password) throw notTheirs()
  await limit(deps, 'linkTries', source)
  const right = await deps.signInLine({ source, known: false }, () =>
    deps.passwords.verify(waiting.passwordHash, password),
  )
  if (!right) throw notTheirs()
  await forgive(deps, 'linkTries', source)
}

export type OpenedAccount = { userId: string; typed: Registration }

/** Throws LINK_OVER; EMAIL_TAKEN to whoever has shown that the mail is theirs. */
export async function confirmRegistration(
  deps: ApiDeps,
  link: LinkParts,
  opener: Opener,
): Promise<OpenedAccount> {
  await assertTheirs(deps, await openRegistration(deps, link, opener.source), opener)
  try {
    return await makeAccount(deps, link.id)
  } catch (error) {
    const isTaken = error instanceof BusinessError && error.code === 'EMAIL_TAKEN'
    if (isTaken) await dropRegistration(deps.db, link.id)
    throw error
  }
}

const makeAccount = (deps: ApiDeps, id: string): Promise<OpenedAccount> =>
  inTransaction(deps.db, async (tx) => {
    const typed = await takeRegistration(tx, sealerOf(deps), id, deps.now())
    if (!typed) throw linkOver()
    const { email, passwordHash, firstName, lastName, phone, language, offers } = typed
    const who = { email, passwordHash, firstName, lastName, phone, language }
    const { userId } = await createUser(tx, { kind: 'customer', ...who })
    await markEmailVerified(tx, userId)
    const whose = { userId, actorId: userId, language, now: deps.now() }
    if (offers) await keepTicked(tx, offers, { ...whose, place: 'registering' })
    return { userId, typed }
  })
