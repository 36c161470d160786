/** Temporal's own pages behind our sign-in: who gets there, what Temporal is told of them, and what comes back. */
import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { assignRole } from '../../db/role-assignments.ts'
import { createRole } from '../../db/roles.ts'
import { hashPassword } from '../../gateways/passwords.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, ORIGIN, readProblem, type TestDeps } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const SCRIPT = '\n  start({ base: "/temporal" })\n'
const PAGE = `<!doctype html><script src="/temporal/_app/start.js"></script><script>${SCRIPT}</script>`

type Heard = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
const heard: Heard[] = []
let temporal: Server
let answer: (request: Heard, response: ServerResponse) => void

const asPage = (_: Heard, response: ServerResponse) => {
  const cookie = '_csrf=theirs; Path=/'
  const headers = { 'content-type': 'text/html', 'set-cookie': cookie, 'x-powered-by': 'theirs' }
  response.writeHead(200, headers).end(PAGE)
}

async function listen(): Promise<string> {
  temporal = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
      heard.push(one)
      answer(one, response)
    })
  })
  await new Promise<void>((resolve) => temporal.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(temporal.address() as AddressInfo).port}`
}

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
const cookies = new Map<string, string>()

const signIn = async (email: string): Promise<string> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  return `__Host-sid=${visitor.session}`
}

/** May look at workflows and not touch them. */
async function openLooker(): Promise<void> {
  const passwordHash = await hashPassword(SAMPLE_PASSWORD)
  await inTransaction(db, async (tx) => {
    const facts = {
      description: 'Looks',
      parent: null,
      permissions: ['workflows:read' as const],
    }
    await createRole(tx, 'looker', facts, randomUUID())
    const { userId } = await createUser(tx, {
      kind: 'employee',
      email: 'looker@example.com',
      passwordHash,
      firstName: 'Njeri',
      lastName: 'Looks',
      phone: nextPhone(),
    })
    await assignRole(tx, { userId, role: 'looker', expiresAt: null }, 'test')
  })
}

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db, { temporalUpstream: await listen() })
  app = createApp(deps)
  await openLooker()
  for (const who of ['operations', 'desk', 'wanjiku', 'looker'])
    cookies.set(who, await signIn(`${who}@example.com`))
  answer = asPage
})
afterEach(() => {
  heard.length = 0
  answer = asPage
})
afterAll(async () => {
  temporal.close()
  await db.drop()
})

const OWN_PAGE = { 'sec-fetch-site': 'same-origin' }

type Asked = { method?: string; headers?: Record<string, string>; body?: string }

const ask = async (
  who: string | null,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
) => {
  const cookie: Record<string, string> = who === null ? {} : { cookie: cookies.get(who) ?? '' }
  return app.request(`${ORIGIN}/temporal${path}`, {
    method,
    headers: { accept: 'text/html', ...cookie, ...headers },
    ...(body === undefined ? {} : { body }),
  })
}

const TERMINATE = '/api/v1/namespaces/default/workflows/reservation%3A7f/terminate'
const deeds = async () =>
  select<{ actor: string; entityId: string; after: object }>(
    db,
    `SELECT actor, entity_id AS "entityId", after FROM audit_entries WHERE action = 'temporal.asked'`,
  )

describe('whoever is signed in and', () => {
  it('may see workflows sees Temporal, under its own address', async () => {
    const response = await ask('operations', '/namespaces/default/workflows?query=a%3Db')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(PAGE)
    expect(heard.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /temporal/namespaces/default/workflows?query=a%3Db',
    ])
  })

  it.each([['desk'], ['wanjiku']])('is %s gets our page of what is not theirs', async (who) => {
    const response = await ask(who, '/')
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('Workflows are for other people of gari.')
    expect(heard).toEqual([])
  })

  it('nobody gets the sign-in page, and scripts a refusal', async () => {
    const page = await ask(null, '/namespaces/default/workflows')
    expect(page.status).toBe(303)
    expect(page.headers.get('location')).toBe(
      '/sign-in?next=%2Ftemporal%2Fnamespaces%2Fdefault%2Fworkflows',
    )
    const script = await ask(null, '/api/v1/settings', { headers: { accept: 'application/json' } })
    expect(script.status).toBe(401)
    expect((await readProblem(script))['code']).toBe('SIGN_IN_REQUIRED')
    expect(heard).toEqual([])
  })
})

describe('Temporal', () => {
  it('hears nothing of our sessions, nor of where somebody comes from', async () => {
    await ask('operations', '/api/v1/settings', {
      headers: {
        authorization: 'Bearer ours',
        connection: 'keep-alive, x-hop',
        'x-hop': 'a',
        'x-forwarded-for': '41.90.3.7',
        referer: `${ORIGIN}/desk`,
        'accept-language': 'sw',
      },
    })
    const headers = heard[0]?.headers ?? {}
    const told = ['host', 'connection', 'accept', 'accept-language', 'accept-encoding']
    const byFetch = ['sec-fetch-mode', 'user-agent']
    expect(Object.keys(headers).filter((name) => ![...told, ...byFetch].includes(name))).toEqual([])
    expect(headers['accept-language']).toBe('sw')
  })

  it('gives no cookie and no header that we do not know', async () => {
    const { headers } = await ask('operations', '/')
    expect(headers.getSetCookie()).toEqual([])
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('is kept by the browser only where a file never changes', async () => {
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('a()')
    const { headers } = await ask('operations', '/_app/immutable/entry/start.js')
    expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
  })

  it('sends nobody elsewhere', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://evil.test/' }).end()
    const response = await ask('operations', '/')
    expect(response.status).toBe(503)
    expect(response.headers.get('location')).toBeNull()
  })

  it('that is away is said to be, and everything else goes on', async () => {
    answer = (_, response) => response.destroy()
    const page = await ask('operations', '/')
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('Temporal’s own pages do not answer.')
    const script = await ask('operations', '/api/v1/settings', { headers: { accept: '*/*' } })
    expect(script.status).toBe(503)
    expect((await readProblem(script))['code']).toBe('TEMPORARILY_UNAVAILABLE')
    expect(deps.logged.at(-1)?.message).toBe('the pages of Temporal do not answer')
  })

  it('of somebody else is not shown here', async () => {
    const other = createApp(buildDeps(db, { temporalUpstream: null }))
    const headers = { cookie: cookies.get('operations') ?? '' }
    expect((await other.request(`${ORIGIN}/temporal`, { headers })).status).toBe(404)
  })
})

describe('its pages', () => {
  it('may run their own scripts and ask Temporal and the codec, nothing else of ours', async () => {
    const { headers } = await ask('operations', '/')
    const policy = headers.get('content-security-policy') ?? ''
    const directives = new Map(
      policy.split('; ').map((one): [string, string] => {
        const [name = '', ...sources] = one.split(' ')
        return [name, sources.join(' ')]
      }),
    )
    const directive = (name: string) => directives.get(name)
    const digest = createHash('sha256').update(SCRIPT).digest('base64')
    expect(directive('default-src')).toBe("'none'")
    expect(directive('script-src')).toBe(`${ORIGIN}/temporal/ 'sha256-${digest}'`)
    expect(directive('connect-src')).toBe(`${ORIGIN}/temporal/ ${ORIGIN}/codec/`)
    expect(directive('form-action')).toBe("'none'")
    expect(directive('frame-ancestors')).toBe("'none'")
    expect(directive('sandbox')).toBe('allow-scripts allow-same-origin allow-forms allow-downloads')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })

  it('change nothing of the policy of ours', async () => {
    const refused = await ask('desk', '/')
    expect(refused.headers.get('content-security-policy')).toContain("; script-src 'self'; ")
  })
})

describe('a change', () => {
  const json = { accept: 'application/json', 'content-type': 'application/json' }
  const REASON = '{"reason":"x"}'
  const post = (who: string, path: string, headers: Record<string, string>, body = REASON) =>
    ask(who, path, { method: 'POST', headers: { ...json, ...headers }, body })

  it('by operations gets there with what Temporal wants to see, and is in the audit', async () => {
    const response = await post('operations', TERMINATE, OWN_PAGE)
    expect(response.status).toBe(200)
    expect(heard).toMatchObject([{ url: `/temporal${TERMINATE}`, body: '{"reason":"x"}' }])
    const headers = heard[0]?.headers ?? {}
    expect(headers['cookie']).toBe(`_csrf=${String(headers['x-csrf-token'])}`)
    expect(await deeds()).toMatchObject([
      { entityId: 'reservation:7f', after: { method: 'POST', path: `/temporal${TERMINATE}` } },
    ])
  })

  it('from a browser that does not say where it comes from needs our origin', async () => {
    expect((await post('operations', TERMINATE, { origin: ORIGIN })).status).toBe(200)
    expect((await post('operations', TERMINATE, {})).status).toBe(403)
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'http://evil.test' }],
    ['another name of our site', { 'sec-fetch-site': 'same-site', origin: ORIGIN }],
    ['nowhere', { 'sec-fetch-site': 'none' }],
    ['another origin', { origin: 'http://evil.test' }],
  ])('from %s is refused', async (_, headers) => {
    const before = (await deeds()).length
    const response = await post('operations', TERMINATE, headers)
    expect(response.status).toBe(403)
    expect((await readProblem(response))['code']).toBe('CSRF_REFUSED')
    expect(heard).toEqual([])
    expect(await deeds()).toHaveLength(before)
  })

  it('is not for who may only look; a question to a workflow is', async () => {
    const refused = await post('looker', TERMINATE, OWN_PAGE)
    expect(refused.status).toBe(403)
    expect((await readProblem(refused))['detail']).toContain('see workflows and not change them')
    expect(heard).toEqual([])
    const query = '/api/v1/namespaces/default/workflows/reservation%3A7f/query/__stack_trace'
    const before = (await deeds()).length
    expect((await post('looker', query, OWN_PAGE)).status).toBe(200)
    expect(await deeds()).toHaveLength(before)
  })

  it('of more than 64 KB is refused before Temporal hears of it', async () => {
    const response = await post('operations', TERMINATE, OWN_PAGE, 'x'.repeat(65 * 1024))
    expect(response.status).toBe(413)
    expect(heard).toEqual([])
  })
})
