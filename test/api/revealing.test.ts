/** Other people's phones are masked for everybody; who must reach people sees them when they ask, and that is written down. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { findContact } from '../../db/accounts.ts'
import { select, selectOne } from '../../db/connection.ts'
import { maskEmail } from '../../domain/customers.ts'
import { maskPhone, printedPhone } from '../../domain/payments.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, type Booking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let booking: Booking
let customer: { id: string; phone: string; email: string }
const asked: { phone: string }[] = []

beforeAll(async () => {
  db = await createTestDatabase()
  const workflows = buildWorkflows({
    requestPayment: (_id, wish) => {
      asked.push(wish)
      return Promise.reject(new Error('nobody answers here'))
    },
  })
  const deps = buildDeps(db, { workflows })
  app = createApp(deps)
  api = createTestApi(deps, app)
  booking = await buildBooking(db)
  const found = await selectOne<{ id: string; email: string }>(
    db,
    `SELECT u.id, u.email FROM users u JOIN reservations r ON r.customer_id = u.id WHERE r.id = $1`,
    [booking.input.reservationId],
  )
  if (!found) throw new Error('nobody has booked')
  const contact = await findContact(db, found.id)
  customer = { ...found, phone: contact?.phone ?? 'none' }
})
afterAll(() => db.drop())

const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}
const page = () => `/desk/bookings/${booking.input.reservationId}`
const show = (visitor: Visitor, form: Record<string, string> = {}) =>
  visitor.post(`${page()}/contact`, form)
const looks = () =>
  select<{ actor: string; after: object; origin: string }>(
    db,
    `SELECT u.email::text AS actor, a.after, a.origin FROM audit_entries a JOIN users u ON u.id::text = a.actor
     WHERE a.action = 'contacts.revealed' AND a.entity_id = $1 ORDER BY a.id`,
    [customer.id],
  )
const hasWhole = (html: string) =>
  [printedPhone(customer.phone), customer.phone, customer.email].some((one) => html.includes(one))

describe('the desk', () => {
  it('sees who booked with a masked phone and e-mail, and nothing else of them in the page', async () => {
    for (const who of ['desk', 'manager', 'operations']) {
      const html = await (await (await enter(who)).get(page())).text()
      expect(html).toContain(maskPhone(customer.phone))
      expect(hasWhole(html)).toBe(false)
      expect(html.includes('/contact"')).toBe(who !== 'operations')
    }
    expect(await looks()).toEqual([])
  })

  it('sees both for one answer when it asks, and the audit says who looked at whose, and where', async () => {
    const visitor = await enter('desk')
    const shown = await show(visitor)
    expect(shown.status).toBe(200)
    expect(shown.headers.get('cache-control')).toContain('no-store')
    const html = await shown.text()
    expect(html).toContain(printedPhone(customer.phone))
    expect(html).toContain(customer.email)
    expect(html).not.toContain('/contact"')
    expect(hasWhole(await (await visitor.get(page())).text())).toBe(false)
    expect(await looks()).toEqual([
      {
        actor: 'desk@example.com',
        after: { shown: ['phone', 'email'], reservationId: booking.input.reservationId },
        origin: expect.stringContaining('request '),
      },
    ])
    const entry = await select<{ entry: string }>(
      db,
      "SELECT a::text AS entry FROM audit_entries a WHERE action = 'contacts.revealed'",
    )
    expect(hasWhole(JSON.stringify(entry))).toBe(false)
  })

  it('is believed only when the page asked, and only who must reach people may ask', async () => {
    const before = await looks()
    expect((await show(await enter('desk'), { _csrf: 'guess' })).status).toBe(403)
    for (const who of ['operations', 'finance', 'wanjiku', 'admin'])
      expect((await show(await enter(who))).status).toBe(403)
    const stranger = createVisitor(app)
    await stranger.token()
    expect((await show(stranger)).status).toBe(303)
    const manager = await enter('manager')
    expect((await manager.post(`/desk/bookings/${randomUUID()}/contact`, {})).status).toBe(404)
    expect(await looks()).toEqual(before)
  })

  it('has an end to its looks, and what was refused was not shown', async () => {
    const visitor = await enter('manager')
    let answer = await show(visitor)
    for (let more = 0; more < 60 && answer.status === 200; more += 1) answer = await show(visitor)
    expect(answer.status).toBe(429)
    expect(hasWhole(await answer.text())).toBe(false)
    const own = (await looks()).filter(({ actor }) => actor === 'manager@example.com')
    expect(own).toHaveLength(60)
    await select(db, 'DELETE FROM rate_limits')
  })
})

describe('the desk over REST', () => {
  const ask = async (who: string, id: string = booking.input.reservationId) =>
    (await signInAs(api, who)).ask('POST', `/reservations/${id}/contact-reveals`)

  it('sees both for one answer, by the same permission and with the same entry', async () => {
    const before = await looks()
    const answer = await ask('desk')
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await answer.json()).toEqual({
      customer_id: customer.id,
      name: expect.any(String),
      phone: customer.phone,
      email: customer.email,
    })
    expect((await looks()).slice(before.length)).toEqual([
      {
        actor: 'desk@example.com',
        after: { shown: ['phone', 'email'], reservationId: booking.input.reservationId },
        origin: expect.stringContaining('request '),
      },
    ])
  })

  it('is refused to everybody else, whoever’s booking it is, and for none', async () => {
    const before = await looks()
    for (const who of ['operations', 'finance', 'customer', 'admin'])
      expect((await ask(who)).status).toBe(403)
    expect((await ask('desk', randomUUID())).status).toBe(404)
    expect(await looks()).toEqual(before)
  })

  it('counts together with the page', async () => {
    await select(db, 'DELETE FROM rate_limits')
    const visitor = await enter('desk')
    const desk = await signInAs(api, 'desk')
    const path = `/reservations/${booking.input.reservationId}/contact-reveals`
    let status = 200
    for (let more = 0; more < 61 && status === 200; more += 1)
      status = more % 2 ? (await show(visitor)).status : (await desk.ask('POST', path)).status
    expect(status).toBe(429)
    const refused = await desk.ask('POST', path)
    expect([refused.status, hasWhole(await refused.text())]).toEqual([429, false])
    await select(db, 'DELETE FROM rate_limits')
  })
})

describe('those who look after accounts', () => {
  const list = (q: string) => `/admin/people?kind=customers&q=${encodeURIComponent(q)}`
  const person = () => `/admin/people/${customer.id}`
  type Account = { id: string; kind: string; email: string }

  it('find a customer by the whole e-mail, and are shown it masked', async () => {
    const admin = await enter('admin')
    for (const path of [list(customer.email), list(customer.phone), person()]) {
      const html = (await (await admin.get(path)).text()).replace(/<input[^>]*name="q"[^>]*>/, '')
      expect(html).toContain(maskEmail(customer.email))
      expect(html.replaceAll(encodeURIComponent(customer.email), '')).not.toContain(customer.email)
      expect(html).not.toContain(printedPhone(customer.phone))
    }
    const admins = await signInAs(api, 'admin')
    const { items } = await admins.read<{ items: Account[] }>(
      200,
      'GET',
      `/users?q=${encodeURIComponent(customer.email)}`,
    )
    expect(items).toEqual([expect.objectContaining({ id: customer.id })])
    expect(items[0]?.email).toBe(maskEmail(customer.email))
    expect(await admins.read(200, 'GET', `/users/${customer.id}`)).toMatchObject({
      email: maskEmail(customer.email),
    })
  })

  it('know colleagues by theirs', async () => {
    const admins = await signInAs(api, 'admin')
    const { items } = await admins.read<{ items: Account[] }>(200, 'GET', '/users?kind=employee')
    expect(items.map(({ email }) => email)).toContain('desk@example.com')
    const html = await (await (await enter('admin')).get('/admin/people')).text()
    expect(html).toContain('desk@example.com')
  })

  it('see the whole when they must reach people and ask, with an entry; administrators do not', async () => {
    const before = await looks()
    const admin = await enter('admin')
    expect(await (await admin.get(person())).text()).not.toContain('/contact"')
    expect((await admin.post(`${person()}/contact`, {})).status).toBe(403)
    const manager = await enter('manager')
    expect(await (await manager.get(person())).text()).toContain('/contact"')
    expect((await manager.post(`${person()}/contact`, { _csrf: 'guess' })).status).toBe(403)
    expect(await looks()).toEqual(before)
    const shown = await manager.post(`${person()}/contact`, {})
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const html = await shown.text()
    expect(html).toContain(customer.email)
    expect(html).toContain(printedPhone(customer.phone))
    expect(hasWhole(await (await manager.get(person())).text())).toBe(false)
    expect((await looks()).slice(before.length)).toMatchObject([{ actor: 'manager@example.com' }])
  })
})

describe('a form that asks somebody for money', () => {
  it('shows staff a masked phone, which stands for the whole one when it comes back', async () => {
    const visitor = await enter('desk')
    const path = `/bookings/${booking.input.reservationId}/pay`
    const phone = booking.input.parties[0]?.phone ?? ''
    const html = await (await visitor.get(path)).text()
    expect(html).toContain(`value="${maskPhone(phone)}"`)
    expect(html).not.toContain(printedPhone(phone))
    expect(html).not.toContain(phone.slice(1))
    const form = { phone: maskPhone(phone), amount: '100', payment_id: randomUUID() }
    const party_id = booking.input.parties[0]?.id ?? ''
    const answer = await visitor.post(path, { ...form, party_id })
    expect(asked.at(-1)?.phone).toBe(phone)
    expect(await answer.text()).not.toContain(printedPhone(phone))
  })
})

describe('over REST', () => {
  let desk: Bearer
  beforeAll(async () => {
    desk = await signInAs(api, 'desk')
  })
  type Customer = { id: string; masked: boolean; phone: string | null }

  it('a list is masked', async () => {
    const { items } = await desk.read<{ items: Customer[] }>(200, 'GET', '/customers')
    expect(items.length).toBeGreaterThan(0)
    expect(items.every(({ masked }) => masked)).toBe(true)
    expect(JSON.stringify(items)).not.toMatch(/\+254\d{9}/)
  })

  it('a change that answers with the whole is a look as well', async () => {
    const before = (await looks()).length
    const body = { notes: 'prefers mornings' }
    const changed = await desk.read<Customer>(200, 'PATCH', `/customers/${customer.id}`, { body })
    expect(changed).toMatchObject({ masked: false, phone: customer.phone })
    expect((await looks()).length).toBe(before + 1)
  })

  it('one customer is whole for who must reach people, and the audit has the look', async () => {
    const before = (await looks()).length
    const first = await desk.ask('GET', `/customers/${customer.id}`)
    expect(await first.json()).toMatchObject({ masked: false, phone: customer.phone })
    expect((await looks()).length).toBe(before + 1)
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect((await desk.ask('GET', `/customers/${customer.id}`, { headers })).status).toBe(304)
    const finance = await signInAs(api, 'finance')
    expect(await finance.read(200, 'GET', `/customers/${customer.id}`)).toMatchObject({
      masked: true,
      phone: maskPhone(customer.phone),
    })
    expect((await looks()).length).toBe(before + 1)
  })
})
