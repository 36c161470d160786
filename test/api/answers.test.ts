/** What the description says of answers is what the routes answer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Description } from '../../api/description.ts'
import { inTransaction } from '../../db/connection.ts'
import { issueReceipt } from '../../db/receipts.ts'
import { toNairobiIso } from '../../domain/time.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { at, buildBooking, buildPaid, KSH_1000, NOW } from '../support/builders.ts'
import { buildCar } from '../support/cars.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const escape = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

let db: TestDatabase
let api: TestApi
let document: Description
let staff: Bearer[]
let known: Record<string, string>

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  document = (await (await api.get('/openapi.json')).json()) as Description
  ajv.addSchema(document, 'gari')
  staff = await Promise.all(['manager', 'admin', 'finance'].map((who) => signInAs(api, who)))
  const booking = await buildBooking(db)
  const { reservationId, customerId } = booking.input
  const { paymentId } = await buildPaid(db, booking, KSH_1000)
  await inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))
  const charge = await buildCharge(db, { customerId })
  const [manager] = staff as [Bearer]
  const car = await manager.read<{ id: string }>(201, 'POST', '/vehicles', { body: buildCar() })
  const bill = { charge_id: charge.input.chargeId, bill_to: [{ name: 'Wanjiku Kamau' }] }
  const { items } = await manager.read<{ items: { id: string }[] }>(201, 'POST', '/invoices', {
    body: bill,
  })
  known = {
    '/reservations/{id}': reservationId,
    '/customers/{id}': customerId,
    '/customers/{id}/reservations': customerId,
    '/customers/{id}/payments': customerId,
    '/customers/{id}/documents': customerId,
    '/customers/{id}/loyalty': customerId,
    '/customers/{id}/rating': customerId,
    '/users/{id}': customerId,
    '/users/{id}/roles': customerId,
    '/payments/{id}': paymentId,
    '/payments/{id}/refunds': paymentId,
    '/charges/{id}': charge.input.chargeId,
    '/vehicles/{id}': car.id,
    '/invoices/{id}': items[0]?.id ?? '',
    '/roles/{name}': 'desk',
  }
})
afterAll(() => db.drop())

const trip = () =>
  new URLSearchParams({
    pickup_at: toNairobiIso(at(7)),
    return_at: toNairobiIso(at(10)),
    pickup_location: 'NBO-JKIA',
  }).toString()

/** As the first of them who may. */
async function ask(address: string): Promise<Response | null> {
  for (const one of staff) {
    const answer = await one.ask('GET', address)
    if (answer.status === 200) return answer
  }
  return null
}

describe('every answer to a question', () => {
  it('is as its schema says', async () => {
    const wrong: string[] = []
    let asked = 0
    for (const [path, { get }] of Object.entries(document.paths)) {
      const id = known[path]
      if (!get?.responses['200']?.content?.['application/json']) continue
      if (path.includes('{') && !id) continue
      const query = path === '/vehicles/availability' ? `?${trip()}` : ''
      const answer = await ask(`${path.replace(/\{\w+\}/, id ?? '')}${query}`)
      asked += 1
      if (!answer) {
        wrong.push(`${path}: nobody was answered`)
        continue
      }
      const at200 = 'get/responses/200/content/application~1json/schema'
      const validate = ajv.getSchema(`gari#/paths/${escape(path)}/${at200}`)
      if (!validate?.(await answer.json()))
        wrong.push(`${path}: ${ajv.errorsText(validate?.errors)}`)
    }
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(30)
  })

  it('that is a list has one shape', () => {
    const lists = Object.entries(document.paths).filter(([, { get }]) =>
      get?.parameters?.some(({ name }) => name === 'cursor'),
    )
    expect(lists.length).toBeGreaterThan(12)
    for (const [path, { get }] of lists) {
      const { schema = {} } = get?.responses['200']?.content?.['application/json'] ?? {}
      expect([path, Object.keys(schema.properties ?? {}).slice(0, 2)]).toEqual([
        path,
        ['items', 'next'],
      ])
    }
  })

  it('that refuses is the same problem document everywhere', async () => {
    const refused = await api.get('/reservations')
    const validate = ajv.getSchema('gari#/components/schemas/Problem')
    expect(validate?.(await refused.json())).toBe(true)
    for (const { responses } of Object.values(document.paths).flatMap((one) => Object.values(one)))
      for (const [status, { content }] of Object.entries(responses).filter(([one]) => one >= '4'))
        expect([status, content?.['application/problem+json']?.schema]).toEqual([
          status,
          { $ref: '#/components/schemas/Problem' },
        ])
  })
})
