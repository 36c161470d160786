/** Mails the links that make accounts. Only here it shows who has one already, and only to whoever reads that mail. */
import { composeRegistrationMail } from '../activities/account-mails.ts'
import type { Database } from '../db/connection.ts'
import {
  markRegistrationSent,
  takeWaitingRegistrations,
  type RegistrationSealer,
  type WaitingRegistration,
} from '../db/registrations.ts'
import type { RegistrationLinks } from '../domain/registering-texts.ts'
import type { Mail } from '../gateways/mail.ts'
import type { World } from './world.ts'

export type RegistrationsOutside = {
  db: Database
  mail: Pick<Mail, 'send'>
  registrations: { sealer: RegistrationSealer; linksOf: (id: string) => RegistrationLinks }
}

export async function sendRegistrationMail(
  { db, mail, registrations }: RegistrationsOutside,
  waiting: WaitingRegistration,
): Promise<void> {
  await mail.send(await composeRegistrationMail(waiting, registrations.linksOf(waiting.id)))
  await markRegistrationSent(db, waiting)
}

/** Answers how many were due. */
export async function sendWaitingRegistrations(
  outside: RegistrationsOutside,
  log: World['log'],
  most: number,
): Promise<number> {
  const { db, registrations } = outside
  const due = await takeWaitingRegistrations(db, registrations.sealer, most)
  for (const one of due) {
    try {
      await sendRegistrationMail(outside, one)
    } catch (error) {
      log.warn({ id: one.id, error: String(error) }, 'a link is sent later')
    }
  }
  return due.length
}
