/** Opens accounts as people do: what they type, the mail that comes of it, and the link in that. */
import {
  createRegistrationSealer,
  takeWaitingRegistrations,
  type RegistrationSealer,
} from '../../db/registrations.ts'
import type { MailMessage } from '../../gateways/mail.ts'
import { sendRegistrationMail } from '../../workers/registration-mails.ts'
import { buildDeps, ORIGIN, type TestApi } from './api.ts'
import type { Visitor } from './browser.ts'
import type { TestDatabase } from './database.ts'

const keyed = (db: TestDatabase) => {
  const deps = buildDeps(db)
  return (text: string) => deps.keyedHash(text)
}
export const sealerOf = (db: TestDatabase): RegistrationSealer =>
  createRegistrationSealer(keyed(db))
const tokenOf = (db: TestDatabase, id: string) =>
  keyed(db)(`registration\n${id}`).toString('base64url')

const linksOf = (db: TestDatabase) => (id: string) => ({
  open: `${ORIGIN}/register/${id}/${tokenOf(db, id)}`,
  signIn: `${ORIGIN}/sign-in`,
  reset: `${ORIGIN}/forgot-password`,
})

/** What was mailed from each database; one look after the other, so that none takes another's mail away. */
const boxes = new WeakMap<TestDatabase, { mails: MailMessage[]; last: Promise<void> }>()

async function mailAll(db: TestDatabase, mails: MailMessage[]): Promise<void> {
  const mail = { send: (message: MailMessage) => Promise.resolve(void mails.push(message)) }
  const registrations = { sealer: sealerOf(db), linksOf: linksOf(db) }
  for (const waiting of await takeWaitingRegistrations(db, registrations.sealer, 1_000))
    await sendRegistrationMail({ db, mail, registrations }, waiting)
}

/** All that was mailed to this address about registering, the oldest first. */
export async function mailsAbout(db: TestDatabase, email: string): Promise<MailMessage[]> {
  const box = boxes.get(db) ?? { mails: [], last: Promise.resolve() }
  boxes.set(db, box)
  box.last = box.last.then(() => mailAll(db, box.mails))
  await box.last
  return box.mails.filter(({ to }) => to === email.toLowerCase())
}

export type MailedLink = { id: string; token: string; path: string }

export const linkIn = (mail: MailMessage | undefined): MailedLink => {
  const [path = '', id = '', token = ''] =
    /\/register\/([^/]+)\/([\w-]+)/.exec(mail?.text ?? '') ?? []
  return { id, token, path }
}

type Registration = { email: string; password: string } & Record<string, unknown>

/** Over REST; answers what the opening was answered, which is the account. */
export async function openAccount(
  db: TestDatabase,
  api: TestApi,
  registration: Registration,
): Promise<Response> {
  const asked = await api.post('/auth/register', registration)
  if (asked.status !== 202) return asked
  const { id, token } = linkIn((await mailsAbout(db, registration.email)).at(-1))
  return api.post('/auth/register/confirm', { id, token, password: registration.password })
}

/** By the pages, in one browser, which is then signed in; answers what the press was answered. */
export async function openAccountOnPages(
  db: TestDatabase,
  visitor: Visitor,
  fields: Record<string, string>,
): Promise<Response> {
  const asked = await visitor.post('/register', fields)
  if (asked.status !== 200) return asked
  const { path } = linkIn((await mailsAbout(db, fields['email'] ?? '')).at(-1))
  await visitor.get(path)
  return visitor.post(path, {})
}
