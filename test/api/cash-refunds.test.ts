/** Money that the desk gave for goes back by the desk: out of a till, or off a company's account. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createRefundActivities } from '../../activities/refunds.ts'
import { createApp } from '../../api/app.ts'
import { findByEmail } from '../../db/accounts.ts'
import { addMember, findCompany } from '../../db/companies.ts'
import { inTransaction } from '../../db/connection.ts'
import { closeDay, findDayClose } from '../../db/day-closes.ts'
import { readDayFigures } from '../../db/day-figures.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { approveRefund } from '../../db/refund-approvals.ts'
import { readRefund } from '../../db/refund-reads.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { tillBalance } from '../../db/till-reads.ts'
import { closeSession, createTill, openSession } from '../../db/tills.ts'
import { dayOf, readDay } from '../../domain/day-close.ts'
import { negate, shillings, subtract } from '../../domain/money.ts'
import type { CashPaid } from '../../workflows/refund-messages.ts'
import { DAY_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import {
  buildBooking,
  buildCompany,
  buildTender,
  COMPANY,
  NOW,
  progress,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const KSH_700 = shillings(700)
let db: TestDatabase
let app: ReturnType<typeof createApp>
let clerkId: string
/** The till of the desk's own clerk. */
let till: { tillId: string; sessionId: string }

beforeAll(async () => {
  db = await createTestDatabase()
  const refunds = createRefundActivities({
    db,
    now: () => new Date(),
    refundApprovalAbove: shillings(1_000),
  })
  const workflows = buildWorkflows({
    // What the workflow would do at once.
    requestRefund: async (input) => {
      const plan = await refunds.openRefund(input)
      if (plan.outcome === 'refused') return plan
      return { outcome: 'opened', status: 'approved', amount: null }
    },
    payRefundInCash: async (refundId: string, paid: CashPaid) => {
      await refunds.settleRefundInCash(refundId, paid)
    },
  })
  app = createApp(buildDeps(db, { workflows }))
  clerkId = (await findByEmail(db, 'desk@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())

/** A till of its own for each story; the clerk opens one at a time. */
beforeEach(async () => {
  till = { tillId: randomUUID(), sessionId: randomUUID() }
  const { tillId } = till
  const made = { id: tillId, place: 'NBO-JKIA', name: tillId.slice(0, 8), actorId: clerkId }
  await inTransaction(db, (tx) => createTill(tx, made))
})

const open = () =>
  inTransaction(db, (tx) => {
    const none = { float: shillings(0), reason: null, note: null }
    return openSession(tx, { ...till, ...none, clerkId, at: new Date() })
  })

/** Counts exactly what should be in it. */
async function close(): Promise<void> {
  const inside = await tillBalance(db, till.sessionId)
  const counts = { 50: inside / shillings(50) }
  const closing = { sessionId: till.sessionId, actorId: clerkId, counts, reason: null, note: null }
  await inTransaction(db, (tx) => closeSession(tx, { ...closing, at: new Date() }))
}

const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

/** A booking that was paid in cash into the open till. */
async function buildCashPaid() {
  const booking = await buildBooking(db)
  const input = buildTender(booking, { actorId: clerkId })
  await inTransaction(db, (tx) => takePayment(tx, input, NOW))
  await progress(db, booking.input.reservationId)
  return { paymentId: input.paymentId, total: booking.held.total, number: booking.held.number }
}

/** Asked for on the payment's page, as the desk does. */
async function ask(visitor: Visitor, paymentId: string): Promise<string> {
  const form = { refund_id: randomUUID(), amount: '700', reason: 'a flat tyre', sure: 'yes' }
  const done = await visitor.post(`/finance/payments/${paymentId}/refund`, form)
  expect(done.status).toBe(303)
  return done.headers.get('location')?.split('/').at(-1) ?? ''
}

describe('a cash refund', () => {
  it('waits on the page of the till, is paid out of it once, and lowers what should be in it', async () => {
    await open()
    const { paymentId, total, number } = await buildCashPaid()
    const desk = await enter('desk')
    const id = await ask(desk, paymentId)
    const waiting = await (await desk.get('/desk/till')).text()
    expect(waiting).toContain(`/finance/refunds/${id}`)
    expect(await (await desk.get(`/finance/refunds/${id}`)).text()).toContain('I have paid it out')
    for (const _time of [1, 2]) await desk.post(`/finance/refunds/${id}/cash`, {})
    expect(await tillBalance(db, till.sessionId)).toBe(subtract(total, KSH_700))
    expect(await readRefund(db, id)).toMatchObject({ status: 'settled', method: 'cash' })
    const after = await (await desk.get('/desk/till')).text()
    expect(after).not.toContain(`/finance/refunds/${id}`)
    expect(after.split(number)).toHaveLength(3)
    await close()
  })

  it('above the limit, taken together, is handed over by somebody else than who asked', async () => {
    await open()
    const { paymentId } = await buildCashPaid()
    const desk = await enter('desk')
    await ask(desk, paymentId)
    const id = await ask(desk, paymentId)
    expect(await readRefund(db, id)).toMatchObject({ status: 'awaiting_approval' })
    const yes = { actorId: 'finance', note: null, now: new Date() }
    await inTransaction(db, (tx) => approveRefund(tx, id, yes))
    const path = `/finance/refunds/${id}`
    expect(await (await desk.get(path)).text()).not.toContain('I have paid it out')
    const own = await desk.post(`${path}/cash`, {})
    expect(own.status).toBe(409)
    expect(await own.text()).toContain('somebody else hands it over')
    expect(await (await (await enter('manager')).get(path)).text()).toContain('I have paid it out')
    await close()
  })

  it('is paid only from an open till with enough in it, and says so', async () => {
    await open()
    const { paymentId } = await buildCashPaid()
    const desk = await enter('desk')
    const id = await ask(desk, paymentId)
    await close()
    const shut = await desk.post(`/finance/refunds/${id}/cash`, {})
    expect([shut.status, await shut.text()]).toEqual([
      409,
      expect.stringContaining('Open your till first.'),
    ])
    till = { tillId: randomUUID(), sessionId: randomUUID() }
    const made = { id: till.tillId, place: 'NBO-JKIA', name: till.tillId, actorId: clerkId }
    await inTransaction(db, (tx) => createTill(tx, made))
    await open()
    const short = await desk.post(`/finance/refunds/${id}/cash`, {})
    expect(await short.text()).toContain('There is not that much in your till.')
    expect(await readRefund(db, id)).toMatchObject({ status: 'approved' })
    await close()
  })

  it('is handed over by the desk and by nobody else', async () => {
    await open()
    const { paymentId } = await buildCashPaid()
    const id = await ask(await enter('desk'), paymentId)
    for (const who of ['finance', 'operations'])
      expect((await (await enter(who)).post(`/finance/refunds/${id}/cash`, {})).status).toBe(403)
    await close()
  })

  it('is a line of the day that closes with it', async () => {
    await open()
    const { paymentId, total } = await buildCashPaid()
    const desk = await enter('desk')
    const id = await ask(desk, paymentId)
    await desk.post(`/finance/refunds/${id}/cash`, {})
    await close()
    const day = dayOf(new Date())
    const { from, to } = readDay(day) as { from: Date; to: Date }
    const figures = new Map((await readDayFigures(db, from, to)).map((one) => [one.key, one]))
    const left = subtract(total, KSH_700)
    expect(figures.get(`cash:${till.tillId}`)).toMatchObject({ taken: total, booked: total })
    expect(figures.get(`back_cash:${till.tillId}`)).toMatchObject({
      taken: negate(KSH_700),
      booked: negate(KSH_700),
    })
    expect(figures.get(`count:${till.sessionId}`)).toMatchObject({ taken: left, booked: left })
    const closing = { id: randomUUID(), day, reasons: {}, actorId: clerkId }
    const now = new Date(Date.now() + DAY_MS)
    await inTransaction(db, (tx) => closeDay(tx, { ...closing, now }))
    const line = (await findDayClose(db, day))?.lines.find(({ key }) => key.startsWith('back_cash'))
    expect(line).toMatchObject({ difference: 0, label: expect.stringContaining('given back') })
  })
})

describe('a refund of what a company pays on its account', () => {
  it('names the company before and after, and lowers what it owes', async () => {
    const booking = await buildBooking(db)
    const company = await buildCompany(db)
    const member = { companyId: company.id, userId: booking.input.customerId, actorId: 'finance' }
    await inTransaction(db, (tx) => addMember(tx, member))
    const input = buildTender(booking, { tender: { method: 'account', companyId: company.id } })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    await progress(db, booking.input.reservationId)
    const finance = await enter('finance')
    const path = `/finance/payments/${input.paymentId}/refund`
    const form = { refund_id: randomUUID(), amount: '700', reason: 'a flat tyre' }
    const preview = await (await finance.post(path, form)).text()
    expect(preview).toContain(`It is taken off what ${COMPANY.name} owes us.`)
    const id = await ask(finance, input.paymentId)
    expect(await readRefund(db, id)).toMatchObject({ method: 'account', status: 'approved' })
    await inTransaction(db, (tx) => settleRefund(tx, { refundId: id, receipt: null }))
    const { owed } = (await findCompany(db, company.id)) ?? {}
    expect(owed).toBe(subtract(booking.held.total, KSH_700))
    expect(await (await finance.get(`/finance/refunds/${id}`)).text()).toContain(COMPANY.name)
  })
})
