/** Closed days and companies over REST, on a real PostgreSQL, and what is told of them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { closeSession } from '../../db/tills.ts'
import { dayOf } from '../../domain/day-close.ts'
import { toDecimal, toShillings } from '../../domain/money.ts'
import { DAY_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, readProblem, type TestApi } from '../support/api.ts'
import { buildBooking, buildTender, buildTill, eventsOf, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
/** The API as it is now, and as it is when the day is over. */
let tomorrow: TestApi
const bearers = new Map<string, Record<string, string>>()
const day = dayOf(NOW)

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  tomorrow = createTestApi(buildDeps(db, { now: () => new Date(NOW.getTime() + DAY_MS) }))
  const signIn = async (on: TestApi, who: string) => {
    const person = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
    const answer = await on.post('/auth/login', person)
    const { access_token: token } = (await answer.json()) as { access_token: string }
    return { authorization: `Bearer ${token}` }
  }
  for (const who of ROLES) bearers.set(who, await signIn(api, who))
  // A token is good for minutes.
  for (const who of ['finance', 'manager'])
    bearers.set(`${who} tomorrow`, await signIn(tomorrow, who))
})
afterAll(() => db.drop())

const of = (who: string) => bearers.get(who) ?? {}
const keyed = (who: string, key: string = randomUUID()) => ({ ...of(who), 'idempotency-key': key })
const ROLES = ['wanjiku', 'desk', 'finance', 'manager', 'operations']

/** A till of the day into which one booking was paid, counted KSh 50 short. */
async function buildShortTill() {
  const booking = await buildBooking(db)
  const { clerkId, sessionId } = await buildTill(db)
  const input = buildTender(booking, { actorId: clerkId })
  const counts = { 50: toShillings(booking.held.total) / 50 - 1 }
  const closing = { sessionId, actorId: clerkId, counts, note: null, at: NOW }
  await inTransaction(db, async (tx) => {
    await takePayment(tx, input, NOW)
    await closeSession(tx, { ...closing, reason: 'wrong_change' })
  })
  return { sessionId, total: booking.held.total }
}

describe('who may', () => {
  it.each(['/day-closes', `/day-closes/${day}`, '/companies'])('read %s', async (path) => {
    const seen = []
    for (const who of ROLES) seen.push((await api.get(path, of(who))).status)
    expect(seen).toEqual([403, 403, 200, 200, 403])
  })
})

describe('a day', () => {
  it('shows its lines while it is open, asks for a reason of each difference, and is closed once', async () => {
    const { sessionId, total } = await buildShortTill()
    const open = (await (
      await tomorrow.get(`/day-closes/${day}`, of('finance tomorrow'))
    ).json()) as {
      lines: { key: string }[]
    }
    expect(open).toMatchObject({ day, id: null, over: true })
    expect(open.lines).toContainEqual(
      expect.objectContaining({ key: `count:${sessionId}`, difference: '-50.00' }),
    )
    const early = await readProblem(await api.post('/day-closes', { day }, keyed('finance')))
    expect(early).toMatchObject({ code: 'DAY_REFUSED', status: 409 })
    const unnamed = await tomorrow.post('/day-closes', { day }, keyed('finance tomorrow'))
    expect(await readProblem(unnamed)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: `count:${sessionId}` }],
    })
    const reasons = { [`count:${sessionId}`]: { reason: 'till_count' } }
    const key = randomUUID()
    const first = await tomorrow.post(
      '/day-closes',
      { day, reasons },
      keyed('finance tomorrow', key),
    )
    const again = await tomorrow.post(
      '/day-closes',
      { day, reasons },
      keyed('finance tomorrow', key),
    )
    expect([first.status, again.status]).toEqual([201, 201])
    const closed = (await first.json()) as { id: string }
    expect(await again.json()).toMatchObject({ id: closed.id })
    const other = await tomorrow.post('/day-closes', { day, reasons }, keyed('manager tomorrow'))
    expect(other.status).toBe(409)
    const listed = await api.get('/day-closes', of('manager'))
    expect(await listed.json()).toMatchObject({ items: [{ day, id: closed.id }] })
    expect(await eventsOf(db, closed.id)).toMatchObject([
      { type: 'day.closed', data: { day, differences: 1 } },
    ])
    expect(await eventsOf(db, sessionId)).toMatchObject([
      {
        type: 'till.closed',
        data: { expected: toDecimal(total), difference: '-50.00', reason: 'wrong_change' },
      },
    ])
  })

  it.each(['2026-13-01', 'yesterday'])('%s is none', async (text) => {
    const answer = await api.get(`/day-closes/${text}`, of('finance'))
    expect([400, 404]).toContain(answer.status)
  })
})

describe('a card terminal', () => {
  it('is read by finance, with its total of the day', async () => {
    const before = dayOf(new Date(NOW.getTime() - DAY_MS))
    const path = `/day-closes/${before}/terminals`
    const total = { terminal: 't9', total: '4500' }
    expect((await api.post(path, total, keyed('desk'))).status).toBe(403)
    expect((await api.post(path, total, of('finance'))).status).toBe(400)
    expect((await api.post(path, { ...total, total: 'much' }, keyed('finance'))).status).toBe(400)
    const told = await api.post(path, total, keyed('finance'))
    expect(told.status).toBe(200)
    expect(((await told.json()) as { lines: object[] }).lines).toContainEqual(
      expect.objectContaining({ key: 'terminal:T9', taken: '0.00', booked: '4500.00' }),
    )
    const named = { terminal: 'T8', total: '1500', batch: '17' }
    const batched = await api.post(path, named, keyed('finance'))
    expect(((await batched.json()) as { lines: object[] }).lines).toContainEqual(
      expect.objectContaining({ key: 'terminal:T8', label: expect.stringMatching(/batch 17$/) }),
    )
    const later = `/day-closes/${dayOf(NOW)}/terminals`
    expect((await api.post(later, named, keyed('finance'))).status).toBe(409)
  })
})

describe('a company', () => {
  const wish = (over: object = {}) => ({
    name: 'Simba Cement Ltd',
    kra_pin: 'p051234567a',
    billing: { line1: 'Mombasa Road', city: 'Nairobi' },
    contact: { name: 'Otieno Odhiambo', email: 'bills@example.com', phone: '0712345678' },
    credit_limit: '250000',
    ...over,
  })

  it('is made once for a key, read and listed', async () => {
    const key = randomUUID()
    const first = await api.post('/companies', wish(), keyed('finance', key))
    const again = await api.post('/companies', wish(), keyed('finance', key))
    expect([first.status, again.status]).toEqual([201, 201])
    const made = (await first.json()) as { id: string }
    expect(made).toMatchObject({
      kra_pin: 'P051234567A',
      credit_limit: '250000.00',
      owed: '0.00',
      terms_days: 30,
      billing: { country: 'Kenya' },
    })
    expect(await again.json()).toEqual(made)
    const other = wish({ kra_pin: 'P059999999A' })
    expect((await api.post('/companies', other, keyed('finance', key))).status).toBe(422)
    expect(await (await api.get(`/companies/${made.id}`, of('manager'))).json()).toEqual(made)
    const all = (await (await api.get('/companies', of('finance'))).json()) as { items: object[] }
    expect(all.items).toContainEqual(made)
  })

  it.each([
    [{ kra_pin: 'P05' }, 'kra_pin'],
    [{ credit_limit: '10.50' }, 'credit_limit'],
    [{ contact: { name: 'Otieno', email: 'nobody', phone: '0712345678' } }, 'contact.email'],
  ])('with %j is refused beside the field', async (over, path) => {
    const answer = await api.post('/companies', wish(over), keyed('finance'))
    expect(await readProblem(answer)).toMatchObject({ status: 400, fields: [{ path }] })
  })

  it('is made by finance with a key, and by nobody else', async () => {
    expect((await api.post('/companies', wish(), of('finance'))).status).toBe(400)
    expect((await api.post('/companies', wish(), keyed('desk'))).status).toBe(403)
    expect((await api.get(`/companies/${randomUUID()}`, of('finance'))).status).toBe(404)
  })
})
