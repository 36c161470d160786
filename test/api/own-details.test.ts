/** Proving a phone and another e-mail: by a code, by a link, after a fresh sign-in, and told to whoever had them before. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { takeWaitingLinks } from '../../db/account-links.ts'
import { findContact } from '../../db/accounts.ts'
import { select } from '../../db/connection.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import type { MailMessage } from '../../gateways/mail.ts'
import { sendAccountMail } from '../../workers/account-mails.ts'
import { buildDeps, buildRegistration, PASSWORD, steadyClock } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccountOnPages } from '../support/registering.ts'

const DETAILS = '/account/details'

let db: TestDatabase
let app: Hono<Env>
let deps: ReturnType<typeof buildDeps>
let linkOf: (id: string) => string

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db, { now: steadyClock, limits: { ...buildDeps(db).limits, sharedFactor: 100 } })
  const token = (id: string) => deps.keyedHash(`account\n${id}`).toString('base64url')
  linkOf = (id) => `http://gari.test/account-links/${id}/${token(id)}`
  app = createApp(deps)
})
afterAll(() => db.drop())

const newEmail = () => `${randomUUID()}@example.com`
const lastCode = () => /\b\d{6}\b/.exec(deps.sent.at(-1)?.text ?? '')?.[0] ?? ''
const textsTo = (phone: string) =>
  deps.sent.filter(({ to }) => to === phone).map(({ text }) => text)

/** Somebody who has registered by e-mail, on the page of their details. */
async function enter(): Promise<{ email: string; phone: string; visitor: Visitor }> {
  const [email, phone] = [newEmail(), nextPhone()]
  const visitor = createVisitor(app)
  await visitor.token('/register')
  const fields = buildRegistration({ email, phone }) as Record<string, string>
  expect((await openAccountOnPages(db, visitor, fields)).status).toBe(303)
  await visitor.token(DETAILS)
  return { email, phone, visitor }
}
async function signInBySms(phone: string): Promise<{ visitor: Visitor; answer: Response }> {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in/phone', { phone, name: 'Atieno Were' })
  const fields = { phone, name: 'Atieno Were', next: DETAILS, code: lastCode() }
  const answer = await visitor.post('/sign-in/code', fields)
  await visitor.token(DETAILS)
  return { visitor, answer }
}
async function prove(visitor: Visitor, phone: string): Promise<Response> {
  const asked = await visitor.post(`${DETAILS}/phone`, { phone })
  expect(asked.status).toBe(200)
  return visitor.post(`${DETAILS}/phone/prove`, { phone, code: lastCode() })
}

async function mailsTo(email: string): Promise<MailMessage[]> {
  const sent: MailMessage[] = []
  const mail = { send: (message: MailMessage) => Promise.resolve(void sent.push(message)) }
  for (const waiting of (await takeWaitingLinks(db, 1_000)).filter((one) => one.email === email))
    await sendAccountMail({ db, mail, accountLink: linkOf }, waiting)
  await select(db, 'UPDATE account_links SET next_try_at = now() WHERE sent_at IS NULL')
  return sent
}
async function pathIn(email: string, subject: RegExp): Promise<string> {
  const mail = (await mailsTo(email)).find((one) => subject.test(one.subject))
  return /\/account-links\/[^/]+\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? ''
}
/** Opens a mailed link and presses. */
async function press(path: string, fields: Record<string, string> = {}): Promise<Response> {
  const visitor = createVisitor(app)
  expect((await visitor.get(path)).status).toBe(200)
  return visitor.post(path, fields)
}
async function changeEmail(visitor: Visitor, email: string): Promise<Response> {
  const asked = await visitor.post(`${DETAILS}/email`, { email })
  expect([asked.status, asked.headers.get('location')]).toEqual([303, `${DETAILS}?done=email`])
  return press(await pathIn(email, /your e-mail/))
}
const standing = async (where: string, value: string) => {
  const [row] = await select<{ id: string; email: string }>(
    db,
    `SELECT id, email FROM users WHERE ${where === 'phone' ? 'phone_index' : where} = $1`,
    [where === 'phone' ? phoneIndex(db, value) : value],
  )
  const contact = row && (await findContact(db, row.id))
  return row && { ...row, phone: contact?.phone ?? null, proven: contact?.verified ?? false }
}

describe('a phone', () => {
  it('is proven by a code, and opens the same account by SMS from then on', async () => {
    const { email, phone, visitor } = await enter()
    const before = await signInBySms(nextPhone())
    expect(before.answer.status).toBe(303)
    const done = await prove(visitor, phone)
    expect(done.headers.get('location')).toBe(`${DETAILS}?done=phone`)
    expect(await (await visitor.get(`${DETAILS}?done=phone`)).text()).toContain('is proven')
    const { visitor: other } = await signInBySms(phone)
    expect(await (await other.get(DETAILS)).text()).toContain(email)
    expect(await count(db, 'users WHERE phone_index = $1', [phoneIndex(db, phone)])).toBe(1)
  })

  it('that was not proven opens nothing of the account that wrote it', async () => {
    const { email, phone } = await enter()
    const { visitor } = await signInBySms(phone)
    expect(await (await visitor.get(DETAILS)).text()).not.toContain(email)
  })

  it('is not proven by a wrong code, nor by one that was sent to sign in', async () => {
    const { phone, visitor } = await enter()
    await visitor.post(`${DETAILS}/phone`, { phone })
    const wrong = lastCode() === '000000' ? '111111' : '000000'
    const refused = await visitor.post(`${DETAILS}/phone/prove`, { phone, code: wrong })
    expect([refused.status, (await refused.text()).includes('Look at the SMS again')]).toEqual([
      401,
      true,
    ])
    await visitor.post('/sign-in/phone', { phone, name: 'Atieno Were' })
    const forSignIn = await visitor.post(`${DETAILS}/phone/prove`, { phone, code: lastCode() })
    expect(forSignIn.status).toBe(401)
    expect(await standing('phone', phone)).toMatchObject({ proven: false })
  })

  it('is changed with a word to the old number and to the mail, which takes it back', async () => {
    const { email, phone, visitor } = await enter()
    await prove(visitor, phone)
    const next = nextPhone()
    await visitor.token(DETAILS)
    expect((await prove(visitor, next)).status).toBe(303)
    expect(textsTo(phone).at(-1)).toContain('another phone')
    const path = await pathIn(email, /A phone opens/)
    const reset = await press(path, { password: 'another long password' })
    expect(reset.headers.get('location')).toBe('/account/security?done=password')
    expect(await standing('email', email)).toMatchObject({ phone: null, proven: false })
    expect((await visitor.get(DETAILS)).status).toBe(303)
  })

  it('of another customer stays theirs, and whoever reads its SMS is told so', async () => {
    const owner = nextPhone()
    await signInBySms(owner)
    const { phone, visitor } = await enter()
    const answer = await prove(visitor, owner)
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('opens another account already')
    expect(await standing('phone', phone)).toMatchObject({ proven: false })
  })

  it('proven by two at once is one account’s', async () => {
    const [one, other] = [await enter(), await enter()]
    const phone = nextPhone()
    const codes: string[] = []
    for (const { visitor } of [one, other]) {
      await visitor.post(`${DETAILS}/phone`, { phone })
      codes.push(lastCode())
    }
    const answers = await Promise.all(
      [one, other].map(({ visitor }, nth) =>
        visitor.post(`${DETAILS}/phone/prove`, { phone, code: codes[nth] ?? '' }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      303, 409,
    ])
  })

  it('rings no stranger: one person asks for six codes an hour, whatever the numbers', async () => {
    const { visitor } = await enter()
    const answers: number[] = []
    for (let nth = 0; nth < 7; nth += 1)
      answers.push((await visitor.post(`${DETAILS}/phone`, { phone: nextPhone() })).status)
    expect(answers).toEqual([200, 200, 200, 200, 200, 200, 429])
  })

  it('still leads to the second step where there is one', async () => {
    const { email, phone, visitor } = await enter()
    await prove(visitor, phone)
    const id = (await standing('email', email))?.id ?? ''
    await select(
      db,
      "INSERT INTO passkeys (user_id, credential_id, public_key, name) VALUES ($1, $2, '\\x00', 'Key')",
      [id, randomUUID()],
    )
    const { answer } = await signInBySms(phone)
    expect(answer.headers.get('location')).toContain('/sign-in/second-step')
  })
})

describe('an e-mail', () => {
  it('becomes another one by its link, is told to the old, and goes back from there', async () => {
    const { email, phone, visitor } = await enter()
    await press(await pathIn(email, /your e-mail/))
    const next = newEmail()
    expect((await changeEmail(visitor, next)).status).toBe(200)
    expect(await standing('email', email)).toBeUndefined()
    await visitor.token(DETAILS)
    await prove(visitor, phone)
    const path = await pathIn(email, /another e-mail/)
    const back = await press(path, { password: 'another long password' })
    expect(back.headers.get('location')).toBe('/account/security?done=password')
    expect(await standing('email', next)).toBeUndefined()
    // What came since went with it.
    expect(await standing('email', email)).toMatchObject({ phone: null, proven: false })
    expect((await visitor.get(DETAILS)).status).toBe(303)
    expect((await createVisitor(app).get(path)).status).toBe(409)
  })

  it('goes back to the first owner, however often and with whatever password it was changed', async () => {
    const { email, visitor } = await enter()
    await press(await pathIn(email, /your e-mail/))
    const [second, third] = [newEmail(), newEmail()]
    await changeEmail(visitor, second)
    const change = { current_password: PASSWORD, new_password: 'a thief chose this one' }
    await visitor.token('/account/security')
    expect((await visitor.post('/account/security/password', change)).status).toBe(303)
    await visitor.token(DETAILS)
    await changeEmail(visitor, third)
    const fromSecond = await pathIn(second, /another e-mail/)
    await press(await pathIn(email, /another e-mail/), { password: 'another long password' })
    expect(await standing('email', email)).toBeDefined()
    expect((await createVisitor(app).get(fromSecond)).status).toBe(409)
  })

  it('that was never proven is told without a link: it may be a stranger’s', async () => {
    const { email, visitor } = await enter()
    await select(db, 'UPDATE users SET email_verified = false WHERE email = $1', [email])
    await changeEmail(visitor, newEmail())
    const [mail] = (await mailsTo(email)).filter(({ subject }) => /has left/.test(subject))
    expect(mail?.text).toContain('Call us.')
    expect(mail?.text).not.toContain('http')
    const [link] = await select<{ id: string }>(
      db,
      "SELECT id FROM account_links WHERE purpose = 'email_left' AND email = $1",
      [email],
    )
    const path = new URL(linkOf(link?.id ?? '')).pathname
    expect((await createVisitor(app).get(path)).status).toBe(409)
  })

  it('comes to an account of a phone, which is told', async () => {
    const phone = nextPhone()
    const { visitor } = await signInBySms(phone)
    const email = newEmail()
    expect((await changeEmail(visitor, email)).status).toBe(200)
    expect(await standing('email', email)).toMatchObject({ phone, proven: true })
    expect(textsTo(phone).at(-1)).toContain('an e-mail was added')
    const again = await signInBySms(phone)
    expect(await (await again.visitor.get(DETAILS)).text()).toContain(email)
  })

  it('of somebody else is not said to be theirs before its mail is read', async () => {
    const owner = await enter()
    const { visitor } = await enter()
    const answer = await visitor.post(`${DETAILS}/email`, { email: owner.email })
    expect(answer.headers.get('location')).toBe(`${DETAILS}?done=email`)
    const mails = await mailsTo(owner.email)
    const path = /\/account-links\/[^/]+\/[\w-]+/.exec(
      mails.find(({ text }) => text.includes('use it with this address'))?.text ?? '',
    )?.[0]
    expect((await press(path ?? '')).status).toBe(409)
    expect(await standing('email', owner.email)).toBeDefined()
  })

  it('is no longer waited for once its owner chose a new password', async () => {
    const { visitor } = await enter()
    const next = newEmail()
    await visitor.post(`${DETAILS}/email`, { email: next })
    const path = await pathIn(next, /your e-mail/)
    await visitor.token('/account/security')
    const change = { current_password: PASSWORD, new_password: 'another long password' }
    await visitor.post('/account/security/password', change)
    expect((await createVisitor(app).get(path)).status).toBe(409)
  })
})

describe('how somebody comes in', () => {
  it('is not changed at a browser that stands open', async () => {
    const { email, phone, visitor } = await enter()
    await select(
      db,
      `UPDATE sessions SET created_at = now() - interval '16 minutes' WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
      [email],
    )
    const page = await (await visitor.get(DETAILS)).text()
    expect(page).toContain('sign in again')
    expect(page).not.toContain(`action="${DETAILS}/phone"`)
    expect((await visitor.post(`${DETAILS}/phone`, { phone })).status).toBe(403)
    expect((await visitor.post(`${DETAILS}/email`, { email: newEmail() })).status).toBe(403)
    const again = await visitor.post(`${DETAILS}/again`, {})
    expect(again.headers.get('location')).toBe('/sign-in?next=%2Faccount%2Fdetails')
  })

  it('is not theirs to change where somebody works here', async () => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email: 'desk@example.com', password: SAMPLE_PASSWORD })
    const page = await (await visitor.get(DETAILS)).text()
    expect(page).not.toContain(`action="${DETAILS}/phone"`)
    expect((await visitor.post(`${DETAILS}/phone`, { phone: nextPhone() })).status).toBe(403)
    expect((await visitor.post(`${DETAILS}/email`, { email: newEmail() })).status).toBe(403)
  })

  it('is in the audit without a phone or an address', async () => {
    const { email, phone, visitor } = await enter()
    await prove(visitor, phone)
    const id = (await standing('email', email))?.id ?? ''
    const rows = await select<{ action: string; text: string }>(
      db,
      'SELECT action, a::text AS text FROM audit_entries a WHERE entity_id = $1',
      [id],
    )
    expect(rows.map(({ action }) => action)).toContain('user.phone_proven')
    for (const { text } of rows) expect(text).not.toContain(phone.slice(-6))
  })
})
