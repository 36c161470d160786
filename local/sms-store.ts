import { randomBytes } from 'node:crypto'
import { openJournal } from './shell/journal.ts'

export type CaughtSms = { id: string; at: string; to: string; from: string; text: string }

export type SmsStore = {
  /** Oldest first. */
  list: () => CaughtSms[]
  add: (sms: Pick<CaughtSms, 'to' | 'from' | 'text'>) => CaughtSms
  close: () => void
}

/** The newest so many are shown; the file keeps all. */
const KEPT_SMS = 2_000

export const openSmsStore = (file: string): SmsStore => {
  const { entries, journal } = openJournal<CaughtSms>(file)
  const messages = entries.slice(-KEPT_SMS)
  return {
    list: () => [...messages],
    add: (sms) => {
      const id = `ATXid_${randomBytes(16).toString('hex')}`
      const caught = { id, at: new Date().toISOString(), ...sms }
      journal.append(caught)
      messages.push(caught)
      if (messages.length > KEPT_SMS) messages.shift()
      return caught
    },
    close: journal.close,
  }
}
