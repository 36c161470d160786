/** What Safaricom is told when a customer sends money by hand, and that nothing it reports is lost. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/deps.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { inTransaction } from '../../db/connection.ts'
import { paymentIdOfReceipt } from '../../db/paybill-ids.ts'
import { buildDeps, ORIGIN, steadyClock } from '../support/api.ts'
import { buildBooking, buildPaid, count, nextReceipt, type Booking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildPaybillBody } from '../support/paybill.ts'
import { readTold } from '../support/told.ts'

const ACCEPTED = { ResultCode: '0', ResultDesc: 'Accepted' }
const UNKNOWN = { ResultCode: 'C2B00012', ResultDesc: 'Rejected' }
const AMOUNT = { ResultCode: 'C2B00013', ResultDesc: 'Rejected' }

let db: TestDatabase
let booking: Booking
beforeAll(async () => {
  db = await createTestDatabase()
  booking = await buildBooking(db)
})
afterAll(() => db.drop())

function setUp(over: Partial<ApiDeps> = {}) {
  const deps = buildDeps(db, {
    paybillTokenFits: (token) => token === 'secret',
    now: steadyClock,
    ...over,
  })
  const app = createApp(deps)
  const post = async (path: string, body: unknown, source = '203.0.113.5') =>
    app.request(`${ORIGIN}/callbacks/paybill/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': source },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const check = async (body: unknown) => (await post('check/secret', body)).json()
  return { deps, post, check }
}

describe('the question before a payment', () => {
  it('is answered with yes for an open booking, however its number is typed', async () => {
    const { check } = setUp()
    const { number } = booking.held
    for (const reference of [
      number,
      number.toLowerCase(),
      number.replaceAll('-', ''),
      ` ${number} `,
    ])
      expect(await check(buildPaybillBody({ reference }))).toEqual(ACCEPTED)
  })

  it('is answered with yes above the balance: the rest is credit', async () => {
    const { check } = setUp()
    const reference = booking.held.number
    expect(await check(buildPaybillBody({ reference, amount: '250000.00' }))).toEqual(ACCEPTED)
  })

  it('is answered with no for an account that is none', async () => {
    const { check } = setUp()
    for (const reference of ['', 'wanjiku', 'RSV-26-999999'])
      expect(await check(buildPaybillBody({ reference }))).toEqual(UNKNOWN)
  })

  it('is answered with no once the booking is paid or has ended', async () => {
    const { check } = setUp()
    const paid = await buildBooking(db)
    await buildPaid(db, paid, paid.held.total)
    const ended = await buildBooking(db)
    const { reservationId } = ended.input
    await inTransaction(db, (tx) =>
      endReservation(tx, { reservationId, reason: 'deadline', actorId: 'clock', note: null }),
    )
    for (const { held } of [paid, ended])
      expect(await check(buildPaybillBody({ reference: held.number }))).toEqual(UNKNOWN)
  })

  it.each([['0.00'], ['0'], ['-5'], ['12.50'], ['much'], ['']])(
    'is answered with no for the amount %p',
    async (amount) => {
      const { check } = setUp()
      expect(await check(buildPaybillBody({ reference: booking.held.number, amount }))).toEqual(
        AMOUNT,
      )
    },
  )

  it('is answered with no when it is nonsense', async () => {
    const { check } = setUp()
    for (const body of ['', '[]', 'null', '{"TransID":7}'])
      expect(await check(body)).toEqual(AMOUNT)
  })

  it('is answered with yes for a till, which asks for no account', async () => {
    const { check } = setUp()
    expect(await check(buildPaybillBody({ type: 'Buy Goods' }))).toEqual(ACCEPTED)
  })

  it('is answered within a second when our books do not answer, and with yes', async () => {
    const { deps } = setUp()
    const silent = { ...db, sequelize: { query: () => new Promise(() => undefined) } }
    const slow = setUp({ db: silent as never })
    const began = performance.now()
    const body = buildPaybillBody({ reference: 'RSV-26-999999' })
    expect(await slow.check(body)).toEqual(ACCEPTED)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(slow.deps.logged).toMatchObject([{ level: 'warn' }])
    expect(deps.logged).toEqual([])
  })

  it('tells nobody who tries out numbers any more after three hundred wrong ones', async () => {
    const { post } = setUp()
    const body = buildPaybillBody({ reference: 'nobody' })
    const answers = new Map<string, number>()
    for (let time = 0; time < 305; time += 1) {
      const { ResultCode: code } = (await (
        await post('check/secret', body, '203.0.113.99')
      ).json()) as {
        ResultCode: string
      }
      answers.set(code, (answers.get(code) ?? 0) + 1)
    }
    expect(Object.fromEntries(answers)).toEqual({ C2B00012: 300, 0: 5 })
  })

  it('leaves nothing behind', async () => {
    const { check } = setUp()
    await check(buildPaybillBody({ reference: booking.held.number, phone: '254712000126' }))
    expect(await count(db, 'provider_messages')).toBe(0)
  })
})

describe('the report of a payment', () => {
  it('is kept once under an id that follows from its receipt, for its story', async () => {
    const { post } = setUp()
    const receipt = nextReceipt()
    const body = buildPaybillBody({ receipt, reference: 'wanjiku' })
    for (let time = 0; time < 2; time += 1) {
      const answer = await post('confirm/secret', body)
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { ResultCode: 0, ResultDesc: 'Success' },
      ])
    }
    const subjectId = paymentIdOfReceipt(receipt)
    const stored = await readTold(db, 'subject_id = $1 AND delivered_at IS NULL', [subjectId])
    expect(stored).toEqual([{ kind: 'paybill_confirmation', body }])
  })

  it('is kept even when nobody can read it', async () => {
    const { post } = setUp()
    const before = await count(db, 'provider_messages WHERE delivered_at IS NULL')
    const answer = await post('confirm/secret', 'a payment?')
    expect(await answer.json()).toEqual({ ResultCode: 0, ResultDesc: 'Success' })
    expect(await count(db, 'provider_messages WHERE delivered_at IS NULL')).toBe(before + 1)
  })
})

it.each([['check'], ['confirm']])('a guessed path to %s is refused and noted', async (what) => {
  const { post } = setUp()
  const before = await count(db, "security_events WHERE kind = 'callback_forged_path'")
  const stored = await count(db, 'provider_messages')
  expect((await post(`${what}/guess`, buildPaybillBody())).status).toBe(404)
  expect(await count(db, 'provider_messages')).toBe(stored)
  expect(await count(db, "security_events WHERE kind = 'callback_forged_path'")).toBe(before + 1)
})
