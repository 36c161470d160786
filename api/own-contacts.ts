/** Proving a phone or another e-mail, for the pages. How somebody comes in is changed after a fresh sign-in only. */
import { askForLink, useLink } from '../db/account-links.ts'
import { inTransaction } from '../db/connection.ts'
import { keepProvenEmail, keepProvenPhone } from '../db/own-contacts.ts'
import { contactSms } from '../domain/contact-texts.ts'
import { LINK_LIFE_MS, type Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { linkOver, openLink } from './account-recovery.ts'
import { assertRight, sendCode, useTyped, type CodeAsker } from './account-steps.ts'
import type { ApiDeps } from './deps.ts'
import { countOf, forgive, limit, limitAll } from './limits.ts'

/** Two accounts with one phone are one person where a second person is asked for, so staff do not choose theirs. */
function assertCustomer({ kind }: Actor): void {
  if (kind === 'customer') return
  throw new BusinessError('FORBIDDEN', 'Somebody who works here cannot change their own contacts.')
}

/** The same whether the phone is anybody's: only whoever reads the SMS learns more. */
export async function askForPhone(
  deps: ApiDeps,
  actor: Actor,
  phone: string,
  asker: CodeAsker,
): Promise<void> {
  assertCustomer(actor)
  await limitAll(deps, [countOf('codesBy', actor.userId)])
  await sendCode(deps, phone, asker, 'prove-phone')
}

type Typed = { phone: string; code: string }

/** Throws WRONG_CODE, CONTACT_PROVEN. */
export async function provePhone(
  deps: ApiDeps,
  actor: Actor,
  typed: Typed,
  { browser, source }: CodeAsker,
): Promise<void> {
  assertCustomer(actor)
  const { userId, language } = actor
  const { phone } = typed
  await limit(deps, 'codeChecksFrom', source)
  const { answer, before } = await inTransaction(deps.db, async (tx) => {
    const answer = await useTyped(tx, deps, { ...typed, browser, purpose: 'prove-phone' })
    if (answer !== 'ok') return { answer, before: null }
    return { answer, before: await keepProvenPhone(tx, { userId, phone, at: deps.now() }) }
  })
  assertRight(answer)
  await forgive(deps, 'codeChecksFrom', source)
  if (before !== null) await tellBySms(deps, before, contactSms('phone', language))
}

/** The mail tells as well, and waits for its server; an SMS that cannot go is only logged. */
async function tellBySms(deps: ApiDeps, to: string, text: string): Promise<void> {
  const key = deps.keyedHash(`told\n${to}\n${deps.now().toISOString()}`).toString('hex')
  const outcome = await deps.sms.send({ to, text, key }).catch((error: unknown) => String(error))
  if (outcome !== 'sent') deps.log.warn({ outcome }, 'a changed contact could not be told by SMS')
}

/** Nobody learns here who has an account: whoever opens the mail does. */
export async function askForEmail(deps: ApiDeps, actor: Actor, email: string): Promise<void> {
  assertCustomer(actor)
  const { userId } = actor
  await limitAll(deps, [
    countOf('newEmailsBy', userId),
    {
      ...countOf('resetsTo', email),
      words: 'We have sent several links to this e-mail. Look into it, or wait an hour.',
    },
  ])
  const expiresAt = new Date(deps.now().getTime() + LINK_LIFE_MS.new_email)
  await inTransaction(deps.db, (tx) =>
    askForLink(tx, { userId, purpose: 'new_email', expiresAt, email }),
  )
}

/** Throws LINK_OVER, EMAIL_TAKEN. */
export async function proveNewEmail(
  deps: ApiDeps,
  link: { id: string; token: string },
  source: string,
): Promise<void> {
  const { purpose } = await openLink(deps, link, source)
  if (purpose !== 'new_email') throw linkOver()
  const told = await inTransaction(deps.db, async (tx) => {
    const used = await useLink(tx, link.id, deps.now())
    if (!used) throw linkOver()
    return keepProvenEmail(tx, { userId: used.userId, email: used.email, at: deps.now() })
  })
  if (told) await tellBySms(deps, told.phone, contactSms('email', told.language))
}
