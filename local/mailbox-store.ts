import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'

/** What the inbox lists and tests read; the message as it came stands beside it as `<id>.eml`. */
export type CaughtMail = {
  id: string
  at: string
  from: string
  /** Everybody it was delivered to, hidden copies too. */
  to: string[]
  subject: string
  text: string
  html: string
  attachments: { filename: string; contentType: string; bytes: number }[]
}

export type MailStore = {
  /** Oldest first. */
  list: () => CaughtMail[]
  find: (id: string) => CaughtMail | undefined
  attachment: (id: string, index: number) => Promise<Uint8Array<ArrayBuffer> | undefined>
  add: (raw: Buffer, envelope: { from: string; to: string[] }) => Promise<CaughtMail>
}

/** The newest so many are kept. */
const KEPT_MAILS = 500

export const openMailStore = (folder: string): MailStore => {
  mkdirSync(folder, { recursive: true })
  const mails = readMails(folder)
  const source = (id: string) => join(folder, `${id}.eml`)
  const summary = (id: string) => join(folder, `${id}.json`)
  const dropOldest = () => {
    for (const { id } of mails.splice(0, Math.max(0, mails.length - KEPT_MAILS)))
      for (const path of [summary(id), source(id)]) rmSync(path, { force: true })
  }
  return {
    list: () => [...mails],
    find: (wanted) => mails.find(({ id }) => id === wanted),
    attachment: async (id, index) => {
      if (!mails.some((mail) => mail.id === id)) return undefined
      const { attachments } = await PostalMime.parse(readFileSync(source(id)))
      return contentBytes(attachments[index]?.content)
    },
    add: async (raw, envelope) => {
      const mail = describeMail(await PostalMime.parse(raw), envelope)
      writeFileSync(source(mail.id), raw, { mode: 0o600 })
      // The list is read from the summaries, so a mail is there when its summary is, whole.
      writeFileSync(`${summary(mail.id)}.new`, JSON.stringify(mail), { mode: 0o600 })
      renameSync(`${summary(mail.id)}.new`, summary(mail.id))
      mails.push(mail)
      dropOldest()
      return mail
    },
  }
}

const readMails = (folder: string): CaughtMail[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .slice(-KEPT_MAILS)
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CaughtMail)

const contentBytes = (
  content: ArrayBuffer | Uint8Array | string | undefined,
): Uint8Array<ArrayBuffer> | undefined => {
  if (content === undefined) return undefined
  if (typeof content === 'string') return new TextEncoder().encode(content)
  return content instanceof ArrayBuffer ? new Uint8Array(content) : Uint8Array.from(content)
}

const describeMail = (email: Email, envelope: { from: string; to: string[] }): CaughtMail => {
  const at = new Date().toISOString()
  return {
    // Ids sort by time, and so do the files.
    id: `${at.replace(/\D/g, '')}-${randomBytes(4).toString('hex')}`,
    at,
    from: email.from?.address ?? envelope.from,
    to: envelope.to,
    subject: email.subject ?? '(no subject)',
    text: email.text ?? '',
    html: email.html ?? '',
    attachments: email.attachments.map(({ filename, mimeType, content }) => ({
      filename: filename ?? 'attachment',
      contentType: mimeType,
      bytes: contentBytes(content)?.byteLength ?? 0,
    })),
  }
}
