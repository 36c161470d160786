/** Bank money that nobody announced, on finance's worklist and over REST; what the story does is the store's. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { allocateBankLine } from '../../db/bank-allocation.ts'
import { inTransaction } from '../../db/connection.ts'
import type { BankAllocation } from '../../domain/bank-money.ts'
import { BusinessError } from '../../domain/errors.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { cents, shillings, toDecimal } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, createTestApi, readProblem } from '../support/api.ts'
import { importBankLine } from '../support/bank.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, progress } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let deps: ReturnType<typeof buildDeps>

/** Of each wish that reached a story. */
const updates: string[] = []

/** As the story's one step does it. */
async function allocateBankMoney(wish: BankAllocation, updateId: string) {
  updates.push(updateId)
  const limits = { now: new Date(), creditAlone: shillings(1_000) }
  const answer = await inTransaction(db, (tx) => allocateBankLine(tx, wish, limits))
  if (answer.outcome === 'refused') throw new BusinessError(answer.code, answer.why)
  return answer
}

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db, { workflows: buildWorkflows({ allocateBankMoney }) })
  app = createApp(deps)
})
afterAll(() => db.drop())

async function enter(who: string): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  await visitor.token('/')
  return visitor
}

async function bearer(who: string) {
  const api = createTestApi(deps, app)
  const sign = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
  const answer = await api.post('/auth/login', sign)
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const signed = { authorization: `Bearer ${token}` }
  return {
    get: (path: string) => api.get(path, signed),
    post: (path: string, body: unknown, key: string | null = randomUUID()) =>
      api.post(path, body, { ...signed, ...(key ? { 'idempotency-key': key } : {}) }),
  }
}

const WHY = 'she sent the slip'
const pathOf = (findingId: string) => `/finance/reconciliation/findings/${findingId}`

describe('the worklist', () => {
  it('shows whose a line may be, what will happen, and lets finance give it', async () => {
    const booking = await buildBooking(db)
    const id = booking.input.reservationId
    const details = `EFT ${booking.held.number} THANKS`
    const line = await importBankLine(db, { amount: booking.held.total, details })
    const finance = await enter('finance')
    const path = pathOf(line.findingId)
    const page = await (await finance.get(path)).text()
    expect(page).toContain(`Give to ${booking.held.number}`)
    expect(page).toContain('same amount as the balance')
    const target = `purpose=reservation&owner_id=${id}`
    expect(await (await finance.get(`${path}/give?${target}`)).text()).toContain('counts for')
    const form = { purpose: 'reservation', owner_id: id, why: WHY }
    for (const why of ['', 'ok '])
      expect((await finance.post(`${path}/give`, { ...form, why })).status).toBe(400)
    const done = await finance.post(`${path}/give`, form)
    expect(done.headers.get('location')).toBe(`/finance/payments/${line.lineId}`)
    expect(await progress(db, id)).toMatchObject({ status: 'confirmed' })
    expect(await (await finance.get(path)).text()).not.toContain('Perhaps for')
    expect((await finance.post(`${path}/give`, form)).status).toBe(404)
  })

  it('finds another booking by its number, and asks a second person for much credit', async () => {
    const booking = await buildBooking(db)
    const amount = cents(booking.held.total + shillings(2_000))
    const line = await importBankLine(db, { amount })
    const [finance, manager] = [await enter('finance'), await enter('manager')]
    const path = pathOf(line.findingId)
    const found = await (await finance.get(`${path}?q=${booking.held.number}`)).text()
    expect(found).toContain('Found')
    expect(found).toContain(`Give to ${booking.held.number}`)
    const form = { purpose: 'reservation', owner_id: booking.input.reservationId, why: WHY }
    const asked = await finance.post(`${path}/give`, form)
    expect(asked.status).toBe(409)
    for (const why of [WHY, 'he sent it']) await finance.post(`${path}/give`, { ...form, why })
    expect(await asked.text()).toContain('second person')
    expect(await (await manager.get(path)).text()).toContain('has asked for this')
    expect((await manager.post(`${path}/give`, { ...form, why: WHY })).status).toBe(303)
    // The same word of the same person is the same wish; another word or another person is another one.
    const [first, again, otherWord, otherPerson] = updates.slice(-4)
    expect(again).toBe(first)
    expect(new Set([first, otherWord, otherPerson]).size).toBe(3)
  })

  it.each(['customer', 'desk', 'operations'])('is not for %s', async (who) => {
    const booking = await buildBooking(db)
    const line = await importBankLine(db, { amount: booking.held.total })
    const email = who === 'customer' ? 'wanjiku' : who
    const visitor = await enter(email)
    const form = { purpose: 'reservation', owner_id: booking.input.reservationId, why: WHY }
    expect((await visitor.post(`${pathOf(line.findingId)}/give`, form)).status).toBe(403)
    const target = `purpose=reservation&owner_id=${form.owner_id}`
    expect((await visitor.get(`${pathOf(line.findingId)}/give?${target}`)).status).toBe(403)
  })

  it('gives nothing to what has ended, and no story begins', async () => {
    const booking = await buildBooking(db)
    const reservationId = booking.input.reservationId
    const end = { reservationId, reason: 'desk' as const, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    const line = await importBankLine(db, { amount: booking.held.total })
    const before = updates.length
    const finance = await enter('finance')
    const form = { purpose: 'reservation', owner_id: reservationId, why: WHY }
    expect((await finance.post(`${pathOf(line.findingId)}/give`, form)).status).toBe(409)
    const owners = { owner_id: randomUUID(), purpose: 'reservation', why: WHY }
    expect((await finance.post(`${pathOf(line.findingId)}/give`, owners)).status).toBe(404)
    expect(updates).toHaveLength(before)
  })
})

describe('/bank-lines', () => {
  it('lists lines with suggestions, and gives one once for one key', async () => {
    const booking = await buildBooking(db)
    const line = await importBankLine(db, { amount: booking.held.total })
    const [desk, finance] = [await bearer('desk'), await bearer('finance')]
    expect((await desk.get('/bank-lines')).status).toBe(403)
    const { items } = (await (await finance.get('/bank-lines?limit=100')).json()) as {
      items: { id: string; suggestions: { owner_id: string }[] }[]
    }
    const found = items.find(({ id }) => id === line.findingId)
    const owners = found?.suggestions.map(({ owner_id: owner }) => owner)
    expect(owners?.length).toBeGreaterThan(0)
    const body = { purpose: 'reservation', owner_id: booking.input.reservationId, why: WHY }
    const path = `/bank-lines/${line.findingId}/allocate`
    expect((await desk.post(path, body)).status).toBe(403)
    expect((await finance.post(path, body, null)).status).toBe(400)
    const key = randomUUID()
    const answers = [await finance.post(path, body, key), await finance.post(path, body, key)]
    for (const answer of answers)
      expect(await answer.json()).toEqual({
        payment_id: line.lineId,
        currency: 'KES',
        applied: toDecimal(booking.held.total),
        credited: '0.00',
      })
    const other = await readProblem(await finance.post(path, { ...body, why: 'otherwise' }, key))
    expect(other).toMatchObject({ status: 422 })
    expect((await finance.post(path, body)).status).toBe(404)
    const another = await importBankLine(db, { amount: booking.held.total })
    const elsewhere = `/bank-lines/${another.findingId}/allocate`
    expect((await finance.post(elsewhere, body, key)).status).toBe(422)
    expect((await finance.post(elsewhere, { ...body, why: 'ok ' })).status).toBe(400)
  })

  it('are read page by page, the oldest first', async () => {
    const lines = [await importBankLine(db), await importBankLine(db), await importBankLine(db)]
    const finance = await bearer('finance')
    const seen: string[] = []
    for (let next: string | null = ''; next !== null;) {
      const answer = await finance.get(`/bank-lines?limit=1${next && `&cursor=${next}`}`)
      const list = (await answer.json()) as { items: { id: string }[]; next: string | null }
      expect(list.items.length).toBeLessThanOrEqual(1)
      seen.push(...list.items.map(({ id }) => id))
      next = list.next
    }
    expect(seen.slice(-3)).toEqual(lines.map(({ findingId }) => findingId))
    expect(new Set(seen).size).toBe(seen.length)
  })
})
