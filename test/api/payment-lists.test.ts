/** Payments by the page: everybody's for finance, one's own for a customer. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { buildBooking, buildCustomer, buildPaid, KSH_1000 } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi
let ids: string[] = []
let owner = ''
beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  const customerId = await buildCustomer(db)
  for (let n = 0; n < 3; n += 1) {
    const booking = await buildBooking(db, { customerId })
    owner = booking.input.reservationId
    ids = [(await buildPaid(db, booking, KSH_1000)).paymentId, ...ids]
  }
})
afterAll(() => db.drop())

async function list(who: string, query = '') {
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  const signedIn = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
  const { access_token: token } = (await signedIn.json()) as { access_token: string }
  const answer = await api.get(`/payments${query}`, { authorization: `Bearer ${token}` })
  expect(answer.status).toBe(200)
  return (await answer.json()) as { items: { id: string; owner_id: string }[]; next: string | null }
}

it('finance reads everybody’s, a page at a time', async () => {
  const first = await list('finance', '?limit=2')
  const second = await list('finance', `?limit=2&cursor=${first.next}`)
  const found = [...first.items, ...second.items].map(({ id }) => id)
  expect(found.toSorted()).toEqual(ids.toSorted())
  expect(second.next).toBeNull()
})

it('of one booking only', async () => {
  const { items } = await list('finance', `?owner_id=${owner}`)
  expect(items.map(({ owner_id: id }) => id)).toEqual([owner])
})

it('a customer and the desk read their own, which are none here', async () => {
  for (const who of ['customer', 'desk']) expect((await list(who)).items).toEqual([])
})

it('nobody reads without a token', async () => {
  expect((await api.get('/payments')).status).toBe(401)
})
