/** Asking for all that we hold, and fetching it: on one's own page, over REST, and by staff for somebody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { sha256 } from '../../api/tokens.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { keepExportFiles } from '../../db/export-files.ts'
import { findLastExport } from '../../db/exports.ts'
import { createSession } from '../../db/sessions.ts'
import { KEPT } from '../../domain/kept.ts'
import { HOUR_MS } from '../../domain/time.ts'
import {
  buildDeps,
  createTestApi,
  readProblem,
  type TestApi,
  type TestDeps,
} from '../support/api.ts'
import { bearerOf, signInAs } from '../support/bearers.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { gather, gatherAll } from '../support/exporting.ts'

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
let api: TestApi
let customerId: string
let later = 0
beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db, { now: () => new Date(Date.now() + later) })
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())
beforeEach(async () => {
  later = 0
  customerId = await buildCustomer(db)
})

const JSON_FILE = '{"format":"gari-export"}'
const make = async (userId: string): Promise<string> => {
  const one = await findLastExport(db, userId)
  if (!one) throw new Error('nobody has asked')
  await gatherAll(db, one.id)
  const files = { json: Buffer.from(JSON_FILE), pdf: Buffer.from('%PDF-1.3 of theirs') }
  await inTransaction(db, (tx) => keepExportFiles(tx, one.id, files, new Date()))
  return one.id
}

const age = (userId: string, ms: number) =>
  select(
    db,
    'UPDATE sessions SET created_at = now() - make_interval(secs => $2) WHERE user_id = $1',
    [userId, ms / 1000],
  )

async function signIn(userId: string, ageMs = 0): Promise<Visitor> {
  const token = randomUUID().replaceAll('-', '') + randomUUID().slice(0, 11).replaceAll('-', '_')
  const expiresAt = new Date(Date.now() + HOUR_MS)
  const session = { userId, kind: 'page' as const, csrf: `csrf-${token}`, expiresAt }
  await inTransaction(db, (tx) => createSession(tx, { ...session, tokenHash: sha256(token) }))
  await age(userId, ageMs)
  const visitor = createVisitor(app)
  visitor.setCookie('__Host-sid', token)
  return visitor
}
const DATA = '/account/data'
const read = async (visitor: Visitor, path = DATA) => (await visitor.get(path)).text()

describe('the page of one’s own data', () => {
  it('asks, shows how far it is, and hands out both files to keep', async () => {
    const visitor = await signIn(customerId)
    expect(await read(visitor)).toContain('Make my copy')
    expect((await visitor.post(`${DATA}/exports`, {})).status).toBe(303)
    const waiting = await read(visitor)
    expect(waiting).toContain('Your copy is being made.')
    expect(waiting).toContain('hx-get="/account/data/live?v=waiting.0"')
    expect((await visitor.get(`${DATA}/live?v=waiting.0`)).status).toBe(204)
    const one = await findLastExport(db, customerId)
    await gather(db, one?.id ?? '', null)
    expect(await read(visitor, `${DATA}/live?v=waiting.0`)).toMatch(
      /<progress class="bar" max="\d+" value="1"/,
    )
    const id = await make(customerId)
    const ready = await read(visitor, `${DATA}/live?v=gathering.1`)
    expect(ready).toContain(`${DATA}/exports/${id}/pdf`)
    expect(ready).not.toContain('hx-get')
    const json = await visitor.get(`${DATA}/exports/${id}/json`)
    expect(json.status).toBe(200)
    expect(json.headers.get('content-type')).toBe('application/json')
    expect(json.headers.get('cache-control')).toContain('no-store')
    expect(json.headers.get('content-disposition')).toMatch(
      /^attachment; filename="gari-data-\d{4}-\d\d-\d\d\.json"$/,
    )
    expect(await json.text()).toBe(JSON_FILE)
    const pdf = await visitor.get(`${DATA}/exports/${id}/pdf`)
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect(await pdf.text()).toContain('%PDF-1.3 of theirs')
    const entries =
      "audit_entries WHERE entity_id = $1 AND action = 'export.fetched' AND actor = $1"
    expect(await count(db, entries, [customerId])).toBe(2)
  })

  it('wants a new sign-in where the last was long ago, to ask and to fetch', async () => {
    const visitor = await signIn(customerId)
    await visitor.get(DATA)
    await visitor.post(`${DATA}/exports`, {})
    const id = await make(customerId)
    await age(customerId, HOUR_MS)
    const page = await read(visitor)
    expect(page).toContain('Your copy is ready.')
    expect(page).toContain('Sign in again')
    expect(page).not.toContain(`${DATA}/exports/${id}`)
    for (const format of ['json', 'pdf']) {
      const refused = await visitor.get(`${DATA}/exports/${id}/${format}`)
      expect(refused.status).toBe(403)
      expect(await refused.text()).not.toContain('gari-export')
    }
    expect((await visitor.post(`${DATA}/exports`, {})).status).toBe(403)
  })

  it('says that there were three today, and keeps the last one', async () => {
    const visitor = await signIn(customerId)
    await visitor.get(DATA)
    for (const nth of [1, 2, 3]) {
      expect([nth, (await visitor.post(`${DATA}/exports`, {})).status]).toEqual([nth, 303])
      await make(customerId)
    }
    const refused = await visitor.post(`${DATA}/exports`, {})
    expect(refused.status).toBe(429)
    const text = await refused.text()
    expect(text).toContain('several copies today')
    expect(text).toContain('Fetch the PDF')
  })

  it('answers nobody else, and nobody after a week', async () => {
    const visitor = await signIn(customerId)
    await visitor.get(DATA)
    await visitor.post(`${DATA}/exports`, {})
    const id = await make(customerId)
    const other = await signIn(await buildCustomer(db))
    expect((await other.get(`${DATA}/exports/${id}/json`)).status).toBe(404)
    expect((await createVisitor(app).get(`${DATA}/exports/${id}/json`)).status).not.toBe(200)
    later = KEPT.exportMs + HOUR_MS
    expect((await visitor.get(`${DATA}/exports/${id}/json`)).status).toBe(404)
  })

  it('does not act without the form’s token, and is for customers', async () => {
    const visitor = await signIn(customerId)
    await visitor.get(DATA)
    expect((await visitor.post(`${DATA}/exports`, { _csrf: 'guess' })).status).toBe(403)
    await select(db, "UPDATE users SET kind = 'employee' WHERE id = $1", [customerId])
    expect(await read(visitor)).toContain('tells you what we hold')
    expect((await visitor.post(`${DATA}/exports`, {})).status).toBe(404)
    expect(await findLastExport(db, customerId)).toBeNull()
  })
})

describe('over REST', () => {
  const at = (rest = '') => `/customers/${customerId}/exports${rest}`
  async function own() {
    const token = randomUUID().replaceAll('-', '') + randomUUID().slice(0, 11).replaceAll('-', '_')
    const expiresAt = new Date(Date.now() + HOUR_MS)
    const session = { userId: customerId, kind: 'bearer' as const, csrf: '', expiresAt }
    await inTransaction(db, (tx) => createSession(tx, { ...session, tokenHash: sha256(token) }))
    const named = { userId: customerId, sessionId: token }
    return bearerOf(api, await deps.accessTokens.sign(named, new Date()))
  }

  it('somebody asks for their own, sees how far it is, and fetches it', async () => {
    const me = await own()
    const asked = await me.read<{ id: string }>(202, 'POST', at(), { body: {} })
    expect(asked).toMatchObject({ status: 'waiting', done: 0, ready_at: null })
    expect(await me.read(200, 'GET', at(`/${asked.id}`))).toEqual(asked)
    const early = await me.ask('GET', at(`/${asked.id}/json`))
    expect(await readProblem(early)).toMatchObject({ status: 409, code: 'EXPORT_NOT_READY' })
    await make(customerId)
    const file = await me.ask('GET', at(`/${asked.id}/json`))
    expect(file.headers.get('cache-control')).toBe('private, no-store')
    expect(await file.text()).toBe(JSON_FILE)
    await age(customerId, HOUR_MS)
    expect(await readProblem(await me.ask('GET', at(`/${asked.id}/pdf`)))).toMatchObject({
      code: 'SIGN_IN_AGAIN',
    })
    expect(await readProblem(await me.ask('POST', at(), { body: {} }))).toMatchObject({
      code: 'SIGN_IN_AGAIN',
    })
  })

  it('staff ask for somebody and say how they know who it is, and never fetch it', async () => {
    const manager = await signInAs(api, 'manager')
    const silent = await manager.ask('POST', at(), { body: {} })
    expect(await readProblem(silent)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'why' }],
    })
    const why = 'showed the ID card at the desk'
    const { id } = await manager.read<{ id: string }>(202, 'POST', at(), { body: { why } })
    await make(customerId)
    expect(await manager.read(200, 'GET', at(`/${id}`))).toMatchObject({ status: 'ready' })
    for (const format of ['json', 'pdf'])
      expect((await manager.ask('GET', at(`/${id}/${format}`))).status).toBe(404)
    const entries = 'audit_entries WHERE entity_id = $1 AND why = $2'
    expect(await count(db, entries, [customerId, why])).toBe(1)
    const desk = await signInAs(api, 'desk')
    expect((await desk.ask('POST', at(), { body: { why } })).status).toBe(403)
  })

  it.each([{ why: '' }, { why: 'x'.repeat(201) }, { why: 'x', status: 'ready' }, { who: 'x' }, []])(
    'says what is to be corrected in %j',
    async (body) => {
      const manager = await signInAs(api, 'manager')
      const refused = await manager.ask('POST', at(), { body })
      expect(await readProblem(refused)).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
    },
  )
})

describe('the page of somebody’s data, for staff', () => {
  it('asks for a copy with a reason, and offers no file', async () => {
    const [row] = await select<{ id: string }>(
      db,
      "SELECT id FROM users WHERE email = 'manager@example.com'",
    )
    const visitor = await signIn(row?.id ?? '')
    const path = `/admin/people/${customerId}/data`
    expect(await read(visitor, path)).toContain('Make a copy for them')
    const address = `/admin/people/${customerId}/exports`
    const silent = await visitor.post(address, { why_copied: '' })
    expect(silent.status).toBe(400)
    expect((await visitor.post(address, { why_copied: 'ID card' })).status).toBe(303)
    const id = await make(customerId)
    const page = await read(visitor, path)
    expect(page).toContain('The last one is ready')
    expect(page).not.toContain(id)
  })
})
