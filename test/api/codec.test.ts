/** Who may read workflow payloads in clear: operations, from the Temporal UI, with a trace. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { select, selectOne } from '../../db/connection.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, ORIGIN, readProblem, steadyClock, TEMPORAL_UI } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const WINDOW_MS = 15 * MINUTE_MS
const LINKS = { temporalUi: null, phones: null, mailbox: null, sms: null }
const codec = createPayloadCodec({ keyId: 'test', key: Buffer.alloc(32, 7) })
const decodePayloads = (payloads: unknown[]) => codec.decode(payloads as never)

let db: TestDatabase
let app: Hono<Env>

beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db, { decodePayloads }))
})
afterAll(() => db.drop())

const cookieOf = async (email: string): Promise<Record<string, string>> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  return { cookie: `__Host-sid=${visitor.session}` }
}

const base64 = (bytes: Uint8Array | null | undefined) =>
  Buffer.from(bytes ?? new Uint8Array()).toString('base64')

/** As the server keeps it and the UI sends it: protobuf's JSON, bytes in base64. */
const buildPayload = async (value: unknown) => {
  const plain = {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(JSON.stringify(value)),
  }
  const [sealed] = await codec.encode([plain])
  return {
    metadata: Object.fromEntries(
      Object.entries(sealed?.metadata ?? {}).map(([key, bytes]) => [key, base64(bytes)]),
    ),
    data: base64(sealed?.data),
  }
}

/** The first letters of the hash of what the server keeps. */
const printOf = ({ data }: { data: string }) =>
  createHash('sha256').update(Buffer.from(data, 'base64')).digest('hex').slice(0, 16)

const decode = async (headers: Record<string, string>, body: unknown) =>
  app.request(`${ORIGIN}/codec/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: TEMPORAL_UI, ...headers },
    body: JSON.stringify(body),
  })

const traces = async () =>
  select<{ after: object; entityId: string }>(
    db,
    `SELECT after, entity_id AS "entityId" FROM audit_entries WHERE action = 'payloads.decoded' ORDER BY id`,
  )

describe('the codec', () => {
  it('shows operations what is in a payload, and writes down who looked', async () => {
    const before = (await traces()).length
    const payload = await buildPayload({ phone: '+254712345678' })
    expect(JSON.stringify(payload)).not.toContain(base64(Buffer.from('+254712345678')))
    const response = await decode(await cookieOf('operations@example.com'), {
      payloads: [payload],
    })
    expect(response.status).toBe(200)
    const { payloads } = (await response.json()) as { payloads: { data: string }[] }
    const clear = Buffer.from(payloads[0]?.data ?? '', 'base64').toString()
    expect(JSON.parse(clear)).toEqual({ phone: '+254712345678' })
    const after = await traces()
    expect(after).toHaveLength(before + 1)
    expect(after.at(-1)).toEqual({
      entityId: 'not proven',
      after: { payloads: [printOf(payload)], claimed: { workflow: null, namespace: null } },
    })
  })

  it('writes down which payloads they were, and which workflow the page that we show claims', async () => {
    const links = { ...LINKS, temporalUi: `${ORIGIN}/temporal` }
    const own = createApp(buildDeps(db, { decodePayloads, links }))
    const ask = async (headers: Record<string, string>) =>
      own.request(`${ORIGIN}/codec/decode`, {
        method: 'POST',
        headers: {
          ...(await cookieOf('operations@example.com')),
          'content-type': 'application/json',
          'x-namespace': 'default',
          ...headers,
        },
        body: JSON.stringify({ payloads: [await buildPayload('x')] }),
      })
    const referer = `${ORIGIN}/temporal/namespaces/default/workflows/payment%3A9c1e/01a/history`
    const shown = await ask({ 'sec-fetch-site': 'same-origin', referer })
    expect(shown.status).toBe(200)
    expect(shown.headers.get('access-control-allow-origin')).toBeNull()
    expect((await traces()).at(-1)).toEqual({
      entityId: 'not proven',
      after: {
        payloads: [expect.stringMatching(/^[0-9a-f]{16}$/)],
        claimed: { workflow: 'payment:9c1e', namespace: 'default' },
      },
    })
    const seen = (await traces()).length
    const others: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: TEMPORAL_UI },
      {},
    ]
    for (const headers of others) expect((await ask(headers)).status).toBe(403)
    expect(await traces()).toHaveLength(seen)
  })

  it.each([['wanjiku'], ['desk'], ['finance'], ['manager']])('shows %s nothing', async (who) => {
    const before = (await traces()).length
    const response = await decode(await cookieOf(`${who}@example.com`), { payloads: [] })
    expect(response.status).toBe(403)
    expect((await readProblem(response))['code']).toBe('FORBIDDEN')
    expect(await traces()).toHaveLength(before)
  })

  it('shows strangers nothing', async () => {
    expect((await decode({}, { payloads: [] })).status).toBe(401)
  })

  it('does not take a form, nor too many payloads, nor nonsense', async () => {
    const headers = await cookieOf('operations@example.com')
    const form = { ...headers, 'content-type': 'text/plain' }
    expect((await decode(form, { payloads: [] })).status).toBe(415)
    const many = Array.from({ length: 201 }, () => ({ metadata: {} }))
    expect((await decode(headers, { payloads: many })).status).toBe(400)
    expect((await decode(headers, { payloads: 'all' })).status).toBe(400)
  })

  it('says that a changed payload was not written by us', async () => {
    const payload = await buildPayload('x')
    const changed = { ...payload, data: base64(Buffer.alloc(64, 1)) }
    const response = await decode(await cookieOf('operations@example.com'), {
      payloads: [changed],
    })
    expect(response.status).toBe(400)
    expect((await readProblem(response))['detail']).toContain('not written with our keys')
  })

  // The last one here: afterwards this person has had their share.
  it('shows one person so much in a quarter of an hour, and no more', async () => {
    const headers = await cookieOf('operations@example.com')
    const person = await selectOne<{ id: string }>(
      db,
      "SELECT id FROM users WHERE email = 'operations@example.com'",
    )
    const now = steadyClock()
    const limited = buildDeps(db, { decodePayloads, now: () => now })
    const key = limited.keyedHash(`limit\ndecodes\n${person?.id}`)
    const window = new Date(Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS)
    const seen =
      'INSERT INTO rate_limits (key, window_start, hits) VALUES ($1, $2, 3000) ON CONFLICT (key, window_start) DO UPDATE SET hits = 3000'
    await select(db, seen, [key, window])
    const response = await createApp(limited).request(`${ORIGIN}/codec/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: TEMPORAL_UI, ...headers },
      body: '{"payloads":[]}',
    })
    expect(response.status).toBe(429)
  })
})

describe('other sites', () => {
  const preflight = async (origin: string) =>
    app.request(`${ORIGIN}/codec/decode`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-namespace',
      },
    })

  it('are the Temporal UI, with its cookies', async () => {
    const { status, headers } = await preflight(TEMPORAL_UI)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(TEMPORAL_UI)
    expect(headers.get('access-control-allow-credentials')).toBe('true')
  })

  it('and nobody else', async () => {
    const { headers } = await preflight('http://evil.test')
    expect(headers.get('access-control-allow-origin')).not.toBe('http://evil.test')
    expect(headers.get('access-control-allow-origin')).not.toBe('*')
  })
})
