/** A phone rings only so often: by a link, by an account, for a booking, and by the API as by the pages. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/deps.ts'
import type { Workflows } from '../../api/workflow-messages.ts'
import { BusinessError } from '../../domain/errors.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import type { PaymentRequest } from '../../domain/reservations.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, createTestApi, readProblem } from '../support/api.ts'
import { steadyClock } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { buildBooking, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { findByEmail } from '../../db/accounts.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** Notes every phone that would ring. */
function setUp(over: Partial<Workflows> = {}) {
  const rang: string[] = []
  const requestPayment = (_id: string, { phone }: PaymentRequest) =>
    Promise.resolve(void rang.push(phone))
  const workflows = buildWorkflows({
    requestPayment,
    awaitPrompt: () => Promise.resolve(null),
    ...over,
  })
  return { rang, deps: buildDeps(db, { workflows, now: steadyClock }) }
}

async function openLink(deps: ApiDeps) {
  const { input, held } = await buildBooking(db)
  const partyId = held.parties[0]?.id ?? ''
  const path = `/pay/${held.reservationId}/${partyId}/${deps.shareToken(held.reservationId, partyId)}`
  const visitor = createVisitor(createApp(deps))
  await visitor.token(path)
  const pay = (phone: string, paymentId: string = randomUUID()) =>
    visitor.post(path, { phone, amount: '100', payment_id: paymentId })
  return { pay, partyPhone: input.parties[0]?.phone ?? '' }
}

async function openApi(deps: ApiDeps, email: string) {
  const api = createTestApi(deps)
  const answer = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
  const book = async () => (await buildBooking(db, { customerId })).held.reservationId
  const pay = (reservationId: string, phone: string) =>
    api.post(
      '/payments',
      { reservation_id: reservationId, phone, amount: '100' },
      { authorization: `Bearer ${token}` },
    )
  return { book, pay }
}

async function repeat(count: number, what: () => Promise<Response>) {
  const statuses: number[] = []
  for (let time = 0; time < count; time += 1) statuses.push((await what()).status)
  return statuses
}
const so = (many: number, status: number): number[] => Array.from({ length: many }, () => status)

describe('a phone', () => {
  it('rings six times an hour by links, whichever they are, and is then left alone in words', async () => {
    const { rang, deps } = setUp()
    const phone = nextPhone()
    const [one, other] = [await openLink(deps), await openLink(deps)]
    expect(await repeat(4, () => one.pay(phone))).toEqual(so(4, 303))
    expect(await repeat(2, () => other.pay(phone))).toEqual(so(2, 303))
    const refused = await other.pay(phone)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    const html = await refused.text()
    expect(html).toContain('or pay from another phone. You have not been charged.')
    expect(rang).toEqual(so(6, 0).map(() => phone))
    expect((await other.pay(nextPhone())).status).toBe(303)
  })

  it('rings three times as often for customers, by the API and the pages together', async () => {
    const { rang, deps } = setUp()
    const phone = nextPhone()
    const link = await openLink(deps)
    const customer = await openApi(deps, 'wanjiku@example.com')
    const id = await customer.book()
    expect(await repeat(6, () => link.pay(phone))).toEqual(so(6, 303))
    expect(await repeat(12, () => customer.pay(id, phone))).toEqual(so(12, 202))
    const refused = await customer.pay(id, phone)
    expect(refused.status).toBe(429)
    expect(await readProblem(refused)).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(rang).toHaveLength(18)
  })

  it('can still be asked by the desk after somebody used that up', async () => {
    const { deps } = setUp()
    const phone = nextPhone()
    const customer = await openApi(deps, 'wanjiku@example.com')
    const id = await customer.book()
    expect((await repeat(20, () => customer.pay(id, phone))).at(-1)).toBe(429)
    const desk = await openApi(deps, 'desk@example.com')
    expect((await desk.pay(id, phone)).status).toBe(202)
  })
})

describe('one who asks', () => {
  it('asks twelve times an hour by one link, however many phones are named', async () => {
    const { rang, deps } = setUp()
    const { pay } = await openLink(deps)
    expect(await repeat(14, () => pay(nextPhone()))).toEqual([...so(12, 303), 429, 429])
    expect(rang).toHaveLength(12)
  })

  it('asks twenty times an hour for one booking, whoever it is', async () => {
    const { deps } = setUp()
    const desk = await openApi(deps, 'desk@example.com')
    const id = await desk.book()
    expect(await repeat(22, () => desk.pay(id, nextPhone()))).toEqual([...so(20, 202), 429, 429])
    expect((await desk.pay(await desk.book(), nextPhone())).status).toBe(202)
  })

  it('does not use up what a phone has left by asking in vain', async () => {
    const { deps } = setUp()
    const [one, other] = [await openLink(deps), await openLink(deps)]
    await repeat(12, () => one.pay(nextPhone()))
    const phone = nextPhone()
    expect(await repeat(8, () => one.pay(phone))).toEqual(so(8, 429))
    expect(await repeat(6, () => other.pay(phone))).toEqual(so(6, 303))
  })
})

describe('what never rang', () => {
  it('is not counted', async () => {
    const error = new BusinessError('PUSH_OPEN', 'A request is open on that phone.')
    const { deps } = setUp({ requestPayment: () => Promise.reject(error) })
    const { pay, partyPhone } = await openLink(deps)
    expect(await repeat(9, () => pay(partyPhone))).toEqual(so(9, 409))
  })

  it('because what it was for had ended is not counted either, and is not said to be M-Pesa’s doing', async () => {
    const closed = { outcome: 'refused', reason: reasonFor('RESERVATION_CLOSED') } as const
    const { deps } = setUp({ awaitPrompt: () => Promise.resolve(closed) })
    const { pay, partyPhone } = await openLink(deps)
    expect(await repeat(9, () => pay(partyPhone))).toEqual(so(9, 409))
    expect(await (await pay(partyPhone)).text()).toContain('This is no longer open')
  })
})
