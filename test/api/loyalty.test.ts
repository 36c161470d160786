/** Loyalty points over REST and on pages: one's own, those of customers for staff, and using them on a booking. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { uuidFrom } from '../../api/tokens.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { adjustPoints } from '../../db/loyalty.ts'
import { readPoints } from '../../db/loyalty-reads.ts'
import { resumePoints } from '../../db/loyalty-repair.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import { toFormTime } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  steadyClock,
  type TestApi,
} from '../support/api.ts'
import { signInAs } from '../support/bearers.ts'
import { createVisitor } from '../support/browser.ts'
import { at, buildBooking, buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
let ownId: string
const asked: ReservationInput[] = []
const NOW = steadyClock()
const deps = () =>
  buildDeps(db, {
    now: () => NOW,
    workflows: buildWorkflows({
      reserve: (input) => {
        asked.push(input)
        return Promise.resolve('pending' as const)
      },
    }),
  })

const give = (customerId: string, points: number) =>
  inTransaction(db, (tx) =>
    adjustPoints(tx, {
      id: randomUUID(),
      customerId,
      points,
      reason: 'The car was late',
      actorId: 'manager',
    }),
  )

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(deps())
  const row = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  ownId = row?.id ?? ''
  await give(ownId, 1_200)
})
afterAll(() => db.drop())

const WISH = {
  category: 'SUV',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: at(7).toISOString(),
  return_at: at(9).toISOString(),
  parties: [{ name: 'Wanjiku Kamau', phone: '0712345678' }],
}

type Body = { balance: number; worth: string; items: { points: number }[]; next: string | null }

describe('over REST', () => {
  it('are seen by whose they are, page by page, with their worth and their end', async () => {
    const own = await signInAs(api, 'customer')
    await give(ownId, 50)
    const path = `/customers/${ownId}/loyalty`
    const first = await own.read<Body>(200, 'GET', `${path}?limit=1`)
    expect(first).toMatchObject({ balance: 1_250, worth: '1250.00', items: [{ points: 50 }] })
    const rest = await own.read<Body>(200, 'GET', `${path}?limit=1&cursor=${first.next ?? ''}`)
    expect(rest.items).toMatchObject([{ points: 1_200, reason: 'The car was late' }])
    expect((await own.refused(400, 'GET', `${path}?cursor=none`)).fields?.[0]?.path).toBe('cursor')
    const other = await buildCustomer(db)
    await own.refused(403, 'GET', `/customers/${other}/loyalty`)
  })

  it('are given once a key by a manager, who says why', async () => {
    const manager = await signInAs(api, 'manager')
    const customerId = await buildCustomer(db)
    const path = `/customers/${customerId}/loyalty`
    const headers = { 'idempotency-key': randomUUID() }
    const sent = { body: { points: 250, reason: 'The car was an hour late' }, headers }
    await manager.read(201, 'POST', path, sent)
    expect(await manager.read<Body>(201, 'POST', path, sent)).toMatchObject({ balance: 250 })
    await manager.refused(422, 'POST', path, { ...sent, body: { points: 9, reason: 'other' } })
    const desk = await signInAs(api, 'desk')
    await desk.refused(403, 'POST', path, { body: sent.body })
    expect(await desk.read<Body>(200, 'GET', path)).toMatchObject({ balance: 250 })
    await manager.refused(404, 'GET', `/customers/${randomUUID()}/loyalty`)
    const where = "audit_entries WHERE action = 'loyalty.adjusted' AND entity_id = $1 AND why = $2"
    expect(await count(db, where, [customerId, sent.body.reason])).toBe(1)
  })

  it.each([
    ['points', { points: 0, reason: 'as tested' }],
    ['points', { points: 5_001, reason: 'as tested' }],
    ['points', { points: 1.5, reason: 'as tested' }],
    ['points', { points: -1, reason: 'more than there is' }],
    ['reason', { points: 5, reason: ' ' }],
    ['balance', { points: 5, reason: 'as tested', balance: 9 }],
  ])('refuse a wrong %s: %j', async (field, body) => {
    const manager = await signInAs(api, 'manager')
    const customerId = await buildCustomer(db)
    const said = await manager.refused(400, 'POST', `/customers/${customerId}/loyalty`, { body })
    expect(JSON.stringify(said)).toContain(field)
    expect(await readPoints(db, customerId)).toBe(0)
  })

  it('go into a booking as a number, never as a price', async () => {
    const own = await signInAs(api, 'customer')
    await own.read(202, 'POST', '/reservations', { body: { ...WISH, points: 300 } })
    expect(asked.at(-1)).toMatchObject({ customerId: ownId, points: 300 })
    const few = await own.refused(400, 'POST', '/reservations', { body: { ...WISH, points: 10 } })
    expect(few.fields).toMatchObject([{ path: 'points', message: 'Use at least 50 points.' }])
  })
})

describe('beside a worker that knows no points', () => {
  afterEach(() => select(db.owner, 'DELETE FROM read_by_older_release'))

  it('are not offered, and lower no booking, until it is gone', async () => {
    await select(db.owner, "INSERT INTO read_by_older_release VALUES ('loyalty_entries')")
    const visitor = await visit('wanjiku')
    const open = async () =>
      (await visitor.get(`/book?${new URLSearchParams(TRIP).toString()}`)).text()
    expect(await open()).not.toContain('name="points"')
    const own = await signInAs(api, 'customer')
    const before = asked.length
    const refused = await own.refused(409, 'POST', '/reservations', {
      body: { ...WISH, points: 300 },
    })
    expect(refused.code).toBe('POINTS_REFUSED')
    expect(asked).toHaveLength(before)
    await own.read(202, 'POST', '/reservations', { body: WISH })
    await resumePoints(db)
    expect(await open()).toContain('name="points"')
    await own.read(202, 'POST', '/reservations', { body: { ...WISH, points: 300 } })
  })
})

const TRIP = {
  category: 'SUV',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: toFormTime(at(7)),
  return_at: toFormTime(at(9)),
}

async function visit(who: string) {
  const visitor = createVisitor(createApp(deps()))
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

describe('on pages', () => {
  it('are shown with their history to whose they are', async () => {
    const visitor = await visit('wanjiku')
    const html = await (await visitor.get('/account/points')).text()
    expect(html).toContain('KSh 1,250')
    expect(html).toContain('The car was late')
    expect(await (await visitor.get('/account/security')).text()).toContain('/account/points')
  })

  it('lower a booking by what was typed, and keep it when it is wrong', async () => {
    const visitor = await visit('wanjiku')
    const form = await (await visitor.get(`/book?${new URLSearchParams(TRIP).toString()}`)).text()
    expect(form).toContain('name="points"')
    const wish = { 'parties[0][name]': 'Wanjiku Kamau', 'parties[0][phone]': '0712 345 678' }
    const book = (points: string) =>
      visitor.post('/book', { ...TRIP, ...wish, booking_id: randomUUID(), points })
    const before = asked.length
    for (const typed of ['1251', '10', '1.5', 'all']) {
      const answer = await book(typed)
      expect(answer.status).toBe(400)
      const html = await answer.text()
      expect(html).toContain(`value="${typed}"`)
      expect(html).toContain('field-points')
    }
    expect(asked).toHaveLength(before)
    expect((await book('300')).status).toBe(303)
    expect(asked.at(-1)).toMatchObject({ points: 300 })
    expect((await book('')).status).toBe(303)
    expect(asked.at(-1)).not.toHaveProperty('points')
  })

  it('lower the price that a form shows while people are added to it', async () => {
    const visitor = await visit('wanjiku')
    const wish = { 'parties[0][name]': 'Wanjiku Kamau', 'parties[0][phone]': '0712 345 678' }
    const show = async (points: string) => {
      const typed = { ...TRIP, ...wish, booking_id: randomUUID(), points, action: 'add_party' }
      const html = await (await visitor.post('/book', typed)).text()
      const together = /(?:Together it must be) KSh ([\d,]+)/.exec(html)?.[1] ?? ''
      return Number(together.replaceAll(',', ''))
    }
    const whole = await show('')
    expect(whole).toBeGreaterThan(0)
    expect(await show('300')).toBe(whole - 300)
    expect(await show('99999')).toBe(whole)
  })

  it('are spent once by a form that is sent twice, which leads to its booking', async () => {
    const visitor = await visit('wanjiku')
    const bookingId = randomUUID()
    await buildBooking(db, {
      customerId: ownId,
      reservationId: uuidFrom('reservation', ownId, bookingId),
    })
    const wish = { 'parties[0][name]': 'Wanjiku Kamau', 'parties[0][phone]': '0712 345 678' }
    const again = { ...TRIP, ...wish, booking_id: bookingId, points: '4000' }
    const answer = await visitor.post('/book', again)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toMatch(/^\/bookings\/[0-9a-f-]{36}\/pay$/)
    const other = await visitor.post('/book', { ...again, booking_id: randomUUID() })
    expect(other.status).toBe(400)
  })

  it('are seen by the desk, and changed by a manager once a form', async () => {
    const customerId = await buildCustomer(db)
    const path = `/desk/customers/${customerId}/points`
    const desk = await visit('desk')
    const seen = await (await desk.get(path)).text()
    expect(seen).not.toContain('name="reason"')
    expect((await desk.post(path, { points: '5', reason: 'mine' })).status).toBe(403)
    const manager = await visit('manager')
    await manager.token(path)
    const form = { request_id: randomUUID(), points: '+250', reason: 'The car was late' }
    expect((await manager.post(path, form)).status).toBe(303)
    expect((await manager.post(path, form)).status).toBe(303)
    expect(await readPoints(db, customerId)).toBe(250)
    const wrong = await manager.post(path, { ...form, points: 'many', reason: '' })
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('value="many"')
    expect((await (await visit('wanjiku')).get(path)).status).toBe(403)
  })
})
