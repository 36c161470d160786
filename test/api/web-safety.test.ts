/** What browsers are told and believed, asked of every address that the app has. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import { csvResponse } from '../../api/csv.ts'
import type { Env } from '../../api/deps.ts'
import { toBusinessError } from '../../api/problems.ts'
import { localPath } from '../../api/return-paths.ts'
import { select } from '../../db/connection.ts'
import { styleSheet } from '../../views/files.ts'
import { buildDeps, ORIGIN, readProblem, TEMPORAL_UI } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let addresses: { method: string; path: string }[]

const PARAMETER = /:\w+(?:\{((?:[^{}]|\{\d+\})+)\})?\??/g
/** A name for a file, the first of several words, or anything. */
const exampleOf = (_: string, words?: string): string =>
  words === '.+' ? 'gari.css' : (ofLength(words) ?? words?.split('|')[0] ?? 'x')
/** As many digits as are asked for, of times and signatures. */
const ofLength = (words?: string): string | undefined => {
  const length = /^\[[^\]]+\]\{(\d+)\}$/.exec(words ?? '')?.[1]
  return length && '1'.repeat(Number(length))
}

beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
  const known = app.routes.filter(({ method }) => method !== 'ALL')
  addresses = [...new Set(known.map(({ method, path }) => `${method} ${path}`))].map((one) => {
    const [method = '', path = ''] = one.split(' ')
    return { method, path: path.replaceAll(PARAMETER, exampleOf) }
  })
})
afterAll(() => db.drop())

const ask = async (path: string, init: RequestInit = {}) => app.request(`${ORIGIN}${path}`, init)

const HEADERS = {
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' '${styleSheet.digest}'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'`,
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
}

const missingOf = ({ headers }: Response): string[] =>
  Object.entries(HEADERS)
    .filter(([name, value]) => headers.get(name) !== value)
    .map(([name]) => `${name}: ${headers.get(name)}`)

const isKept = (path: string) =>
  path.startsWith('/static/') || ['/favicon.ico', '/.well-known/jwks.json'].includes(path)

describe('every address', () => {
  it('is known to these tests by the routes themselves', () => {
    expect(addresses.length).toBeGreaterThan(200)
  })

  it('carries the same headers, whatever it answers', async () => {
    const wrong: string[] = []
    for (const { method, path } of addresses) {
      const answer = await ask(path, { method })
      const missing = missingOf(answer)
      const cache = answer.headers.get('cache-control')
      if (!isKept(path) && cache !== 'no-store') missing.push(`cache-control: ${cache}`)
      if (answer.headers.get('x-powered-by')) missing.push('x-powered-by')
      if (answer.status >= 500) missing.push(String(answer.status))
      if (missing.length > 0) wrong.push(`${method} ${path}: ${missing.join('; ')}`)
    }
    expect(wrong).toEqual([])
  })

  it('says 405 and what it takes to a method that it does not know', async () => {
    const wrong: string[] = []
    for (const path of new Set(addresses.map((one) => one.path))) {
      const takes = addresses.filter((one) => one.path === path).map(({ method }) => method)
      for (const method of ['PATCH', 'PROPFIND'].filter((one) => !takes.includes(one))) {
        const answer = await ask(path, { method, headers: { origin: ORIGIN } })
        const allow = answer.headers.get('allow') ?? ''
        const told = takes.every((one) => allow.split(', ').includes(one))
        if (answer.status !== 405 || !told || missingOf(answer).length > 0)
          wrong.push(`${method} ${path}: ${answer.status} ${allow}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('answers programs as problems and people as pages', async () => {
    for (const path of ['/api/v1/nothing', '/codec/nothing', '/callbacks/nothing', '/codec/decode'])
      expect((await readProblem(await ask(path)))['status']).toBeGreaterThan(403)
    for (const path of ['/nothing', '/sign-in/nothing']) {
      const answer = await ask(path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    }
  })

  it('has a type, and the API is never a page', async () => {
    const wrong: string[] = []
    for (const { method, path } of addresses) {
      const { status, headers } = await ask(path, { method })
      const type = headers.get('content-type') ?? ''
      const isBare = [204, 301, 303].includes(status)
      const isApi = path.startsWith('/api/') && path !== '/api/v1/docs'
      if (!isBare && (type === '' || (isApi && !/^application\/(?:problem\+)?json/.test(type))))
        wrong.push(`${method} ${path}: ${status} ${type}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('answers that differ', () => {
  it('say by what', async () => {
    const varies = async (path: string) => (await ask(path)).headers.get('vary') ?? ''
    expect(await varies('/')).toContain('HX-Request, Cookie')
    expect(await varies('/nothing')).toContain('HX-Request, Cookie')
    expect(await varies('/api/v1/locations')).toContain('Authorization')
    expect(await varies('/static/gari.css')).toContain('Accept-Encoding')
  })

  it('speak the language of the cookie only, so that no header has to be told apart', async () => {
    const swahili = await ask('/', { headers: { 'accept-language': 'sw' } })
    expect(await swahili.text()).toContain('<html lang="en">')
  })
})

describe('a body that says the same thing in two ways', () => {
  const login = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    ask('/api/v1/auth/login', { method: 'POST', headers: { 'content-type': type }, body })

  it.each([
    ['is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'INVALID_JSON'],
    ['has a field twice', '{"email":"a@b.example","email":"c@d.example"}', 'INVALID_INPUT'],
    ['has __proto__', '{"email":"a@b.example","__proto__":{"x":1}}', 'INVALID_INPUT'],
    ['hides a NUL', String.raw`{"email":"a\u0000@b.example","password":"x"}`, 'INVALID_INPUT'],
    ['is nested', `{"email":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, 'INVALID_INPUT'],
    ['is empty', '', 'INVALID_JSON'],
  ])('is refused when it %s', async (_, body, code) => {
    const answer = await login(body)
    expect(answer.status).toBe(400)
    expect((await readProblem(answer))['code']).toBe(code)
  })

  it('is refused beyond 64 KB', async () => {
    const answer = await login(JSON.stringify({ email: 'x'.repeat(65 * 1_024) }))
    expect(answer.status).toBe(413)
    expect(missingOf(answer)).toEqual([])
  })

  it.each(['/api/v1/vehicles?category=%00', '/api/v1/vehicles?category=%ff', '/search?x=%c3%28'])(
    'is refused in the address %s',
    async (path) => {
      const answer = await ask(path)
      expect(answer.status).toBe(400)
      expect(missingOf(answer)).toEqual([])
    },
  )

  it('is refused in a form', async () => {
    const headers = { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }
    for (const body of ['email=%ff', 'email=a%00b'])
      expect((await ask('/sign-in', { method: 'POST', headers, body })).status).toBe(400)
  })
})

describe('a text that only PostgreSQL sees is none', () => {
  it('is told to whoever sent it, and is no fault of ours', async () => {
    const escaped = String.raw`"a\u0000b"`
    const thrown: unknown = await select(db, 'SELECT $1::jsonb', [escaped]).catch(
      (error: unknown) => error,
    )
    expect(toBusinessError(thrown)).toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('a page elsewhere', () => {
  const foreign = { 'sec-fetch-site': 'cross-site' }

  it('may lead people here', async () => {
    const visit = { ...foreign, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await ask('/sign-in', { headers: visit })).status).toBe(200)
  })

  it.each([
    ['image', 'no-cors'],
    ['iframe', 'navigate'],
    ['object', 'navigate'],
    ['empty', 'cors'],
  ])('may not load a page as %s', async (dest, mode) => {
    const headers = { ...foreign, 'sec-fetch-dest': dest, 'sec-fetch-mode': mode }
    expect((await ask('/sign-in', { headers })).status).toBe(403)
  })

  it.each([['application/json'], ['application/x-www-form-urlencoded'], ['text/plain'], ['']])(
    'may send no form of type "%s", cookie or not',
    async (type) => {
      for (const from of [foreign, { origin: 'http://evil.test' }, { origin: 'null' }]) {
        const headers = { ...from, ...(type ? { 'content-type': type } : {}) }
        const answer = await ask('/sign-out', { method: 'POST', headers, body: '_csrf=x' })
        expect(answer.status).toBe(403)
      }
    },
  )

  it('may not ask the codec, whose cookie a neighbour on this site would carry', async () => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-site' }
    const wish = { method: 'POST', body: '{"payloads":[]}' }
    expect((await ask('/codec/decode', { ...wish, headers })).status).toBe(403)
    const asked = { ...headers, origin: TEMPORAL_UI }
    expect((await ask('/codec/decode', { ...wish, headers: asked })).status).toBe(401)
  })

  it('is held by the form’s token where the browser says nothing', async () => {
    const visitor = createVisitor(app)
    await visitor.token()
    const body = new URLSearchParams({ _csrf: 'guessed' })
    const headers = { origin: ORIGIN, cookie: `__Host-sid=${visitor.session}` }
    expect((await ask('/sign-out', { method: 'POST', headers, body })).status).toBe(403)
  })
})

const AWAY = [
  '//evil.test',
  '///evil.test',
  String.raw`/\evil.test`,
  String.raw`\\evil.test`,
  '/\t/evil.test',
  '/\n/evil.test',
  '/\u0000/evil.test',
  '/.//evil.test',
  '/%2e//evil.test',
  '/x/..//evil.test',
  'https://evil.test',
  'https:evil.test',
  'javascript:alert(1)',
  'data:text/html,x',
  ' //evil.test',
  '@evil.test',
  '',
]

describe('where somebody goes on', () => {
  it.each(AWAY)('is never %j', (path) => expect(localPath(path)).toBe('/'))

  it.each(['/', '/bookings/x?y=1#z', '/%2F%2Fevil.test', '/%5Cevil.test', '/a//b'])(
    'may be %j, which is here',
    (path) => {
      expect(localPath(path)).toBe(path)
      expect(new URL(localPath(path), ORIGIN).origin).toBe(ORIGIN)
    },
  )

  it('stays here through every page that is told where to go on', async () => {
    // A NUL is refused at the door already.
    for (const path of AWAY.filter((one) => !one.includes('\u0000'))) {
      const next = encodeURIComponent(path)
      const switched = await ask(`/language/sw?next=${next}`)
      expect(switched.headers.get('location')).toBe('/')
      for (const page of ['/sign-in', '/register', '/forgot-password']) {
        const html = await (await ask(`${page}?next=${next}`)).text()
        expect(html).not.toMatch(/(?:href|action)="(?!\/(?![/\\])|#)/)
        expect(html).not.toMatch(/name="next" value="(?!\/")/)
      }
    }
  })

  it('stays here for a part of a page that says where it is', async () => {
    const headers = { 'hx-request': 'true', 'hx-current-url': 'http://evil.test//evil.test/x' }
    const answer = await ask('/bookings', { headers })
    const to = new URL(answer.headers.get('hx-redirect') ?? '', ORIGIN)
    expect(to.origin).toBe(ORIGIN)
    expect(localPath(to.searchParams.get('next') ?? '')).toBe('/')
  })
})

describe('a table for a spreadsheet', () => {
  it('has no cell that a spreadsheet would run', async () => {
    const texts = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\tx', '\rx', '\nx', ' =1', '＝1+1', '－a']
    const fine = ['Wanjiku', '-4500.00', '12', 'a=b', 'x@y.example']
    const sheet = new Hono()
    const rows = [...texts, ...fine].map((text) => ({ text }))
    sheet.get('/', (c) => csvResponse(c, 'x', ['text'], rows))
    const cells = parse(await (await sheet.request('/')).text(), { bom: true, from: 2 })
    expect(cells.flat()).toEqual([...texts.map((text) => `'${text}`), ...fine])
  })
})
