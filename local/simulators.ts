import { join } from 'node:path'
import { SAMPLE_PHONES } from './daraja-simulator/handsets.ts'

import { SANDBOX, type Settings } from './daraja-simulator/settings.ts'
import { startDarajaSimulator, type StartedSimulator } from './daraja-simulator/start.ts'
import { startEtims } from './etims-simulator/start.ts'
import { startMailbox } from './mailbox.ts'
import type { ShellLinks } from './shell/layout.tsx'
import { startSms } from './sms.tsx'

export type SimulatorsOptions = {
  /** Folder for the ledger, the mails and the SMS; all are there again at the next start. */
  home: string
  /** 0 takes any free port. */
  ports: { daraja: number; mailbox: number; smtp: number; sms: number; etims: number }
  /** The PIN under which documents are registered. */
  companyPin?: string | undefined
  log?: (message: string, facts?: Record<string, unknown>) => void
  /** Faster prompts for tests and benches. */
  daraja?: Partial<Settings>
}

export type Simulators = {
  /** What config.ts reads to use these instead of the real ones. */
  env: Record<string, string>
  links: { phones: string; mailbox: string; sms: string; etims: string }
  samplePhones: { phone: string; pin: string; name: string }[]
  stop: () => Promise<void>
}

/** Daraja with its customers' phones, the revenue authority, the mail and the SMS catcher, all on this machine. */
export const startSimulators = async (options: SimulatorsOptions): Promise<Simulators> => {
  const { home, ports, log = () => undefined } = options
  const known: ShellLinks = {}
  const links = () => known
  const started: { stop: () => Promise<void> }[] = []
  const stop = async () => {
    await Promise.all(started.map((part) => part.stop()))
  }
  const keep = <T extends { stop: () => Promise<void> }>(part: T): T => {
    started.push(part)
    return part
  }
  try {
    const daraja = keep(
      await startDarajaSimulator({
        home: join(home, 'daraja'),
        port: ports.daraja,
        links,
        log,
        settings: options.daraja ?? {},
      }),
    )
    const mailOptions = { home, port: ports.mailbox, smtpPort: ports.smtp, links, log }
    const mailbox = keep(await startMailbox(mailOptions))
    const sms = keep(await startSms({ home, port: ports.sms, links }))
    const etims = keep(
      await startEtims({ home, port: ports.etims, pin: options.companyPin, links }),
    )
    const shown = {
      phones: daraja.url,
      mailbox: mailbox.url,
      sms: sms.url,
      etims: etims.url,
    }
    Object.assign(known, shown)
    return {
      env: {
        ...darajaEnv(daraja),
        ...etims.env,
        SMTP_URL: mailbox.smtpUrl,
        SMS_BASE_URL: sms.url,
        SMS_USERNAME: sms.account.username,
        SMS_API_KEY: sms.account.apiKey,
        PHONES_URL: shown.phones,
        MAILBOX_URL: shown.mailbox,
        SMS_INBOX_URL: shown.sms,
      },
      links: shown,
      samplePhones: SAMPLE_PHONES.map(({ phone, pin, name }) => ({ phone, pin, name })),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const darajaEnv = ({ url, certificateFile }: StartedSimulator): Record<string, string> => ({
  DARAJA_BASE_URL: url,
  // The simulator reports from this machine, and is as much of Safaricom as there is here.
  DARAJA_SOURCES: '127.0.0.0/8,::1/128',
  DARAJA_CONSUMER_KEY: SANDBOX.consumerKey,
  DARAJA_CONSUMER_SECRET: SANDBOX.consumerSecret,
  DARAJA_SHORTCODE: SANDBOX.shortCode,
  DARAJA_PASSKEY: SANDBOX.passkey,
  DARAJA_INITIATOR: SANDBOX.initiator,
  DARAJA_INITIATOR_PASSWORD: SANDBOX.initiatorPassword,
  DARAJA_CERTIFICATE_FILE: certificateFile,
})
