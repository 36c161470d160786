/** Shares of a booking by the API: until when each has time, and one who pays for another. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { findByEmail } from '../../db/accounts.ts'
import { inTransaction } from '../../db/connection.ts'
import { coverShare } from '../../db/missed-shares.ts'
import { BusinessError } from '../../domain/errors.ts'
import { shillings, toDecimal } from '../../domain/money.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  buildChargeWorkflows,
  buildDeps,
  buildRegistration,
  buildWorkflows,
  createTestApi,
  readProblem,
} from '../support/api.ts'
import { buildBooking, buildParty, nextPeriod, NOW, type Booking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let customerId = ''
let times = 0
let booked: ReservationInput[] = []
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())
beforeEach(() => {
  times = 0
  booked = []
})

function setUp(now = NOW) {
  const charges = buildChargeWorkflows({
    coverShare: async (what, ownerId, wish) => {
      times += 1
      const covered = await inTransaction(db, (tx) =>
        coverShare(tx, { what, ownerId, ...wish }, now),
      )
      if (covered.outcome === 'covered') return { added: covered.added }
      throw new BusinessError(covered.code, covered.message)
    },
  })
  const reserve = (input: ReservationInput) => {
    booked.push(input)
    return Promise.resolve('pending' as const)
  }
  const workflows = buildWorkflows({ charges, reserve })
  return createTestApi(buildDeps(db, { workflows, now: () => now }))
}

async function caller(api: ReturnType<typeof setUp>, email = 'wanjiku@example.com') {
  const answer = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return (path: string, body: object, key: string | null = randomUUID()) =>
    api.post(path, body, {
      authorization: `Bearer ${token}`,
      ...(key ? { 'idempotency-key': key } : {}),
    })
}

const build = () =>
  buildBooking(db, {
    customerId,
    mode: 'all_or_nobody',
    parties: [buildParty(), buildParty({ dueAt: new Date(NOW.getTime() + HOUR_MS).toISOString() })],
  })
const wishOf = ({ held }: Booking) => {
  const [first, second] = held.parties
  return { party_id: first?.id ?? '', for_party_id: second?.id ?? '' }
}
const pathOf = ({ held }: Booking) => `/reservations/${held.reservationId}/cover`

describe('taking over a share', () => {
  it('waits until its own time is over, and happens once for a key', async () => {
    const booking = await build()
    const early = await (await caller(setUp()))(pathOf(booking), wishOf(booking))
    expect(await readProblem(early)).toMatchObject({ code: 'SHARE_NOT_OPEN' })
    const post = await caller(setUp(new Date(NOW.getTime() + 2 * HOUR_MS)))
    const key = randomUUID()
    times = 0
    const done = await post(pathOf(booking), wishOf(booking), key)
    expect(done.status).toBe(200)
    const body = await done.json()
    expect(body).toMatchObject({
      parties: [{ share: toDecimal(booking.held.total) }, { share: toDecimal(shillings(0)) }],
    })
    expect(await (await post(pathOf(booking), wishOf(booking), key)).json()).toEqual(body)
    expect(times).toBe(1)
    // A client that lost its key says the same again, and nothing is added twice.
    expect(await (await post(pathOf(booking), wishOf(booking))).json()).toEqual(body)
    const other = { ...wishOf(booking), for_party_id: randomUUID() }
    expect(await readProblem(await post(pathOf(booking), other, key))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  it('needs a key, and a booking of one’s own', async () => {
    const booking = await build()
    const api = setUp()
    const post = await caller(api)
    const without = await post(pathOf(booking), wishOf(booking), null)
    expect(await readProblem(without)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REQUIRED' })
    const { email, ...rest } = buildRegistration({ password: SAMPLE_PASSWORD })
    await openAccount(db, api, { email, ...rest })
    const stranger = await caller(api, email)
    expect((await stranger(pathOf(booking), wishOf(booking))).status).toBe(404)
    expect(times).toBe(0)
  })
})

describe('a time for each', () => {
  const order = (dueAt: Date) => {
    const { pickupAt, returnAt } = nextPeriod()
    const parties = [buildParty(), buildParty()].map(({ name, phone }, index) => ({
      name,
      phone,
      ...(index === 1 ? { due_at: dueAt.toISOString() } : {}),
    }))
    const trip = { pickup_location: 'NBO-JKIA', return_location: 'NBO-JKIA', category: 'SEDAN' }
    const times = { pickup_at: pickupAt, return_at: returnAt }
    return { ...trip, ...times, parties, mode: 'all_or_nobody' }
  }

  it('goes along with the booking', async () => {
    const post = await caller(setUp())
    const dueAt = new Date(NOW.getTime() + HOUR_MS)
    expect((await post('/reservations', order(dueAt))).status).toBe(202)
    expect(booked[0]?.parties[1]?.dueAt).toBe(dueAt.toISOString())
  })

  it.each([
    ['past', -HOUR_MS],
    ['beyond a day', DAY_MS + HOUR_MS],
  ])('cannot be %s', async (_name, ms) => {
    const post = await caller(setUp())
    const answer = await post('/reservations', order(new Date(NOW.getTime() + ms)))
    expect(answer.status).toBe(400)
    expect(await readProblem(answer)).toMatchObject({ fields: [{ path: 'parties.1.due_at' }] })
    expect(booked).toEqual([])
  })
})
