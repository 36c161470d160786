/**
 * Every route and every field of the API's description, and every form, given what no one should send: each answers with a
 * problem in words, nothing is our fault, and nothing of it is logged.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { ApiDeps, Env } from '../../api/deps.ts'
import { sha256 } from '../../api/tokens.ts'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { assignRole } from '../../db/role-assignments.ts'
import { createSession } from '../../db/sessions.ts'
import type { UserKind } from '../../domain/accounts.ts'
import { BusinessError } from '../../domain/errors.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { buildDeps, createTestApi, ORIGIN, type TestApi, type TestDeps } from '../support/api.ts'
import { nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  exampleOf,
  placesIn,
  readDescription,
  withValue,
  type Description,
  type Operation,
} from '../support/described.ts'

/** In every text that is sent, and so nowhere in a log. */
const CANARY = 'kanari5731'
const TEXTS = [
  `${CANARY}<script>alert(1)</script>"'><img src=x onerror=alert(1)>`,
  `${CANARY}'; DROP TABLE users; --`,
  `${CANARY}' OR '1'='1`,
  `${CANARY}{{7*7}}\${7*7}%s%n../../../etc/passwd`,
  `=cmd|' /C ${CANARY}'!A0`,
  `${CANARY}\r\nSet-Cookie: x=1`,
  `\u202e${CANARY}\ufeff\u2028`,
  `${CANARY}${'x'.repeat(20_000)}`,
]
const VALUES: readonly unknown[] = [
  ...TEXTS,
  `${CANARY}\u0000`,
  `${CANARY}\u001b[31m`,
  '',
  '   ',
  null,
  true,
  -1,
  0.1,
  1e300,
  Number.MAX_SAFE_INTEGER + 2,
  [],
  {},
  [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]],
  { toString: CANARY, constructor: { prototype: {} } },
  Array.from({ length: 2_000 }, () => CANARY),
  '9999999999999999999999',
  '-0',
  '+010000-01-01T00:00:00Z',
  '0000-00-00',
  '275760-09-13T00:00:00Z',
]

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
let api: TestApi
let told: Description
const sessions = { boss: '', admin: '' }
const cookies = { boss: '', admin: '' }

/** Temporal is away: what reaches it is good enough for these tests. */
const away = () =>
  Promise.reject(new BusinessError('TEMPORARILY_UNAVAILABLE', 'A part of Gari is not answering.'))
const workflows = new Proxy(
  {},
  {
    get: (_, name) => {
      if (name === 'charges') return new Proxy({}, { get: () => away })
      return name === 'listParked' ? () => Promise.resolve([]) : away
    },
  },
) as ApiDeps['workflows']

async function enter(who: keyof typeof sessions, kind: UserKind, roles: string[]) {
  const [token, cookie] = [newToken(), newToken()]
  await inTransaction(db, async (tx) => {
    const email = `${randomUUID()}@example.com`
    const person = { kind, email, passwordHash: null, firstName: 'Bad', lastName: 'Input' }
    const { userId } = await createUser(tx, { ...person, phone: nextPhone() })
    for (const role of roles) await assignRole(tx, { userId, role, expiresAt: null }, 'test')
    const session = { userId, csrf: 'csrf', expiresAt: new Date(Date.now() + HOUR_MS) }
    await createSession(tx, { ...session, kind: 'bearer', tokenHash: sha256(token) })
    await createSession(tx, { ...session, kind: 'page', tokenHash: sha256(cookie) })
  })
  sessions[who] = token
  cookies[who] = cookie
}
const newToken = () => `${randomUUID()}${randomUUID()}`.replaceAll('-', '_').slice(0, 43)

beforeAll(async () => {
  db = await createTestDatabase()
  const wide = { openBookings: 10_000, bookingsPerHour: 1_000_000, promptsPerHour: 1_000_000 }
  const limits = { ...wide, sharedFactor: 100_000, requestsPerMinute: 1_000_000 }
  deps = buildDeps(db, { workflows, limits })
  app = createApp(deps)
  api = createTestApi(deps, app)
  told = await readDescription(api)
  await enter('boss', 'employee', ['desk', 'finance', 'manager'])
  await enter('admin', 'admin', ['admin'])
})
afterAll(() => db.drop())

/** These would end the session that the others need. */
const ENDS = ['POST /auth/logout', 'DELETE /auth/sessions']
const nameOf = ({ method, path }: Operation) => `${method} ${path}`

type Wish = { operation: Operation; values?: Record<string, string>; body?: unknown; what: string }

const whoAsks = (path: string) => (/^\/(?:users|roles|permissions)/.test(path) ? 'admin' : 'boss')

async function ask({ operation, values = {}, body }: Wish): Promise<Response> {
  const { method, path, parameters } = operation
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? randomUUID()),
  )
  const query = parameters
    .filter((one) => one.in === 'query' && values[one.name] !== undefined)
    .map(({ name }) => `${name}=${encodeURIComponent(values[name] ?? '')}`)
  return api.request(`${at}${query.length > 0 ? `?${query.join('&')}` : ''}`, {
    method,
    headers: {
      authorization: `Bearer ${sessions[whoAsks(path)]}`,
      'idempotency-key': values['idempotency-key'] ?? randomUUID(),
      'if-match': '"1"',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** What is wrong with an answer; null when it is an answer as it should be. */
async function complaint(answer: Response): Promise<string | null> {
  if (answer.status >= 500 && answer.status !== 503) return `${answer.status}`
  if (answer.status < 400) return null
  const type = answer.headers.get('content-type')
  if (type !== 'application/problem+json') return `${answer.status} as ${type}`
  const problem = (await answer.json()) as { status: number; code?: string; detail?: string }
  const { status, code, detail } = problem
  if (status !== answer.status || !code || !detail) return 'no problem document'
  return /sequelize|postgres|zod|undefined|\bat .+\.ts:/i.test(detail) ? detail : null
}

const AT_ONCE = 12
/** Thousands of requests, on a machine that others use too. */
const PATIENCE_MS = 240_000

async function askAll(wishes: Wish[]): Promise<string[]> {
  const wrong: string[] = []
  const queue = wishes.values()
  const asker = async () => {
    for (const wish of queue) {
      const found = await complaint(await ask(wish))
      if (found) wrong.push(`${nameOf(wish.operation)} ${wish.what}: ${found}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  return wrong
}

const shortly = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 40)

const operationsHere = () => told.operations.filter((one) => !ENDS.includes(nameOf(one)))

describe('what no one should send', () => {
  it(
    'is answered in words in every field of every body',
    async () => {
      const wishes = operationsHere().flatMap((operation) => {
        if (!operation.body) return []
        const whole = exampleOf(told, operation.body)
        return placesIn(whole).flatMap((place) =>
          VALUES.map((value): Wish => {
            const what = `${place.join('.')} = ${shortly(value)}`
            return { operation, body: withValue(whole, place, value), what }
          }),
        )
      })
      expect(wishes.length).toBeGreaterThan(2_000)
      expect(await askAll(wishes)).toEqual([])
    },
    PATIENCE_MS,
  )

  it(
    'is answered in words for the whole body',
    async () => {
      const wishes = operationsHere()
        .filter(({ body }) => body)
        .flatMap((operation) =>
          VALUES.map((body): Wish => ({ operation, body, what: shortly(body) })),
        )
      expect(await askAll(wishes)).toEqual([])
    },
    PATIENCE_MS,
  )

  it(
    'is answered in words in every part of every address',
    async () => {
      const wishes = operationsHere().flatMap((operation) =>
        operation.parameters
          .filter((one) => one.in !== 'header')
          .flatMap(({ name }) =>
            VALUES.filter((one) => typeof one === 'string' && one !== '').map((value): Wish => {
              const text = String(value).slice(0, 2_000)
              return { operation, values: { [name]: text }, what: `${name} = ${shortly(text)}` }
            }),
          ),
      )
      expect(wishes.length).toBeGreaterThan(500)
      expect(await askAll(wishes)).toEqual([])
    },
    PATIENCE_MS,
  )

  it('names the field that is over its limit', async () => {
    const long = 'x'.repeat(20_000)
    const body = { email: 'a@b.example', password: 'a long password', first_name: long }
    const answer = await api.post('/auth/register', {
      ...body,
      last_name: 'x',
      phone: '0712345678',
    })
    const { fields } = (await answer.json()) as { fields: { path: string }[] }
    expect(fields.map(({ path }) => path)).toEqual(['first_name'])
  })
})

/** Every name that a field of a page has. */
const FIELDS = [
  ...new Set(
    readdirSync(join(import.meta.dirname, '../../views'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx'))
      .flatMap((name) => [
        ...readFileSync(join(import.meta.dirname, '../../views', name), 'utf8').matchAll(
          /name="(\w+)"/g,
        ),
      ])
      .map(([, name = '']) => name),
  ),
]

const pathsOf = (method: string) =>
  app.routes
    .filter((one) => one.method === method && !/^\/(?:api|codec|callbacks|static)/.test(one.path))
    .map(({ path }) =>
      path.replaceAll(/:\w+(?:\{([^}]+)\})?\??/g, (_, words?: string) =>
        words ? (words.split('|')[0] ?? '') : randomUUID(),
      ),
    )
const cookieOf = (path: string) =>
  `__Host-sid=${cookies[path.startsWith('/admin') ? 'admin' : 'boss']}`

/** What stands in every table, but for what only counts and what only says when somebody was here. */
async function everything(): Promise<Record<string, string>> {
  const tables = await select<{ name: string }>(
    db,
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = 'public' AND tablename NOT IN ('rate_limits', 'sessions') ORDER BY 1`,
  )
  const sums: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await select<{ sum: string }>(
      db,
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS sum
       FROM ${name} t`,
    )
    sums[name] = row?.sum ?? ''
  }
  return sums
}

describe('reading', () => {
  it('changes nothing, on no page and no route', async () => {
    const before = await everything()
    expect(Object.keys(before).length).toBeGreaterThan(40)
    for (const path of pathsOf('GET'))
      await app.request(`${ORIGIN}${path}`, { headers: { cookie: cookieOf(path) } })
    for (const operation of operationsHere().filter(({ method }) => method === 'GET'))
      await ask({ operation, what: 'read' })
    expect(await everything()).toEqual(before)
  })
})

describe('what no one should type', () => {
  it(
    'is answered as a page in every form',
    async () => {
      expect(FIELDS.length).toBeGreaterThan(50)
      const wrong: string[] = []
      for (const path of pathsOf('POST')) {
        if (path === '/sign-out') continue
        for (const text of ['', ...TEXTS.map((one) => one.slice(0, 1_000))]) {
          const fields = FIELDS.filter((name) => name !== '_csrf').map((name) => [name, text])
          const answer = await app.request(`${ORIGIN}${path}`, {
            method: 'POST',
            headers: { origin: ORIGIN, cookie: cookieOf(path) },
            body: new URLSearchParams([['_csrf', 'csrf'], ...fields]),
          })
          const html = await answer.text()
          if (answer.status >= 500 && answer.status !== 503) wrong.push(`${path}: ${answer.status}`)
          if (html.includes('<script>alert(1)')) wrong.push(`${path}: not escaped`)
        }
      }
      expect([...new Set(wrong)]).toEqual([])
    },
    PATIENCE_MS,
  )

  it('is shown as text on every page, whatever of it was kept', async () => {
    const wrong: string[] = []
    for (const path of pathsOf('GET')) {
      for (const query of ['', `?q=${encodeURIComponent(TEXTS[0] ?? '')}`]) {
        const headers = { cookie: cookieOf(path) }
        const answer = await app.request(`${ORIGIN}${path}${query}`, { headers })
        if (answer.status >= 500 && answer.status !== 503) wrong.push(`${path}: ${answer.status}`)
        if ((await answer.text()).includes('<script>alert(1)')) wrong.push(`${path}: not escaped`)
      }
    }
    expect([...new Set(wrong)]).toEqual([])
  })
})

it('nothing of it is in the log, nor anything unexpected', () => {
  expect(deps.logged.filter(({ level }) => level === 'error')).toEqual([])
  expect(JSON.stringify(deps.logged)).not.toContain(CANARY)
})
