/** Who changed what, as administrators and managers look it up. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { sealNext } from '../../db/audit-chain.ts'
import { claimCheck, finishCheck } from '../../db/audit-checks.ts'
import { listAudit } from '../../db/audit-reads.ts'
import { deedText, plainChanges, whenceText, whoText } from '../../domain/booking-changes.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildPaid, KSH_1000 } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let number = ''
let bookingId = ''
let customerId = ''

beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
  const booking = await buildBooking(db)
  customerId = booking.input.customerId
  number = booking.held.number
  bookingId = booking.input.reservationId
  await buildPaid(db, booking, KSH_1000)
  await buildBooking(db)
})
afterAll(() => db.drop())

const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}
const actionsAbout = async (about: string) =>
  (await listAudit(db, { about, limit: 50 })).items.map(({ action }) => action)

describe('a booking at the desk', () => {
  const page = async (who: string) =>
    (await (await enter(who)).get(`/desk/bookings/${bookingId}`)).text()

  it('tells who may read the audit what was changed of it, in plain words', async () => {
    const html = await page('manager')
    const card = /<section[^>]*aria-labelledby="changes"[\s\S]*?<\/section>/.exec(html)?.[0] ?? ''
    const deeds = [...card.matchAll(/timeline-what">([^<]*)</g)].map(([, deed]) => deed)
    expect(deeds).toEqual([
      'A first part was paid',
      'A payment came',
      'The prompt is on the phone',
      'A payment was asked for',
      'The booking was made, and a car held',
    ])
    expect(card).toContain('amount: KSh 1,000')
    expect(card).toContain('Gari by itself')
    expect(card).toContain('Wanjiku Kamau')
    expect(card).toContain(`/admin/audit?about=${number}`)
  })

  it('tells others nothing of it', async () => {
    expect(await page('desk')).not.toContain('aria-labelledby="changes"')
  })

  it('says in words what nobody has words for', async () => {
    expect(deedText('vehicle.washed_twice')).toBe('vehicle: washed twice')
    const known = { actor: 'gari', actorName: null }
    expect(whoText(known)).toBe('Gari by itself')
    expect(whoText({ actor: 'amina', actorName: null })).toBe('amina')
    expect(whenceText('41.90.3.7 request 5f2d')).toBe('from 41.90.3.7')
    expect(whenceText('workflow refund:7f')).toBe('in the workflow refund:7f')
    expect(whenceText('worker audit seals')).toBe('by the worker for audit seals')
    expect(whenceText('npm run first-admin')).toBe('by npm run first-admin')
    expect(whenceText(null)).toBe('')
    const changed = {
      before: null,
      after: { paid: 150_000, coverUntil: '2026-11-22T07:00:00.000Z' },
    }
    expect(plainChanges(changed)).toEqual([
      { field: 'paid', was: 'nothing', is: 'KSh 1,500' },
      { field: 'cover until', was: 'nothing', is: 'Sun 22 Nov, 10:00' },
    ])
  })
})

describe('the audit', () => {
  it('is found by what it is about, with the money of a booking', async () => {
    expect(await actionsAbout(number)).toEqual([
      'reservation.processing',
      'payment.settled',
      'payment.prompted',
      'payment.requested',
      'reservation.held',
    ])
    expect(await actionsAbout(number.toLowerCase())).toHaveLength(5)
  })

  it('is found by who did it, what was done, and when', async () => {
    const count = async (filter: object) =>
      (await listAudit(db, { limit: 50, ...filter })).items.length
    expect(await count({ action: 'reservation' })).toBe(3)
    expect(await count({ action: 'reservation.held' })).toBe(2)
    for (const action of ['reserv', 'reservation.%', 'reservation_held', '%', 'reservation.hel'])
      expect([action, await count({ action })]).toEqual([action, 0])
    expect(await count({ action: 'reservation.held', who: customerId })).toBe(1)
    expect(await count({ who: 'Wanjiku' })).toBeGreaterThan(0)
    expect(await count({ who: 'nobody of this name' })).toBe(0)
    const tomorrow = new Date(Date.now() + 2 * 86_400_000)
    expect(await count({ from: tomorrow })).toBe(0)
    expect(await count({ to: tomorrow })).toBe(await count({}))
  })

  it('goes on where a page ended', async () => {
    const all = (await listAudit(db, { limit: 50 })).items.map(({ id }) => id)
    const first = await listAudit(db, { limit: 2 })
    const rest = await listAudit(db, { limit: 50, ...(first.next ? { before: first.next } : {}) })
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(all)
  })
})

describe('its page', () => {
  it('is for administrators and managers', async () => {
    for (const [who, status] of [
      ['admin', 200],
      ['manager', 200],
      ['finance', 403],
      ['desk', 403],
    ] as const) {
      expect([who, (await (await enter(who)).get('/admin/audit')).status]).toEqual([who, status])
    }
  })

  it('shows what was, what is, and from where; and keeps what was asked', async () => {
    const visitor = await enter('admin')
    const [desk] = await select<{ id: string }>(
      db,
      "SELECT id FROM users WHERE email = 'desk@example.com'",
    )
    await visitor.post(`/admin/people/${desk?.id}/status`, {
      status: 'suspended',
      why: 'lost the phone',
    })
    const page = await (await visitor.get('/admin/audit?about=desk%40example.com')).text()
    expect(page).toContain('status: active → suspended')
    expect(page).toContain('lost the phone')
    expect(page).toMatch(/direct request [0-9a-f-]{36}/)
    expect(page).toContain('value="desk@example.com"')
  })

  it('says whether anybody has changed it', async () => {
    const visitor = await enter('admin')
    expect(await (await visitor.get('/admin/audit')).text()).toContain('no night has passed yet')
    await inTransaction(db, (tx) => sealNext(tx, () => 'a'.repeat(64), 10))
    const found = { links: 10, published: 3, lostHeads: 0, flaws: [] }
    await inTransaction(db, (tx) => claimCheck(tx, '2026-11-21'))
    await inTransaction(db, (tx) => finishCheck(tx, '2026-11-21', found))
    expect(await (await visitor.get('/admin/audit')).text()).toContain('As it was written')
    const flaw = { kind: 'changed' as const, position: 7, entryId: '9' }
    await inTransaction(db, (tx) => claimCheck(tx, '2026-11-22'))
    await inTransaction(db, (tx) => finishCheck(tx, '2026-11-22', { ...found, flaws: [flaw] }))
    const changed = await (await visitor.get('/admin/audit')).text()
    expect(changed).toContain('It was changed')
    expect(changed).toContain('entry 9 was changed')
    const operations = await (await (await enter('operations')).get('/admin/operations')).text()
    expect(operations).toContain('The audit is not as it was written')
  })
})

it('a night is checked once, and again where the check was stopped', async () => {
  const claim = (day: string) => inTransaction(db, (tx) => claimCheck(tx, day))
  expect(await claim('2026-12-01')).toBe(true)
  expect(await claim('2026-12-01')).toBe(false)
  await select(
    db,
    "UPDATE audit_checks SET started_at = now() - interval '4 hours' WHERE day = '2026-12-01'",
  )
  expect(await claim('2026-12-01')).toBe(true)
  const found = { links: 1, published: null, lostHeads: 0, flaws: [] }
  await inTransaction(db, (tx) => finishCheck(tx, '2026-12-01', found))
  await select(
    db,
    "UPDATE audit_checks SET started_at = now() - interval '4 hours' WHERE day = '2026-12-01'",
  )
  expect(await claim('2026-12-01')).toBe(false)
})
