/** Turns "it is ready" into the mail or the SMS it is. */
import { findLetterContact } from '../db/accounts.ts'
import type { Database } from '../db/connection.ts'
import type { ExportToTell } from '../db/exports.ts'
import { exportLetter } from '../domain/export-texts.ts'
import type { MailMessage } from '../gateways/mail.ts'
import type { SmsMessage } from '../gateways/sms.ts'
import { renderMail } from '../views/emails/message.tsx'

export type ExportPost = { mail: MailMessage } | { sms: SmsMessage } | null

/** Null for whom we cannot reach; they see it on their page. The link opens nothing by itself. */
export async function composeExportLetter(
  db: Database,
  { id, userId, expiresAt }: ExportToTell,
  publicUrl: string,
): Promise<ExportPost> {
  const contact = await findLetterContact(db, userId)
  if (!contact) return null
  const { email, phone, language } = contact
  const letter = exportLetter({ expiresAt, language, link: `${publicUrl}/account/data` })
  if (email) {
    const html = await renderMail(letter, language)
    const { subject, text } = letter
    return { mail: { to: email, subject, text, html, messageId: `export-${id}@gari` } }
  }
  return phone ? { sms: { to: phone, text: letter.sms, key: id } } : null
}
