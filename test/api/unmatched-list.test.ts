/** Finding money that has no owner, or had none, over the API. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { inTransaction, select } from '../../db/connection.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { buildCustomer, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill, type Told } from '../support/paybill.ts'

let db: TestDatabase
let api: TestApi
let finance: Record<string, string>
beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  finance = await bearer('finance')
})
afterAll(() => db.drop())

const bearer = async (who: string): Promise<Record<string, string>> => {
  const login = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
  const answer = await api.post('/auth/login', login)
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return { authorization: `Bearer ${token}` }
}
const arrive = async (over: Parameters<typeof tellOfPaybill>[1] = {}): Promise<Told> => {
  const told = await tellOfPaybill(db, { reference: 'rent', ...over })
  await matchTold(db, told)
  return told
}
type Item = { receipt: string; status: string; payment_id: string | null; suggestions: unknown[] }
type List = { items: Item[]; next: string | null }
const list = async (query: Record<string, string> = {}): Promise<List> => {
  const answer = await api.get(`/unmatched-payments?${new URLSearchParams(query)}`, finance)
  expect(answer.status).toBe(200)
  return (await answer.json()) as List
}
const receiptsOf = async (query: Record<string, string>) =>
  (await list(query)).items.map(({ receipt }) => receipt)

describe('a search', () => {
  it('finds money by receipt, reference words, name, amount and the end of the phone', async () => {
    const told = await arrive({
      reference: 'gari ya mama',
      amount: '4321.00',
      name: 'KIPRONO',
      phone: '2547 ***** 987',
    })
    await arrive({ reference: 'other' })
    const ways = ['ya mama', '4,321', 'KSh 4321', 'kiprono', '987', '***987', '2547 ***** 987']
    for (const search of [told.receipt.toLowerCase(), told.receipt.slice(2), ...ways])
      expect(await receiptsOf({ search })).toEqual([told.receipt])
    expect(await receiptsOf({ search: 'nobody typed this' })).toEqual([])
  })

  it('tells no more of a phone than M-Pesa shows', async () => {
    const clear = await arrive({ phone: '254712345654' })
    const hash = createHash('sha256').update('254712345654').digest('hex')
    await arrive({ phone: hash })
    expect(await receiptsOf({ search: '654' })).toEqual([clear.receipt])
    for (const search of ['5654', '345654', '254712345654', hash.slice(-3)])
      expect(await receiptsOf({ search })).not.toContain(clear.receipt)
  })

  it('goes on page by page with the same words', async () => {
    const told = [await arrive({ reference: 'shule moja' }), await arrive({ reference: 'shule' })]
    const first = await list({ search: 'shule', limit: '1' })
    expect(first.next).not.toBeNull()
    const second = await list({ search: 'shule', limit: '1', cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ receipt }) => receipt)).toEqual(
      told.map(({ receipt }) => receipt),
    )
    expect(second.next).toBeNull()
  })
})

describe('a status', () => {
  it('tells what became of money that had no owner', async () => {
    const [given, back, waits] = [await arrive(), await arrive(), await arrive()]
    const target = { purpose: 'credit' as const, ownerId: await buildCustomer(db) }
    const wish = { target, actorId: 'amina', why: 'known' }
    await inTransaction(db, (tx) => allocateMoney(tx, given.paymentId, wish, NOW))
    await select(
      db,
      "UPDATE mpesa_receipts SET status = 'returned' WHERE receipt = $1 RETURNING receipt",
      [back.receipt],
    )
    const matched = (await list({ status: 'matched', search: given.receipt })).items
    expect(matched).toMatchObject([
      { status: 'matched', payment_id: given.paymentId, suggestions: [] },
    ])
    expect(await receiptsOf({ status: 'returned' })).toEqual([back.receipt])
    const open = await receiptsOf({ status: 'unmatched' })
    expect(open).toContain(waits.receipt)
    expect(open).not.toContain(given.receipt)
    expect(await receiptsOf({})).toEqual(open)
    expect(await receiptsOf({ status: 'waiting' })).toEqual([])
  })

  it('that is none is refused, and nobody but finance looks', async () => {
    expect((await api.get('/unmatched-payments?status=lost', finance)).status).toBe(400)
    const desk = await bearer('desk')
    expect((await api.get('/unmatched-payments?search=1', desk)).status).toBe(403)
  })
})
