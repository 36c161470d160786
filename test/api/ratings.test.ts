/** Ratings over REST and on pages: one's own, those of customers for staff, and asking for a person. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { rateByRule, readRating } from '../../db/ratings.ts'
import { DAY_MS, toNairobiIso } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { createVisitor } from '../support/browser.ts'
import { buildBooking, buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
let manager: Bearer
let desk: Bearer
let ownId: string

const rate = (customerId: string) =>
  inTransaction(db, (tx) => rateByRule(tx, customerId, new Date()))
const inDays = (days: number) => toNairobiIso(new Date(Date.now() + days * DAY_MS)).slice(0, 10)
const HIGH = { level: 'high', why: 'Two keys were lost', until: inDays(30) }
const buildRated = async () => {
  const customerId = await buildCustomer(db)
  await rate(customerId)
  return customerId
}

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  manager = await signInAs(api, 'manager')
  desk = await signInAs(api, 'desk')
  const row = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  ownId = row?.id ?? ''
})
afterAll(() => db.drop())

type One = { level: string; score: number; by_hand: boolean; reasons: { words: string }[] }
type Body = { current: One | null; items: One[]; next: string | null }

describe('over REST', () => {
  it('is told with its reasons to whose it is and to the desk, and to no other customer', async () => {
    const own = await signInAs(api, 'customer')
    const path = `/customers/${ownId}/rating`
    expect(await own.read<Body>(200, 'GET', path)).toMatchObject({ current: null, items: [] })
    await rate(ownId)
    const told = await own.read<Body>(200, 'GET', path)
    expect(told.current).toMatchObject({ level: 'low', by_hand: false })
    expect(told.current?.reasons[0]).toMatchObject({
      code: 'start',
      points: 60,
      words: 'Everybody begins with these',
    })
    expect(await desk.read<Body>(200, 'GET', path)).toEqual(told)
    await own.refused(403, 'GET', `/customers/${await buildCustomer(db)}/rating`)
    await manager.refused(404, 'GET', `/customers/${randomUUID()}/rating`)
  })

  it('is set by hand once a key, by a manager, for a while, and ended by looking again', async () => {
    const customerId = await buildRated()
    const path = `/customers/${customerId}/rating`
    const headers = { 'idempotency-key': randomUUID() }
    const sent = { body: HIGH, headers }
    await manager.read(201, 'POST', path, sent)
    const twice = await manager.read<Body>(201, 'POST', path, sent)
    expect(twice.current).toMatchObject({ level: 'high', by_hand: true, why: HIGH.why })
    expect(twice.items).toHaveLength(2)
    await manager.refused(422, 'POST', path, { ...sent, body: { ...HIGH, level: 'low' } })
    await desk.refused(403, 'POST', path, { body: HIGH })
    const record = await desk.read(200, 'GET', `/customers/${customerId}`)
    expect(record).toMatchObject({ risk_level: 'high', credit_score: 60 })
    const after = await manager.read<Body>(200, 'POST', `${path}/reckoning`)
    expect(after.current).toMatchObject({ level: 'low', by_hand: false })
    await desk.refused(403, 'POST', `${path}/reckoning`)
    const where = "audit_entries WHERE action = 'rating.set' AND entity_id = $1 AND why = $2"
    expect(await count(db, where, [customerId, HIGH.why])).toBe(1)
  })

  it.each([
    ['level', { ...HIGH, level: 'none' }],
    ['why', { ...HIGH, why: ' ' }],
    ['until', { ...HIGH, until: 'tomorrow' }],
    ['until', { ...HIGH, until: inDays(-2) }],
    ['until', { ...HIGH, until: inDays(400) }],
    ['score', { ...HIGH, score: 100 }],
  ])('refuses a wrong %s: %j', async (field, body) => {
    const customerId = await buildRated()
    const said = await manager.refused(400, 'POST', `/customers/${customerId}/rating`, { body })
    expect(JSON.stringify(said)).toContain(field)
    expect(await readRating(db, customerId)).toMatchObject({ byHand: false })
  })

  it('stands on a customer’s record for those only who may see it', async () => {
    const customerId = await buildRated()
    await select(
      db,
      "DELETE FROM role_permissions WHERE role = 'finance' AND permission = 'ratings:read'",
    )
    const finance = await signInAs(api, 'finance')
    expect(await finance.read(200, 'GET', `/customers/${customerId}`)).toMatchObject({
      risk_level: null,
      credit_score: null,
    })
    await finance.refused(403, 'GET', '/customers?risk_level=low')
    await finance.refused(403, 'GET', `/customers/${customerId}/rating`)
  })

  it('is looked at by a person when its owner asks, who is answered once', async () => {
    await rate(ownId)
    const own = await signInAs(api, 'customer')
    const path = `/customers/${ownId}/rating-reviews`
    const headers = { 'idempotency-key': randomUUID() }
    const sent = { body: { words: 'The scratch was old' }, headers }
    const asked = await own.read<{ id: string }>(201, 'POST', path, sent)
    expect(await own.read(201, 'POST', path, sent)).toEqual(asked)
    expect((await own.refused(409, 'POST', path, { body: sent.body })).code).toBe('REVIEW_OPEN')
    await manager.refused(403, 'POST', path, { body: sent.body })
    await desk.refused(403, 'GET', '/rating-reviews')
    const { items } = await manager.read<{ items: object[] }>(200, 'GET', '/rating-reviews')
    expect(items).toMatchObject([{ id: asked.id, customer_id: ownId, words: sent.body.words }])
    const answer = { body: { answer: 'So it was' } }
    const address = `/rating-reviews/${asked.id}/answer`
    await own.refused(403, 'POST', address, answer)
    expect(await manager.read(200, 'POST', address, answer)).toMatchObject(answer.body)
    await manager.refused(409, 'POST', address, answer)
  })
})

const pages = () => createApp(buildDeps(db))
async function enter(who: string) {
  const visitor = createVisitor(pages())
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

describe('on pages', () => {
  it('the owner reads what was decided, asks for a person once, and reads the answer', async () => {
    const own = await enter('wanjiku')
    await rate(ownId)
    expect(await (await own.get('/account/security')).text()).toContain('/account/rating')
    const html = await (await own.get('/account/rating')).text()
    for (const said of ['Low risk', 'of 100 points', 'Everybody begins with these', 'section 35'])
      expect(html).toContain(said)
    const none = await own.post('/account/rating', { words: '', request_id: 'a' })
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining('Write some')])
    const form = { words: 'Please look at the scratch again', request_id: 'b' }
    expect((await own.post('/account/rating', form)).status).toBe(303)
    expect((await own.post('/account/rating', form)).status).toBe(303)
    const other = await own.post('/account/rating', { ...form, request_id: 'c' })
    expect(other.status).toBe(409)
    expect(await count(db, 'rating_reviews WHERE words = $1', [form.words])).toBe(1)

    const boss = await enter('manager')
    expect(await (await boss.get('/desk/rating-reviews')).text()).toContain(form.words)
    const path = `/desk/customers/${ownId}/rating`
    const row = await selectOne<{ id: string }>(
      db,
      'SELECT id FROM rating_reviews WHERE words = $1',
      [form.words],
    )
    const said = { review_id: row?.id ?? '', answer: 'We have looked: it was old' }
    const elsewhere = `/desk/customers/${await buildRated()}/rating/answer`
    expect((await boss.post(elsewhere, said)).status).toBe(404)
    expect((await boss.post(`${path}/answer`, said)).status).toBe(303)
    expect(await (await own.get('/account/rating')).text()).toContain(said.answer)
  })

  it('the desk sees it on a booking, and a manager sets it with a reason and an end', async () => {
    const customerId = await buildRated()
    const booking = await buildBooking(db, { customerId })
    const boss = await enter('manager')
    const path = `/desk/customers/${customerId}/rating`
    const wrong = await boss.post(path, { level: 'high', why: '', until: '', request_id: 'a' })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('Say why.')])
    expect((await boss.post(path, { ...HIGH, request_id: 'a' })).status).toBe(303)
    expect((await boss.post(path, { ...HIGH, request_id: 'a' })).status).toBe(303)
    expect(await count(db, 'customer_ratings WHERE customer_id = $1', [customerId])).toBe(2)
    const clerk = await enter('desk')
    const address = `/desk/bookings/${booking.input.reservationId}`
    const shown = await (await clerk.get(address)).text()
    expect(shown).toContain('Take a closer look')
    const seen = await (await clerk.get(path)).text()
    expect(seen).toContain(HIGH.why)
    expect(seen).not.toContain('Set this level')
    expect((await clerk.post(path, { ...HIGH, request_id: 'b' })).status).toBe(403)
    expect((await clerk.get('/desk/rating-reviews')).status).toBe(403)
    const looked = await boss.post(`${path}/reckoning`, {})
    expect(looked.headers.get('location')).toBe(`${path}?done=looked`)
  })
})
