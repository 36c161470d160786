/** Money without an owner over the API and on finance's pages: who may see it, what is suggested, who gets it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { ApiDeps, Env } from '../../api/deps.ts'
import { inTransaction } from '../../db/connection.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { BusinessError } from '../../domain/errors.ts'
import { toDecimal, type Cents } from '../../domain/money.ts'
import type { Allocation } from '../../domain/paybill.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  readProblem,
  type TestApi,
} from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import {
  buildBooking,
  buildPaid,
  buildParty,
  count,
  NOW,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill, type Told } from '../support/paybill.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let booking: Booking
let returned: unknown[] = []
let tooLate = false

/** As the story does it: the books decide. */
const carryOut = async (paymentId: string, wish: Allocation) => {
  const answer = await inTransaction(db, (tx) => allocateMoney(tx, paymentId, wish, NOW))
  if (answer.outcome === 'refused') throw new BusinessError(answer.code, answer.why)
  return answer
}

beforeAll(async () => {
  db = await createTestDatabase()
  booking = await buildBooking(db, { parties: [buildParty({ name: 'Achieng Odhiambo' })] })
  const workflows: Partial<ApiDeps['workflows']> = {
    allocateMoney: carryOut,
    returnMoney: (...given) => {
      if (tooLate) return Promise.reject(new BusinessError('MONEY_TAKEN', 'Somebody was faster.'))
      return Promise.resolve(void returned.push(given))
    },
  }
  const deps = buildDeps(db, { workflows: buildWorkflows(workflows) })
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())
beforeEach(() => {
  returned = []
  tooLate = false
})

const arrive = async (over: Parameters<typeof tellOfPaybill>[1] = {}): Promise<Told> => {
  const told = await tellOfPaybill(db, { reference: 'rent', ...over })
  await matchTold(db, told)
  return told
}

const bearer = async (who: string): Promise<Record<string, string>> => {
  const answer = await api.post('/auth/login', {
    email: `${who}@example.com`,
    password: SAMPLE_PASSWORD,
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return { authorization: `Bearer ${token}` }
}

const wish = (target: Booking, over: object = {}) => ({
  purpose: 'reservation',
  owner_id: target.input.reservationId,
  why: 'she called and named the receipt',
  ...over,
})

let keys = 0
const give = async (receipt: string, body: object, over: { who?: string; key?: string } = {}) =>
  api.post(`/unmatched-payments/${receipt}/allocate`, body, {
    ...(await bearer(over.who ?? 'finance')),
    'idempotency-key': over.key ?? `key ${(keys += 1)}`,
  })

describe('the API', () => {
  it('lists what waits with suggestions and their reasons, without a clear number', async () => {
    const amount = toDecimal(booking.held.total)
    const told = await arrive({ amount, name: 'ACHIENG', phone: '254712000126' })
    const answer = await api.get('/unmatched-payments', await bearer('finance'))
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).not.toContain('254712000126')
    const { items } = JSON.parse(text) as { items: Record<string, unknown>[] }
    expect(items.find(({ receipt }) => receipt === told.receipt)).toMatchObject({
      amount,
      reference: 'rent',
      payer: '2547 ***** 126',
      waiting: false,
      suggestions: [
        {
          owner_id: booking.input.reservationId,
          reasons: ['same amount as the balance', 'name Achieng Odhiambo'],
        },
      ],
    })
  })

  it('gives it to a booking once; a repeat hears the same, another person that it is too late', async () => {
    const target = await buildBooking(db)
    const { receipt, paymentId } = await arrive()
    const first = await give(receipt, wish(target), { key: 'the same' })
    expect(await first.json()).toEqual({
      payment_id: paymentId,
      currency: 'KES',
      applied: '1000.00',
      credited: '0.00',
    })
    const again = await give(receipt, wish(target), { key: 'the same' })
    expect([again.status, ((await again.json()) as { applied: string }).applied]).toEqual([
      200,
      '1000.00',
    ])
    expect((await give(receipt, wish(target, { why: 'other' }), { key: 'the same' })).status).toBe(
      422,
    )
    const late = await give(receipt, wish(target), { who: 'manager' })
    expect(late.status).toBe(404)
    expect(
      await count(db, "audit_entries WHERE action = 'payment.allocated' AND entity_id = $1", [
        paymentId,
      ]),
    ).toBe(1)
  })

  it('lets one of two people win who decide at once', async () => {
    const [one, other] = [await buildBooking(db), await buildBooking(db)]
    const { receipt, paymentId } = await arrive()
    const answers = await Promise.all([
      give(receipt, wish(one)),
      give(receipt, wish(other), { who: 'manager' }),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const lost = answers.find(({ status }) => status !== 200) as Response
    expect(['MONEY_TAKEN', 'NOT_FOUND']).toContain((await readProblem(lost))['code'])
    expect(
      await count(db, "ledger_entries WHERE kind = 'payment' AND reference = $1", [paymentId]),
    ).toBe(1)
  })

  it('makes credit of what is above the balance, and of all of it for a paid booking', async () => {
    const target = await buildBooking(db)
    await buildPaid(db, target, (target.held.total - 500_00) as Cents)
    const { receipt } = await arrive()
    expect(await (await give(receipt, wish(target))).json()).toMatchObject({
      applied: '500.00',
      credited: '500.00',
    })
    const paid = await buildBooking(db)
    await buildPaid(db, paid, paid.held.total)
    const second = await arrive()
    expect(await (await give(second.receipt, wish(paid))).json()).toMatchObject({
      applied: '0.00',
      credited: '1000.00',
    })
  })

  it('gives it to a customer’s credit', async () => {
    const { receipt } = await arrive()
    const body = wish(booking, { purpose: 'credit', owner_id: booking.input.customerId })
    expect((await give(receipt, body)).status).toBe(200)
    expect(
      await count(db, "ledger_postings WHERE account = 'customer_credit' AND subject = $1", [
        booking.input.customerId,
      ]),
    ).toBe(1)
  })

  it('refuses an ended booking, a thing that does not exist, a missing key and a missing reason', async () => {
    const ended = await buildBooking(db)
    const { reservationId } = ended.input
    await inTransaction(db, (tx) =>
      endReservation(tx, { reservationId, reason: 'deadline', actorId: 'clock', note: null }),
    )
    const { receipt } = await arrive()
    expect((await give(receipt, wish(ended))).status).toBe(409)
    expect((await give(receipt, wish(ended, { purpose: 'charge' }))).status).toBe(404)
    expect((await give(receipt, wish(ended, { why: '' }))).status).toBe(400)
    const headers = await bearer('finance')
    const path = `/unmatched-payments/${receipt}/allocate`
    const { status } = await api.post(path, wish(booking), headers)
    expect(status).toBe(400)
  })

  it.each([
    ['wanjiku', 403],
    ['desk', 403],
    ['operations', 403],
    ['finance', 200],
    ['manager', 200],
  ])('is open to finance and managers: %s', async (who, status) => {
    expect((await api.get('/unmatched-payments', await bearer(who))).status).toBe(status)
    const tried = await give('NOTTHERE12', wish(booking), { who })
    expect(tried.status).toBe(status === 200 ? 404 : 403)
  })
})

describe('the pages', () => {
  const enter = async (who: string): Promise<Visitor> => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
    await visitor.token('/')
    return visitor
  }

  it('lead from the list over what will happen to the payment', async () => {
    const target = await buildBooking(db, { parties: [buildParty({ name: 'Zawadi Mwende' })] })
    const { receipt, paymentId } = await arrive({ name: 'ZAWADI', reference: '<b>rent' })
    const visitor = await enter('finance')
    const list = await (await visitor.get('/finance/unmatched')).text()
    expect(list).toContain(receipt)
    expect(list).toContain('&lt;b&gt;rent')
    expect(list).toContain(`Give to ${target.held.number}`)
    const { reservationId } = target.input
    const query = `purpose=reservation&owner_id=${reservationId}`
    const page = await visitor.get(`/finance/unmatched/${receipt}/give?${query}`)
    expect(await page.text()).toContain(`KSh 1,000 counts for ${target.held.number}.`)
    const form = { purpose: 'reservation', owner_id: reservationId }
    const unsaid = await visitor.post(`/finance/unmatched/${receipt}/give`, { ...form, why: '' })
    expect([unsaid.status, await unsaid.text()]).toEqual([
      400,
      expect.stringMatching(/id="field-why-error">.*Say in a few/s),
    ])
    const done = await visitor.post(`/finance/unmatched/${receipt}/give`, {
      ...form,
      why: 'called',
    })
    expect(done.headers.get('location')).toBe(`/finance/payments/${paymentId}`)
    expect((await visitor.get(`/finance/payments/${paymentId}`)).status).toBe(200)
    expect((await visitor.get(`/finance/unmatched/${receipt}`)).status).toBe(303)
  })

  it('find money by receipt, amount, name or what was typed, and count all that waits', async () => {
    const told = await arrive({ reference: 'gari ya mama', amount: '4321.00', name: 'KIPRONO' })
    await arrive({ reference: 'other' })
    const visitor = await enter('finance')
    const list = async (query: string) => (await visitor.get(`/finance/unmatched?${query}`)).text()
    for (const q of [told.receipt.toLowerCase(), '4,321', 'KSh 4321', 'kiprono', 'ya mama']) {
      const html = await list(new URLSearchParams({ q }).toString())
      expect(html).toContain(told.receipt)
      expect(html).not.toContain('<q>other</q>')
    }
    const none = await list('q=nobody-typed-this')
    expect(none).toContain('Nothing is like that')
    expect(none).toMatch(/KSh [\d,]+ waits, in \d+ payments/)
    expect(await list('since=day')).not.toContain(told.receipt)
  })

  it('find another booking and its customer’s credit, and tell what becomes credit', async () => {
    const paid = await buildBooking(db)
    await buildPaid(db, paid, paid.held.total)
    const { receipt } = await arrive()
    const visitor = await enter('manager')
    const found = await visitor.get(`/finance/unmatched/${receipt}?q=${paid.held.number}`)
    expect(await found.text()).toContain(`Give to ${paid.held.number}`)
    const query = `purpose=reservation&owner_id=${paid.input.reservationId}`
    const page = await visitor.get(`/finance/unmatched/${receipt}/give?${query}`)
    expect(await page.text()).toContain('KSh 1,000 becomes the credit of Wanjiku Kamau.')
  })

  it('lead on to the payment once somebody else has decided', async () => {
    const told = await arrive()
    const target = await buildBooking(db)
    const ownerId = target.input.reservationId
    const how = { actorId: 'finance', why: 'she called' }
    await carryOut(told.paymentId, { target: { purpose: 'reservation', ownerId }, ...how })
    const page = await (await enter('finance')).get(`/finance/unmatched/${told.receipt}`)
    expect(page.status).toBe(303)
    expect(page.headers.get('location')).toBe(`/finance/payments/${told.paymentId}`)
  })

  it('send it back with a reason', async () => {
    const { receipt, paymentId } = await arrive()
    const visitor = await enter('finance')
    const path = `/finance/unmatched/${receipt}/return`
    expect((await visitor.post(path, { why: '' })).status).toBe(400)
    expect((await visitor.post(path, { why: 'a mistake' })).headers.get('location')).toBe(
      '/finance/unmatched',
    )
    expect(returned).toEqual([[paymentId, { actorId: expect.any(String), why: 'a mistake' }]])
  })

  it('keep the reason that was typed when it cannot go back any more', async () => {
    const { receipt } = await arrive()
    const visitor = await enter('finance')
    tooLate = true
    const answer = await visitor.post(`/finance/unmatched/${receipt}/return`, { why: 'a "slip"' })
    expect(answer.status).toBe(409)
    const html = await answer.text()
    expect(html).toContain('Somebody was faster.')
    expect(html).toContain('value="a &quot;slip&quot;"')
    expect(html).toMatch(/<details[^>]* open/)
  })

  it.each([
    ['wanjiku', 403],
    ['desk', 403],
    ['operations', 403],
    ['finance', 200],
  ])('are open to finance: %s', async (who, status) => {
    const visitor = await enter(who)
    expect((await visitor.get('/finance/unmatched')).status).toBe(status)
  })
})
