/** Money at the desk and tills over REST. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import type { PromptAnswer } from '../../domain/payments.ts'
import type { TenderRequest } from '../../domain/tenders.ts'
import { toDecimal } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  buildWorkflows,
  createTestApi,
  readProblem,
  type TestApi,
} from '../support/api.ts'
import { buildBooking, buildTender, NOW, type Booking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
let booking: Booking
let answer: PromptAnswer
let received: TenderRequest[] = []
const bearers = new Map<string, Record<string, string>>()

beforeAll(async () => {
  db = await createTestDatabase()
  const workflows = buildWorkflows({
    // What the workflow would do at once.
    receivePayment: async (_id, request) => {
      received.push(request)
      if (answer.outcome === 'refused') return
      const input = buildTender(booking, request)
      await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    },
    awaitPrompt: () => Promise.resolve(answer),
  })
  api = createTestApi(buildDeps(db, { workflows }))
  for (const who of ['wanjiku', 'desk', 'finance', 'manager', 'operations']) {
    const person = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
    const { access_token: token } = (await (await api.post('/auth/login', person)).json()) as {
      access_token: string
    }
    bearers.set(who, { authorization: `Bearer ${token}` })
  }
})
afterAll(() => db.drop())
beforeEach(async () => {
  booking = await buildBooking(db)
  received = []
  answer = { outcome: 'prompted', checkoutRequestId: null }
})

const post = (who: string, path: string, body: object, key: string = randomUUID()) =>
  api.post(path, body, { ...bearers.get(who), 'idempotency-key': key })
const pay = (who: string, tender: object, key?: string) =>
  post(
    who,
    '/payments',
    {
      reservation_id: booking.input.reservationId,
      amount: toDecimal(booking.held.total),
      ...tender,
    },
    key,
  )
const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>

describe('paying at the desk', () => {
  const card = { method: 'credit_card', terminal: 't1', slip: '000 77' }

  it('takes what is handed over, once for each key', async () => {
    const key = randomUUID()
    for (const _time of [1, 2]) {
      const response = await pay('desk', { ...card, slip: key.slice(0, 8) }, key)
      expect(response.status).toBe(202)
      expect(await bodyOf(response)).toMatchObject({
        status: 'completed',
        method: 'credit_card',
        phone: null,
        reference: `T1 ${key.slice(0, 8).toUpperCase()}`,
      })
    }
    expect(received).toHaveLength(1)
    const other = await pay('desk', { method: 'credit' }, key)
    expect((await readProblem(other))['code']).toBe('IDEMPOTENCY_KEY_REUSED')
  })

  it('says in words why it was not taken', async () => {
    answer = { outcome: 'refused', reason: reasonFor('NO_TILL') }
    const problem = await readProblem(await pay('desk', { method: 'cash', cash_given: '99999' }))
    expect(problem).toMatchObject({
      status: 409,
      code: 'TENDER_REFUSED',
      reason: 'NO_TILL',
      detail: 'Open your till first; cash goes into it.',
    })
  })

  it.each([
    ['another way’s field', { ...card, phone: '0712345678' }],
    ['a missing slip', { method: 'debit_card', terminal: 't1' }],
    ['a way that nobody knows', { method: 'cheque' }],
    ['cash that is not said', { method: 'cash' }],
  ])('refuses %s', async (_name, tender) => {
    expect((await readProblem(await pay('desk', tender)))['code']).toBe('INVALID_INPUT')
    expect(received).toEqual([])
  })

  it('is for staff: a customer pays by M-Pesa or with credit only', async () => {
    const customer = bearers.get('wanjiku') ?? {}
    const me = await bodyOf(await api.get('/auth/profile', customer))
    booking = await buildBooking(db, { customerId: String(me['id']) })
    for (const tender of [
      card,
      { method: 'cash', cash_given: '99999' },
      { method: 'bank_transfer', reference: 'FT 1' },
      { method: 'account', company_id: randomUUID() },
    ]) {
      const problem = await readProblem(await pay('wanjiku', tender))
      expect(problem['code']).toBe('FORBIDDEN')
    }
    expect(received).toEqual([])
    answer = { outcome: 'refused', reason: reasonFor('NO_CREDIT') }
    expect((await readProblem(await pay('wanjiku', { method: 'credit' })))['reason']).toBe(
      'NO_CREDIT',
    )
    expect(received).toHaveLength(1)
  })
})

describe('tills', () => {
  const createTill = async () => {
    const till = { place: 'NBO-JKIA', name: `Till ${randomUUID().slice(0, 8)}` }
    const response = await post('manager', '/tills', till)
    expect(response.status).toBe(200)
    return String((await bodyOf(response))['id'])
  }

  it('are opened, paid in from and closed', async () => {
    const id = await createTill()
    const key = randomUUID()
    const float = { float: '3000', reason: 'from_bank' }
    const opened = await bodyOf(await post('desk', `/tills/${id}/sessions`, float, key))
    const again = await bodyOf(await post('desk', `/tills/${id}/sessions`, float, key))
    expect(again).toEqual(opened)
    const path = `/till-sessions/${String(opened['id'])}`
    const slip = { amount: '1000', reference: randomUUID().slice(0, 8) }
    const paidIn = await post('desk', `${path}/deposits`, slip)
    expect(await bodyOf(paidIn)).toMatchObject({ expected: '2000.00' })
    const second = await post('desk', `/tills/${await createTill()}/sessions`, { float: '0' })
    expect((await readProblem(second))['code']).toBe('TILL_REFUSED')
    const short = await post('desk', `${path}/close`, { counts: { 1000: 1 } })
    expect((await readProblem(short))['fields']).toMatchObject([{ path: 'reason' }])
    const closed = await post('desk', `${path}/close`, { counts: { 1000: 2 } })
    expect(await bodyOf(closed)).toMatchObject({ difference: '0.00', counts: { 1000: 2 } })
    const list = await bodyOf(await api.get('/tills', bearers.get('finance')))
    expect(list['items']).toContainEqual(expect.objectContaining({ id, inside: '2000.00' }))
  })

  it('are nobody’s but their people’s', async () => {
    const id = await createTill()
    const statuses = async (who: string) => [
      (await api.get('/tills', bearers.get(who))).status,
      (await post(who, '/tills', { place: 'NBO-JKIA', name: `X ${randomUUID()}`.slice(0, 20) }))
        .status,
      (await post(who, `/till-sessions/${randomUUID()}/close`, { counts: {} })).status,
    ]
    expect(await statuses('wanjiku')).toEqual([403, 403, 403])
    expect(await statuses('operations')).toEqual([403, 403, 403])
    expect(await statuses('finance')).toEqual([200, 200, 403])
    expect(await statuses('desk')).toEqual([200, 403, 404])
    expect((await post('wanjiku', `/tills/${id}/sessions`, { float: '0' })).status).toBe(403)
  })

  it('take no cents, and need a key', async () => {
    const id = await createTill()
    const cents = await post('desk', `/tills/${id}/sessions`, { float: '10.50' })
    expect((await readProblem(cents))['code']).toBe('INVALID_INPUT')
    const keyless = await api.post(`/tills/${id}/sessions`, { float: '0' }, bearers.get('desk'))
    expect((await readProblem(keyless))['code']).toBe('IDEMPOTENCY_KEY_REQUIRED')
  })
})
