/** Turns a link that somebody asked for into the letter it is. */
import type { WaitingLink } from '../db/account-links.ts'
import type { WaitingRegistration } from '../db/registrations.ts'
import { accountMail } from '../domain/account-texts.ts'
import { registrationMail, type RegistrationLinks } from '../domain/registering-texts.ts'
import type { MailMessage } from '../gateways/mail.ts'
import { renderMail } from '../views/emails/message.tsx'

export async function composeAccountMail(
  waiting: WaitingLink,
  accountLink: (linkId: string) => string,
): Promise<MailMessage> {
  const { id, email, language } = waiting
  const letter = accountMail({ ...waiting, link: accountLink(id) })
  return composed({ id, to: email, language }, letter)
}

/** To whoever opens an account: a link that makes it, or word that they have one. */
export const composeRegistrationMail = (
  { id, email, language, isKnown }: WaitingRegistration,
  links: RegistrationLinks,
): Promise<MailMessage> =>
  composed({ id, to: email, language }, registrationMail({ isKnown, language, links }))

type Envelope = { id: string; to: string; language: 'en' | 'sw' }

async function composed(
  { id, to, language }: Envelope,
  letter: ReturnType<typeof accountMail>,
): Promise<MailMessage> {
  const html = await renderMail({ ...letter, sms: '' }, language)
  const { subject, text } = letter
  return { to, subject, text, html, messageId: `${id}@gari` }
}
