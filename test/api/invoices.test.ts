/** Documents over HTTP: finance writes them, a customer reads their own, anybody may check one. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { addMember, changeCompany } from '../../db/companies.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { readBalances } from '../../db/ledger.ts'
import { issueReceipt } from '../../db/receipts.ts'
import { dueAfter } from '../../domain/invoices.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildDeps,
  createTestApi,
  readProblem,
  type TestApi,
  type TestDeps,
} from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import {
  buildBooking,
  buildCompany,
  buildPaid,
  buildTender,
  count,
  KSH_1000,
  NOW,
  type Booking,
} from '../support/builders.ts'
import { buildCharge, payCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

type Body = Record<string, string> & { items: Record<string, string>[] }
let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
let api: TestApi
let customerId: string
const tokens: Record<string, string> = {}

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db)
  app = createApp(deps)
  api = createTestApi(deps, app)
  for (const who of ['wanjiku', 'desk', 'finance']) {
    const login = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
    const answer = (await (await api.post('/auth/login', login)).json()) as Body
    tokens[who] = answer['access_token'] ?? ''
  }
  const me = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  customerId = me?.id ?? ''
})
afterAll(() => db.drop())

const as = (who: string, key: string | null = randomUUID()) => ({
  authorization: `Bearer ${tokens[who]}`,
  ...(key ? { 'idempotency-key': key } : {}),
})
const enter = async (who: string) => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  return visitor
}

async function draft(
  over: object = {},
  owner = customerId,
): Promise<{ id: string; reservationId: string; booking: Booking }> {
  const booking = await buildBooking(db, owner ? { customerId: owner } : {})
  const { input } = booking
  const wish = {
    reservation_id: input.reservationId,
    bill_to: [{ name: 'Acme Ltd', pin: 'P051234567X', ...over }],
  }
  const response = await api.post('/invoices', wish, as('finance'))
  expect(response.status).toBe(201)
  const { items } = (await response.json()) as Body
  return { id: items[0]?.['id'] ?? '', reservationId: input.reservationId, booking }
}
async function issued(over: object = {}, owner = customerId, etims = false) {
  const made = await draft(over, owner)
  const row = await inTransaction(db, (tx) => issueInvoice(tx, made.id, { now: NOW, etims }))
  return { ...made, number: row.number ?? '', gross: row.gross }
}

describe('POST /invoices', () => {
  it('drafts shares that sum to the price', async () => {
    const { input, held } = await buildBooking(db, { customerId })
    const names = ['Acme', 'Beta', 'Gamma'].map((name) => ({ name }))
    const wish = { reservation_id: input.reservationId, bill_to: names }
    const { items } = (await (await api.post('/invoices', wish, as('finance'))).json()) as Body
    expect(items.reduce((sum, one) => sum + Number(one['gross']), 0)).toBe(held.total / 100)
  })

  it('with the same key makes them once, and refuses the key for another wish', async () => {
    const { input } = await buildBooking(db, { customerId })
    const wish = { reservation_id: input.reservationId, bill_to: [{ name: 'Acme' }] }
    const headers = as('finance')
    const [first, again] = [
      await api.post('/invoices', wish, headers),
      await api.post('/invoices', wish, headers),
    ]
    expect(await again.json()).toEqual(await first.json())
    const other = await api.post('/invoices', { ...wish, terms_days: 3 }, headers)
    expect((await readProblem(other))['code']).toBe('IDEMPOTENCY_KEY_REUSED')
  })

  it.each([
    ['wanjiku', 403],
    ['desk', 403],
  ])('is not for %s', async (who, status) => {
    const wish = { reservation_id: randomUUID(), bill_to: [{ name: 'Acme' }] }
    expect((await api.post('/invoices', wish, as(who))).status).toBe(status)
  })

  it('refuses a PIN that is none, and a request without a key', async () => {
    const wish = { reservation_id: randomUUID(), bill_to: [{ name: 'Acme', pin: '123' }] }
    expect((await api.post('/invoices', wish, as('finance'))).status).toBe(400)
    const good = { ...wish, bill_to: [{ name: 'Acme' }] }
    const problem = await readProblem(await api.post('/invoices', good, as('finance', null)))
    expect(problem['code']).toBe('IDEMPOTENCY_KEY_REQUIRED')
  })
})

describe('what is invoiced', () => {
  it('may be a charge, but never a deposit, and only one of both', async () => {
    const charge = await buildCharge(db, { customerId, type: 'sale' })
    const wish = { charge_id: charge.input.chargeId, bill_to: [{ name: 'Acme' }] }
    const made = await api.post('/invoices', wish, as('finance'))
    const { items } = (await made.json()) as Body
    expect(items[0]).toMatchObject({
      charge_id: charge.input.chargeId,
      reservation_id: null,
      gross: '4000.00',
    })
    const deposit = await buildCharge(db, { customerId, type: 'deposit' })
    const never = { ...wish, charge_id: deposit.input.chargeId }
    expect((await api.post('/invoices', never, as('finance'))).status).toBe(404)
    const both = { ...wish, reservation_id: randomUUID() }
    expect((await api.post('/invoices', both, as('finance'))).status).toBe(400)
  })

  it('to a company carries its name, PIN, address and days as they are on the day of issue', async () => {
    const company = await buildCompany(db)
    const { id } = await draft({ company_id: company.id })
    await inTransaction(db, (tx) =>
      changeCompany(tx, company.id, {
        facts: { ...company, name: 'Simba Cement PLC', termsDays: 45 },
        version: company.version,
        actorId: 'finance',
      }),
    )
    const row = await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))
    expect(row.billTo).toEqual({
      name: 'Simba Cement PLC',
      pin: company.kraPin,
      address: ['Mombasa Road 1', 'Nairobi 00100', 'Kenya'],
      email: 'accounts@simba.example',
    })
    expect(row.dueAt).toEqual(dueAfter(NOW, 45))
    const nobody = {
      reservation_id: randomUUID(),
      bill_to: [{ name: 'x', company_id: randomUUID() }],
    }
    expect((await api.post('/invoices', nobody, as('finance'))).status).toBe(404)
  })
})

describe('reading', () => {
  it('shows a customer their own, once issued, and nobody else’s', async () => {
    const [mine, theirs, open] = [await issued(), await issued({}, ''), await draft()]
    const { items } = (await (await api.get('/invoices', as('wanjiku', null))).json()) as Body
    const ids = items.map(({ id }) => id)
    expect(ids).toContain(mine.id)
    expect(ids).not.toContain(theirs.id)
    expect(ids).not.toContain(open.id)
    for (const { id } of [theirs, open])
      expect((await api.get(`/invoices/${id}`, as('wanjiku', null))).status).toBe(404)
    expect((await api.get(`/invoices/${theirs.id}`, as('desk', null))).status).toBe(404)
  })

  it('gives the PDF with an ETag, and 304 to whoever has it', async () => {
    const { id } = await issued()
    const first = await api.get(`/invoices/${id}/pdf`, as('wanjiku', null))
    expect(first.headers.get('content-type')).toBe('application/pdf')
    const etag = first.headers.get('etag') ?? ''
    const again = await api.get(`/invoices/${id}/pdf`, {
      ...as('wanjiku', null),
      'if-none-match': etag,
    })
    expect(again.status).toBe(304)
  })
})

describe('sending and crediting', () => {
  it('has a draft issued by its story, and an issued one sent again once for each key', async () => {
    const { id } = await draft()
    expect((await api.post(`/invoices/${id}/send`, {}, as('finance'))).status).toBe(202)
    expect(await count(db, 'invoices WHERE id = $1 AND issue_wanted', [id])).toBe(1)
    const out = await issued()
    const headers = as('finance')
    for (let n = 0; n < 2; n += 1) await api.post(`/invoices/${out.id}/send`, {}, headers)
    expect(await count(db, 'document_mails WHERE invoice_id = $1', [out.id])).toBe(1)
  })

  it('has one letter for an invoice that waits for its control number, however often it is sent', async () => {
    const { id } = await issued({}, customerId, true)
    for (let n = 0; n < 2; n += 1)
      expect((await api.post(`/invoices/${id}/send`, {}, as('finance'))).status).toBe(202)
    const key = `invoice:${id}`
    expect(await count(db, 'document_mails WHERE invoice_id = $1 AND key = $2', [id, key])).toBe(1)
    expect(await count(db, 'document_mails WHERE invoice_id = $1', [id])).toBe(1)
  })

  it('takes back a part, never more than the whole', async () => {
    const { id } = await issued()
    const credit = (amount: string) =>
      api.post('/credit-notes', { invoice_id: id, reason: 'Late car', amount }, as('finance'))
    const made = await credit('500')
    expect(made.status).toBe(201)
    expect(((await made.json()) as Body)['number']).toMatch(/^CRN-/)
    expect((await readProblem(await credit('9000000')))['code']).toBe('CREDIT_ABOVE_INVOICE')
  })
})

describe('pages', () => {
  it('finance sees the list and one invoice with its deeds; others do not', async () => {
    const { id, number } = await issued()
    const finance = await enter('finance')
    expect(await (await finance.get('/finance/invoices?status=sent')).text()).toContain(number)
    const page = await (await finance.get(`/finance/invoices/${id}`)).text()
    expect(page).toContain('Write a credit note')
    for (const who of ['desk', 'wanjiku'])
      expect((await (await enter(who)).get(`/finance/invoices/${id}`)).status).toBe(403)
  })

  it('a form sent twice credits once, and a wrong one says why', async () => {
    const { id } = await issued()
    const finance = await enter('finance')
    await finance.token(`/finance/invoices/${id}`)
    const fields = { credit_amount: '100', reason: 'Late car', key: randomUUID() }
    for (let n = 0; n < 2; n += 1)
      expect((await finance.post(`/finance/invoices/${id}/credit`, fields)).status).toBe(303)
    expect(await count(db, 'credit_notes WHERE invoice_id = $1', [id])).toBe(1)
    const wrong = { ...fields, credit_amount: 'much', key: randomUUID() }
    const answer = await finance.post(`/finance/invoices/${id}/credit`, wrong)
    expect(await answer.text()).toContain('Write the amount like 4500')
  })

  it('a company’s payment on account settles what it owed, once for each reference', async () => {
    const { id: companyId } = await buildCompany(db)
    const { id, booking } = await issued({ company_id: companyId })
    const tender = { method: 'account' as const, companyId }
    await inTransaction(db, async (tx) => {
      await addMember(tx, { companyId, userId: customerId, actorId: 'finance' })
      await takePayment(tx, buildTender(booking, { amount: KSH_1000, tender }), NOW)
    })
    const finance = await enter('finance')
    await finance.token(`/finance/invoices/${id}`)
    const before = await readBalances(db)
    const pay = () =>
      finance.post(`/finance/invoices/${id}/pay`, {
        paid_amount: '1000',
        reference: 'FT26325XYZ',
        key: randomUUID(),
      })
    expect((await pay()).status).toBe(303)
    expect((await pay()).status).toBe(409)
    const after = await readBalances(db)
    expect(after.bank - before.bank).toBe(KSH_1000)
    expect(before.receivables - after.receivables).toBe(KSH_1000)
    const rows = await select<{ subject: string }>(
      db,
      "SELECT subject FROM ledger_postings WHERE account = 'receivables'",
    )
    expect(rows).toEqual([{ subject: companyId }, { subject: companyId }])
  })

  it('a draft is made by hand, and thrown away', async () => {
    const { held } = await buildBooking(db, { customerId })
    const finance = await enter('finance')
    await finance.token('/finance/invoices/new')
    const fields = { booking: held.number, name: 'Acme', pin: '', address: '', email: '' }
    const wrong = await finance.post('/finance/invoices/new', {
      ...fields,
      pin: '12',
      key: randomUUID(),
    })
    expect(await wrong.text()).toContain(held.number)
    const made = await finance.post('/finance/invoices/new', { ...fields, key: randomUUID() })
    const path = made.headers.get('location') ?? ''
    expect(path).toMatch(/^\/finance\/invoices\//)
    expect((await finance.post(`${path}/cancel`, { key: randomUUID() })).status).toBe(303)
    expect(await (await finance.get(path)).text()).toContain('Cancelled')
  })

  it('a customer finds invoices and receipts with their PDFs, in Swahili too', async () => {
    const { number } = await issued()
    const booking = await buildBooking(db, { customerId })
    const { paymentId } = await buildPaid(db, booking, KSH_1000)
    await inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))
    const me = await enter('wanjiku')
    const page = await (await me.get('/documents')).text()
    expect(page).toContain(number)
    expect(page).toContain('RCT-')
    expect((await me.get(`/documents/receipts/${paymentId}.pdf`)).status).toBe(200)
    expect((await (await enter('desk')).get(`/documents/receipts/${paymentId}.pdf`)).status).toBe(
      404,
    )
    me.setCookie('lang', 'sw')
    expect(await (await me.get('/documents')).text()).toContain('Hati zangu')
  })

  it('a booking’s and a charge’s page lead to their own documents, for whoever may open them', async () => {
    const { reservationId, number } = await issued()
    const charge = await buildCharge(db, { customerId, type: 'sale' })
    const { chargeId, total } = charge.input
    const { paymentId } = await payCharge(db, charge, total)
    await inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))
    const me = await enter('wanjiku')
    const booking = await (await me.get(`/bookings/${reservationId}`)).text()
    expect(booking).toContain(number)
    expect(booking).not.toContain('RCT-')
    const paid = await (await me.get(`/charges/${chargeId}`)).text()
    expect(paid).toContain(`/documents/receipts/${paymentId}.pdf`)
    expect(paid).not.toContain(number)
    const desk = await (await (await enter('desk')).get(`/desk/bookings/${reservationId}`)).text()
    expect(desk).not.toContain(number)
  })

  it('anybody with the document may check it; a guess learns nothing', async () => {
    const { number } = await issued()
    const stranger = createVisitor(app)
    const genuine = await stranger.get(new URL(deps.verifyUrl(number)).pathname)
    const text = await genuine.text()
    expect(text).toContain(`We issued ${number}`)
    expect(text).not.toContain('Acme')
    expect((await stranger.get(`/documents/verify/${number}/guess`)).status).toBe(404)
  })
})
