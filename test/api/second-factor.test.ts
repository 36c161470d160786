/** The second step: an app set up and used, codes on paper, who must have one, and everything that must not let anybody in. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { generateSync } from 'otplib'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { select, selectOne } from '../../db/connection.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  PASSWORD,
  readProblem,
} from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

const MINUTE_MS = 60_000
let db: TestDatabase
let app: Hono<Env>
/** Moves on by hand, so that the app shows another code. */
let now = Date.now()

const build = (over = {}) => createApp(buildDeps(db, { now: () => new Date(now), ...over }))
beforeAll(async () => {
  db = await createTestDatabase()
  app = build()
})
afterAll(() => db.drop())

type Person = { email: string; password: string }
async function register(): Promise<Person> {
  const email = `${randomUUID()}@example.com`
  const answer = await openAccount(
    db,
    createTestApi(buildDeps(db)),
    buildRegistration({ email, password: PASSWORD }),
  )
  expect(answer.status).toBe(201)
  return { email, password: PASSWORD }
}
const visit = async (on: Hono<Env> = app): Promise<Visitor> => {
  const visitor = createVisitor(on)
  await visitor.token()
  return visitor
}
async function signIn(who: Person, on: Hono<Env> = app, next = '') {
  const visitor = await visit(on)
  const answer = await visitor.post('/sign-in', { ...who, next })
  return { visitor, answer, to: answer.headers.get('location') }
}
const isIn = async (visitor: Visitor) => (await visitor.get('/account/security')).status === 200
const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(now / 1000) })
/** The app's next code: each counts once. */
const wait = () => {
  now += MINUTE_MS
}
const secretIn = (html: string) =>
  /class="secret">([A-Z2-7 ]+)</.exec(html)?.[1]?.replaceAll(' ', '') ?? ''
const papersIn = (html: string) =>
  [...html.matchAll(/<code>(\w{5}-\w{5})<\/code>/g)].map(([, one]) => one ?? '')

/** Signs in, sets up an app, and answers what it was given. */
async function enrol(who: Person, on: Hono<Env> = app) {
  const { visitor } = await signIn(who, on)
  await visitor.get('/account/two-factor')
  const begun = await visitor.post('/account/two-factor/app', {})
  expect(begun.headers.get('location')).toBe('/account/two-factor/app')
  const secret = secretIn(await (await visitor.get('/account/two-factor/app')).text())
  const done = await visitor.post('/account/two-factor/app/confirm', { code: codeOf(secret) })
  const papers = papersIn(await done.text())
  wait()
  return { visitor, secret, papers, status: done.status }
}

describe('an app', () => {
  it('is asked for its code after the password, and only then is somebody in', async () => {
    const who = await register()
    const { secret, status, papers } = await enrol(who)
    expect([status, papers.length, new Set(papers).size]).toEqual([200, 10, 10])
    const { visitor, to } = await signIn(who, app, '/bookings')
    expect(to).toBe('/sign-in/second-step?next=%2Fbookings')
    expect(await isIn(visitor)).toBe(false)
    const waiting = visitor.session
    await visitor.get(to ?? '')
    const answer = await visitor.post('/sign-in/second-step', {
      code: codeOf(secret),
      next: '/bookings',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/bookings'])
    expect(await isIn(visitor)).toBe(true)
    // A new id, so that whoever saw the waiting one has nothing.
    expect(visitor.session).not.toBe(waiting)
    const other = createVisitor(app)
    other.setCookie('__Host-sid', waiting ?? '')
    expect(await isIn(other)).toBe(false)
    expect((await other.get('/sign-in/second-step')).headers.get('location')).toContain('/sign-in')
  })

  it('counts each code once, a wrong one never, and one of long ago neither', async () => {
    const who = await register()
    const { secret } = await enrol(who)
    const code = codeOf(secret)
    const first = await signIn(who)
    await first.visitor.get(first.to ?? '')
    expect((await first.visitor.post('/sign-in/second-step', { code })).status).toBe(303)
    const second = await signIn(who)
    await second.visitor.get(second.to ?? '')
    const replayed = await second.visitor.post('/sign-in/second-step', { code })
    expect(replayed.status).toBe(401)
    expect(await replayed.text()).toContain('was used already')
    const old = codeOf(secret)
    wait()
    wait()
    expect((await second.visitor.post('/sign-in/second-step', { code: old })).status).toBe(401)
    expect((await second.visitor.post('/sign-in/second-step', { code: '000000' })).status).toBe(401)
    expect(await isIn(second.visitor)).toBe(false)
    const both = await Promise.all(
      ['a', 'b'].map(async () => {
        const { visitor, to } = await signIn(who)
        await visitor.get(to ?? '')
        return (await visitor.post('/sign-in/second-step', { code: codeOf(secret) })).status
      }),
    )
    expect(both.toSorted((left, right) => left - right)).toEqual([303, 401])
  })

  it('is not guessed: after ten wrong codes a right one does not count either', async () => {
    const who = await register()
    const { secret } = await enrol(who)
    const { visitor, to } = await signIn(who)
    await visitor.get(to ?? '')
    for (let n = 0; n < 10; n += 1)
      expect((await visitor.post('/sign-in/second-step', { code: '111111' })).status).toBe(401)
    const right = await visitor.post('/sign-in/second-step', { code: codeOf(secret) })
    expect(right.status).toBe(429)
    expect(await isIn(visitor)).toBe(false)
  })

  it('stands nowhere in clear, and is not shown again once it is on', async () => {
    const who = await register()
    const { secret, visitor } = await enrol(who)
    const row = await selectOne<{ secret: Buffer }>(
      db,
      'SELECT a.secret FROM authenticators a JOIN users u ON u.id = a.user_id WHERE u.email = $1',
      [who.email],
    )
    expect(row?.secret.toString('latin1')).not.toContain(secret)
    const again = await visitor.get('/account/two-factor/app')
    expect(again.headers.get('location')).toBe('/account/two-factor')
  })

  it('signs everybody else out when it is turned on', async () => {
    const who = await register()
    const { visitor: elsewhere } = await signIn(who)
    expect(await isIn(elsewhere)).toBe(true)
    const { visitor } = await enrol(who)
    expect([await isIn(elsewhere), await isIn(visitor)]).toEqual([false, true])
  })

  it('is turned off with a code only, and with it go the codes on paper', async () => {
    const who = await register()
    const { secret, visitor } = await enrol(who)
    await visitor.get('/account/two-factor')
    expect((await visitor.post('/account/two-factor/remove', { code: '123456' })).status).toBe(401)
    const off = await visitor.post('/account/two-factor/remove', { code: codeOf(secret) })
    expect(off.headers.get('location')).toBe('/account/two-factor?done=off')
    expect((await signIn(who)).to).not.toContain('second-step')
    expect(
      await count(
        db,
        `recovery_codes c JOIN users u ON u.id = c.user_id WHERE u.email = '${who.email}'`,
      ),
    ).toBe(0)
  })
})

describe('somebody at a browser that stands open', () => {
  it('cannot add or take away anything before they sign in again', async () => {
    const who = await register()
    const { visitor } = await signIn(who)
    await select(
      db,
      `UPDATE sessions SET created_at = now() - interval '16 minutes'
       WHERE user_id = (SELECT id FROM users WHERE email = $1) RETURNING csrf`,
      [who.email],
    )
    const page = await (await visitor.get('/account/two-factor')).text()
    expect(page).toContain('sign in again')
    expect(page).not.toContain('/account/two-factor/app"')
    for (const path of ['app', 'app/confirm', 'passkeys/remove']) {
      const answer = await visitor.post(`/account/two-factor/${path}`, { code: '123456' })
      expect(answer.status).toBe(403)
    }
    const again = await visitor.post('/account/two-factor/again', {})
    expect(again.headers.get('location')).toBe('/sign-in?next=%2Faccount%2Ftwo-factor')
    expect(await isIn(visitor)).toBe(false)
  })

  it('leaves nothing behind that its owner would confirm: each beginning has a secret of its own', async () => {
    const who = await register()
    const { visitor: thief } = await signIn(who)
    await thief.get('/account/two-factor')
    await thief.post('/account/two-factor/app', {})
    const seen = secretIn(await (await thief.get('/account/two-factor/app')).text())
    const { secret } = await enrol(who)
    expect(secret).not.toBe(seen)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  })
})

describe('the mail that tells of it', () => {
  it('leads to a new password, and takes back the app that its owner did not add', async () => {
    const who = await register()
    await enrol(who)
    const link = await selectOne<{ id: string }>(
      db,
      "SELECT id FROM account_links WHERE purpose = 'factor_changed' AND email = $1",
      [who.email],
    )
    const deps = buildDeps(db, { now: () => new Date(now) })
    const id = link?.id ?? ''
    const token = deps.keyedHash(`account\n${id}`).toString('base64url')
    const password = 'three matatus at dawn'
    const answer = await createTestApi(deps).post('/auth/reset-password', { id, token, password })
    expect(answer.status).toBe(204)
    const { visitor, to } = await signIn({ ...who, password })
    expect(to).not.toContain('second-step')
    expect(await isIn(visitor)).toBe(true)
  })

  it('takes back nothing when it told of something else', async () => {
    const who = await register()
    const { secret, visitor } = await enrol(who)
    await visitor.get('/account/two-factor')
    await visitor.post('/account/two-factor/codes', { code: codeOf(secret) })
    const deps = buildDeps(db, { now: () => new Date(now) })
    await createTestApi(deps).post('/auth/forgot-password', { email: who.email })
    const link = await selectOne<{ id: string }>(
      db,
      "SELECT id FROM account_links WHERE purpose = 'reset_password' AND email = $1",
      [who.email],
    )
    const id = link?.id ?? ''
    const token = deps.keyedHash(`account\n${id}`).toString('base64url')
    const password = 'three matatus at dawn'
    const reset = { id, token, password }
    expect((await createTestApi(deps).post('/auth/reset-password', reset)).status).toBe(204)
    expect((await signIn({ ...who, password })).to).toContain('second-step')
  })
})

describe('a code on paper', () => {
  it('lets somebody in once, however it is typed', async () => {
    const who = await register()
    const { papers } = await enrol(who)
    const [paper = ''] = papers
    const typed = paper.toLowerCase().replaceAll('0', 'o').replace('-', ' ')
    const first = await signIn(who)
    await first.visitor.get(first.to ?? '')
    expect((await first.visitor.post('/sign-in/second-step', { code: typed })).status).toBe(303)
    const second = await signIn(who)
    await second.visitor.get(second.to ?? '')
    expect((await second.visitor.post('/sign-in/second-step', { code: paper })).status).toBe(401)
  })

  it('is no longer good when new ones are made', async () => {
    const who = await register()
    const { secret, visitor, papers } = await enrol(who)
    await visitor.get('/account/two-factor')
    const made = await visitor.post('/account/two-factor/codes', { code: codeOf(secret) })
    const fresh = papersIn(await made.text())
    expect(fresh).toHaveLength(10)
    expect(fresh).not.toEqual(papers)
    const { visitor: later, to } = await signIn(who)
    await later.get(to ?? '')
    expect((await later.post('/sign-in/second-step', { code: papers[0] ?? '' })).status).toBe(401)
    expect((await later.post('/sign-in/second-step', { code: fresh[0] ?? '' })).status).toBe(303)
  })
})

describe('a program', () => {
  it('sends the code with the password', async () => {
    const who = await register()
    const { secret } = await enrol(who)
    const api = createTestApi(buildDeps(db, { now: () => new Date(now) }))
    const without = await api.post('/auth/login', who)
    expect([without.status, (await readProblem(without))['code']]).toEqual([
      401,
      'SECOND_FACTOR_NEEDED',
    ])
    expect((await api.post('/auth/login', { ...who, code: '000000' })).status).toBe(401)
    expect((await api.post('/auth/login', { ...who, code: codeOf(secret) })).status).toBe(200)
  })
})

describe('a house that asks for a second factor', () => {
  const DESK = { email: 'desk@example.com', password: SAMPLE_PASSWORD }
  it('lets people who work there do nothing before, by page or by program, and customers everything', async () => {
    const strict = build({ secondFactor: 'required' })
    const { visitor } = await signIn(DESK, strict)
    for (const path of ['/desk', '/', '/bookings'])
      expect((await visitor.get(path)).headers.get('location')).toBe('/account/two-factor')
    expect((await visitor.post('/desk/charges', {})).status).toBeGreaterThanOrEqual(400)
    const api = createTestApi(buildDeps(db, { secondFactor: 'required' }), strict)
    const login = await api.post('/auth/login', DESK)
    const { access_token } = (await login.json()) as { access_token: string }
    const refused = await api.get('/payments', { authorization: `Bearer ${access_token}` })
    expect(refused.status).toBe(403)
    expect((await readProblem(refused))['detail']).toContain('second factor')
    const { status } = await enrol(DESK, strict)
    expect(status).toBe(200)
    await select(db, 'DELETE FROM authenticators')
    const customer = await register()
    expect(await isIn((await signIn(customer, strict)).visitor)).toBe(true)
  })

  it('opens everything once it is set up', async () => {
    const strict = build({ secondFactor: 'required' })
    const { visitor } = await enrol(DESK, strict)
    expect((await visitor.get('/desk')).status).toBe(200)
    await select(db, 'DELETE FROM authenticators')
  })
})

describe('somebody who has lost phone and paper', () => {
  const admin = async () =>
    (await signIn({ email: 'admin@example.com', password: SAMPLE_PASSWORD })).visitor
  const idOf = async ({ email }: Person) =>
    (await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [email]))?.id ??
    ''

  it('is let in with the password alone once an administrator says why, and is told by mail', async () => {
    const who = await register()
    const { visitor } = await enrol(who)
    const path = `/admin/people/${await idOf(who)}`
    const boss = await admin()
    await boss.get(path)
    const silent = await boss.post(`${path}/second-factor`, { why_no_factor: ' ' })
    expect(silent.status).toBe(400)
    expect(await isIn(visitor)).toBe(true)
    const done = await boss.post(`${path}/second-factor`, {
      why_no_factor: 'showed her ID at the desk',
    })
    expect(done.status).toBe(303)
    expect(await isIn(visitor)).toBe(false)
    expect(await isIn((await signIn(who)).visitor)).toBe(true)
    expect(
      await count(db, `account_links WHERE purpose = 'factor_changed' AND email = '${who.email}'`),
    ).toBe(2)
    const entry = await selectOne(
      db,
      `SELECT why FROM audit_entries WHERE action = 'user.second_factor_removed' AND entity_id = $1`,
      [await idOf(who)],
    )
    expect(entry).toEqual({ why: 'showed her ID at the desk' })
  })

  it('is nobody who asks for themselves', async () => {
    const email = 'admin@example.com'
    const boss = await admin()
    const path = `/admin/people/${await idOf({ email, password: '' })}`
    await boss.get(path)
    const answer = await boss.post(`${path}/second-factor`, { why_no_factor: 'my own' })
    expect(answer.status).toBe(409)
  })
})

describe('a passkey', () => {
  const ask = async (visitor: Visitor, path: string, body: object, token: string) =>
    app.request(`http://gari.test${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: 'http://gari.test',
        'x-csrf-token': token,
        cookie: `__Host-sid=${visitor.session}`,
      },
      body: JSON.stringify(body),
    })
  const made = {
    id: 'bm90aGluZw',
    rawId: 'bm90aGluZw',
    type: 'public-key',
    response: { clientDataJSON: 'e30', authenticatorData: '', signature: '' },
    clientExtensionResults: {},
  }

  it('is asked about only with the token of the page, and lets nobody in whom we do not know', async () => {
    const visitor = await visit()
    const token = await visitor.token()
    expect((await ask(visitor, '/passkeys/sign-in/options', {}, 'not it')).status).toBe(403)
    const options = await ask(visitor, '/passkeys/sign-in/options', {}, token)
    expect(await options.json()).toMatchObject({ rpId: 'gari.test', userVerification: 'required' })
    const answer = await ask(visitor, '/passkeys/sign-in', { response: made }, token)
    expect([answer.status, (await readProblem(answer))['code']]).toEqual([401, 'PASSKEY_REFUSED'])
    expect((await ask(visitor, '/passkeys/sign-in', { response: {} }, token)).status).toBe(400)
    expect((await ask(visitor, '/passkeys/register/options', {}, token)).status).toBe(401)
  })

  it('is never had where the house has no name', async () => {
    const bare = build({ publicUrl: 'http://127.0.0.1:3000' })
    const page = await (await bare.request('http://127.0.0.1:3000/sign-in')).text()
    expect(page).not.toContain('data-deed')
    expect(await (await app.request('http://gari.test/sign-in')).text()).toContain('data-deed')
  })
})
