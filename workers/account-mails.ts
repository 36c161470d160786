/** Mails the links that people asked for; a mail server that is away only delays them. */
import { composeAccountMail } from '../activities/account-mails.ts'
import { markLinkSent, takeWaitingLinks, type WaitingLink } from '../db/account-links.ts'
import type { Database } from '../db/connection.ts'
import type { Mail } from '../gateways/mail.ts'
import { startLoop } from './loop.ts'
import { sendWaitingRegistrations, type RegistrationsOutside } from './registration-mails.ts'
import type { Running, World } from './world.ts'

const REST_MS = 500
const LONGEST_REST_MS = 30_000
const BATCH = 20

type Outside = { db: Database; mail: Pick<Mail, 'send'>; accountLink: (linkId: string) => string }

export async function sendAccountMail(outside: Outside, waiting: WaitingLink): Promise<void> {
  await outside.mail.send(await composeAccountMail(waiting, outside.accountLink))
  await markLinkSent(outside.db, waiting.id)
}

export const startAccountMails = (world: World, outside: Outside & RegistrationsOutside): Running =>
  startLoop(world, {
    name: 'account-mails',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const due = await takeWaitingLinks(world.db, BATCH)
      for (const one of due) {
        try {
          await sendAccountMail(outside, one)
        } catch (error) {
          world.log.warn({ id: one.id, error: String(error) }, 'a link is sent later')
        }
      }
      const asked = await sendWaitingRegistrations(outside, world.log, BATCH)
      return due.length === BATCH || asked === BATCH
    },
  })
