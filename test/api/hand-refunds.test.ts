/** Refunds that were paid by hand, over REST and on finance's pages; the story is told only what two people say. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { findByEmail } from '../../db/accounts.ts'
import { inTransaction } from '../../db/connection.ts'
import { findHandWish } from '../../db/refund-hand-rows.ts'
import { approveRefund } from '../../db/refund-approvals.ts'
import { parkRefund, refuseRefund, settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { BusinessError } from '../../domain/errors.ts'
import { shillings } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, createTestApi, readProblem } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildPaid, count, nextReceipt } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let deps: ReturnType<typeof buildDeps>
let told: unknown[][] = []
let isAway = false

beforeAll(async () => {
  db = await createTestDatabase()
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      if (isAway) throw new BusinessError('TEMPORARILY_UNAVAILABLE', 'Try again in a minute.')
      return Promise.resolve(void told.push([name, ...given]))
    }
  const workflows = buildWorkflows({ retryStep: note('retry'), resolveManually: note('resolve') })
  deps = buildDeps(db, { workflows })
  app = createApp(deps)
})
afterAll(() => db.drop())
beforeEach(() => {
  told = []
  isAway = false
})

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

const LARGE = shillings(2_500)
const PAID = { reason: 'sent from the bank', reference: 'FT26325ABC' }

async function buildStuck(amount = LARGE, actorId = 'clerk'): Promise<string> {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const refundId = randomUUID()
  const wish = { refundId, paymentId, amount, reason: 'a flat tyre', actorId }
  const now = new Date()
  await inTransaction(db, async (tx) => {
    const policy = { approvalAbove: shillings(2_000), now }
    const plan = await openRefund(tx, { ...wish, askedBy: 'person' }, policy)
    const by = { actorId: 'other', note: null, now }
    if (plan.outcome === 'ready' && plan.awaitsApproval) await approveRefund(tx, refundId, by)
    await refuseRefund(tx, refundId, '2040')
    await parkRefund(tx, refundId, 'M-Pesa refused to pay it out', now)
  })
  return refundId
}
const pathOf = (id: string) => `/refunds/${id}/paid-by-hand`

describe('POST /refunds/{id}/paid-by-hand', () => {
  it('is for finance, needs a key and a reference, and a refund', async () => {
    const id = await buildStuck()
    const desk = await bearer('desk')
    expect((await desk.post(pathOf(id), PAID)).status).toBe(403)
    expect((await desk.get(`/refunds/${id}`)).status).toBe(403)
    const finance = await bearer('finance')
    expect((await finance.post(pathOf(id), PAID, null)).status).toBe(400)
    const bare = await readProblem(await finance.post(pathOf(id), { reason: 'by bank' }))
    expect(bare).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'reference' }] })
    expect((await finance.post(pathOf(randomUUID()), PAID)).status).toBe(404)
    expect(told).toEqual([])
  })

  it('up to the limit tells the story at once, and once for one key', async () => {
    const id = await buildStuck(shillings(500))
    const finance = await bearer('finance')
    const key = randomUUID()
    const answers = [
      await finance.post(pathOf(id), PAID, key),
      await finance.post(pathOf(id), PAID, key),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(told).toMatchObject([
      ['resolve', `refund:${id}`, { reason: 'sent from the bank (FT26325ABC)', receipt: null }],
    ])
    const other = await finance.post(pathOf(id), { ...PAID, reason: 'otherwise' }, key)
    expect(other.status).toBe(422)
    const another = await buildStuck(shillings(500))
    expect((await finance.post(pathOf(another), PAID, key)).status).toBe(422)
    expect(told).toHaveLength(1)
  })

  it('by M-Pesa has its receipt for a reference', async () => {
    const id = await buildStuck(shillings(500))
    const receipt = nextReceipt()
    const said = { reason: 'sent from the till', receipt: receipt.toLowerCase() }
    expect((await (await bearer('finance')).post(pathOf(id), said)).status).toBe(200)
    expect(told).toMatchObject([
      ['resolve', `refund:${id}`, { reason: `sent from the till (${receipt})`, receipt }],
    ])
  })

  it('above it waits for another person, who is told whose word it is', async () => {
    const id = await buildStuck()
    const [finance, manager] = [await bearer('finance'), await bearer('manager')]
    // A key is its person's: another may happen to use the same one.
    const key = randomUUID()
    const said = await finance.post(pathOf(id), PAID, key)
    expect(await said.json()).toMatchObject({
      refund: { id, status: 'refused' },
      paid_by_hand: { status: 'waiting', how: PAID.reason, reference: PAID.reference },
    })
    expect(told).toEqual([])
    const own = await finance.post(`${pathOf(id)}/decision`, { answer: 'agree' })
    expect(await readProblem(own)).toMatchObject({ code: 'SECOND_PERSON', status: 409 })
    const agreed = await manager.post(`${pathOf(id)}/decision`, { answer: 'agree' }, key)
    expect(await agreed.json()).toMatchObject({ paid_by_hand: { status: 'agreed' } })
    expect(told).toMatchObject([['resolve', `refund:${id}`, {}]])
  })

  it('declined by them waits no more, and says why', async () => {
    const id = await buildStuck()
    await (await bearer('finance')).post(pathOf(id), PAID)
    const word = { answer: 'decline', note: 'not on the list' }
    const declined = await (await bearer('manager')).post(`${pathOf(id)}/decision`, word)
    expect(await declined.json()).toMatchObject({ paid_by_hand: null })
    expect(told).toEqual([])
    const written = "refund_hand_wishes WHERE refund_id = $1 AND status = 'declined' AND note = $2"
    expect(await count(db, written, [id, word.note])).toBe(1)
  })

  it('agreed to while the story cannot be reached is told to it again', async () => {
    const id = await buildStuck()
    await (await bearer('finance')).post(pathOf(id), PAID)
    const manager = await bearer('manager')
    isAway = true
    const away = await manager.post(`${pathOf(id)}/decision`, { answer: 'agree' })
    expect(away.status).toBe(503)
    isAway = false
    const again = await manager.post(`${pathOf(id)}/decision`, { answer: 'agree' })
    expect([again.status, told.length]).toEqual([200, 1])
  })
})

describe('the page of a stuck refund', () => {
  it('says what it needs, lets another person agree, and nobody send it meanwhile', async () => {
    const id = await buildStuck()
    const path = `/finance/refunds/${id}`
    const [finance, manager] = [await enter('finance'), await enter('manager')]
    expect(await (await finance.get(path)).text()).toContain('another person must agree')
    expect((await finance.post(`${path}/resolve`, { reason: 'by bank' })).status).toBe(400)
    expect((await finance.post(`${path}/resolve`, PAID)).status).toBe(303)
    const own = await (await finance.get(path)).text()
    expect(own).toContain('somebody else must agree')
    expect(own).toContain(PAID.reference)
    expect(own).not.toContain('Yes, it was paid back')
    expect((await finance.post(`${path}/retry`, {})).status).toBe(409)
    expect((await finance.post(`${path}/hand-yes`, {})).status).toBe(409)
    expect(await (await manager.get(path)).text()).toContain('Yes, it was paid back')
    expect((await (await enter('desk')).post(`${path}/hand-yes`, {})).status).toBe(403)
    expect((await manager.post(`${path}/hand-yes`, {})).status).toBe(303)
    expect(told).toMatchObject([['resolve', `refund:${id}`, {}]])
  })

  it('offers no yes to whoever asked for the refund', async () => {
    const asker = await findByEmail(db, 'manager@example.com')
    const id = await buildStuck(LARGE, asker?.userId)
    const path = `/finance/refunds/${id}`
    await (await enter('finance')).post(`${path}/resolve`, PAID)
    const manager = await enter('manager')
    expect(await (await manager.get(path)).text()).not.toContain('Yes, it was paid back')
    expect((await manager.post(`${path}/hand-yes`, {})).status).toBe(409)
    expect(told).toEqual([])
  })

  it('takes a no, after which it can be tried again', async () => {
    const id = await buildStuck()
    const path = `/finance/refunds/${id}`
    await (await enter('finance')).post(`${path}/resolve`, PAID)
    const manager = await enter('manager')
    expect((await manager.post(`${path}/hand-no`, { note: 'not there' })).status).toBe(303)
    expect(await findHandWish(db, id)).toBeNull()
    expect((await manager.post(`${path}/retry`, {})).status).toBe(303)
  })

  it('says when M-Pesa has paid it as well', async () => {
    const id = await buildStuck()
    const path = `/finance/refunds/${id}`
    const finance = await enter('finance')
    await finance.post(`${path}/resolve`, PAID)
    await inTransaction(db, (tx) => settleRefund(tx, { refundId: id, receipt: nextReceipt() }))
    expect(await (await finance.get(path)).text()).toContain('Get one of the two payments back')
    expect(await (await finance.get('/finance/cases')).text()).toContain('A refund was paid twice')
  })
})

describe('operations', () => {
  it('cannot say for a large refund that it was paid, nor send one that was', async () => {
    const id = await buildStuck()
    const operations = await enter('operations')
    const resolve = { workflow_id: `refund:${id}`, reason: 'paid by hand' }
    expect((await operations.post('/admin/operations/resolve', resolve)).status).toBe(409)
    expect((await operations.post('/admin/operations/retry', resolve)).status).toBe(303)
    await (await enter('finance')).post(`/finance/refunds/${id}/resolve`, PAID)
    expect((await operations.post('/admin/operations/retry', resolve)).status).toBe(409)
    const small = await buildStuck(shillings(500))
    const alone = { workflow_id: `refund:${small}`, reason: 'paid by hand' }
    expect((await operations.post('/admin/operations/resolve', alone)).status).toBe(303)
    expect(told.map(([name]) => name)).toEqual(['retry', 'resolve'])
  })
})
