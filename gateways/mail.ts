/** E-mail by SMTP. */
import { createTransport } from 'nodemailer'
import { unsubscribeHeaders } from '../domain/marketing.ts'

export type MailMessage = {
  to: string
  subject: string
  text: string
  html: string
  /** Without brackets; the same for every attempt, so that mail programs can drop a repeat. */
  messageId: string
  /** Of an offer: the link by which they stop, which mail programs press for them. */
  unsubscribe?: string
  attachments?: { filename: string; content: Buffer; contentType: string }[]
}

export type Mail = {
  /** Resolves when the server has taken the message; rejects otherwise, and may then be tried again. */
  send(message: MailMessage): Promise<void>
  ping(): Promise<boolean>
}

const CONNECT_MS = 5_000
const SILENCE_MS = 15_000

/** Rejects where the server does not answer, offers no TLS that is needed, or does not take the user and the password. */
export async function askMailServer(
  smtpUrl: string,
  { needsTls }: { needsTls: boolean },
): Promise<void> {
  await createTransport({ ...optionsOf(smtpUrl), requireTLS: needsTls }).verify()
}

const optionsOf = (smtpUrl: string) => ({
  url: smtpUrl,
  connectionTimeout: CONNECT_MS,
  greetingTimeout: CONNECT_MS,
  socketTimeout: SILENCE_MS,
})

/** A connection for each message: few are sent, and an idle one would keep a stopping process alive. */
export function createMail({ smtpUrl, from }: { smtpUrl: string; from: string }): Mail {
  const transport = createTransport({
    ...optionsOf(smtpUrl),
    // No content is read from a file or an address: what we send we composed.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ messageId, unsubscribe, ...message }) {
      const headers = unsubscribe === undefined ? {} : unsubscribeHeaders(unsubscribe)
      await transport.sendMail({ ...message, headers, from, messageId: `<${messageId}>` })
    },
    ping: () =>
      transport.verify().then(
        () => true,
        () => false,
      ),
  }
}
