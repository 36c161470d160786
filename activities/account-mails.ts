/** Turns a link that somebody asked for into the letter it is. */
import type { WaitingLink } from '../db/account-links.ts'
import { accountMail } from '../domain/account-texts.ts'
import type { MailMessage } from '../gateways/mail.ts'
import { renderMail } from '../views/emails/message.tsx'

export async function composeAccountMail(
  waiting: WaitingLink,
  accountLink: (linkId: string) => string,
): Promise<MailMessage> {
  const { id, email, language } = waiting
  const letter = accountMail({ ...waiting, link: accountLink(id) })
  const html = await renderMail({ ...letter, sms: '' }, language)
  const { subject, text } = letter
  return { to: email, subject, text, html, messageId: `${id}@gari` }
}
