/** The ledger for those who may read it: pages, JSON and CSV; corrections by finance alone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { parse } from 'csv-parse/sync'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { listEntries } from '../../db/ledger-reads.ts'
import { readBalances } from '../../db/ledger.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildPaid, KSH_1000, type Prompted } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let paid: Prompted
beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db)
  app = createApp(deps)
  api = createTestApi(deps, app)
  paid = await buildPaid(db, await buildBooking(db), KSH_1000)
})
afterAll(() => db.drop())

const enter = async (who: string): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}
async function bearer(who: string): Promise<Record<string, string>> {
  const answer = await api.post('/auth/login', {
    email: `${who}@example.com`,
    password: SAMPLE_PASSWORD,
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}
const entryOf = async () =>
  (await listEntries(db, { kind: 'payment', reference: paid.paymentId, cursor: null }, 1)).items[0]

describe('pages', () => {
  it.each([
    ['wanjiku', 403],
    ['desk', 403],
    ['operations', 403],
    ['manager', 200],
    ['finance', 200],
  ])('are seen by %s with %i', async (who, status) => {
    const visitor = await enter(who)
    expect((await visitor.get('/finance/ledger')).status).toBe(status)
    expect((await visitor.get('/finance/ledger/mpesa_clearing')).status).toBe(status)
  })

  it('lead from the trial balance to the account and to the entry', async () => {
    const visitor = await enter('finance')
    expect(await (await visitor.get('/finance/ledger')).text()).toContain(
      'Debits and credits are equal',
    )
    const account = await (await visitor.get('/finance/ledger/customer_deposits')).text()
    const { ownerId } = paid
    expect(account).toContain(ownerId)
    const entry = await entryOf()
    expect(account).toContain(`/finance/ledger/entries/${entry?.id}`)
    const html = await (await visitor.get(`/finance/ledger/entries/${entry?.id}`)).text()
    expect(html).toContain(paid.paymentId)
  })

  it('survive whatever is typed into their addresses', async () => {
    const visitor = await enter('finance')
    for (const path of [
      '/finance/ledger?at=never',
      '/finance/ledger/bank?from=2026-99-99&to=x&cursor=%01&subject=%7f%27',
      '/finance/ledger/bank?cursor=99999999999999999999999',
    ])
      expect((await visitor.get(path)).status).toBe(200)
    expect((await visitor.get('/finance/ledger/nothing')).status).toBe(404)
  })

  it('export what they show', async () => {
    const visitor = await enter('finance')
    const response = await visitor.get('/finance/ledger/mpesa_clearing?format=csv')
    expect(response.headers.get('content-type')).toContain('text/csv')
    const rows: Record<string, string>[] = parse(await response.text(), {
      columns: true,
      bom: true,
    })
    expect(rows).toEqual([
      expect.objectContaining({ debit: '1000.00', credit: '0.00', balance: '1000.00' }),
    ])
  })
})

describe('a correction', () => {
  it('is refused to managers, without a reason, and when it does not balance', async () => {
    const path = `/finance/ledger/entries/${(await entryOf())?.id}/correct`
    expect((await (await enter('manager')).post(path, { reason: 'because' })).status).toBe(403)
    const finance = await enter('finance')
    expect((await finance.post(path, { reason: '' })).status).toBe(400)
    const lame = { reason: 'wrong account', account_0: 'bank', debit_0: '1,000' }
    const answer = await finance.post(path, lame)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('value="1,000"')
    expect((await finance.post(path, { reason: 'x y z', _csrf: 'guess' })).status).toBe(403)
  })

  it('by finance turns the entry round and posts the right one, when a manager agrees', async () => {
    const entry = await entryOf()
    const right = {
      reason: 'It came to the bank',
      account_0: 'bank',
      debit_0: '1,000',
      account_1: 'customer_deposits',
      credit_1: '1000.00',
      subject_1: paid.ownerId,
    }
    const finance = await enter('finance')
    const done = await finance.post(`/finance/ledger/entries/${entry?.id}/correct`, right)
    expect(done.status).toBe(303)
    const path = done.headers.get('location') ?? ''
    const waiting = await (await finance.get(path)).text()
    expect(waiting).toContain('A correction waits for a second person')
    expect(waiting).not.toContain('Agree and post it')
    expect((await finance.post(`${path}/decide`, { answer: 'agree' })).status).toBe(409)
    const manager = await enter('manager')
    expect(await (await manager.get(path)).text()).toContain('Agree and post it')
    const agreed = await manager.post(`${path}/decide`, { answer: 'agree' })
    expect(agreed.status).toBe(303)
    const html = await (await finance.get(agreed.headers.get('location') ?? '')).text()
    expect(html).toContain('Amina')
    expect((await readBalances(db)).bank).toBe(KSH_1000)
  })
})

describe('the API', () => {
  it('needs a token of finance or a manager', async () => {
    expect((await api.get('/ledger/accounts')).status).toBe(401)
    expect((await api.get('/ledger/accounts', await bearer('desk'))).status).toBe(403)
    expect((await api.get('/ledger/accounts', await bearer('manager'))).status).toBe(200)
  })

  it('tells the trial balance, its sum, and refuses what is no moment', async () => {
    const headers = await bearer('finance')
    const now = await (await api.get('/ledger/trial-balance', headers)).json()
    expect(now).toMatchObject({ sum: '0.00', currency: 'KES' })
    const then = await api.get('/ledger/trial-balance?at=2020-01-01T00:00:00%2B03:00', headers)
    const { accounts } = (await then.json()) as { accounts: { balance: string }[] }
    expect(accounts.every(({ balance }) => balance === '0.00')).toBe(true)
    expect((await api.get('/ledger/trial-balance?at=now', headers)).status).toBe(400)
  })

  it('lists entries, and as CSV when asked', async () => {
    const headers = await bearer('finance')
    const found = await api.get(`/ledger/entries?reference=${paid.paymentId}`, headers)
    expect(await found.json()).toMatchObject({ items: [{ kind: 'payment' }], next: null })
    const csv = await api.get('/ledger/entries', { ...headers, accept: 'text/csv' })
    const rows: Record<string, string>[] = parse(await csv.text(), { columns: true, bom: true })
    expect(rows.map(({ account }) => account)).toContain('mpesa_clearing')
  })
})
