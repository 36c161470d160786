/** Turns a letter about an erasure that waits into the mail or the SMS it is. */
import type { WaitingLetter } from '../db/erasure-letters.ts'
import { erasureLetter } from '../domain/erasure-texts.ts'
import type { MailMessage } from '../gateways/mail.ts'
import type { SmsMessage } from '../gateways/sms.ts'
import { renderMail } from '../views/emails/message.tsx'

export type ErasurePost = { mail: MailMessage } | { sms: SmsMessage }

export async function composeErasureLetter(
  { id, channel, address, language, ...facts }: WaitingLetter,
  publicUrl: string,
): Promise<ErasurePost> {
  // After the end there is no account to look at.
  const path = facts.kind === 'done' ? '/privacy' : '/account/data'
  const letter = erasureLetter({ ...facts, language, link: `${publicUrl}${path}` })
  if (channel === 'sms') return { sms: { to: address, text: letter.sms, key: id } }
  const html = await renderMail(letter, language)
  const { subject, text } = letter
  return { mail: { to: address, subject, text, html, messageId: `${id}@gari` } }
}
