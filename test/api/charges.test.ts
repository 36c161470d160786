/** Charges by the API, with the real books and the story's steps taken at once. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findByEmail } from '../../db/accounts.ts'
import { endCharge, openCharge } from '../../db/charges.ts'
import { inTransaction } from '../../db/connection.ts'
import type { ChargeInput } from '../../domain/charges.ts'
import { BusinessError } from '../../domain/errors.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildChargeWorkflows,
  buildDeps,
  buildRegistration,
  buildWorkflows,
} from '../support/api.ts'
import { createTestApi, readProblem } from '../support/api.ts'
import { buildBooking, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let customerId = ''
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())

const open = (input: ChargeInput) => inTransaction(db, (tx) => openCharge(tx, input, new Date()))

function setUp() {
  const asked: string[] = []
  const charges = buildChargeWorkflows({
    open,
    cancel: ({ chargeId }, wish) => inTransaction(db, (tx) => endCharge(tx, { chargeId, ...wish })),
    requestPayment: (id) => Promise.resolve(void asked.push(id)),
    shrink: () =>
      Promise.reject(new BusinessError('NOT_SHRINKABLE', 'This cannot be made smaller.')),
  })
  const awaitPrompt = () => Promise.resolve(null)
  const api = createTestApi(buildDeps(db, { workflows: buildWorkflows({ charges, awaitPrompt }) }))
  const as = async (email: string) => {
    const answer = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    const authorization = `Bearer ${token}`
    return {
      get: (path: string) => api.get(path, { authorization }),
      post: (path: string, body: unknown, key: string = randomUUID()) =>
        api.post(path, body, { authorization, 'idempotency-key': key }),
    }
  }
  const stranger = async () => {
    const { email, ...rest } = buildRegistration({ password: SAMPLE_PASSWORD })
    await openAccount(db, api, { email, ...rest })
    return as(email)
  }
  return { as, asked, stranger }
}

const wish = (over: object = {}) => ({
  type: 'damage',
  amount: '4500.00',
  description: 'Left mirror',
  customer_id: customerId,
  parties: [{ name: 'Wanjiku Kamau', phone: nextPhone() }],
  ...over,
})
type Body = { id: string; number: string; status: string; balance: string }
const bodyOf = async (answer: Response) => (await answer.json()) as Body

describe('a charge by the API', () => {
  it('is made by the desk, once for a key, and seen by its customer', async () => {
    const { as } = setUp()
    const desk = await as('desk@example.com')
    const [request, key] = [wish(), randomUUID()]
    const first = await desk.post('/charges', request, key)
    expect(first.status).toBe(201)
    const made = await bodyOf(first)
    expect(made).toMatchObject({ status: 'open', balance: '4500.00' })
    expect(await bodyOf(await desk.post('/charges', request, key))).toEqual(made)
    const other = await desk.post('/charges', { ...request, amount: '1.00' }, key)
    expect(await readProblem(other)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    const customer = await as('wanjiku@example.com')
    const seen = await customer.get(`/charges/${made.id}`)
    expect(await bodyOf(seen)).toMatchObject({ number: made.number })
    expect(JSON.stringify(await (await customer.get('/charges')).json())).not.toContain('+2547')
  })

  it('is not made by customers, and not seen by others', async () => {
    const { as, stranger } = setUp()
    const customer = await as('wanjiku@example.com')
    expect((await customer.post('/charges', wish())).status).toBe(403)
    const made = await bodyOf(await (await as('desk@example.com')).post('/charges', wish()))
    const other = await stranger()
    expect((await other.get(`/charges/${made.id}`)).status).toBe(404)
    expect((await customer.post(`/charges/${made.id}/cancel`, {})).status).toBe(403)
  })

  it('belongs to the customer of its booking, whatever is said', async () => {
    const { as } = setUp()
    const desk = await as('desk@example.com')
    const { held, input } = await buildBooking(db)
    const request = wish({ reservation_id: held.reservationId })
    expect((await desk.post('/charges', request)).status).toBe(400)
    const { customer_id: _, ...without } = request
    const made = (await (await desk.post('/charges', without)).json()) as { customer_id: string }
    expect(made.customer_id).toBe(input.customerId)
  })

  it.each([
    [{ amount: '10.50' }, 'amount'],
    [{ description: '' }, 'description'],
    [{ customer_id: undefined }, 'customer_id'],
    [{ customer_id: randomUUID() }, 'customer_id'],
    [{ due_at: '2020-01-01T10:00:00+03:00' }, 'due_at'],
    [{ parties: [] }, 'parties'],
  ])('says what to correct: %j', async (over, path) => {
    const desk = await setUp().as('desk@example.com')
    const answer = await desk.post('/charges', wish(over))
    expect(answer.status).toBe(400)
    expect(await readProblem(answer)).toMatchObject({ fields: [{ path }] })
  })

  it('is paid by its customer, and cancelled by the desk', async () => {
    const { as, asked } = setUp()
    const desk = await as('desk@example.com')
    const { id } = await bodyOf(await desk.post('/charges', wish()))
    const customer = await as('wanjiku@example.com')
    const paid = await customer.post(`/charges/${id}/payments`, {
      phone: nextPhone(),
      amount: '100',
    })
    expect(paid.status).toBe(202)
    expect(asked).toEqual([id])
    const shrunk = await customer.post(`/charges/${id}/shrink`, { party_id: randomUUID() })
    expect(await readProblem(shrunk)).toMatchObject({ code: 'NOT_SHRINKABLE' })
    expect(await bodyOf(await desk.post(`/charges/${id}/cancel`, {}))).toMatchObject({
      status: 'cancelled',
    })
  })
})
