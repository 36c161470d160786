/** Asking to be forgotten: on one's own page, and by staff for somebody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { sha256 } from '../../api/tokens.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { changeProfile } from '../../db/own-profile.ts'
import { findErasure } from '../../db/erasures.ts'
import { createSession } from '../../db/sessions.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, readProblem, type TestApi } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db)
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())
beforeEach(async () => {
  customerId = await buildCustomer(db)
})

let tokens = 0
async function signIn(userId: string, ageMs = 0): Promise<Visitor> {
  const token = `${'a'.repeat(38)}${String((tokens += 1)).padStart(5, '0')}`
  const expiresAt = new Date(Date.now() + HOUR_MS)
  const session = { userId, kind: 'page' as const, csrf: `csrf-${token}`, expiresAt }
  await inTransaction(db, (tx) => createSession(tx, { ...session, tokenHash: sha256(token) }))
  await select(
    db,
    'UPDATE sessions SET created_at = now() - make_interval(secs => $2) WHERE user_id = $1',
    [userId, ageMs / 1000],
  )
  const visitor = createVisitor(app)
  visitor.setCookie('__Host-sid', token)
  return visitor
}
const erase = (visitor: Visitor, confirmation = 'ERASE') =>
  visitor.post('/account/data/erasure', { confirmation })

describe('the page of one’s own data', () => {
  it('asks after a fresh sign-in and a typed word, and takes back', async () => {
    const visitor = await signIn(customerId)
    expect(await (await visitor.get('/account/data')).text()).toContain('Type ERASE to confirm')
    const wrong = await erase(visitor, 'yes please')
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('yes please')
    expect(await findErasure(db, customerId)).toBeNull()
    expect((await erase(visitor, 'futa')).status).toBe(303)
    expect(await findErasure(db, customerId)).toMatchObject({ status: 'waiting' })
    expect(await (await visitor.get('/account/data')).text()).toContain('Take it back')
    await visitor.post('/account/data/erasure/taking-back', {})
    expect(await findErasure(db, customerId)).toMatchObject({ status: 'taken_back' })
    const again = await visitor.post('/account/data/erasure/taking-back', {})
    expect(again.status).toBe(404)
  })

  it('wants a new sign-in where the last was long ago', async () => {
    const visitor = await signIn(customerId, HOUR_MS)
    const page = await (await visitor.get('/account/data')).text()
    expect(page).toContain('Sign in again')
    expect(page).not.toContain('Type ERASE')
    expect((await erase(visitor)).status).toBe(403)
    const sent = await visitor.post('/account/data/again', {})
    expect(sent.headers.get('location')).toContain('/sign-in?next=')
    expect(await findErasure(db, customerId)).toBeNull()
  })

  it('says what stands in the way, and keeps that it was asked', async () => {
    const visitor = await signIn(customerId)
    await visitor.get('/account/data')
    await buildBooking(db, { customerId })
    const refused = await erase(visitor)
    expect(refused.status).toBe(409)
    expect(await refused.text()).toContain('a booking that is not over')
    expect(await findErasure(db, customerId)).toMatchObject({ status: 'refused' })
  })

  it('does not take another’s wish back, nor act without the form’s token', async () => {
    const visitor = await signIn(customerId)
    await visitor.get('/account/data')
    await erase(visitor)
    const other = await signIn(await buildCustomer(db))
    await other.get('/account/data')
    expect((await other.post('/account/data/erasure/taking-back', {})).status).toBe(404)
    const forged = await visitor.post('/account/data/erasure/taking-back', { _csrf: 'guess' })
    expect(forged.status).toBe(403)
    expect(await findErasure(db, customerId)).toMatchObject({ status: 'waiting' })
  })

  it('is for customers: whoever works here is told who closes their account', async () => {
    await select(db, "UPDATE users SET kind = 'employee' WHERE id = $1", [customerId])
    const visitor = await signIn(customerId)
    const page = await (await visitor.get('/account/data')).text()
    expect(page).toContain('for work with us')
    expect((await erase(visitor)).status).toBe(409)
  })

  it('is there for everybody who wants to know how we treat data', async () => {
    const text = await (await createVisitor(app).get('/privacy')).text()
    for (const words of ['privacy@gari.test', 'Data Protection Act, 2019', 'Gari Car Rental Ltd'])
      expect(text).toContain(words)
  })
})

describe('staff, for somebody who asks them', () => {
  let manager: Record<string, string>
  beforeAll(async () => {
    const login = { email: 'manager@example.com', password: SAMPLE_PASSWORD }
    const { access_token: token } = (await (await api.post('/auth/login', login)).json()) as {
      access_token: string
    }
    manager = { authorization: `Bearer ${token}` }
  })
  const at = () => `/customers/${customerId}/erasure`
  const why = { why: 'showed the ID card at the desk' }

  it('ask once, see how it stands, and take it back', async () => {
    const asked = await api.post(at(), why, manager)
    expect(asked.status).toBe(202)
    const body = (await asked.json()) as { id: string }
    expect(body).toMatchObject({ status: 'waiting', needs: [], ended_at: null })
    expect(await (await api.post(at(), why, manager)).json()).toEqual(body)
    expect(await (await api.get(at(), manager)).json()).toEqual(body)
    const back = () => api.request(at(), { method: 'DELETE', headers: manager })
    expect([(await back()).status, (await back()).status]).toEqual([204, 404])
    expect(
      await count(db, 'audit_entries WHERE entity_id = $1 AND why = $2', [customerId, why.why]),
    ).toBe(1)
  })

  it('hear every reason why not', async () => {
    await buildBooking(db, { customerId })
    const refused = await api.post(at(), why, manager)
    expect(refused.status).toBe(409)
    expect(await readProblem(refused)).toMatchObject({ code: 'ACCOUNT_NEEDED', needs: ['booking'] })
  })

  it('hold it where the law asks, and lift that', async () => {
    const hold = { method: 'PUT', headers: { ...manager, 'content-type': 'application/json' } }
    const body = JSON.stringify({ why: 'court file E123' })
    const path = `/customers/${customerId}/legal-hold`
    expect((await api.request(path, { ...hold, body })).status).toBe(204)
    expect(await readProblem(await api.post(at(), why, manager))).toMatchObject({
      needs: ['legal_hold'],
    })
    expect((await api.post(`${path}/removal`, { why: 'closed' }, manager)).status).toBe(204)
    expect((await api.post(`${path}/removal`, { why: 'closed' }, manager)).status).toBe(404)
    expect((await api.post(at(), why, manager)).status).toBe(202)
  })

  it('do not do it for themselves, nor for whoever is no customer', async () => {
    const [own] = await select<{ id: string }>(
      db,
      "SELECT id FROM users WHERE email = 'manager@example.com'",
    )
    for (const id of [own?.id ?? '', customerId])
      await inTransaction(db, (tx) => changeProfile(tx, id, { phone: '+254700111222' }))
    expect((await api.post(at(), why, manager)).status).toBe(409)
    const [clerk] = await select<{ id: string }>(
      db,
      "SELECT id FROM users WHERE email = 'desk@example.com'",
    )
    const refused = await api.post(`/customers/${clerk?.id}/erasure`, why, manager)
    expect(refused.status).toBe(404)
  })

  it.each([{}, { why: '' }, { why: 'x', status: 'done' }, { why: 'x'.repeat(201) }])(
    'say what is to be corrected in %j',
    async (body) => {
      const refused = await api.post(at(), body, manager)
      expect(refused.status).toBe(400)
      expect(await readProblem(refused)).toMatchObject({ code: 'INVALID_INPUT' })
    },
  )
})
