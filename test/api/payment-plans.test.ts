/** Big amounts in steps by the API, with the real books and the story's steps taken at once. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findByEmail } from '../../db/accounts.ts'
import { progressCharge } from '../../db/charges.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { endPlan, findPlan, goOnWithPlan, openPlan } from '../../db/payment-plans.ts'
import { restPlanPhone } from '../../db/plan-phones.ts'
import { addPlanPhone } from '../../db/plan-phones.ts'
import { BusinessError } from '../../domain/errors.ts'
import { shillings, toDecimal } from '../../domain/money.ts'
import { NEVER } from '../../domain/payment-plans.ts'
import { HOUR_MS, toNairobiIso } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildChargeWorkflows,
  buildDeps,
  buildRegistration,
  buildWorkflows,
  createTestApi,
  readProblem,
} from '../support/api.ts'
import { buildBooking, buildParty, nextPhone, NOW, settle } from '../support/builders.ts'
import { buildCharge, promptCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let customerId = ''
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())

const planStory = (said: string[]) =>
  buildChargeWorkflows({
    startPlan: (input) => {
      said.push('start')
      return inTransaction(db, (tx) => openPlan(tx, input, NOW))
    },
    goOn: (planId, actorId) => {
      said.push('go on')
      const wish = { planId, actorId, endedCodes: ['1'] }
      return inTransaction(db, (tx) => goOnWithPlan(tx, wish, NOW))
    },
    addPlanPhone: async (planId, wish) => {
      const added = await inTransaction(db, (tx) => addPlanPhone(tx, { planId, ...wish }))
      if (added.outcome === 'refused') throw new BusinessError(added.code, added.message)
    },
    stopPlan: async (planId, actorId) => {
      said.push('stop')
      await inTransaction(db, (tx) => endPlan(tx, planId, 'stopped', actorId))
    },
  })

function setUp() {
  const said: string[] = []
  const workflows = buildWorkflows({ charges: planStory(said) })
  const api = createTestApi(buildDeps(db, { workflows, now: () => NOW }))
  const as = async (email = 'wanjiku@example.com') => {
    const answer = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    const authorization = `Bearer ${token}`
    return {
      get: (path: string) => api.get(path, { authorization }),
      post: (path: string, body: unknown = {}, key: string = randomUUID()) =>
        api.post(path, body, { authorization, 'idempotency-key': key }),
    }
  }
  const stranger = async () => {
    const registration = buildRegistration({ password: SAMPLE_PASSWORD })
    await openAccount(db, api, registration)
    return as(registration.email)
  }
  return { api, as, said, stranger }
}

type Body = {
  id: string
  status: string
  next: object
  phones: { phone: string; refused_code: string | null; rests_until: string | null }[]
}
const bodyOf = async (answer: Response, status = 200) => {
  expect(answer.status).toBe(status)
  return (await answer.json()) as Body
}

async function bigCharge(phones = [nextPhone(), nextPhone()]) {
  const { input } = await buildCharge(db, { customerId, total: shillings(600_000) })
  return { chargeId: input.chargeId, wish: { charge_id: input.chargeId, phones } }
}

describe('a plan by the API', () => {
  it('begins once for a key, over the whole balance, and says its next step', async () => {
    const { as, said } = setUp()
    const customer = await as()
    const { chargeId, wish } = await bigCharge()
    const key = randomUUID()
    const first = await customer.post('/payment-plans', wish, key)
    const location = first.headers.get('location')
    const made = await bodyOf(first, 201)
    expect(location).toBe(`/api/v1/payment-plans/${made.id}`)
    expect(made).toMatchObject({
      purpose: 'charge',
      owner_id: chargeId,
      status: 'running',
      amount: '600000.00',
      paid: '0.00',
      asked: '0.00',
      left: '600000.00',
      next: { step: 'push', amount: '250000.00' },
    })
    expect(made.phones).toHaveLength(2)
    expect(JSON.stringify(made)).not.toContain(wish.phones[0])
    expect(await bodyOf(await customer.post('/payment-plans', wish, key), 201)).toEqual(made)
    expect(said).toEqual(['start'])
    const other = await customer.post('/payment-plans', { ...wish, phones: [nextPhone()] }, key)
    expect(await readProblem(other)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  it('rings nobody all day by beginning and stopping, by going on, or by naming a phone', async () => {
    const { api, as, said } = setUp()
    const email = `${randomUUID()}@example.com`
    const registration = buildRegistration({ email, password: SAMPLE_PASSWORD })
    await openAccount(db, api, registration)
    const customer = await as(registration.email)
    const own = {
      customerId: (await findByEmail(db, registration.email))?.userId ?? '',
      total: shillings(600_000),
    }
    const { input } = await buildCharge(db, own)
    const wish = { charge_id: input.chargeId, phones: [nextPhone()] }
    const begin = () => customer.post('/payment-plans', wish)
    for (const _time of Array(9).keys()) {
      const { id } = await bodyOf(await begin(), 201)
      await bodyOf(await customer.post(`/payment-plans/${id}/go-on`))
      await bodyOf(await customer.post(`/payment-plans/${id}/stop`))
    }
    const refused = await begin()
    expect(refused.headers.get('retry-after')).not.toBeNull()
    expect(await readProblem(refused)).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(said.filter((one) => one === 'start')).toHaveLength(9)
    const plan = { ...wish, phones: [nextPhone()] }
    const other = await buildCharge(db, own)
    const elsewhere = { ...plan, charge_id: other.input.chargeId }
    const { id } = await bodyOf(await customer.post('/payment-plans', elsewhere), 201)
    const named = await customer.post(`/payment-plans/${id}/phones`, { phone: wish.phones[0] })
    expect(await readProblem(named)).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  it('begins for a booking as well, and only one at a time', async () => {
    const desk = await setUp().as('desk@example.com')
    const { held, input } = await buildBooking(db)
    const wish = { reservation_id: held.reservationId, phones: [nextPhone()] }
    const made = await bodyOf(await desk.post('/payment-plans', wish), 201)
    expect(made).toMatchObject({
      purpose: 'reservation',
      owner_number: held.number,
      amount: toDecimal(held.total),
      deadline: toNairobiIso(new Date(input.trip.pickupAt)),
    })
    const second = await desk.post('/payment-plans', wish)
    expect(second.status).toBe(409)
    expect(await readProblem(second)).toMatchObject({ code: 'PLAN_OVER' })
  })

  it.each([
    [{ phones: [] }, 'phones'],
    [{ phones: ['x'] }, 'phones.0'],
    [{ phones: Array.from({ length: 6 }, nextPhone) }, 'phones'],
    [{ phones: ['0712000001', '+254712000001'] }, 'phones'],
    [{ reservation_id: randomUUID() }, 'reservation_id'],
  ])('says what to correct: %j', async (over, path) => {
    const customer = await setUp().as()
    const { wish } = await bigCharge()
    const answer = await customer.post('/payment-plans', { ...wish, ...over })
    expect(answer.status).toBe(400)
    expect(await readProblem(answer)).toMatchObject({ fields: [{ path }] })
  })

  it('needs a key', async () => {
    const customer = await setUp().as()
    const answer = await customer.post('/payment-plans', (await bigCharge()).wish, ' ')
    expect(await readProblem(answer)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REQUIRED' })
  })

  it('is not there for others, and those who only look cannot change it', async () => {
    const { as, stranger } = setUp()
    const { wish } = await bigCharge()
    const { id } = await bodyOf(await (await as()).post('/payment-plans', wish), 201)
    const other = await stranger()
    expect((await other.get(`/payment-plans/${id}`)).status).toBe(404)
    expect((await other.post(`/payment-plans/${id}/stop`)).status).toBe(404)
    expect((await other.post('/payment-plans', wish)).status).toBe(404)
    const onlooker = await as('operations@example.com')
    expect((await onlooker.get(`/payment-plans/${id}`)).status).toBe(200)
    expect((await onlooker.post(`/payment-plans/${id}/stop`)).status).toBe(403)
    expect((await onlooker.post('/payment-plans', wish)).status).toBe(403)
    const { held } = await buildBooking(db)
    const ofBooking = { reservation_id: held.reservationId, phones: [nextPhone()] }
    expect((await other.post('/payment-plans', ofBooking)).status).toBe(404)
    expect((await onlooker.post('/payment-plans', ofBooking)).status).toBe(403)
  })

  it('is for what is still owed, until it is due, and says what is paid and asked', async () => {
    const customer = await setUp().as()
    const total = shillings(600_000)
    const parties = [buildParty(), buildParty()]
    const charge = await buildCharge(db, { customerId, total, parties })
    const { chargeId } = charge.input
    const before = new Date(NOW.getTime() - HOUR_MS)
    await settle(db, await promptCharge(db, charge, shillings(100_000), 0, before))
    await inTransaction(db, (tx) => progressCharge(tx, chargeId))
    const wish = { charge_id: chargeId, phones: [nextPhone()] }
    const { id } = await bodyOf(await customer.post('/payment-plans', wish), 201)
    await promptCharge(db, charge, shillings(200_000))
    expect(await bodyOf(await customer.get(`/payment-plans/${id}`))).toMatchObject({
      amount: '500000.00',
      deadline: toNairobiIso(new Date(charge.input.dueAt)),
      asked: '200000.00',
      left: '300000.00',
    })
    expect((await findPlan(db, id))?.partyId).toBe(parties[0]?.id)
  })

  it('takes more phones, up to five, each once', async () => {
    const customer = await setUp().as()
    const { wish } = await bigCharge()
    const { id } = await bodyOf(await customer.post('/payment-plans', wish), 201)
    const add = (phone: string) => customer.post(`/payment-plans/${id}/phones`, { phone })
    const third = nextPhone()
    expect((await bodyOf(await add(third))).phones).toHaveLength(3)
    expect((await bodyOf(await add(third))).phones).toHaveLength(3)
    expect((await add('x')).status).toBe(400)
    await add(nextPhone())
    expect((await bodyOf(await add(nextPhone()))).phones).toHaveLength(5)
    expect((await add(nextPhone())).status).toBe(400)
  })

  it('goes on with a phone that lacked money', async () => {
    const customer = await setUp().as()
    const { wish } = await bigCharge([nextPhone()])
    const { id } = await bodyOf(await customer.post('/payment-plans', wish), 201)
    await restPlanPhone(db, { planId: id, position: 0, code: '1', until: NOW.getTime() + HOUR_MS })
    const resting = await bodyOf(await customer.get(`/payment-plans/${id}`))
    expect(resting.next).toMatchObject({ step: 'wait', why: 'resting' })
    expect(resting.phones[0]).toMatchObject({
      refused_code: '1',
      rests_until: toNairobiIso(new Date(NOW.getTime() + HOUR_MS)),
      asked_again: true,
    })
    const going = await bodyOf(await customer.post(`/payment-plans/${id}/go-on`))
    expect(going.next).toMatchObject({ step: 'push' })
    expect(going.phones[0]).toMatchObject({ refused_code: null, rests_until: null })
    await restPlanPhone(db, { planId: id, position: 0, code: '17', until: NEVER })
    const never = await bodyOf(await customer.get(`/payment-plans/${id}`))
    expect(never.next).toMatchObject({ step: 'ask', why: 'no_phone' })
    expect(never.phones[0]).toMatchObject({
      refused_code: '17',
      rests_until: null,
      asked_again: false,
    })
  })

  it('stops for good, and a second time changes nothing', async () => {
    const { as, said } = setUp()
    const customer = await as()
    const { wish } = await bigCharge()
    const { id } = await bodyOf(await customer.post('/payment-plans', wish), 201)
    expect(await bodyOf(await customer.post(`/payment-plans/${id}/stop`))).toMatchObject({
      status: 'stopped',
      next: { step: 'end' },
    })
    expect((await bodyOf(await customer.post(`/payment-plans/${id}/stop`))).status).toBe('stopped')
    expect(said).toEqual(['start', 'stop'])
    const late = await customer.post(`/payment-plans/${id}/go-on`)
    expect(await readProblem(late)).toMatchObject({ code: 'PLAN_OVER', status: 409 })
    const more = await customer.post(`/payment-plans/${id}/phones`, { phone: nextPhone() })
    expect(more.status).toBe(409)
  })
})

describe('the list of plans', () => {
  type List = { items: Body[]; next: string | null }
  const listOf = async (answer: Response) => (await answer.json()) as List

  it('shows a customer their own and staff all, newest first, page by page', async () => {
    const { as, stranger } = setUp()
    const customer = await as()
    const { chargeId, wish } = await bigCharge()
    const { id } = await bodyOf(await customer.post('/payment-plans', wish), 201)
    const ofCharge = await listOf(await customer.get(`/payment-plans?owner_id=${chargeId}`))
    expect(ofCharge.items.map((one) => one.id)).toEqual([id])
    const finance = await as('finance@example.com')
    const seen: string[] = []
    for (let next: string | null = ''; next !== null;) {
      const answer = await finance.get(`/payment-plans?limit=1${next && `&cursor=${next}`}`)
      const list = await listOf(answer)
      seen.push(...list.items.map((one) => one.id))
      next = list.next
    }
    expect(seen).toContain(id)
    expect(new Set(seen).size).toBe(seen.length)
    const { wish: later } = await bigCharge()
    const newest = await bodyOf(await customer.post('/payment-plans', later), 201)
    const soon = "UPDATE payment_plans SET created_at = created_at + interval '1 hour'"
    await select(db, `${soon} WHERE id = $1 RETURNING id`, [newest.id])
    const first = await listOf(await finance.get('/payment-plans?limit=1'))
    expect(first.items.map((one) => one.id)).toEqual([newest.id])
    const second = await listOf(await finance.get(`/payment-plans?limit=1&cursor=${first.next}`))
    expect(second.items.map((one) => one.id)).toEqual([seen[0]])
    const none = await listOf(await (await stranger()).get('/payment-plans'))
    expect(none.items).toEqual([])
  })

  it('is filtered by status', async () => {
    const customer = await setUp().as()
    const { chargeId, wish } = await bigCharge()
    await customer.post('/payment-plans', wish)
    const at = `/payment-plans?owner_id=${chargeId}&status=`
    expect((await listOf(await customer.get(`${at}running`))).items).toHaveLength(1)
    expect((await listOf(await customer.get(`${at}stopped`))).items).toHaveLength(0)
    expect((await customer.get(`${at}gone`)).status).toBe(400)
  })
})
