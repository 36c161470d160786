/** Getting in by the pages: forms, tokens against forgery, new ids, codes by SMS, and no way out to strangers. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { ApiDeps, Env } from '../../api/deps.ts'
import { select } from '../../db/connection.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildRegistration, ORIGIN, PASSWORD, steadyClock } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccountOnPages } from '../support/registering.ts'

let db: TestDatabase
let app: Hono<Env>

beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
})
afterAll(() => db.drop())

const CUSTOMER = { email: 'wanjiku@example.com', password: SAMPLE_PASSWORD }

const visit = async (on: Hono<Env> = app): Promise<Visitor> => {
  const visitor = createVisitor(on)
  await visitor.token()
  return visitor
}

const isSignedIn = async (visitor: Visitor): Promise<boolean> =>
  (await visitor.get('/bookings')).status === 200

const locationOf = (response: Response) => response.headers.get('location')

describe('the session cookie', () => {
  it('can be set by this host only, is read by no script, and goes nowhere in clear', async () => {
    const response = await createVisitor(app).get('/')
    expect(response.status).toBe(200)
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-sid=[\w-]{43};/)
    for (const flag of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']) {
      expect(cookie).toContain(flag)
    }
    expect(cookie).not.toContain('Domain')
  })

  it('costs no row before somebody signs in, and its form token is nobody else’s', async () => {
    const rows = () => count(db, 'sessions')
    const before = await rows()
    const [one, other] = [await visit(), await visit()]
    expect(await one.token()).toBe(await one.token('/'))
    expect(await one.token()).not.toBe(await other.token())
    expect((await one.post('/sign-in', { ...CUSTOMER, password: 'not right' })).status).toBe(401)
    expect(await rows()).toBe(before)
    await one.post('/sign-in', CUSTOMER)
    expect(await rows()).toBe(before + 1)
  })

  it('comes with pages that no cache keeps', async () => {
    const { headers } = await (await visit()).get('/')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('vary')).toContain('Cookie')
  })

  it('is another one after signing in, and the old one is worth nothing', async () => {
    const visitor = await visit()
    const before = visitor.session ?? ''
    const response = await visitor.post('/sign-in', { ...CUSTOMER, next: '/bookings' })
    expect(response.status).toBe(303)
    expect(locationOf(response)).toBe('/bookings')
    expect(visitor.session).not.toBe(before)
    expect(await isSignedIn(visitor)).toBe(true)

    const planted = createVisitor(app)
    planted.setCookie('__Host-sid', before)
    expect(await isSignedIn(planted)).toBe(false)
  })

  it('ends when the same browser signs in again', async () => {
    const visitor = await visit()
    await visitor.post('/sign-in', CUSTOMER)
    const first = visitor.session ?? ''
    await visitor.token('/')
    await visitor.post('/sign-in', CUSTOMER)
    expect(await isSignedIn(visitor)).toBe(true)
    const older = createVisitor(app)
    older.setCookie('__Host-sid', first)
    expect(await isSignedIn(older)).toBe(false)
  })

  it('is worth nothing after signing out', async () => {
    const visitor = await visit()
    await visitor.post('/sign-in', CUSTOMER)
    await visitor.get('/bookings')
    const stolen = visitor.session ?? ''
    expect(locationOf(await visitor.post('/sign-out', {}))).toBe('/')
    const thief = createVisitor(app)
    thief.setCookie('__Host-sid', stolen)
    expect(await isSignedIn(thief)).toBe(false)
  })

  it('is no bearer token, and a bearer token is no cookie', async () => {
    const visitor = await visit()
    await visitor.post('/sign-in', CUSTOMER)
    const asBearer = await app.request(`${ORIGIN}/api/v1/auth/profile`, {
      headers: { authorization: `Bearer ${visitor.session}` },
    })
    expect(asBearer.status).toBe(401)
    const asCookie = await app.request(`${ORIGIN}/api/v1/auth/profile`, {
      headers: { cookie: `__Host-sid=${visitor.session}` },
    })
    expect(asCookie.status).toBe(401)
  })
})

describe('forged forms', () => {
  it.each([
    ['no token', { _csrf: '' }, {}],
    ['a wrong token', { _csrf: 'x'.repeat(43) }, {}],
    ['another site', {}, { origin: 'http://evil.test' }],
    ['no origin', {}, { origin: '' }],
  ])('are refused: %s', async (_, fields, headers) => {
    const visitor = await visit()
    const response = await visitor.post('/sign-in', { ...CUSTOMER, ...fields }, headers)
    expect(response.status).toBe(403)
    expect(await isSignedIn(visitor)).toBe(false)
  })

  it('are refused with the token of somebody else', async () => {
    const [attacker, victim] = [await visit(), await visit()]
    const theirs = await attacker.token()
    const response = await victim.post('/sign-in', { ...CUSTOMER, _csrf: theirs })
    expect(response.status).toBe(403)
  })

  it('cannot sign anybody out', async () => {
    const visitor = await visit()
    await visitor.post('/sign-in', CUSTOMER)
    expect((await visitor.post('/sign-out', { _csrf: 'guess' })).status).toBe(403)
    expect(await isSignedIn(visitor)).toBe(true)
  })
})

describe('where one goes after signing in', () => {
  it.each([
    ['https://evil.test/'],
    ['//evil.test/'],
    ['/\\evil.test/'],
    ['\\\\evil.test'],
    ['/\t/evil.test'],
    ['javascript:alert(1)'],
    ['evil.test'],
    [''],
  ])('is never %j', async (next) => {
    const visitor = await visit()
    expect(locationOf(await visitor.post('/sign-in', { ...CUSTOMER, next }))).toBe('/')
    const language = await visitor.get(`/language/sw?next=${encodeURIComponent(next)}`)
    expect(locationOf(language)).toBe('/')
  })

  it('is the page that asked for it', async () => {
    const visitor = await visit()
    const asked = await visitor.get('/bookings?cursor=abc')
    expect(asked.status).toBe(303)
    expect(locationOf(asked)).toBe(`/sign-in?next=${encodeURIComponent('/bookings?cursor=abc')}`)
    const form = await (await visitor.get(locationOf(asked) ?? '')).text()
    expect(form).toContain('name="next" value="/bookings?cursor=abc"')
  })

  it('is told to a live part without filling it with a page', async () => {
    const headers = { 'hx-request': 'true', 'hx-current-url': `${ORIGIN}/bookings?cursor=1` }
    const response = await (await visit()).get('/bookings', headers)
    expect(response.headers.get('hx-redirect')).toBe(
      `/sign-in?next=${encodeURIComponent('/bookings?cursor=1')}`,
    )
    expect(await response.text()).toBe('')
  })
})

describe('by e-mail', () => {
  it('says the same for a wrong password and an unknown account, and keeps what was typed', async () => {
    const visitor = await visit()
    const pages: string[] = []
    for (const email of [CUSTOMER.email, 'nobody@example.com']) {
      const response = await visitor.post('/sign-in', { email, password: 'not the password' })
      expect(response.status).toBe(401)
      const html = await response.text()
      expect(html).toContain(`value="${email}"`)
      expect(html).not.toContain('not the password')
      pages.push(html.replaceAll(email, ''))
    }
    expect(pages[0]).toContain('The e-mail or the password is not right.')
    expect(pages[1]).toBe(pages[0])
  })

  it('opens an account, signs in, and keeps the form when something is wrong', async () => {
    const visitor = await visit()
    const fields = buildRegistration({ email: 'page@example.com' }) as Record<string, string>
    const wrong = await visitor.post('/register', { ...fields, phone: '020 123456' })
    expect(wrong.status).toBe(400)
    const html = await wrong.text()
    expect(html).toContain('value="page@example.com"')
    expect(html).toContain('Give a Kenyan mobile number')
    expect(html).not.toContain(PASSWORD)
    const opened = await openAccountOnPages(db, visitor, { ...fields, next: '/account/details' })
    expect(opened.headers.get('location')).toBe('/account/details')
    expect(await isSignedIn(visitor)).toBe(true)
  })

  it('says 429 with Retry-After when somebody tries too often', async () => {
    const now = steadyClock()
    const visitor = await visit(createApp(buildDeps(db, { now: () => now })))
    const wrong = { email: 'tries@example.com', password: 'not the password' }
    let response = await visitor.post('/sign-in', wrong)
    for (let time = 0; time < 10; time += 1) response = await visitor.post('/sign-in', wrong)
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.text()).toContain('Too many tries.')
  })

  it('lets the owner in, in a browser of theirs, while strangers guess from everywhere', async () => {
    const now = steadyClock()
    const other = createApp(buildDeps(db, { now: () => now }))
    const fields = buildRegistration({ email: 'guessed@example.com' }) as Record<string, string>
    const mine = { email: 'guessed@example.com', password: PASSWORD }
    const owner = await visit(other)
    await openAccountOnPages(db, owner, fields)
    await owner.token('/')
    expect((await owner.post('/sign-in', mine)).status).toBe(303)
    const stranger = await visit(other)
    for (let time = 1; time <= 21; time += 1) {
      const wrong = { ...mine, password: 'guess guess' }
      await stranger.post('/sign-in', wrong, { 'x-forwarded-for': `192.0.2.${time}` })
    }
    const from = { 'x-forwarded-for': '192.0.2.200' }
    const refused = await stranger.post('/sign-in', mine, from)
    expect(refused.status).toBe(429)
    expect(await refused.text()).toContain('a browser that you signed in with before')
    await owner.token('/')
    expect((await owner.post('/sign-in', mine, from)).status).toBe(303)
  })

  it('shows sample sign-ins only when there are any', async () => {
    expect(await (await visit()).get('/sign-in').then((page) => page.text())).not.toContain(
      'desk@example.com',
    )
    const samplePeople = [{ role: 'desk', email: 'desk@example.com', password: SAMPLE_PASSWORD }]
    const visitor = await visit(createApp(buildDeps(db, { sampleData: true, samplePeople })))
    expect(await (await visitor.get('/sign-in')).text()).toContain('desk@example.com')
  })
})

describe('by a code on the phone', () => {
  const setUp = async (over: Partial<ApiDeps> = {}) => {
    const deps = buildDeps(db, { now: steadyClock, ...over })
    const visitor = await visit(createApp(deps))
    const phone = nextPhone()
    const ask = (fields: Record<string, string> = {}) =>
      visitor.post('/sign-in/phone', { phone, name: 'Atieno Were', next: '/bookings', ...fields })
    const enter = (code: string) =>
      visitor.post('/sign-in/code', { phone, name: 'Atieno Were', next: '/bookings', code })
    const lastCode = () => /\b\d{6}\b/.exec(deps.sent.at(-1)?.text ?? '')?.[0] ?? ''
    return { deps, visitor, phone, ask, enter, lastCode }
  }
  const otherThan = (code: string) => (code === '000000' ? '111111' : '000000')

  it('signs a guest in, with a new session id; the same guest the next time', async () => {
    const { deps, visitor, phone, ask, enter, lastCode } = await setUp()
    const asked = await ask()
    expect(asked.status).toBe(200)
    expect(await asked.text()).toContain('***')
    expect(deps.sent).toHaveLength(1)
    expect(deps.sent[0]?.to).toBe(phone)
    const before = visitor.session
    const entered = await enter(lastCode())
    expect(locationOf(entered)).toBe('/bookings')
    expect(visitor.session).not.toBe(before)
    expect(await isSignedIn(visitor)).toBe(true)

    await ask()
    expect((await enter(lastCode())).status).toBe(303)
    const rows = await select(db, 'SELECT id FROM users WHERE phone_index = $1', [
      phoneIndex(db, phone),
    ])
    expect(rows).toHaveLength(1)
  })

  it('keeps neither code nor phone in clear', async () => {
    const { phone, ask, lastCode } = await setUp()
    await ask()
    const rows = await select<{ row: string }>(db, 'SELECT c::text AS row FROM one_time_codes c')
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) {
      const text = row.replaceAll(/\\x[0-9a-f]+/g, '')
      expect(text).not.toContain(phone.slice(-6))
      expect(row).not.toContain(Buffer.from(lastCode()).toString('hex'))
    }
  })

  it('takes a code once', async () => {
    const { visitor, ask, enter, lastCode } = await setUp()
    await ask()
    const code = lastCode()
    await enter(code)
    await visitor.token('/')
    const again = await enter(code)
    expect(again.status).toBe(401)
    expect(await again.text()).toContain('Ask for a new one.')
  })

  it('locks a code after five wrong tries, also for the right one', async () => {
    const { visitor, ask, enter, lastCode } = await setUp()
    await ask()
    for (let time = 0; time < 5; time += 1) {
      expect((await enter(otherThan(lastCode()))).status).toBe(401)
    }
    expect((await enter(lastCode())).status).toBe(401)
    expect(await isSignedIn(visitor)).toBe(false)
  })

  it('does not take a code that is too old', async () => {
    const start = steadyClock()
    let now = start
    const { ask, enter, lastCode } = await setUp({ now: () => now })
    await ask()
    now = new Date(start.getTime() + 10 * 60_000 + 1)
    expect((await enter(lastCode())).status).toBe(401)
  })

  it('does not take one phone’s code for another', async () => {
    const { visitor, ask, lastCode } = await setUp()
    await ask()
    const other = { phone: nextPhone(), name: 'Atieno Were', code: lastCode() }
    expect((await visitor.post('/sign-in/code', other)).status).toBe(401)
  })

  it('is denied to nobody by strangers who ask and guess for the same phone', async () => {
    const { deps, phone, ask, enter, lastCode } = await setUp()
    await ask()
    const code = lastCode()
    const stranger = await visit(createApp(deps))
    const theirs = { phone, name: 'Stranger' }
    for (let time = 0; time < 4; time += 1) await stranger.post('/sign-in/phone', theirs)
    expect(deps.sent).toHaveLength(4)
    for (let time = 0; time < 6; time += 1) {
      await stranger.post('/sign-in/code', { ...theirs, code: otherThan(lastCode()) })
    }
    const stolen = await stranger.post('/sign-in/code', { ...theirs, code })
    expect(stolen.status).toBe(401)
    expect((await enter(code)).status).toBe(303)
  })

  it('sends one address five codes an hour to one phone, whatever browsers it shows', async () => {
    const { deps, phone } = await setUp()
    const from = (source: string) => async () => {
      const other = await visit(createApp(deps))
      const headers = { 'x-forwarded-for': source }
      return (await other.post('/sign-in/phone', { phone, name: 'Stranger' }, headers)).status
    }
    const statuses = []
    for (let time = 0; time < 7; time += 1) statuses.push(await from('203.0.113.60')())
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect(await from('203.0.113.61')()).toBe(200)
  })

  it('sends one phone twelve codes an hour, whoever asks, and says so in words', async () => {
    const { deps, phone } = await setUp()
    const ask = async (source: string) => {
      const other = await visit(createApp(deps))
      const headers = { 'x-forwarded-for': source }
      return other.post('/sign-in/phone', { phone, name: 'Stranger' }, headers)
    }
    for (let time = 0; time < 12; time += 1) {
      expect((await ask(`203.0.113.${100 + (time % 4)}`)).status).toBe(200)
    }
    const refused = await ask('203.0.113.120')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(await refused.text()).toContain('We have sent this phone many codes.')
    expect(deps.sent).toHaveLength(12)
  })

  it('lets one address try sixty codes in a quarter of an hour', async () => {
    const { visitor, phone } = await setUp()
    const headers = { 'x-forwarded-for': '203.0.113.70' }
    const wrong = { phone, name: 'Stranger', code: '000000' }
    const statuses = new Set<number>()
    for (let time = 0; time < 60; time += 1) {
      statuses.add((await visitor.post('/sign-in/code', wrong, headers)).status)
    }
    expect([...statuses]).toEqual([401])
    expect((await visitor.post('/sign-in/code', wrong, headers)).status).toBe(429)
  })

  it('sends at most three codes in a quarter of an hour to one phone from one browser', async () => {
    const { deps, ask } = await setUp()
    const statuses = []
    for (let time = 0; time < 5; time += 1) statuses.push((await ask()).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    expect(deps.sent).toHaveLength(3)
  })

  it('sends one address thirty codes, however many phones it names', async () => {
    const { deps, visitor } = await setUp()
    const headers = { 'x-forwarded-for': '203.0.113.50' }
    const ask = (phone: string) =>
      visitor.post('/sign-in/phone', { phone, name: 'Atieno Were' }, headers)
    for (let time = 0; time < 32; time += 1) await ask(nextPhone())
    expect(deps.sent).toHaveLength(30)
  })

  it('answers a known phone like an unknown one', async () => {
    const { visitor, ask, phone } = await setUp()
    const known = '+254712345678'
    const plain = async (response: Response, one: string) =>
      (await response.text())
        .replaceAll(one, '')
        .replaceAll(`${one.replace('+254', '0').slice(0, 4)} *** ${one.slice(-3)}`, '')
    const unknown = await plain(await ask(), phone)
    const fields = { phone: known, name: 'Atieno Were', next: '/bookings' }
    expect(await plain(await visitor.post('/sign-in/phone', fields), known)).toBe(unknown)
  })

  it('never opens an account that has a password', async () => {
    const { visitor, lastCode } = await setUp()
    const mine = { phone: '+254722000004', name: 'Not Kiptoo' }
    await visitor.post('/sign-in/phone', mine)
    expect((await visitor.post('/sign-in/code', { ...mine, code: lastCode() })).status).toBe(303)
    expect((await visitor.get('/admin/operations')).status).toBe(403)
  })

  it('says so when no SMS can be sent, and does not count it', async () => {
    const { ask } = await setUp({ sms: { send: () => Promise.reject(new Error('no route')) } })
    for (let time = 0; time < 4; time += 1) {
      const response = await ask()
      expect(response.status).toBe(503)
      expect(await response.text()).toContain('We cannot send SMS right now.')
    }
  })

  it.each([['020 123456'], ['+1 212 555 0100'], ['hello']])('refuses %s', async (phone) => {
    const { deps, ask } = await setUp()
    const response = await ask({ phone })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('Give a Kenyan mobile number')
    expect(deps.sent).toHaveLength(0)
  })
})

describe('languages', () => {
  it('are remembered, and others are not found', async () => {
    const visitor = await visit()
    expect((await visitor.get('/language/sw?next=/sign-in')).status).toBe(303)
    expect(await (await visitor.get('/sign-in')).text()).toContain('<html lang="sw"')
    expect((await visitor.get('/language/xx')).status).toBe(404)
  })

  it('of who is signed in are those of their mails as well, unless another site asks', async () => {
    const visitor = await visit()
    await visitor.post('/sign-in', { email: 'wanjiku@example.com', password: SAMPLE_PASSWORD })
    const stands = async () =>
      (
        await select<{ language: string }>(
          db,
          "SELECT language FROM users WHERE email = 'wanjiku@example.com'",
        )
      )[0]?.language
    const written = () =>
      select<{ before: object }>(
        db,
        "SELECT before, after FROM audit_entries WHERE action = 'user.language_chosen' ORDER BY id",
      )
    await visitor.get('/language/en')
    const before = (await written()).length
    await visitor.get('/language/sw', { 'sec-fetch-site': 'cross-site' })
    expect(await stands()).toBe('en')
    await visitor.get('/language/sw')
    await visitor.get('/language/sw')
    expect(await stands()).toBe('sw')
    expect((await written()).slice(before)).toEqual([
      { before: { language: 'en' }, after: { language: 'sw' } },
    ])
    await visitor.get('/language/en')
    expect(await stands()).toBe('en')
  })
})
