/** Staff pages: each role sees its own, and nobody else does. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import type { Workflows } from '../../api/workflow-messages.ts'
import { printedPhone } from '../../domain/payments.ts'
import { toNairobiIso } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { at, buildBooking, buildPrompt, type Booking, type Prompted } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const PARKED = { workflowId: 'refund:parked-one', runId: 'run', since: new Date() }

let db: TestDatabase
let app: Hono<Env>
let booking: Booking
let prompt: Prompted
let calls: unknown[][] = []

beforeAll(async () => {
  db = await createTestDatabase()
  booking = await buildBooking(db)
  prompt = await buildPrompt(db, booking)
  const workflows: Partial<Workflows> = {
    listParked: () => Promise.resolve([PARKED]),
    retryStep: (...given) => Promise.resolve(void calls.push(['retry', ...given])),
    resolveManually: (...given) => Promise.resolve(void calls.push(['resolve', ...given])),
    cancelReservation: (...given) => {
      calls.push(['cancel', ...given])
      return Promise.resolve({ status: 'cancelled', refunds: [] })
    },
  }
  app = createApp(buildDeps(db, { workflows: buildWorkflows(workflows) }))
})
afterAll(() => db.drop())
beforeEach(() => {
  calls = []
})

const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  if (who === 'nobody') return visitor
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

const ROLES = ['nobody', 'customer', 'desk', 'finance', 'manager', 'operations'] as const

describe('who sees what', () => {
  it.each([
    ['/desk', [303, 403, 200, 403, 200, 200]],
    ['/desk/bookings/:id', [303, 403, 200, 403, 200, 200]],
    ['/finance/payments', [303, 403, 403, 200, 200, 403]],
    ['/finance/payments/:payment', [303, 403, 403, 200, 200, 403]],
    ['/admin/operations', [303, 403, 403, 403, 200, 200]],
  ])('%s', async (path, expected) => {
    const seen = []
    for (const role of ROLES) {
      const visitor = await enter(role)
      const address = path
        .replace(':id', booking.input.reservationId)
        .replace(':payment', prompt.paymentId)
      const { status } = await visitor.get(address)
      seen.push(status)
    }
    expect(seen).toEqual(expected)
  })

  it.each([
    ['/admin/operations/retry', [303, 403, 403, 403, 403, 303]],
    ['/admin/operations/resolve', [303, 403, 403, 403, 403, 303]],
    ['/desk/bookings/:id/cancel', [303, 403, 303, 403, 303, 403]],
  ])('POST %s', async (path, expected) => {
    const seen = []
    const done = []
    for (const role of ROLES) {
      calls = []
      const visitor = await enter(role)
      const address = path.replace(':id', booking.input.reservationId)
      seen.push((await visitor.post(address, { workflow_id: 'refund:x', reason: 'why' })).status)
      done.push(calls.length)
    }
    expect(seen).toEqual(expected)
    // Only a redirect of somebody who is signed in means that it was done.
    expect(done).toEqual(expected.map((status, index) => (status === 303 && index > 0 ? 1 : 0)))
  })

  it('refuses a forged cancellation', async () => {
    const visitor = await enter('desk')
    const path = `/desk/bookings/${booking.input.reservationId}/cancel`
    expect((await visitor.post(path, { _csrf: 'guess' })).status).toBe(403)
    expect(calls).toEqual([])
  })
})

it.each([
  ['wanjiku', '/'],
  ['desk', '/desk'],
  ['finance', '/finance/payments'],
  ['manager', '/desk'],
  ['operations', '/desk'],
])('%s begins at %s', async (who, path) => {
  const visitor = createVisitor(app)
  await visitor.token()
  const person = { email: `${who}@example.com`, password: SAMPLE_PASSWORD, next: '/' }
  expect((await visitor.post('/sign-in', person)).headers.get('location')).toBe(path)
  await visitor.token()
  const back = await visitor.post('/sign-in', { ...person, next: '/bookings' })
  expect(back.headers.get('location')).toBe('/bookings')
})

describe('the desk', () => {
  const day = toNairobiIso(at(7)).slice(0, 10)

  it('finds a booking by number and by name', async () => {
    const visitor = await enter('desk')
    for (const text of [booking.held.number, 'wanjiku kam', booking.held.vehicle.plate]) {
      const html = await (await visitor.get(`/desk?q=${encodeURIComponent(text)}`)).text()
      expect(html).toContain(booking.held.number)
    }
    const none = await (await visitor.get('/desk?q=RSV-00-999999')).text()
    expect(none).toContain('Nothing matches.')
  })

  it('survives whatever is typed into its address', async () => {
    const visitor = await enter('desk')
    for (const query of ["q='%20OR%201=1", 'q=%25%25', 'q=%01', 'day=2026-99-99', `day=${day}`]) {
      expect((await visitor.get(`/desk?${query}`)).status).toBe(200)
    }
  })

  it('shows a booking with its link into Temporal to those who may see it', async () => {
    const path = `/desk/bookings/${booking.input.reservationId}`
    const link = `/workflows/reservation%3A${booking.input.reservationId}`
    expect(await (await (await enter('desk')).get(path)).text()).not.toContain(link)
    expect(await (await (await enter('operations')).get(path)).text()).toContain(link)
  })

  it('tells the workflow who cancelled and why', async () => {
    const visitor = await enter('desk')
    const path = `/desk/bookings/${booking.input.reservationId}`
    await visitor.post(`${path}/cancel`, { note: '  the customer rang  ' })
    expect(calls).toEqual([
      [
        'cancel',
        booking.input.reservationId,
        { reason: 'desk', actorId: expect.any(String), note: 'the customer rang' },
      ],
    ])
  })

  it.each([['nonsense'], [randomUUID()]])('does not find %s', async (id) => {
    expect((await (await enter('desk')).get(`/desk/bookings/${id}`)).status).toBe(404)
  })
})

describe('finance and operations', () => {
  it('see payments with masked phones', async () => {
    const html = await (await (await enter('finance')).get('/finance/payments')).text()
    expect(html).toContain(booking.held.number)
    expect(html).toContain('***')
    expect(html).not.toMatch(/2547\d{8}/)
  })

  const rowsOf = (html: string) => html.match(/<tr>/g)?.length ?? 0
  const list = async (who: string, query = '') =>
    (await (await enter(who)).get(`/finance/payments${query}`)).text()

  it('see who paid, and links only to what they may open', async () => {
    const [finance, manager] = [await list('finance'), await list('manager')]
    expect(finance).toContain('Wanjiku Kamau</td>')
    expect(finance).not.toContain('/desk/bookings/')
    expect(manager).toContain(`/desk/bookings/${booking.input.reservationId}`)
  })

  it('find payments by status, booking, name and phone', async () => {
    const phone = printedPhone(prompt.phone)
    for (const query of ['?status=open', `?q=${booking.held.number}`, '?q=kamau', `?q=${phone}`])
      expect([query, rowsOf(await list('finance', query))]).toEqual([query, 2])
    for (const query of ['?status=paid', '?q=nobody', '?status=open&q=0799999999'])
      expect(await list('finance', query)).toContain('Nothing matches')
    for (const query of ['?status=%01', "?q='%20OR%201=1", '?q=%01%25', '?status=toString'])
      expect((await (await enter('finance')).get(`/finance/payments${query}`)).status).toBe(200)
  })

  it('see what is parked', async () => {
    const html = await (await (await enter('operations')).get('/admin/operations')).text()
    expect(html).toContain(PARKED.workflowId)
  })

  it('see their page also while Temporal is away', async () => {
    const down = buildDeps(db, {
      workflows: buildWorkflows({ listParked: () => Promise.reject(new Error('away')) }),
    })
    const visitor = createVisitor(createApp(down))
    await visitor.token()
    const person = { email: 'operations@example.com', password: SAMPLE_PASSWORD }
    await visitor.post('/sign-in', person)
    expect((await visitor.get('/admin/operations')).status).toBe(200)
  })

  it('retry and resolve by name', async () => {
    const visitor = await enter('operations')
    const workflow_id = PARKED.workflowId
    await visitor.post('/admin/operations/retry', { workflow_id })
    const how = { workflow_id, reason: 'paid by hand', receipt: 'ukl5abc12d' }
    await visitor.post('/admin/operations/resolve', how)
    expect(calls).toEqual([
      ['retry', workflow_id],
      [
        'resolve',
        workflow_id,
        { reason: 'paid by hand', receipt: 'UKL5ABC12D', actorId: expect.any(String) },
      ],
    ])
  })
})
