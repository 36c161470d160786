/** Opening an account by a mailed link: once, by whoever typed it, and by nobody else's mistake. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { createSignInLine } from '../../api/sign-in-line.ts'
import { select } from '../../db/connection.ts'
import { sweepTables } from '../../db/housekeeping.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  PASSWORD,
  readProblem,
  steadyClock,
  type TestApi,
} from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { linkIn, mailsAbout, openAccount, type MailedLink } from '../support/registering.ts'

const STRANGERS = 'a password of a stranger'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let ahead = 0

beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db, {
    now: () => new Date(steadyClock().getTime() + ahead),
    limits: { ...buildDeps(db).limits, sharedFactor: 100 },
  })
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

const newEmail = () => `${randomUUID()}@example.com`
const fieldsOf = (email: string, over: object = {}) =>
  buildRegistration({ email, ...over }) as Record<string, string>
const ask = (email: string, over: object = {}) => api.post('/auth/register', fieldsOf(email, over))
const confirm = ({ id, token }: MailedLink, password = PASSWORD) =>
  api.post('/auth/register/confirm', { id, token, password })
const accounts = (email: string) => count(db, 'users WHERE email = $1', [email])
const login = async (email: string, password = PASSWORD) =>
  (await api.post('/auth/login', { email, password })).status
const lastLink = async (email: string) => linkIn((await mailsAbout(db, email)).at(-1))

async function visit(path = '/register'): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token(path)
  return visitor
}
const isIn = async (visitor: Visitor) => (await visitor.get('/account/security')).status === 200

describe('a mailed link', () => {
  it('makes the account, with its address proven, and not before', async () => {
    const email = newEmail()
    const asked = await ask(email)
    expect([asked.status, await asked.json()]).toEqual([202, { status: 'mailed' }])
    expect([await accounts(email), await login(email)]).toEqual([0, 401])
    const made = await confirm(await lastLink(email))
    expect(made.status).toBe(201)
    expect(await made.json()).toMatchObject({
      email,
      first_name: 'Achieng',
      phone: '+254712000111',
    })
    expect(await count(db, 'users WHERE email = $1 AND email_verified', [email])).toBe(1)
    expect(await login(email)).toBe(200)
  })

  it('is good once, also when it is opened twice at once', async () => {
    const email = newEmail()
    await ask(email)
    const link = await lastLink(email)
    const both = await Promise.all([confirm(link), confirm(link)])
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409])
    expect(await readProblem(await confirm(link))).toMatchObject({ code: 'LINK_OVER' })
    expect(await accounts(email)).toBe(1)
  })

  it('is over after a day, and what was typed goes with it', async () => {
    const email = newEmail()
    await ask(email)
    const link = await lastLink(email)
    ahead = DAY_MS
    try {
      expect(await readProblem(await confirm(link))).toMatchObject({ code: 'LINK_OVER' })
      await sweepTables(db, new Date(steadyClock().getTime() + ahead))
      expect(await count(db, 'registrations WHERE id = $1', [link.id])).toBe(0)
    } finally {
      ahead = 0
    }
  })

  it('is none that we did not make', async () => {
    const email = newEmail()
    await ask(email)
    const link = await lastLink(email)
    const others = [
      { ...link, token: `${link.token.slice(0, -1)}_` },
      { ...link, id: randomUUID() },
    ]
    for (const one of others)
      expect(await readProblem(await confirm(one))).toMatchObject({ code: 'LINK_OVER' })
    const page = await (await visit()).get(`/register/nobody/${link.token}`)
    expect([page.status, (await page.text()).includes('This link was used')]).toEqual([409, true])
    expect((await confirm(link)).status).toBe(201)
  })

  it('shows a button first, and opens nothing for a program that looks at links', async () => {
    const visitor = await visit()
    const email = newEmail()
    await visitor.post('/register', fieldsOf(email))
    const { path } = await lastLink(email)
    const shown = await visitor.get(path)
    expect(shown.headers.get('referrer-policy')).toBe('same-origin')
    const html = await shown.text()
    expect(html).toContain(email)
    expect(html).not.toContain('name="password"')
    expect(html).not.toContain('000 111')
    expect(await accounts(email)).toBe(0)
    const opened = await visitor.post(path, {})
    expect([opened.status, await isIn(visitor)]).toEqual([303, true])
  })
})

describe('in another browser', () => {
  it('takes the password that was chosen', async () => {
    const email = newEmail()
    await (await visit()).post('/register', fieldsOf(email, { next: '/account/details' }))
    const { path } = await lastLink(email)
    const phone = await visit(path)
    expect(await (await phone.get(path)).text()).toContain('name="password"')
    for (const password of ['', 'not the password']) {
      const wrong = await phone.post(path, { password })
      expect(wrong.status).toBe(400)
      expect(await wrong.text()).toContain('This is not the password that was chosen')
    }
    expect(await accounts(email)).toBe(0)
    const opened = await phone.post(path, { password: PASSWORD })
    expect(opened.headers.get('location')).toBe('/account/details')
    expect(await isIn(phone)).toBe(true)
  })

  it('makes nothing of what a stranger typed with an address that is not theirs', async () => {
    const email = newEmail()
    await (await visit()).post('/register', fieldsOf(email, { password: STRANGERS }))
    const owner = await visit()
    const { path } = await lastLink(email)
    await owner.get(path)
    expect((await owner.post(path, { password: PASSWORD })).status).toBe(400)
    await owner.token('/register')
    await owner.post('/register', fieldsOf(email))
    const theirs = await lastLink(email)
    await owner.get(theirs.path)
    expect((await owner.post(theirs.path, {})).status).toBe(303)
    expect([await login(email), await login(email, STRANGERS)]).toEqual([200, 401])
  })

  it('cannot be guessed without end', async () => {
    const email = newEmail()
    const narrow = createTestApi(buildDeps(db, { now: steadyClock }))
    await ask(email)
    const { id, token } = await lastLink(email)
    const statuses = []
    for (let nth = 0; nth < 31; nth += 1)
      statuses.push(
        (await narrow.post('/auth/register/confirm', { id, token, password: `guess ${nth}` }))
          .status,
      )
    expect([statuses[0], statuses.at(-1)]).toEqual([400, 429])
  })
})

describe('one e-mail asked for twice', () => {
  it('gets two mails; the first that is opened wins, and the second says so', async () => {
    const email = newEmail()
    const [first, second] = [await visit(), await visit()]
    await Promise.all([
      first.post('/register', fieldsOf(email)),
      second.post('/register', fieldsOf(email, { password: STRANGERS })),
    ])
    const mails = await mailsAbout(db, email)
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Open your account with gari',
      'Open your account with gari',
    ])
    const answers: Response[] = []
    for (const mail of mails)
      for (const visitor of [first, second]) {
        const { path } = linkIn(mail)
        const shown = await visitor.get(path)
        if (shown.status !== 200 || (await shown.text()).includes('name="password"')) continue
        answers.push(await visitor.post(path, {}))
      }
    expect(answers.map(({ status }) => status)).toEqual([303, 409])
    expect(await answers[1]?.text()).toContain('You have an account already')
    expect(await accounts(email)).toBe(1)
    const ids = mails.map((mail) => linkIn(mail).id)
    expect(await count(db, 'registrations WHERE id = ANY ($1)', [ids])).toBe(0)
  })

  it('opened at the same moment makes one account', async () => {
    const email = newEmail()
    await ask(email)
    await ask(email)
    const links = (await mailsAbout(db, email)).map(linkIn)
    const both = await Promise.all(links.map((link) => confirm(link)))
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409])
    const refused = both.find(({ status }) => status === 409) as Response
    expect(await readProblem(refused)).toMatchObject({ code: 'EMAIL_TAKEN' })
    expect(await accounts(email)).toBe(1)
  })
})

describe('whoever has an account', () => {
  it('is told so by mail in their own language, with ways in and none that opens another', async () => {
    const email = newEmail()
    await openAccount(db, api, { ...fieldsOf(email), email, password: PASSWORD })
    await select(db, "UPDATE users SET language = 'sw' WHERE email = $1", [email])
    const before = await count(db, 'registrations')
    expect((await ask(email.toUpperCase())).status).toBe(202)
    const mail = (await mailsAbout(db, email)).at(-1)
    expect(mail?.subject).toBe('Tayari una akaunti ya gari')
    expect(mail?.text).toContain('/sign-in')
    expect(mail?.text).toContain('/forgot-password')
    expect(mail?.text).not.toContain('/register/')
    expect(await count(db, 'registrations')).toBe(before)
  })

  it('who got one meanwhile is told by the page', async () => {
    const email = newEmail()
    const [here, there] = [await visit(), await visit()]
    for (const visitor of [here, there]) await visitor.post('/register', fieldsOf(email))
    const [one, other] = (await mailsAbout(db, email)).map(linkIn)
    await here.get(one?.path ?? '')
    await here.post(one?.path ?? '', { password: PASSWORD })
    await there.get(other?.path ?? '')
    const told = await there.post(other?.path ?? '', { password: PASSWORD })
    expect(told.status).toBe(409)
    const html = await told.text()
    for (const way of ['/sign-in', '/forgot-password']) expect(html).toContain(`href="${way}"`)
  })
})

describe('what waits', () => {
  it('can be read by nobody who has the table', async () => {
    const [email, phone] = [newEmail(), nextPhone()]
    await ask(email, { phone, first_name: 'Zuberi', last_name: 'Kihara' })
    const [row] = await select<{ row: string; sealed: Buffer }>(
      db,
      'SELECT r::text AS row, sealed FROM registrations r ORDER BY asked_at DESC LIMIT 1',
    )
    const seen = `${row?.row} ${row?.sealed.toString('latin1')}`
    for (const secret of [email, phone, phone.slice(4), 'Zuberi', 'Kihara', 'argon2'])
      expect(seen).not.toContain(secret)
  })

  it('is mailed again when the server was away, by the same link', async () => {
    const email = newEmail()
    await ask(email)
    const first = (await mailsAbout(db, email)).at(-1)
    await select(db, 'UPDATE registrations SET sent_at = NULL, next_try_at = now()')
    const again = (await mailsAbout(db, email)).at(-1)
    expect(again?.messageId).toBe(first?.messageId)
    expect(linkIn(again)).toEqual(linkIn(first))
    const mails = (await mailsAbout(db, email)).length
    expect((await mailsAbout(db, email)).length).toBe(mails)
  })
})

describe('the page after the form', () => {
  it('takes whoever goes back to what they typed, without the password', async () => {
    const visitor = await visit()
    const email = newEmail()
    const fields = { ...fieldsOf(email), wording: '1', marketing_sms: 'yes', next: '/bookings' }
    const html = await (await visitor.post('/register', fields)).text()
    expect(html).toContain(email)
    expect(html).not.toContain(PASSWORD)
    const again = { ...fields, password: '', back: 'yes' }
    const back = await (await visitor.post('/register', again)).text()
    for (const value of [email, 'Achieng', 'Odhiambo', '0712 000 111', '/bookings'])
      expect(back).toContain(`value="${value}"`)
    expect(back).toMatch(/<input[^>]*marketing_sms[^>]*checked/)
    expect((await mailsAbout(db, email)).length).toBe(1)
  })

  it('counts no mail that was not sent since too many were signing in', async () => {
    const email = newEmail()
    const from = { 'x-forwarded-for': '203.0.113.90' }
    const signInLine = createSignInLine({ atOnce: 0, mostWaiting: 0 })
    const limits = { ...buildDeps(db).limits, sharedFactor: 100 }
    const busy = createTestApi(buildDeps(db, { now: steadyClock, signInLine, limits }))
    for (let nth = 0; nth < 3; nth += 1)
      expect((await busy.post('/auth/register', fieldsOf(email), from)).status).toBe(503)
    expect((await api.post('/auth/register', fieldsOf(email), from)).status).toBe(202)
  })

  it('floods nobody’s mail, and a stranger elsewhere keeps nobody from registering', async () => {
    const email = newEmail()
    const from = (source: string) =>
      api.post('/auth/register', fieldsOf(email), { 'x-forwarded-for': source })
    const statuses = []
    for (let nth = 0; nth < 4; nth += 1) statuses.push((await from('203.0.113.5')).status)
    expect(statuses).toEqual([202, 202, 202, 429])
    expect((await from('203.0.113.6')).status).toBe(202)
    for (let nth = 7; nth < 20; nth += 1) statuses.push((await from(`203.0.113.${nth}`)).status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(11)
    expect((await mailsAbout(db, email)).length).toBe(12)
  })
})
