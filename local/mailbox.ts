import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { mailboxApp } from './mailbox-pages.tsx'
import { openMailStore, type MailStore } from './mailbox-store.ts'
import type { ShellLinks } from './shell/layout.tsx'
import { listen } from './shell/listen.ts'
import { createLive } from './shell/live.ts'

export type Mailbox = { url: string; smtpUrl: string; stop: () => Promise<void> }

export type MailboxOptions = {
  home: string
  port: number
  smtpPort: number
  links?: () => ShellLinks
  log?: (message: string, facts?: Record<string, unknown>) => void
}

const HOST = '127.0.0.1'
const MAIL_LIMIT_BYTES = 25 * 1024 * 1024

/** Takes every mail for anybody by SMTP, keeps it under `home`, and shows it; sends nothing on. */
export const startMailbox = async (options: MailboxOptions): Promise<Mailbox> => {
  const { home, port, smtpPort, links = () => ({}), log = () => undefined } = options
  const store = openMailStore(join(home, 'mailbox'))
  const live = createLive<'inbox'>()
  const smtp = await listenSmtp(store, smtpPort, () => live.publish('inbox'), log)
  const pages = await listen(mailboxApp(store, live, links), port).catch(async (error: unknown) => {
    await smtp.stop()
    throw error
  })
  return {
    url: pages.url,
    smtpUrl: `smtp://${HOST}:${smtp.port}`,
    stop: async () => {
      await Promise.all([smtp.stop(), pages.stop()])
    },
  }
}

type Log = NonNullable<MailboxOptions['log']>

const listenSmtp = async (store: MailStore, port: number, arrived: () => void, log: Log) => {
  const take = async (
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    answer: (error?: Error) => void,
  ) => {
    try {
      await catchMail(store, stream, session)
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      log('a mail could not be kept', { error: error.message })
      return answer(error)
    }
    arrived()
    return answer()
  }
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    // Any name and password will do: a client configured with some must work here too.
    onAuth: (_auth, _session, done) => done(null, { user: 'anybody' }),
    hideSTARTTLS: true,
    disableReverseLookup: true,
    size: MAIL_LIMIT_BYTES,
    logger: false,
    onData: (stream, session, answer) => void take(stream, session, answer),
  })
  // A client that hangs up mid-sentence is its own business.
  server.on('error', (error) => log('smtp connection failed', { error: error.message }))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const catchMail = async (
  store: MailStore,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<void> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  if (stream.sizeExceeded) throw new Error('the mail is too large')
  await store.add(Buffer.concat(chunks), {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
  })
}
