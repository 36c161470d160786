/** Nobody takes the whole fleet without paying: unpaid bookings, and tries to book, have an end. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/deps.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import { toNairobiIso } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildRegistration, buildWorkflows, createTestApi } from '../support/api.ts'
import { PASSWORD, readProblem, steadyClock } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { at } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** As the workflow answers: the car is held in the database, or it is not. */
const reserve = (input: ReservationInput) =>
  inTransaction(db, (tx) => holdReservation(tx, input, new Date()))

const newDeps = (over: Partial<ApiDeps> = {}) =>
  buildDeps(db, { workflows: buildWorkflows({ reserve }), now: steadyClock, ...over })

const withLimits = (limits: Partial<ApiDeps['limits']>) =>
  newDeps({ limits: { ...buildDeps(db).limits, ...limits } })

let days = 0
/** A day that nobody else wants. */
const nextTrip = () => {
  const day = 20 + (days += 1)
  const place = { pickup_location: 'NBO-JKIA', return_location: 'NBO-JKIA' }
  const period = { pickup_at: toNairobiIso(at(day)), return_at: toNairobiIso(at(day, 16)) }
  const parties = [{ name: 'Achieng Odhiambo', phone: '0712000111' }]
  return { category: 'SEDAN', ...place, ...period, parties }
}

let sources = 0
/** An address that nobody else comes from. */
const nextSource = () => `203.0.113.${(sources += 1)}`

async function enter(deps: ApiDeps, email?: string, source = nextSource()) {
  const api = createTestApi(deps)
  const from = { 'x-forwarded-for': source }
  const account = { email: email ?? `${randomUUID()}@example.com` }
  if (!email) await openAccount(db, api, buildRegistration(account))
  const password = email ? SAMPLE_PASSWORD : PASSWORD
  const answer = await api.post('/auth/login', { ...account, password })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const bearer = { authorization: `Bearer ${token}`, ...from }
  return {
    ...account,
    book: (trip: object = nextTrip(), key: string = randomUUID()) =>
      api.post('/reservations', trip, { ...bearer, 'idempotency-key': key }),
  }
}

const times = <T>(count: number, what: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, what))
const statusesOf = (answers: Response[]) => answers.map(({ status }) => status)

/** Nobody waits until an answer is kept, so it may come to be kept after the customer has it. */
async function forgetAnswer(key: string): Promise<void> {
  const forget = `UPDATE idempotency_keys SET response_status = NULL
    WHERE key = $1 AND response_status IS NOT NULL RETURNING key`
  while ((await select(db, forget, [key])).length === 0);
}

describe('unpaid bookings', () => {
  it('are five at a time for one customer, also when sent at once', async () => {
    const customer = await enter(newDeps())
    const answers = await times(12, () => customer.book())
    expect(statusesOf(answers).filter((status) => status === 201)).toHaveLength(5)
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(7)
    for (const one of refused) {
      const problem = await readProblem(one)
      expect(problem).toMatchObject({ code: 'TOO_MANY_OPEN_BOOKINGS', limit: 5 })
      expect(problem['detail']).toContain('Pay for one or cancel one')
    }
  })

  it('make room when one is paid for or ends', async () => {
    const customer = await enter(withLimits({ openBookings: 2 }))
    const [one, two] = await times(2, () => customer.book())
    expect((await customer.book()).status).toBe(409)
    const change = (answer: Response | undefined, set: string) =>
      select(db, `UPDATE reservations SET ${set} WHERE id = $1`, [
        answer?.headers.get('location')?.split('/').at(-1),
      ])
    await change(one, "status = 'cancelled'")
    expect((await customer.book()).status).toBe(201)
    await change(two, "status = 'processing', paid_cents = 100")
    expect((await customer.book()).status).toBe(201)
    expect((await customer.book()).status).toBe(409)
  })

  it('do not count what was refused, or what could not be asked', async () => {
    const wrong = [
      () => Promise.reject(new Error('no answer')),
      () =>
        Promise.resolve({
          outcome: 'refused' as const,
          code: 'SHARES_DO_NOT_ADD_UP' as const,
          message: 'The shares do not add up.',
          alternatives: [],
        }),
    ]
    let tries = 0
    const flaky = (input: ReservationInput) => wrong[(tries += 1) - 1]?.() ?? reserve(input)
    const limits = { ...buildDeps(db).limits, openBookings: 1 }
    const workflows = buildWorkflows({ reserve: flaky })
    const customer = await enter(newDeps({ limits, workflows }))
    const statuses = []
    for (let time = 0; time < 4; time += 1) statuses.push((await customer.book()).status)
    expect(statuses).toEqual([500, 400, 201, 409])
  })

  it('let a repeat meet its own booking', async () => {
    const customer = await enter(withLimits({ openBookings: 1 }))
    const [trip, key] = [nextTrip(), randomUUID()]
    expect((await customer.book(trip, key)).status).toBe(201)
    await forgetAnswer(key)
    const again = () => Promise.resolve('pending' as const)
    const deps = {
      ...withLimits({ openBookings: 1 }),
      workflows: buildWorkflows({ reserve: again }),
    }
    const account = await createTestApi(deps).post('/auth/login', {
      email: customer.email,
      password: PASSWORD,
    })
    const { access_token: token } = (await account.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key }
    expect((await createTestApi(deps).post('/reservations', trip, headers)).status).toBe(202)
  })

  it('have no end for the desk', async () => {
    const desk = await enter(newDeps(), 'desk@example.com')
    expect(statusesOf(await times(7, () => desk.book()))).toEqual(Array(7).fill(201))
  })
})

describe('tries to book', () => {
  it('have an end for one account', async () => {
    const customer = await enter(withLimits({ bookingsPerHour: 3, openBookings: 10 }))
    const statuses = []
    for (let time = 0; time < 3; time += 1) statuses.push((await customer.book()).status)
    expect(statuses).toEqual([201, 201, 201])
    const refused = await customer.book()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect((await readProblem(refused))['detail']).toContain('call us')
  })

  it('have an end for one address, whoever asks from it', async () => {
    const deps = withLimits({ bookingsPerHour: 1 })
    const bookFrom = async (source: string) => (await enter(deps, undefined, source)).book()
    const statuses = []
    for (let time = 0; time < 5; time += 1) statuses.push((await bookFrom('198.51.100.77')).status)
    expect(statuses).toEqual([201, 201, 201, 201, 429])
    expect((await bookFrom('198.51.100.78')).status).toBe(201)
  })
})

describe('the booking form', () => {
  const open = async (deps: ApiDeps) => {
    const { email } = await enter(deps)
    const visitor = createVisitor(createApp(deps))
    await visitor.token()
    await visitor.post('/sign-in', { email, password: PASSWORD })
    await visitor.token('/')
    const from = { 'x-forwarded-for': nextSource() }
    return () => {
      const { parties: _parties, ...trip } = nextTrip()
      const party = { 'parties[0][name]': 'Achieng', 'parties[0][phone]': '0712000111' }
      return visitor.post('/book', { ...trip, ...party, booking_id: randomUUID() }, from)
    }
  }

  it('says in words that too many bookings wait for money, and keeps what was typed', async () => {
    const book = await open(withLimits({ openBookings: 1 }))
    expect((await book()).status).toBe(303)
    const refused = await book()
    expect(refused.status).toBe(409)
    const html = await refused.text()
    expect(html).toContain('Pay for one or cancel one, then book again.')
    expect(html).toContain('value="Achieng"')
  })

  it('says 429 with Retry-After when somebody tries too often', async () => {
    const book = await open(withLimits({ bookingsPerHour: 1 }))
    expect((await book()).status).toBe(303)
    const refused = await book()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(await refused.text()).toContain('You have tried to book very often.')
  })
})
