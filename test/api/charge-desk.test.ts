/** A charge at the desk and from credit: who may take what, by page and by the API, with the real books. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { findByEmail } from '../../db/accounts.ts'
import { endCharge, progressCharge } from '../../db/charges.ts'
import { inTransaction } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { listPayments } from '../../db/payment-lists.ts'
import { shillings, toDecimal } from '../../domain/money.ts'
import type { PromptAnswer } from '../../domain/payments.ts'
import type { TenderRequest } from '../../domain/tenders.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildChargeWorkflows,
  buildDeps,
  buildWorkflows,
  createTestApi,
  readProblem,
} from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildCredit, NOW } from '../support/builders.ts'
import { buildCharge, chargeTender, type BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

const TOTAL = shillings(4_000)
let db: TestDatabase
let customerId = ''
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())

/** What the stories would do at once. */
function setUp(charge: BuiltCharge) {
  let answer: PromptAnswer = { outcome: 'prompted', checkoutRequestId: null }
  let times = 0
  const receivePayment = async (id: string, request: TenderRequest) => {
    times += 1
    const input = chargeTender(charge, request)
    const taken = await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    if (taken.outcome === 'refused') answer = taken
    await inTransaction(db, (tx) => progressCharge(tx, id))
  }
  const charges = buildChargeWorkflows({ receivePayment })
  const workflows = buildWorkflows({ charges, awaitPrompt: () => Promise.resolve(answer) })
  const deps = buildDeps(db, { workflows, now: () => NOW })
  return { deps, times: () => times }
}
type Deps = ReturnType<typeof setUp>['deps']

async function enter(deps: Deps, who: string): Promise<Visitor> {
  const visitor = createVisitor(createApp(deps))
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

async function caller(deps: Deps, who: string) {
  const api = createTestApi(deps)
  const login = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
  const { access_token: token } = (await (await api.post('/auth/login', login)).json()) as {
    access_token: string
  }
  return (path: string, body: object, key: string = randomUUID()) =>
    api.post(path, body, { authorization: `Bearer ${token}`, 'idempotency-key': key })
}

const paymentsOf = async ({ input }: BuiltCharge) =>
  (await listPayments(db, { ownerId: input.chargeId, limit: 10 })).items

const card = () => ({ method: 'debit_card', terminal: 'T9', slip: randomUUID().slice(0, 8) })

describe('the desk’s pages', () => {
  it('list what is open, find what is looked for, and are for the desk only', async () => {
    const charge = await buildCharge(db, { customerId, total: TOTAL })
    const { deps } = setUp(charge)
    const desk = await enter(deps, 'desk')
    const html = await (await desk.get('/desk/charges')).text()
    expect(html).toContain(charge.opened.number)
    const { chargeId } = charge.input
    expect(html).toContain(`/desk/charges/${chargeId}/take`)
    const end = { chargeId, reason: 'desk' as const, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endCharge(tx, end))
    expect(await (await desk.get('/desk/charges')).text()).not.toContain(charge.opened.number)
    const found = await (await desk.get(`/desk/charges?q=${charge.opened.number}`)).text()
    expect(found).toContain('Cancelled')
    const customer = await enter(deps, 'wanjiku')
    for (const path of ['/desk/charges', `/desk/charges/${chargeId}/take`])
      expect((await customer.get(path)).status).toBe(403)
  })

  it('show what else is to pay beside the booking, and to its customer', async () => {
    const { held } = await buildBooking(db, { customerId })
    const reservationId = held.reservationId
    const charge = await buildCharge(db, { customerId, total: TOTAL, reservationId })
    const { deps } = setUp(charge)
    const desk = await enter(deps, 'desk')
    const path = `/charges/${charge.input.chargeId}`
    expect(await (await desk.get(`/desk/bookings/${reservationId}`)).text()).toContain(path)
    const customer = await enter(deps, 'wanjiku')
    expect(await (await customer.get('/bookings')).text()).toContain(path)
    const { chargeId } = charge.input
    const end = { chargeId, reason: 'desk' as const, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endCharge(tx, end))
    expect(await (await customer.get('/bookings')).text()).not.toContain(path)
    expect(await (await desk.get(`/desk/bookings/${reservationId}`)).text()).toContain(path)
  })

  it('take a card once, however often the button is pressed', async () => {
    const charge = await buildCharge(db, { customerId, total: TOTAL })
    const { deps, times } = setUp(charge)
    const desk = await enter(deps, 'desk')
    const path = `/desk/charges/${charge.input.chargeId}/take`
    const paymentId = randomUUID()
    const form = { ...card(), amount: '4,000', paymentId }
    expect(await (await desk.post(path, form)).text()).toContain(`for ${charge.opened.number}`)
    for (const _time of [1, 2]) {
      const done = await desk.post(path, { ...form, step: 'take' })
      expect(done.headers.get('location')).toBe(`/charges/${charge.input.chargeId}`)
    }
    expect(times()).toBe(1)
    expect(await paymentsOf(charge)).toMatchObject([{ status: 'settled', amount: TOTAL }])
    const page = await (await desk.get(`/charges/${charge.input.chargeId}`)).text()
    expect(page).not.toContain('Take payment at the desk')
  })

  it('say in words why the books refuse, and keep what was typed', async () => {
    const charge = await buildCharge(db, { customerId, total: TOTAL })
    const desk = await enter(setUp(charge).deps, 'desk')
    const path = `/desk/charges/${charge.input.chargeId}/take`
    const form = { method: 'cash', amount: '4000', given: '5000', paymentId: randomUUID() }
    const refused = await desk.post(path, { ...form, step: 'take' })
    expect(refused.status).toBe(409)
    const html = await refused.text()
    expect(html).toContain('Open your till first; cash goes into it.')
    expect(html).toContain('value="5000"')
  })
})

describe('the customer’s page', () => {
  it('offers credit by one button, and the number to pay by hand', async () => {
    await buildCredit(db, customerId, shillings(1_500))
    const charge = await buildCharge(db, { customerId, total: TOTAL })
    const customer = await enter(setUp(charge).deps, 'wanjiku')
    const path = `/charges/${charge.input.chargeId}`
    const html = await (await customer.get(path)).text()
    expect(html).toContain('Use my credit: KSh 1,500')
    expect(html).toContain('pay-by-hand')
    expect(html).not.toContain('Take payment at the desk')
    const paymentId = randomUUID()
    await customer.post(`${path}/credit`, { payment_id: paymentId })
    const spent = { method: 'credit', amount: shillings(1_500), status: 'settled' }
    expect(await paymentsOf(charge)).toMatchObject([spent])
    expect(await readCredit(db, customerId)).toBe(0)
    expect(await (await customer.get(path)).text()).not.toContain('Use my credit')
  })
})

describe('finance', () => {
  it('gives money that names nothing to a charge: suggested, or searched for', async () => {
    const charge = await buildCharge(db, { customerId, total: shillings(8_642) })
    const { number, chargeId } = charge.opened
    const over = { amount: toDecimal(shillings(8_642)), reference: 'mirror', name: 'NOBODY' }
    const told = await tellOfPaybill(db, over)
    await matchTold(db, told)
    const finance = await enter(setUp(charge).deps, 'finance')
    const path = `/finance/unmatched/${told.receipt}`
    const give = `give?purpose=charge&amp;owner_id=${chargeId}`
    expect(await (await finance.get(path)).text()).toContain(give)
    expect(await (await finance.get(`${path}?q=${number}`)).text()).toContain(`Give to ${number}`)
    const check = await finance.get(`${path}/give?purpose=charge&owner_id=${chargeId}`)
    expect(await check.text()).toContain(`KSh 8,642 counts for ${number}.`)
  })
})

describe('by the API', () => {
  it('the desk takes a card, once for a key', async () => {
    const charge = await buildCharge(db, { customerId, total: TOTAL })
    const { deps, times } = setUp(charge)
    const post = await caller(deps, 'desk')
    const path = `/charges/${charge.input.chargeId}/payments`
    const [order, key] = [{ ...card(), amount: '4000.00' }, randomUUID()]
    for (const _time of [1, 2]) expect((await post(path, order, key)).status).toBe(202)
    expect(times()).toBe(1)
    const other = await post(path, { ...order, amount: '1.00' }, key)
    expect(await readProblem(other)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    const again = await post(path, { ...card(), amount: '1.00' })
    expect(await readProblem(again)).toMatchObject({ code: 'CHARGE_CLOSED' })
  })

  it('a customer cannot take their own cash', async () => {
    const charge = await buildCharge(db, { customerId, total: TOTAL })
    const post = await caller(setUp(charge).deps, 'wanjiku')
    const order = { method: 'cash', cash_given: '4000', amount: '4000' }
    const answer = await post(`/charges/${charge.input.chargeId}/payments`, order)
    expect(answer.status).toBe(403)
  })
})
