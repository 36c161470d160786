/** A forgotten password, a changed one, an address that is proven: for the API and the pages alike. */
import { askForLink, findOpenLink, useLink, type OpenLink } from '../db/account-links.ts'
import { findByEmail } from '../db/accounts.ts'
import { inTransaction } from '../db/connection.ts'
import { takeBackEmail, takeBackPhone } from '../db/own-contacts.ts'
import { findPasswordHash, markEmailVerified, setPassword } from '../db/passwords.ts'
import { takeBackFactors } from '../db/second-factors.ts'
import { recordSecurityEvent } from '../db/security.ts'
import { LINK_LIFE_MS, type Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps } from './deps.ts'
import { countOf, forgive, limit, limitAll } from './limits.ts'
import { assertGoodPassword } from './new-passwords.ts'

/** The same answer, in the same time, whether anybody has an account with this e-mail. */
export async function askForReset(deps: ApiDeps, email: string, source: string): Promise<void> {
  await limitAll(deps, [
    countOf('resetsFrom', source),
    {
      ...countOf('resetsTo', email),
      words: 'We have sent several links to this e-mail. Look into it, or wait an hour.',
    },
  ])
  const found = await findByEmail(deps.db, email)
  const userId = found?.status === 'active' ? found.userId : null
  const expiresAt = new Date(deps.now().getTime() + LINK_LIFE_MS.reset_password)
  await inTransaction(deps.db, (tx) =>
    askForLink(tx, { userId, purpose: 'reset_password', expiresAt }),
  )
}

export const linkOver = () =>
  new BusinessError(
    'LINK_OVER',
    'This link was used, is too old, or a newer one was sent. Ask for a new one.',
  )

type LinkParts = { id: string; token: string }

/** Throws LINK_OVER, also for one that we never made. */
export async function openLink(
  deps: ApiDeps,
  { id, token }: LinkParts,
  source: string,
): Promise<OpenLink> {
  await limit(deps, 'linkTries', source)
  if (!deps.accountLinkFits(id, token)) throw linkOver()
  const found = await findOpenLink(deps.db, id, deps.now())
  if (!found) throw linkOver()
  await forgive(deps, 'linkTries', source)
  return found
}

const noticeUntil = (deps: ApiDeps): Date =>
  new Date(deps.now().getTime() + LINK_LIFE_MS.password_changed)

/** Whoever has the mail has the address, so that is proven too. */
export async function resetPassword(
  deps: ApiDeps,
  link: LinkParts,
  password: string,
  source: string,
): Promise<{ userId: string; email: string }> {
  const { purpose, email } = await openLink(deps, link, source)
  if (purpose === 'verify_email' || purpose === 'new_email') throw linkOver()
  assertGoodPassword(deps, { path: 'password', password, about: [email] })
  const passwordHash = await deps.signInLine({ source, known: false }, () =>
    deps.passwords.hash(password),
  )
  const userId = await inTransaction(deps.db, async (tx) => {
    const used = await useLink(tx, link.id, deps.now())
    if (!used) throw linkOver()
    if (used.purpose === 'email_changed') await takeBackEmail(tx, used)
    if (used.purpose === 'phone_changed') await takeBackPhone(tx, used.userId)
    await markEmailVerified(tx, used.userId)
    if (used.purpose === 'factor_changed') await takeBackFactors(tx, used.userId, used.askedAt)
    const change = { userId: used.userId, passwordHash, keep: null, how: 'reset' as const }
    await setPassword(tx, { ...change, noticeUntil: noticeUntil(deps) })
    return used.userId
  })
  return { userId, email }
}

export async function proveEmail(deps: ApiDeps, link: LinkParts, source: string): Promise<void> {
  const { purpose } = await openLink(deps, link, source)
  if (purpose !== 'verify_email') throw linkOver()
  await inTransaction(deps.db, async (tx) => {
    const used = await useLink(tx, link.id, deps.now())
    if (!used) throw linkOver()
    await markEmailVerified(tx, used.userId)
  })
}

type Change = {
  actor: Actor
  current: string
  next: string
  /** The session in which it is done. */
  keep: Buffer
}

/** Throws INVALID_INPUT for a wrong one, and counts it: somebody at an open browser may guess. */
export const changePassword = (deps: ApiDeps, change: Change): Promise<void> =>
  deps.signInLine({ source: change.actor.userId, known: true }, () => changeInTurn(deps, change))

async function changeInTurn(deps: ApiDeps, { actor, current, next, keep }: Change): Promise<void> {
  const { userId, email, firstName, lastName } = actor
  await limit(deps, 'passwordChecks', userId)
  const hash = await findPasswordHash(deps.db, userId)
  const right = hash !== null && (await deps.passwords.verify(hash, current))
  if (!right) {
    await recordSecurityEvent(deps.db, 'password_check_failed', { userId })
    const message = 'The password you have now is not right.'
    throw new BusinessError('INVALID_INPUT', message, {
      fields: [{ path: 'current_password', message }],
    })
  }
  assertGoodPassword(deps, {
    path: 'new_password',
    password: next,
    about: [email, firstName, lastName],
  })
  const passwordHash = await deps.passwords.hash(next)
  const change = { userId, passwordHash, keep, how: 'changed' as const }
  await inTransaction(deps.db, (tx) =>
    setPassword(tx, { ...change, noticeUntil: noticeUntil(deps) }),
  )
  await forgive(deps, 'passwordChecks', userId)
}

/** Again, for whoever did not get it or let it grow old. */
export async function askForProof(deps: ApiDeps, userId: string, email: string): Promise<void> {
  await limitAll(deps, [
    {
      ...countOf('resetsTo', email),
      words: 'We have sent several links to this e-mail. Look into it, or wait an hour.',
    },
  ])
  const expiresAt = new Date(deps.now().getTime() + LINK_LIFE_MS.verify_email)
  await inTransaction(deps.db, (tx) =>
    askForLink(tx, { userId, purpose: 'verify_email', expiresAt }),
  )
}
