/** Refunds over REST and on the pages of staff and customers; the workflow's answers are given. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { nameRefundPhone } from '../../db/refund-phones.ts'
import { parkRefund, refuseRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { shillings, toDecimal } from '../../domain/money.ts'
import type { RefundAnswer, RefundInput } from '../../domain/refunds.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, createTestApi, readProblem } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildPaid, progress, type Prompted } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

let db: TestDatabase
let app: Hono<Env>
let deps: ReturnType<typeof buildDeps>
let paid: Prompted
let calls: unknown[][] = []

/** As the workflow's first step would: the store decides. */
async function requestRefund(input: RefundInput): Promise<RefundAnswer> {
  const policy = { approvalAbove: shillings(1_000), now: new Date() }
  const plan = await inTransaction(db, (tx) => openRefund(tx, input, policy))
  if (plan.outcome === 'refused') return plan
  const status = plan.outcome === 'ready' && plan.awaitsApproval ? 'awaiting_approval' : 'approved'
  return { outcome: 'opened', status, amount: null }
}

beforeAll(async () => {
  db = await createTestDatabase()
  const booking = await buildBooking(db)
  paid = await buildPaid(db, booking, booking.held.total)
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      Promise.resolve(void calls.push([name, ...given]))
  const workflows = buildWorkflows({
    requestRefund,
    decideRefund: note('decide'),
    nameRefundPhone: note('phone'),
    retryStep: note('retry'),
    resolveManually: note('resolve'),
  })
  deps = buildDeps(db, { workflows })
  app = createApp(deps)
})
afterAll(() => db.drop())
beforeEach(() => {
  calls = []
})

async function enter(who: string): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token()
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  await visitor.post('/sign-in', { email, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

async function bearer(who: string) {
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  const api = createTestApi(deps, app)
  const answer = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return { api, headers: { authorization: `Bearer ${token}` } }
}

const idOf = async (on: TestDatabase, email: string): Promise<string> =>
  (await selectOne<{ id: string }>(on, 'SELECT id FROM users WHERE email = $1', [email]))?.id ?? ''

/** A refund that somebody of the desk asked for; above KSh 1,000 it waits. */
async function buildRefund(amount = shillings(1_100)): Promise<string> {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const refundId = randomUUID()
  const wish = { refundId, paymentId, amount, reason: 'a flat tyre', actorId: 'somebody' }
  await requestRefund({ ...wish, askedBy: 'person' })
  return refundId
}

describe('POST /payments/{id}/refund', () => {
  it('is for staff, needs a key, and is one refund for the same key', async () => {
    const path = `/payments/${paid.paymentId}/refund`
    const body = { amount: '200', reason: 'a flat tyre' }
    const key = { 'idempotency-key': randomUUID() }
    const customer = await bearer('customer')
    const refused = await customer.api.post(path, body, { ...customer.headers, ...key })
    expect(refused.status).toBe(403)
    const { api, headers } = await bearer('desk')
    expect((await api.post(path, body, headers)).status).toBe(400)
    const first = await api.post(path, body, { ...headers, ...key })
    const again = await api.post(path, body, { ...headers, ...key })
    expect([first.status, again.status]).toEqual([202, 202])
    const refund = (await first.json()) as { id: string }
    expect(refund).toMatchObject({ amount: '200.00', method: 'payout', status: 'approved' })
    expect(await again.json()).toMatchObject({ id: refund.id })
    const other = await api.post(path, { ...body, amount: '300' }, { ...headers, ...key })
    expect(other.status).toBe(422)
    const listed = await api.get(`/payments/${paid.paymentId}/refunds`, headers)
    expect(await listed.json()).toMatchObject({ items: [{ id: refund.id, reason: 'a flat tyre' }] })
  })

  it('says in words why a booking keeps its money', async () => {
    const { api, headers } = await bearer('finance')
    const key = { 'idempotency-key': randomUUID() }
    const path = `/payments/${paid.paymentId}/refund`
    const body = { amount: '900000', reason: 'a flat tyre' }
    const problem = await readProblem(await api.post(path, body, { ...headers, ...key }))
    expect(problem).toMatchObject({ code: 'REFUND_REFUSED', status: 409 })
  })
})

describe('the pages', () => {
  const ROLES = ['customer', 'desk', 'finance', 'manager', 'operations']
  it.each([
    ['/finance/refunds', [403, 403, 200, 200, 403]],
    ['/finance/refunds/:id', [403, 200, 200, 200, 403]],
    ['/finance/payments/:payment/refund', [403, 200, 200, 200, 403]],
    ['/finance/cases', [403, 403, 200, 200, 403]],
    ['/account/credit', [200, 200, 200, 200, 200]],
  ])('%s is seen by those it is for', async (path, expected) => {
    const id = await buildRefund()
    const address = path.replace(':id', id).replace(':payment', paid.paymentId)
    const seen = []
    for (const role of ROLES) seen.push((await (await enter(role)).get(address)).status)
    expect(seen).toEqual(expected)
  })

  it('tell what will happen before anything does', async () => {
    const visitor = await enter('desk')
    const path = `/finance/payments/${paid.paymentId}/refund`
    const form = { refund_id: randomUUID(), amount: '150', reason: 'a flat tyre' }
    const preview = await (await visitor.post(path, form)).text()
    expect(preview).toContain('M-Pesa pays it out to 07')
    const wrong = await visitor.post(path, { ...form, amount: 'all', reason: '' })
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('Say why')
  })

  it('call a refund by an id of ours, the same for the same press of the button', async () => {
    const visitor = await enter('desk')
    const path = `/finance/payments/${paid.paymentId}/refund`
    // The id of the payment is kept for what the rules of its booking ask for.
    const form = { refund_id: paid.paymentId, amount: '150', reason: 'a flat tyre', sure: 'yes' }
    const done = [await visitor.post(path, form), await visitor.post(path, form)]
    const [first, again] = done.map(({ headers }) => headers.get('location'))
    expect(again).toBe(first)
    expect(first).toMatch(/^\/finance\/refunds\/[0-9a-f-]{36}$/)
    expect(first).not.toContain(paid.paymentId)
  })

  it('say that a typed phone needs a second person', async () => {
    const booking = await buildBooking(db)
    const told = await tellOfPaybill(db, {
      amount: toDecimal(booking.held.total),
      reference: booking.held.number,
    })
    await matchTold(db, told)
    await progress(db, booking.input.reservationId)
    const visitor = await enter('desk')
    const path = `/finance/payments/${told.paymentId}/refund`
    const form = {
      refund_id: randomUUID(),
      amount: '150',
      reason: 'a flat tyre',
      phone: '0733000111',
    }
    expect(await (await visitor.post(path, form)).text()).toContain('You typed the phone')
    const done = await visitor.post(path, { ...form, sure: 'yes' })
    const page = await (await visitor.get(done.headers.get('location') ?? '')).text()
    expect(page).toContain('typed by the person who asked')
    expect(page).toContain('Needs a second person')
  })

  it('let finance decide, and nobody else', async () => {
    const id = await buildRefund()
    const finance = await enter('finance')
    expect(await (await finance.get('/finance/refunds?status=approve')).text()).toContain(id)
    const shown = await (await finance.get(`/finance/refunds/${id}`)).text()
    expect(shown).toContain('Approve')
    const [live = ''] = /\/finance\/refunds\/[^"]+\/live\?v=[^"]+/.exec(shown) ?? []
    expect((await finance.get(live)).status).toBe(204)
    const older = await finance.get(`/finance/refunds/${id}/live?v=older`)
    expect(await older.text()).toContain('Refund asked for')
    expect((await finance.post(`/finance/refunds/${id}/approve`, {})).status).toBe(303)
    expect((await (await enter('desk')).post(`/finance/refunds/${id}/approve`, {})).status).toBe(
      403,
    )
    expect(calls).toMatchObject([['decide', id, 'approve', {}]])
  })

  it('show a case, whose it is, and what can be done', async () => {
    const id = await buildRefund(shillings(500))
    await inTransaction(db, (tx) => parkRefund(tx, id, 'M-Pesa refused to pay it out', new Date()))
    const finance = await enter('finance')
    const cases = await (await finance.get('/finance/cases')).text()
    expect(cases).toContain(`/finance/refunds/${id}`)
    const take = /\/finance\/cases\/[0-9a-f-]+\/take/.exec(cases)?.[0] ?? ''
    expect((await finance.post(take, {})).status).toBe(303)
    expect((await finance.post(`/finance/refunds/${id}/phone`, { phone: '12' })).status).toBe(400)
    await finance.post(`/finance/refunds/${id}/phone`, { phone: '0733 000 111' })
    await finance.post(`/finance/refunds/${id}/retry`, {})
    await finance.post(`/finance/refunds/${id}/resolve`, { reason: 'by bank', reference: 'ref 7' })
    expect(calls.map(([name]) => name)).toEqual(['phone', 'retry', 'resolve'])
  })

  it('let another person agree to a named phone, and not who named it', async () => {
    const id = await buildRefund(shillings(500))
    await inTransaction(db, async (tx) => {
      await refuseRefund(tx, id, '2040')
      await parkRefund(tx, id, 'M-Pesa refused to pay it out', new Date())
    })
    const finance = await enter('finance')
    const path = `/finance/refunds/${id}`
    expect(await (await finance.get(path)).text()).toContain('Name this phone')
    const actorId = await idOf(db, 'finance@example.com')
    const named = { actorId, phone: '+254733000111' }
    await inTransaction(db, (tx) => nameRefundPhone(tx, id, named))
    const own = await (await finance.get(path)).text()
    expect(own).toContain('somebody else must agree')
    expect(own).not.toContain('Name this phone')
    const other = await (await (await enter('manager')).get(path)).text()
    expect(other).toContain('Agree to the phone')
    expect(other).not.toContain('0733000111')
  })

  it('say to a customer without credit that there is none to send', async () => {
    const visitor = await enter('customer')
    expect(await (await visitor.get('/account/credit')).text()).toContain('KSh 0')
    const answer = await visitor.post('/account/credit/refund', { refund_id: randomUUID() })
    expect(answer.status).toBe(409)
  })
})
