/** A forgotten password, a changed one, an address that is proven, and the sessions that end with it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { askForLink, markLinkSent, takeWaitingLinks } from '../../db/account-links.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { sendAccountMail } from '../../workers/account-mails.ts'
import type { MailMessage } from '../../gateways/mail.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  PASSWORD,
  readProblem,
  steadyClock,
  type TestApi,
} from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { mailsAbout, openAccount, openAccountOnPages } from '../support/registering.ts'

const NEXT = 'another long password'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let linkOf: (id: string) => string

beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db, { now: steadyClock })
  const token = (id: string) => deps.keyedHash(`account\n${id}`).toString('base64url')
  linkOf = (id) => `http://gari.test/account-links/${id}/${token(id)}`
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

const newEmail = () => `${randomUUID()}@example.com`
async function register(): Promise<string> {
  const email = newEmail()
  const answer = await openAccount(db, api, buildRegistration({ email }))
  expect(answer.status).toBe(201)
  return email
}
/** As the desk and an earlier release made them: asked to prove the address that they have. */
async function unproven(): Promise<string> {
  const email = await register()
  await inTransaction(db, async (tx) => {
    const [row] = await select<{ id: string }>(
      tx,
      'UPDATE users SET email_verified = false WHERE email = $1 RETURNING id',
      [email],
    )
    const expiresAt = new Date(Date.now() + HOUR_MS)
    await askForLink(tx, { userId: row?.id ?? '', purpose: 'verify_email', expiresAt })
  })
  return email
}
const login = (email: string, password = PASSWORD) => api.post('/auth/login', { email, password })
async function tokenOf(email: string, password = PASSWORD): Promise<Record<string, string>> {
  const { access_token } = (await (await login(email, password)).json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}
const profile = async (headers: Record<string, string>) =>
  (await api.get('/auth/profile', headers)).status

/** What the worker would mail now, to this address. */
async function mailsTo(email: string): Promise<MailMessage[]> {
  const sent: MailMessage[] = []
  const mail = { send: (message: MailMessage) => Promise.resolve(void sent.push(message)) }
  for (const waiting of await takeWaitingLinks(db, 1_000))
    await sendAccountMail({ db, mail, accountLink: linkOf }, waiting)
  return sent.filter(({ to }) => to === email)
}
async function linkIn(email: string, subject: RegExp) {
  const mail = (await mailsTo(email)).find((one) => subject.test(one.subject))
  const [, id = '', token = ''] = /account-links\/([^/]+)\/([\w-]+)/.exec(mail?.text ?? '') ?? []
  return { id, token, path: `/account-links/${id}/${token}` }
}
async function forgot(email: string) {
  const answer = await api.post('/auth/forgot-password', { email })
  expect(answer.status).toBe(202)
  return linkIn(email, /new password/)
}
const reset = (link: { id: string; token: string }, password = NEXT) =>
  api.post('/auth/reset-password', { id: link.id, token: link.token, password })

describe('a forgotten password', () => {
  it('is replaced by a link, once, and every session ends', async () => {
    const email = await register()
    const headers = await tokenOf(email)
    const link = await forgot(email)
    expect((await reset(link)).status).toBe(204)
    expect(await profile(headers)).toBe(401)
    expect((await login(email)).status).toBe(401)
    expect((await login(email, NEXT)).status).toBe(200)
    const again = await reset(link, 'a third long password')
    expect([again.status, (await readProblem(again))['code']]).toEqual([409, 'LINK_OVER'])
    expect((await login(email, NEXT)).status).toBe(200)
  })

  it('is told to the owner, with a link for whoever did not do it', async () => {
    const email = await register()
    await reset(await forgot(email))
    const notice = await linkIn(email, /was changed/)
    expect((await reset(notice, 'mine again, and long')).status).toBe(204)
    expect((await login(email, 'mine again, and long')).status).toBe(200)
  })

  it('is replaced by the newest link only, and by none that is too old or not ours', async () => {
    const email = await register()
    const first = await forgot(email)
    const second = await forgot(email)
    expect((await reset(first)).status).toBe(409)
    expect((await reset({ id: second.id, token: `${second.token.slice(0, -1)}_` })).status).toBe(
      409,
    )
    expect((await reset({ id: randomUUID(), token: second.token })).status).toBe(409)
    await select(
      db,
      "UPDATE account_links SET expires_at = now() - interval '1 hour' WHERE id = $1",
      [second.id],
    )
    expect((await reset(second)).status).toBe(409)
  })

  it('is not replaced by a link that proves an address', async () => {
    const email = await unproven()
    const link = await linkIn(email, /your e-mail/)
    expect((await reset(link)).status).toBe(409)
    expect((await login(email)).status).toBe(200)
  })

  it('says nothing of who has an account, and writes as much for both', async () => {
    const known = await register()
    const unknown = newEmail()
    const answers = []
    for (const email of [known, unknown]) {
      const answer = await api.post('/auth/forgot-password', { email })
      answers.push([answer.status, await answer.text()])
    }
    expect(answers[0]).toEqual(answers[1])
    expect(await mailsTo(unknown)).toEqual([])
    expect(
      await count(db, "account_links WHERE purpose = 'reset_password' AND user_id IS NULL"),
    ).toBe(1)
  })

  it('ends an invitation that was not used, so that no older link lets anybody in', async () => {
    const email = await register()
    await select(
      db,
      `INSERT INTO account_links (user_id, purpose, email, expires_at)
       SELECT id, 'invitation', email, now() + interval '7 days' FROM users WHERE email = $1`,
      [email],
    )
    const invitation = await linkIn(email, /Your account with gari/)
    await reset(await forgot(email))
    expect((await reset(invitation, 'a third long password')).status).toBe(409)
  })

  it('of a closed account stays forgotten', async () => {
    const email = await register()
    const link = await forgot(email)
    await select(db, "UPDATE users SET status = 'suspended' WHERE email = $1", [email])
    expect((await reset(link)).status).toBe(409)
    expect((await api.post('/auth/forgot-password', { email })).status).toBe(202)
    expect(await mailsTo(email)).toEqual([])
  })

  it('is written about in the language that somebody registered in', async () => {
    const visitor = createVisitor(app)
    visitor.setCookie('lang', 'sw')
    await visitor.token('/register')
    const email = newEmail()
    await openAccountOnPages(db, visitor, { ...buildRegistration({ email }) })
    expect((await mailsAbout(db, email))[0]?.subject).toBe('Fungua akaunti yako ya gari')
    await api.post('/auth/forgot-password', { email })
    expect((await mailsTo(email))[0]?.subject).toBe('Chagua nywila mpya')
  })

  it('floods nobody’s mail', async () => {
    const email = await register()
    const answers = []
    for (let nth = 0; nth < 4; nth += 1)
      answers.push((await api.post('/auth/forgot-password', { email })).status)
    expect(answers).toEqual([202, 202, 202, 429])
  })

  it('used twice at once is used once', async () => {
    const email = await register()
    const link = await forgot(email)
    const both = await Promise.all([reset(link, NEXT), reset(link, 'a third long password')])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 409]))
  })

  it('is refused a new one that is too short or too common', async () => {
    const link = await forgot(await register())
    for (const password of ['short', 'password123'])
      expect((await reset(link, password)).status).toBe(400)
    expect((await reset(link)).status).toBe(204)
  })
})

describe('a password', () => {
  it('is changed by who knows it, and every other session ends', async () => {
    const email = await register()
    const [here, there] = [await tokenOf(email), await tokenOf(email)]
    const change = (current: string, next: string) =>
      api.post('/auth/change-password', { current_password: current, new_password: next }, here)
    const wrong = await change('not my password', NEXT)
    expect(wrong.status).toBe(400)
    expect((await readProblem(wrong))['fields']).toMatchObject([{ path: 'current_password' }])
    expect((await change(PASSWORD, NEXT)).status).toBe(204)
    expect([await profile(here), await profile(there)]).toEqual([200, 401])
    expect((await login(email, NEXT)).status).toBe(200)
    const notice = await linkIn(email, /was changed/)
    expect(notice.id).not.toBe('')
  })

  it('cannot be guessed at an open browser', async () => {
    const headers = await tokenOf(await register())
    const guess = { current_password: 'a guess of somebody', new_password: NEXT }
    const answers = []
    for (let nth = 0; nth < 11; nth += 1)
      answers.push((await api.post('/auth/change-password', guess, headers)).status)
    expect(answers.slice(0, 10).every((status) => status === 400)).toBe(true)
    expect(answers.at(-1)).toBe(429)
  })
})

describe('an e-mail', () => {
  it('is proven by the link and a press, not by a program that looks at links', async () => {
    const email = await unproven()
    const { path } = await linkIn(email, /your e-mail/)
    const proven = () => count(db, 'users WHERE email = $1 AND email_verified', [email])
    const visitor = createVisitor(app)
    const shown = await visitor.get(path)
    expect(shown.status).toBe(200)
    // The address is a secret, and goes to nobody else's pages.
    expect(shown.headers.get('referrer-policy')).toBe('same-origin')
    expect(await proven()).toBe(0)
    expect((await visitor.post(path, {})).status).toBe(200)
    expect(await proven()).toBe(1)
    expect((await visitor.get(path)).status).toBe(409)
  })

  it('is proven as well by whoever chose a new password from there', async () => {
    const email = await unproven()
    await reset(await forgot(email))
    expect(await count(db, 'users WHERE email = $1 AND email_verified', [email])).toBe(1)
  })

  it('is mailed again when the server was away, by the same link', async () => {
    const email = await unproven()
    const away = { send: () => Promise.reject(new Error('away')) }
    const [waiting] = (await takeWaitingLinks(db, 1_000)).filter((one) => one.email === email)
    if (!waiting) throw new Error('nothing waits')
    await expect(
      sendAccountMail({ db, mail: away, accountLink: linkOf }, waiting),
    ).rejects.toThrow()
    expect((await mailsTo(email)).length).toBe(0)
    await select(db, 'UPDATE account_links SET next_try_at = now() WHERE id = $1', [waiting.id])
    const [mail] = await mailsTo(email)
    expect(mail?.text).toContain(linkOf(waiting.id))
    await markLinkSent(db, waiting.id)
    expect(await mailsTo(email)).toEqual([])
  })
})

describe('sessions', () => {
  it('are listed with what they are known by, and end one by one or all at once', async () => {
    const email = await register()
    const [here, second, third] = [await tokenOf(email), await tokenOf(email), await tokenOf(email)]
    const list = async () => {
      const { items } = (await (await api.get('/auth/sessions', here)).json()) as {
        items: { id: string; is_this: boolean; kind: string }[]
      }
      return items
    }
    const all = await list()
    expect(all.map(({ is_this, kind }) => [is_this, kind])).toEqual([
      [true, 'bearer'],
      [false, 'bearer'],
      [false, 'bearer'],
    ])
    const end = (id: string, headers = here) =>
      api.request(`/auth/sessions/${id}`, { method: 'DELETE', headers })
    expect((await end(all[1]?.id ?? '')).status).toBe(204)
    expect((await end(all[1]?.id ?? '')).status).toBe(404)
    expect(await list()).toHaveLength(2)
    const stranger = await tokenOf(await register())
    expect((await end(all[0]?.id ?? '', stranger)).status).toBe(404)
    await api.request('/auth/sessions', { method: 'DELETE', headers: here })
    expect([await profile(here), await profile(second), await profile(third)]).toEqual([
      200, 401, 401,
    ])
    const entries = await select<{ after: object }>(
      db,
      `SELECT a.after FROM audit_entries a JOIN users u ON u.id::text = a.entity_id AND a.actor = a.entity_id
       WHERE a.action = 'user.sessions_ended' AND u.email = $1 ORDER BY a.id`,
      [email],
    )
    expect(entries.map(({ after }) => after)).toEqual([
      { which: 'one', sessions: 1 },
      { which: 'all others', sessions: 1 },
    ])
  })

  it('are shown on a page by the browser’s name, and end there', async () => {
    const email = await register()
    const phone =
      'Mozilla/5.0 (Linux; Android 13; SM-A127F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36'
    const enter = async () => {
      const visitor = createVisitor(app)
      await visitor.token()
      await visitor.post('/sign-in', { email, password: PASSWORD }, { 'user-agent': phone })
      await visitor.token('/account/security')
      return visitor
    }
    const [one, other] = [await enter(), await enter()]
    const page = await (await one.get('/account/security')).text()
    expect(page.match(/Chrome, Android/g)?.length).toBeGreaterThan(1)
    await one.post('/account/security/sessions/end-all', {})
    expect((await other.get('/account/security')).status).toBe(303)
    expect((await one.get('/account/security')).status).toBe(200)
  })

  it('begin anew with a new password by the page, which then needs no other sign-in', async () => {
    const email = await register()
    const { path } = await forgot(email)
    const visitor = createVisitor(app)
    await visitor.get(path)
    const wrong = await visitor.post(path, { password: 'short' })
    expect([wrong.status, (await wrong.text()).includes('at least 8 characters')]).toEqual([
      400,
      true,
    ])
    const done = await visitor.post(path, { password: NEXT })
    expect(done.headers.get('location')).toBe('/account/security?done=password')
    expect(await (await visitor.get('/account/security?done=password')).text()).toContain(email)
  })
})
