/** What holds for every route: headers, ids, limits, one error shape, files, health. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { connectDatabase } from '../../db/connection.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  ORIGIN,
  readProblem,
  type TestApi,
  type TestDeps,
} from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db)
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

const get = async (path: string, headers: Record<string, string> = {}) =>
  app.request(`${ORIGIN}${path}`, { headers })

describe('security headers', () => {
  it.each([
    ['/'],
    ['/search'],
    ['/nothing'],
    ['/bookings'],
    ['/sign-in'],
    ['/healthz'],
    ['/static/gari.css'],
    ['/static/nothing'],
    ['/api/v1/locations'],
    ['/api/v1/nothing'],
    ['/api/v1/reservations'],
    ['/api/v1/docs'],
    ['/codec/decode'],
  ])('stand on %s', async (path) => {
    const { headers } = await get(path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("; script-src 'self'; ")
    expect(policy).toMatch(/; style-src 'self' 'sha256-[\w+/]{43}='; /)
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('strict-transport-security')).toContain('max-age=31536000')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('the API, asked wrongly', () => {
  it('says in its own shape that there is nothing', async () => {
    const response = await api.get('/nothing')
    expect(response.status).toBe(404)
    expect(await readProblem(response)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  })

  it.each([
    ['DELETE', '/vehicles', 'GET, POST'],
    ['GET', '/auth/login', 'POST'],
    ['POST', '/vehicles/8f14e45f-ceea-467f-a0e6-3b1c1a2b3c4d', 'GET, PUT, PATCH, DELETE'],
  ])('refuses %s %s and names what it takes', async (method, path, allow) => {
    const response = await api.request(path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
    expect((await readProblem(response))['code']).toBe('METHOD_NOT_ALLOWED')
  })

  it('refuses what is not JSON', async () => {
    const headers = { 'content-type': 'application/json' }
    const broken = await api.request('/auth/login', { method: 'POST', headers, body: '{"email":' })
    expect(broken.status).toBe(400)
    expect((await readProblem(broken))['code']).toBe('INVALID_JSON')
  })

  it.each([['text/plain'], ['application/x-www-form-urlencoded'], ['multipart/form-data']])(
    'refuses a body of %s, so that no plain form reaches it',
    async (type) => {
      const headers = { 'content-type': type }
      const response = await api.request('/auth/login', { method: 'POST', headers, body: '{}' })
      expect(response.status).toBe(415)
      expect((await readProblem(response))['code']).toBe('UNSUPPORTED_MEDIA_TYPE')
    },
  )

  it('hides what went wrong on our side, but writes it down with the same id', async () => {
    const broken = buildDeps(db, { parts: () => Promise.reject(new Error('a secret detail')) })
    const response = await createTestApi(broken).get('/status')
    expect(response.status).toBe(500)
    const problem = await readProblem(response)
    expect(problem['code']).toBe('UNEXPECTED')
    expect(JSON.stringify(problem)).not.toContain('secret')
    expect(broken.logged).toMatchObject([
      { level: 'error', detail: { requestId: problem['request_id'] } },
    ])
  })
})

describe('a database that is away', () => {
  const away = () =>
    connectDatabase({
      url: 'postgres://nobody:secret@127.0.0.1:1/none',
      pool: 1,
      applicationName: 'gari-tests',
    })

  it('makes the API say 503 with Retry-After', async () => {
    const response = await createTestApi(buildDeps(away())).get('/locations')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect((await readProblem(response))['code']).toBe('TEMPORARILY_UNAVAILABLE')
  })

  it('makes pages say so honestly', async () => {
    const response = await createApp(buildDeps(away())).request(`${ORIGIN}/`)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.text()).toContain('Your bookings and your money are safe.')
  })

  it('leaves the live part of a page as it is', async () => {
    const headers = { 'hx-request': 'true', cookie: `__Host-sid=${'x'.repeat(43)}` }
    const response = await createApp(buildDeps(away())).request(`${ORIGIN}/bookings`, { headers })
    expect(response.status).toBe(503)
    expect(response.headers.get('hx-reswap')).toBe('none')
    expect(await response.text()).not.toContain('<html')
  })

  it('is not ready, though alive', async () => {
    const off = createApp(buildDeps(away()))
    expect((await off.request(`${ORIGIN}/readyz`)).status).toBe(503)
    expect((await off.request(`${ORIGIN}/healthz`)).status).toBe(200)
  })
})

describe('health', () => {
  const temporalDown = {
    name: 'Temporal',
    address: '127.0.0.1:7233',
    version: null,
    health: 'down' as const,
    detail: 'does not answer',
  }

  it('stays ready while Temporal is away, and shows it', async () => {
    const other = createApp(buildDeps(db, { parts: () => Promise.resolve([temporalDown]) }))
    const response = await other.request(`${ORIGIN}/readyz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'ready', temporal: 'down' })
  })

  it('reads on while workflows cannot be asked', async () => {
    const down = buildDeps(db, { workflows: buildWorkflows() })
    expect((await createTestApi(down).get('/vehicles')).status).toBe(200)
    expect((await createApp(down).request(`${ORIGIN}/`)).status).toBe(200)
  })
})

describe('the description', () => {
  type Operation = { summary?: string; security?: object[]; responses: Record<string, unknown> }
  type Document = { openapi: string; paths: Record<string, Record<string, Operation>> }

  it('is OpenAPI 3.1 and names every route', async () => {
    const document = (await (await api.get('/openapi.json')).json()) as Document
    expect(document.openapi).toBe('3.1.0')
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(routes.toSorted()).toEqual([
      'DELETE /auth/api-keys/{id}',
      'DELETE /auth/programs/{id}',
      'DELETE /auth/sessions',
      'DELETE /auth/sessions/{id}',
      'DELETE /customers/{id}/addresses/{kind}',
      'DELETE /customers/{id}/erasure',
      'DELETE /oauth-clients/{id}',
      'DELETE /pricing-rules/{id}',
      'DELETE /reservations/{id}',
      'DELETE /roles/{name}',
      'DELETE /users/{id}/roles/{role}',
      'DELETE /vehicles/{id}',
      'GET /auth/api-keys',
      'GET /auth/profile',
      'GET /auth/programs',
      'GET /auth/sessions',
      'GET /bank-lines',
      'GET /charges',
      'GET /charges/{id}',
      'GET /companies',
      'GET /companies/{id}',
      'GET /credit-notes/{id}',
      'GET /credit-notes/{id}/pdf',
      'GET /customers',
      'GET /customers/{id}',
      'GET /customers/{id}/addresses',
      'GET /customers/{id}/documents',
      'GET /customers/{id}/erasure',
      'GET /customers/{id}/exports/{exportId}',
      'GET /customers/{id}/exports/{exportId}/json',
      'GET /customers/{id}/exports/{exportId}/pdf',
      'GET /customers/{id}/identity-documents',
      'GET /customers/{id}/loyalty',
      'GET /customers/{id}/payments',
      'GET /customers/{id}/rating',
      'GET /customers/{id}/reservations',
      'GET /day-closes',
      'GET /day-closes/{day}',
      'GET /extras',
      'GET /identity-documents/{id}/picture',
      'GET /invoices',
      'GET /invoices/{id}',
      'GET /invoices/{id}/pdf',
      'GET /ledger/accounts',
      'GET /ledger/entries',
      'GET /ledger/trial-balance',
      'GET /locations',
      'GET /oauth-clients',
      'GET /payment-plans',
      'GET /payment-plans/{id}',
      'GET /payments',
      'GET /payments/{id}',
      'GET /payments/{id}/receipt',
      'GET /payments/{id}/refunds',
      'GET /permissions',
      'GET /pricing-rules',
      'GET /pricing-rules/{id}',
      'GET /quotes/{id}',
      'GET /rating-reviews',
      'GET /reconciliations',
      'GET /reconciliations/{id}',
      'GET /reconciliations/{id}/lines',
      'GET /refunds/{id}',
      'GET /rentals',
      'GET /rentals/{id}',
      'GET /reservations',
      'GET /reservations/{id}',
      'GET /reservations/{id}/agreement',
      'GET /roles',
      'GET /roles/{name}',
      'GET /status',
      'GET /tills',
      'GET /unmatched-payments',
      'GET /users',
      'GET /users/{id}',
      'GET /users/{id}/roles',
      'GET /vehicle-categories',
      'GET /vehicles',
      'GET /vehicles/availability',
      'GET /vehicles/{id}',
      'PATCH /auth/profile',
      'PATCH /customers/{id}',
      'PATCH /reservations/{id}',
      'PATCH /vehicles/{id}',
      'POST /auth/api-keys',
      'POST /auth/change-password',
      'POST /auth/forgot-password',
      'POST /auth/login',
      'POST /auth/logout',
      'POST /auth/refresh',
      'POST /auth/register',
      'POST /auth/register/confirm',
      'POST /auth/reset-password',
      'POST /bank-lines/{id}/allocate',
      'POST /charges',
      'POST /charges/{id}/cancel',
      'POST /charges/{id}/cover',
      'POST /charges/{id}/payments',
      'POST /charges/{id}/shrink',
      'POST /companies',
      'POST /credit-notes',
      'POST /customers',
      'POST /customers/{id}/erasure',
      'POST /customers/{id}/exports',
      'POST /customers/{id}/identity-documents',
      'POST /customers/{id}/legal-hold/removal',
      'POST /customers/{id}/loyalty',
      'POST /customers/{id}/rating',
      'POST /customers/{id}/rating-reviews',
      'POST /customers/{id}/rating/reckoning',
      'POST /day-closes',
      'POST /day-closes/{day}/terminals',
      'POST /extras',
      'POST /identity-documents/{id}/acceptance',
      'POST /identity-documents/{id}/links',
      'POST /identity-documents/{id}/refusal',
      'POST /invoices',
      'POST /invoices/{id}/send',
      'POST /oauth-clients',
      'POST /oauth-clients/{id}/secret',
      'POST /payment-plans',
      'POST /payment-plans/{id}/go-on',
      'POST /payment-plans/{id}/phones',
      'POST /payment-plans/{id}/stop',
      'POST /payments',
      'POST /payments/{id}/refund',
      'POST /pricing-rules',
      'POST /pricing-rules/trial',
      'POST /quotes',
      'POST /rating-reviews/{id}/answer',
      'POST /reconciliations',
      'POST /reconciliations/statements',
      'POST /refunds/{id}/paid-by-hand',
      'POST /refunds/{id}/paid-by-hand/decision',
      'POST /rentals/{id}/agree',
      'POST /rentals/{id}/claims',
      'POST /rentals/{id}/decision',
      'POST /rentals/{id}/dispute',
      'POST /reservations',
      'POST /reservations/{id}/cancel',
      'POST /reservations/{id}/checkin',
      'POST /reservations/{id}/checkout',
      'POST /reservations/{id}/contact-reveals',
      'POST /reservations/{id}/cover',
      'POST /roles',
      'POST /till-sessions/{id}/close',
      'POST /till-sessions/{id}/deposits',
      'POST /tills',
      'POST /tills/{id}/sessions',
      'POST /unmatched-payments/{receipt}/allocate',
      'POST /users',
      'POST /users/{id}/second-factor/removal',
      'POST /vehicles',
      'PUT /customers/{id}',
      'PUT /customers/{id}/addresses/{kind}',
      'PUT /customers/{id}/legal-hold',
      'PUT /extras/{code}',
      'PUT /pricing-rules/{id}',
      'PUT /roles/{name}',
      'PUT /users/{id}/roles/{role}',
      'PUT /users/{id}/status',
      'PUT /vehicles/{id}',
    ])
  })

  it('says what any route may answer', async () => {
    const { paths } = (await (await api.get('/openapi.json')).json()) as Document
    for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
      const told = Object.keys(operation.responses)
      expect(told).toEqual(expect.arrayContaining(['429', '503']))
      if (operation.security?.length) expect(told).toEqual(expect.arrayContaining(['401', '403']))
      if ('requestBody' in operation) expect(told).toEqual(expect.arrayContaining(['400', '415']))
    }
  })

  it('has patterns that every dialect reads', async () => {
    const text = await (await api.get('/openapi.json')).text()
    const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)]
    expect(patterns.length).toBeGreaterThan(5)
    for (const [, json = ''] of patterns) {
      const pattern = JSON.parse(json) as string
      expect(pattern).not.toMatch(/\$\/[a-z]+$|\\p\{/)
      expect(() => new RegExp(pattern)).not.toThrow()
    }
  })

  it('says which routes need a token, and they do', async () => {
    const document = (await (await api.get('/openapi.json')).json()) as Document
    let secured = 0
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.summary).toBeTruthy()
        const { security = [] } = operation
        if (!security.length || security.some((way) => Object.keys(way).length === 0)) continue
        const response = await api.request(path.replace(/\{\w+\}/, 'x'), {
          method: method.toUpperCase(),
        })
        expect(response.status).toBe(401)
        secured += 1
      }
    }
    expect(secured).toBe(149)
  })

  it('has a page whose scripts all come from us', async () => {
    const html = await (await get('/api/v1/docs')).text()
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '')
    expect(sources).toHaveLength(4)
    for (const source of sources) expect((await get(source)).status).toBe(200)
    expect(html).not.toMatch(/<script>|style=/)
  })
})

describe('files', () => {
  it.each([
    ['gari.css', 'text/css'],
    ['gari.js', 'text/javascript'],
    ['htmx.js', 'text/javascript'],
    ['favicon.svg', 'image/svg+xml'],
    ['vehicles/suv-green.svg', 'image/svg+xml'],
  ])('%s has its type and can be kept', async (name, type) => {
    const response = await get(`/static/${name}`)
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600')
    const tag = response.headers.get('etag') ?? ''
    const again = await get(`/static/${name}`, { 'if-none-match': tag })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  })

  it('are kept for a year under the name of their content, and only then', async () => {
    const tag = (await get('/static/gari.css')).headers.get('etag') ?? ''
    const hash = /"(.+)"/.exec(tag)?.[1]
    const kept = await get(`/static/gari.css?v=${hash}`)
    expect(kept.headers.get('cache-control')).toContain('max-age=31536000, immutable')
    const other = await get('/static/gari.css?v=older')
    expect(other.headers.get('cache-control')).toBe('no-cache')
  })

  it('travel compressed', async () => {
    const response = await get('/static/gari.css', { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
  })

  it.each([
    ['../../package.json'],
    ['..%2f..%2fpackage.json'],
    ['%2e%2e/gari.css'],
    ['vehicles/suv-purple.svg'],
    ['constructor'],
  ])('are only those we name: %s', async (name) => {
    expect((await get(`/static/${name}`)).status).toBe(404)
  })

  it('answers the old question for an icon', async () => {
    const response = await get('/favicon.ico')
    expect(response.headers.get('location')).toBe('/static/favicon.svg')
  })
})
